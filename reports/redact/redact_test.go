package redact

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

func TestEqualityStaysVisible(t *testing.T) {
	r := New()
	r.Learn("alice.laptop#1", "s3cr3t-one")
	r.Learn("‹alice.laptop#2›", "s3cr3t-two")
	r.Learn("late", "s3cr3t-one") // keeps its first tag
	got := r.String("a=s3cr3t-one b=s3cr3t-two c=s3cr3t-one")
	if want := "a=‹alice.laptop#1› b=‹alice.laptop#2› c=‹alice.laptop#1›"; got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
	if again := r.String(got); again != got {
		t.Errorf("redacting twice changed the text: %s", again)
	}
	if tag, ok := r.Tag("s3cr3t-one"); !ok || tag != "‹alice.laptop#1›" {
		t.Errorf("Tag = %q, %v", tag, ok)
	}
}

func TestTagThatContainsASecretIsLeftAlone(t *testing.T) {
	r := New()
	r.Learn("password#1", "hunter22")
	r.Learn("x", "password")
	if got := r.String("hunter22 password"); got != "‹password#1› ‹x›" {
		t.Fatal(got)
	}
	if got := r.String(r.String("hunter22 password")); got != "‹password#1› ‹x›" {
		t.Fatal(got)
	}
}

func TestLongestWins(t *testing.T) {
	r := New()
	r.Learn("short", "abcdef")
	r.Learn("long", "abcdefghij")
	r.Learn("inner", "defghi")
	if got := r.String("abcdefghij abcdef defghi"); got != "‹long› ‹short› ‹inner›" {
		t.Fatal(got)
	}
}

func TestOverlapLeavesNoTail(t *testing.T) {
	r := New()
	r.Learn("one", "abcdefgh")
	r.Learn("two", "efghijkl")
	r.Learn("three", "ijklmnop")
	if got := r.String("<abcdefghijklmnop>"); got != "<‹one›‹two›‹three›>" {
		t.Fatal(got)
	}
}

func TestShortSecrets(t *testing.T) {
	r := New()
	r.Learn("short", "12345")
	if got := r.String("pin 12345"); got != "pin 12345" {
		t.Error(got)
	}
	r.Force("pin", "12345")
	r.Force("tiny", "xyz")
	if got := r.String("pin 12345 xyz"); got != "pin ‹pin› xyz" {
		t.Error(got)
	}
}

func TestKnownClothes(t *testing.T) {
	r := New()
	r.Learn("S", `p&ss "wörd"/+1`)
	for _, in := range []string{
		`p%26ss%20%22w%c3%b6rd%22%2f%2B1`,
		`p%26ss+%22w%C3%B6rd%22%2F%2B1`,
		`p%2526ss%2520%2522w%25C3%25B6rd%2522%252F%252B1`,
		`p\u0026ss \"w\u00f6rd\"\/+1`,
		`p&amp;ss &#34;w&ouml;rd&#x22;/&#43;1`,
		`p&ss \042w\303\266rd\042/+1`,
		`p\x26ss \"wörd\"/+1`,
	} {
		if got := r.String("[" + in + "]"); got != "[‹S›]" {
			t.Errorf("%s became %s", in, got)
		}
	}
}

func TestEscapedCookieValueAndItsPlainForm(t *testing.T) {
	r := New()
	r.Learn("sid", "s%3Aabcdef.ghi%2Bjkl")
	for _, in := range []string{"s%3Aabcdef.ghi%2Bjkl", "s:abcdef.ghi+jkl", "s%253Aabcdef.ghi%252Bjkl", `s\u003aabcdef.ghi+jkl`} {
		if got := r.String(in); got != "‹sid›" {
			t.Errorf("%s became %s", in, got)
		}
	}
}

func TestAGuessGivesWay(t *testing.T) {
	r := New()
	r.Guess("cookie:sid#7", "0123456789abcdefghij")
	if got := r.String("0123456789abcdefghij"); got != "‹cookie:sid#7›" {
		t.Error(got)
	}
	r.Learn("alice.laptop#1", "0123456789abcdefghij")
	r.Guess("another", "0123456789abcdefghij")
	r.Learn("late", "0123456789abcdefghij")
	if got := r.String("0123456789abcdefghij 0123456789 MDEyMzQ1Njc4OWFiY2RlZmdoaWo= ‹cookie:sid#7›"); got != "‹alice.laptop#1› ‹alice.laptop#1/1› ‹alice.laptop#1› ‹cookie:sid#7›" {
		t.Error(got)
	}
}

