package reports

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What is rendered at the end of a run, and from its run.json any time later, is
// the same to the byte.
func TestEveryFormatIsTheSameFromTheFile(t *testing.T) {
	for name, r := range map[string]*Run{"sample": sample(), "healthy": healthy(), "poisoned": poisoned()} {
		a, b := t.TempDir(), t.TempDir()
		if err := WriteAll(r, a); err != nil {
			t.Fatal(err)
		}
		back, err := Read(filepath.Join(a, RunJSON))
		if err != nil {
			t.Fatal(err)
		}
		if err := back.Write(filepath.Join(b, RunJSON)); err != nil {
			t.Fatal(err)
		}
		if _, err := Render(back, b, a, byDefault...); err != nil {
			t.Fatal(err)
		}
		files, _ := filepath.Glob(filepath.Join(a, "*l")) // run.json spells bytes that are no UTF-8 otherwise the second time
		if len(files) != 2 {
			t.Fatal(files)
		}
		for _, f := range files {
			x, err1 := os.ReadFile(f)
			y, err2 := os.ReadFile(filepath.Join(b, filepath.Base(f)))
			if err1 != nil || err2 != nil || len(x) == 0 || !bytes.Equal(x, y) {
				t.Errorf("%s: %s differs (%d and %d bytes) %v %v", name, filepath.Base(f), len(x), len(y), err1, err2)
			}
		}
	}
}

func rendered(t *testing.T, r *Run, write func(*Run, io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(r, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestMarkdownTellsWhatToDo(t *testing.T) {
	text := rendered(t, sample(), Markdown)
	mustContain(t, text, "## sessionspec: not conformant", "**FAIL "+keeps+"**", "- want: ` live as bob2 `", "- try: `", "4 more scenarios", "### Not judged", "no browser", "dead, want bob2")
	if text := rendered(t, healthy(), Markdown); strings.Contains(text, "### Findings") {
		t.Error(text)
	}
}

func TestMarkdownShowsTheBaseline(t *testing.T) {
	r := sample()
	(&Baseline{Entries: []BaselineEntry{{Expect: keeps, Reason: "known | old"}}}).Apply(r, testDay)
	mustContain(t, rendered(t, r, Markdown), "### Baseline", `| holds | 5 of 5 | known \| old |`)
}

// A target's words are text: no HTML, no link, no heading, no person called.
func TestMarkdownOfAHostileTarget(t *testing.T) {
	for _, write := range []func(*Run, io.Writer) error{Markdown, Statement} {
		text := rendered(t, poisoned(), write)
		text = regexp.MustCompile("(?s)```+.*?```+").ReplaceAllString(text, "") // blocks and spans are shown as they are
		text = regexp.MustCompile("`[^`\n]*`").ReplaceAllString(text, "")
		for _, bad := range []string{"<script", "<img", "\x1b", "\x00"} {
			if strings.Contains(text, bad) {
				i := strings.Index(text, bad)
				t.Errorf("%q in %q", bad, text[max(0, i-60):min(len(text), i+60)])
			}
		}
	}
	if got := mdCode("a `` b"); got != "``` a `` b ```" {
		t.Error(got)
	}
	if got := mdText("[x](javascript:1) @all <b> a_b"); got != `\[x\](javascript:1) &#64;all &lt;b&gt; a\_b` {
		t.Error(got)
	}
}

func TestStatementSaysWhatItIsAbout(t *testing.T) {
	r := sample()
	r.Command = append(r.Command, "--only", "frame/*", "--set", "tool=a b")
	text := rendered(t, r, Statement)
	mustContain(t, text, "It says nothing about a product", `| Selection | a part of the suite: --only frame/\* |`, "| MUST | ", "reset\\_password, disable",
		"./run.sh run --target reference --only 'frame/*' --set 'tool=a b' --seed 42", `"change_password"`)
	r.Target.StandIn = false
	if strings.Contains(rendered(t, r, Statement), "says nothing about a product") {
		t.Error("a product is called a stand-in")
	}
}

func TestBadgeIsWellFormed(t *testing.T) {
	for want, r := range map[string]*Run{"not conformant 2/5": sample(), "conformant 6/6": healthy()} {
		r.Target.StandIn = false
		path := filepath.Join(t.TempDir(), "b.svg")
		if err := WriteBadge(r, path); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		dec := xml.NewDecoder(bytes.NewReader(b))
		for err = nil; err == nil; {
			_, err = dec.Token()
		}
		if !errors.Is(err, io.EOF) || !strings.Contains(string(b), ">"+want+"<") {
			t.Errorf("%v %s", err, b)
		}
	}
}

// Each command is one line, whatever the target says.
func TestAnnotationsOfAHostileTarget(t *testing.T) {
	for _, r := range []*Run{sample(), poisoned()} {
		for i := range r.Scenarios {
			for j := range r.Scenarios[i].Findings {
				r.Scenarios[i].Findings[j].Got += "\n::set-env name=PATH::x\r::stop"
			}
		}
		text := rendered(t, r, Annotations)
		lines := strings.Split(strings.TrimSpace(text), "\n")
		for _, l := range lines {
			if !strings.HasPrefix(l, "::error ") && !strings.HasPrefix(l, "::warning ") || strings.Contains(l, "\r") {
				t.Errorf("%q", l)
			}
		}
		want := len(causesOf(r))
		if r.ExitCode == ExitBroken {
			want++
		}
		if len(lines) != want {
			t.Errorf("%d lines for %d causes", len(lines), want)
		}
	}
	mustContain(t, rendered(t, sample(), Annotations), "::error file=scenarios/"+keeps+".yaml,line=13,title="+keeps+"::")
}
