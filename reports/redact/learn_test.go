package redact

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

func answer(contentType, body string, cookies ...string) history.Exchange {
	h := history.Lines{{Name: "Content-Type", Value: contentType}}
	for _, c := range cookies {
		h = append(h, history.Line{Name: "Set-Cookie", Value: c})
	}
	return history.Exchange{Request: history.Request{Method: "GET", URL: "http://127.0.0.1/"}, Response: &history.Response{Status: 200, Header: h, Body: body}}
}

func TestLearnExchangeFindsSecrets(t *testing.T) {
	cases := []struct {
		name   string
		e      history.Exchange
		secret string
		tag    string
	}{
		{"set-cookie", answer("text/html", "", "sid=Abc123Def456; Path=/; HttpOnly"), "Abc123Def456", "‹cookie:sid#1›"},
		{"quoted cookie", answer("text/html", "", `sid="Abc123Def456"`), "Abc123Def456", "‹cookie:sid#1›"},
		{"json", answer("application/json", `{"meta":{"session_token":"Abc123Def456"}}`), "Abc123Def456", "‹json:session_token#1›"},
		{"json list", answer("application/json", `[{"tokens":["Abc123Def456"]}]`), "Abc123Def456", "‹json:tokens#1›"},
		{"hidden input", answer("text/html", `<form><input value='Abc123Def456' type=hidden name="csrfmiddlewaretoken"></form>`), "Abc123Def456", "‹html:csrfmiddlewaretoken#1›"},
		{"meta", answer("text/html", `<!doctype html><META name=csrf-token content="Abc&#43;23Def456">`), "Abc+23Def456", "‹html:csrf-token#1›"},
		{"header", history.Exchange{Request: history.Request{Header: history.Lines{{Name: "X-Session-Token", Value: "Abc123Def456"}}}}, "Abc123Def456", "‹header:X-Session-Token#1›"},
		{"bearer", history.Exchange{Request: history.Request{Header: history.Lines{{Name: "authorization", Value: "Bearer Abc123Def456"}}}}, "Abc123Def456", "‹header:bearer#1›"},
		{"basic", history.Exchange{Request: history.Request{Header: history.Lines{{Name: "Authorization", Value: "Basic YWxpY2U6Y29ycmVjdC1ob3JzZQ=="}}}}, "correct-horse", "‹basic:password#1›"},
		{"cookie", history.Exchange{Request: history.Request{Header: history.Lines{{Name: "Cookie", Value: "a=1; sid=Abc123Def456"}}}}, "Abc123Def456", "‹cookie:sid#1›"},
		{"form", history.Exchange{Request: history.Request{Body: "user=alice&password=pa%26word",
			Header: history.Lines{{Name: "Content-Type", Value: "application/x-www-form-urlencoded"}}}}, "pa&word", "‹form:password#1›"},
		{"query", history.Exchange{Request: history.Request{URL: "http://127.0.0.1/in?reset_token=Abc123Def456"}}, "Abc123Def456", "‹query:reset_token#1›"},
		{"location", history.Exchange{Response: &history.Response{Header: history.Lines{{Name: "Location", Value: "/in#access_token=Abc123Def456"}}}}, "Abc123Def456", "‹query:access_token#1›"},
	}
	for _, c := range cases {
		r := New()
		r.LearnExchange("", "", c.e)
		if got := r.String("> " + c.secret); got != "> "+c.tag {
			t.Errorf("%s: got %s, want %s", c.name, got, c.tag)
		}
	}
}

func TestLearnExchangeLeavesHarmlessValues(t *testing.T) {
	r := New()
	r.Keep("alice-3f2a-user")
	r.LearnExchange("", "", answer("application/json",
		`{"token_type":"Bearer-Type-1","session_expires":"2026-10-01T00:00:00Z","session_state":"signed-in-fully",
		  "token_endpoint":"https://127.0.0.1/token","csrf":"short1","user":"Abcdefgh12345","session_count":"123456789"}`,
		"claim=alice-3f2a-user", "sid=deleted; Max-Age=0", "lang=en", "sid=expired-session"))
	for _, s := range []string{"Bearer-Type-1", "2026-10-01T00:00:00Z", "signed-in-fully", "https://127.0.0.1/token", "short1",
		"Abcdefgh12345", "123456789", "alice-3f2a-user", "deleted", "expired-session"} {
		if got := r.String(s); got != s {
			t.Errorf("%s was taken for a secret: %s", s, got)
		}
	}
}

func TestLearnExchangeNumbersPerNameAndPrefix(t *testing.T) {
	r := New()
	r.Learn("alice.laptop#1", "Known1234567")
	r.LearnExchange("", "a/b", answer("", "", "sid=Known1234567", "sid=First1234567", "sid=Second123456"))
	r.LearnExchange("", "c/d", answer("", "", "sid=First1234567", "sid=Third1234567", "we<i>rd=Fourth123456"))
	got := r.String("Known1234567 First1234567 Second123456 Third1234567 Fourth123456")
	want := "‹alice.laptop#1› ‹a/b.cookie:sid#1› ‹a/b.cookie:sid#2› ‹c/d.cookie:sid#1› ‹c/d.cookie:we_i_rd#1›"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	r.LearnExchange("", "again", answer("application/json", `{"token":"‹a/b.cookie:sid#1›"}`))
	if got := r.String("‹a/b.cookie:sid#1›"); strings.Contains(got, "again") {
		t.Errorf("a tag was learnt as a secret: %s", got)
	}
}

// Plays run side by side, and each is told as if it were alone.
func TestScopesCountForThemselves(t *testing.T) {
	r := New()
	r.LearnExchange("play 1", "laptop", answer("", "", "sid=First1234567", "csrf=Other1234567"))
	r.LearnExchange("play 2", "laptop", answer("", "", "sid=Second123456"))
	r.LearnExchange("play 2", "laptop", answer("", "", "sid=Third1234567"))
	if got, want := r.String("First1234567 Second123456 Third1234567"), "‹laptop.cookie:sid#1› ‹laptop.cookie:sid#1› ‹laptop.cookie:sid#2›"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// A credential is seen on the wire before the player knows what it is.
func TestANameReplacesAnEarlierTag(t *testing.T) {
	r := New()
	r.LearnExchange("play", "laptop", answer("", "", "sid=First%31234567"))
	r.Guess("laptop.credential", "First%31234567")
	r.Learn("alice.laptop#1", "First%31234567")
	r.Guess("bob.desk#1", "First%31234567")
	r.Learn("bob.desk#2", "First%31234567")
	for _, form := range []string{"First%31234567", "First1234567", base64.StdEncoding.EncodeToString([]byte("x:First%31234567"))} {
		if got := r.String(form); !strings.Contains(got, "‹alice.laptop#1›") || strings.Contains(got, "234567") {
			t.Errorf("%s gives %s", form, got)
		}
	}
	if tag, _ := r.Tag("First%31234567"); tag != "‹alice.laptop#1›" {
		t.Error(tag)
	}
}