func TestHalvesOfASecret(t *testing.T) {
	r := New()
	r.Learn("sid", "0123456789abcdefghij")
	r.Learn("short", "reference-admin-key") // whose first half is a word
	if got := r.String(`"0123456789" + "abcdefghij", and whole: 0123456789abcdefghij`); got != `"‹sid/1›" + "‹sid/2›", and whole: ‹sid›` {
		t.Error(got)
	}
	if got := r.String(r.String("0123456789 reference-app")); got != "‹sid/1› reference-app" {
		t.Error(got)
	}
}

func TestBasicAuthKeepsTheUserReadable(t *testing.T) {
	r := New()
	r.Learn("alice", "correct-horse")
	got := r.String("Authorization: Basic YWxpY2U6Y29ycmVjdC1ob3JzZQ==") // alice:correct-horse
	if got != "Authorization: Basic YWxpY2U6‹alice›" {
		t.Fatal(got)
	}
}

func TestHarmlessTextIsUntouched(t *testing.T) {
	r := New()
	r.Learn("S", "s3cr3t-one")
	for _, s := range []string{"", "a", "100% \\ & + %", "s3cr3t-on", "‹", "‹S", "‹unknown›", "&amp", "%s3cr3t", "\\u12"} {
		if got := r.String(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
}

func TestExchangeAndExecAreCopies(t *testing.T) {
	r := New()
	r.Learn("S", "s3cr3t-one")
	e := history.Exchange{
		Request: history.Request{Method: "GET", URL: "http://127.0.0.1/?t=s3cr3t-one", Body: "s3cr3t-one",
			Header: history.Lines{{Name: "Cookie", Value: "sid=s3cr3t-one"}}},
		Response: &history.Response{Status: 200, Body: "s3cr3t-one", Header: history.Lines{{Name: "X", Value: "s3cr3t-one"}}},
		Error:    "reset after s3cr3t-one",
	}
	before := fmt.Sprintf("%+v %+v", e, *e.Response)
	out := r.Exchange(e)
	if after := fmt.Sprintf("%+v %+v", e, *e.Response); after != before {
		t.Error("the original was changed")
	}
	if text := fmt.Sprintf("%+v %+v", out, *out.Response); strings.Contains(text, "s3cr3t") || strings.Count(text, "‹S›") != 6 {
		t.Error(text)
	}
	x := r.Exec(history.Exec{Args: []string{"login", "s3cr3t-one"}, Env: []string{"P=s3cr3t-one"}, Stdout: "s3cr3t-one", Stderr: "s3cr3t-one", Error: "s3cr3t-one"})
	if text := fmt.Sprintf("%+v", x); strings.Contains(text, "s3cr3t") || strings.Count(text, "‹S›") != 5 {
		t.Error(text)
	}
}

func TestWriterRedactsAcrossWrites(t *testing.T) {
	r := New()
	r.Learn("S", "s3cr3t-one")
	var out bytes.Buffer
	w := r.Writer(&out)
	for _, part := range []string{"a s3cr", "3t-o", "ne b\nnext s3cr3t", "-one"} {
		if n, err := io.WriteString(w, part); err != nil || n != len(part) {
			t.Fatal(n, err)
		}
	}
	if got := out.String(); got != "a ‹S› b\n" {
		t.Fatalf("before Close: %q", got)
	}
	if err := w.(io.Closer).Close(); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != "a ‹S› b\nnext ‹S›" {
		t.Fatalf("after Close: %q", got)
	}
}

func TestConcurrentUse(t *testing.T) {
	r := New()
	var wait sync.WaitGroup
	for n := range 8 {
		wait.Go(func() {
			for i := range 50 {
				secret := fmt.Sprintf("secret-%d-%d-value", n, i)
				r.Learn(fmt.Sprintf("t%d.%d", n, i), secret)
				if got := r.String("x " + secret); strings.Contains(got, secret) {
					t.Errorf("%q stayed", got)
				}
			}
		})
	}
	wait.Wait()
}

func BenchmarkString(b *testing.B) {
	r := New()
	for i := range 2000 {
		r.Learn(fmt.Sprintf("t%d", i), fmt.Sprintf("%016x-%08x", i*7919, i*104729))
	}
	page := strings.Repeat(`<p class="a">some text &amp; more, 100% of it \n</p> eyJhbGciOiJIUzI1NiJ9.abc `, 1000)
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		r.String(page)
	}
}
