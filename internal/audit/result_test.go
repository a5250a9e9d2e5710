package audit

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sample is an audit of three browsers, one of which is not there.
func sample() *Audit {
	return &Audit{Schema: SchemaID, Suite: "0.0.0", Started: time.Date(2026, 11, 21, 7, 0, 0, 0, time.UTC), Took: 2, Engines: []Engine{
		{Name: "chrome", Version: "Chromium 1", Took: 1, Rows: []Row{
			{ID: "p/a", Group: "P", What: "a", Did: stored, Want: stored, Verdict: Same, Source: "S 1"},
			{ID: "p/b", Group: "P", What: "b", Did: refused, Want: stored, Verdict: Differs, Source: "S 2"},
			{ID: "p/e", Group: "P", What: "e", Did: "that", Want: "left open", Verdict: Open, Source: "S 5"},
			{ID: "p/c", Group: "P", What: "c", Want: stored, Verdict: NotProbed, Source: "S 3", Reason: "no way"},
		}, Voice: &Voice{Cases: 3, Same: 2, Jar: "Jars compared.", Disagreements: []Disagreement{{ID: "v1", Set: []string{"a=\x01"}, Ours: "-", Its: "a", Why: "it trims"}}}},
		{Name: "firefox", Version: "Firefox 2", Took: 1, Rows: []Row{
			{ID: "p/a", Group: "P", What: "a", Did: refused, Want: stored, Verdict: Differs, Source: "S 1"},
			{ID: "p/e", Group: "P", What: "e", Did: "this", Want: "left open", Verdict: Open, Source: "S 5"},
			{ID: "p/d", Group: "P", What: "d", Did: "odd", Want: "left open", Verdict: Open, Source: "S 4"},
		}},
		{Name: "webkit", Missing: "webkit: none found", Rows: []Row{}},
	}}
}

// copied is the sample once more, changed.
func copied(change func(*Audit)) *Audit {
	a := sample()
	change(a)
	return a
}

func TestCompare(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(*Audit)
		rows    string
		differs bool
		heads   int // versions and browsers alone
	}{
		"itself":            {func(*Audit) {}, "", false, 0},
		"another behaviour": {func(a *Audit) { a.Engines[0].Rows[1].Did = stored }, "p/b", true, 0},
		"not probed now":    {func(a *Audit) { a.Engines[0].Rows[0].Verdict = NotProbed }, "p/a", false, 0},
		"another reason":    {func(a *Audit) { a.Engines[0].Rows[3].Reason = "no other way" }, "", false, 0},
		"another version":   {func(a *Audit) { a.Engines[0].Version = "Chromium 2" }, "", false, 1},
		"another expectation": {func(a *Audit) {
			a.Engines[0].Rows[0].Want, a.Engines[0].Rows[0].Verdict = refused, Differs
		}, "", false, 0},
		"a row fewer":    {func(a *Audit) { a.Engines[0].Rows = a.Engines[0].Rows[:1] }, "", false, 0},
		"a browser more": {func(a *Audit) { a.Engines[2] = Engine{Name: "webkit", Version: "3", Rows: a.Engines[1].Rows} }, "", false, 1},
		"a disagreement more": {func(a *Audit) {
			a.Engines[0].Voice.Disagreements = append(a.Engines[0].Voice.Disagreements, Disagreement{ID: "v2", Its: "x"})
		}, "voice/v2", true, 0},
		"a disagreement fewer": {func(a *Audit) { a.Engines[0].Voice.Disagreements = nil }, "voice/v1", true, 0},
		"voice cut short": {func(a *Audit) {
			a.Engines[0].Voice.Disagreements, a.Engines[0].Voice.NotPlayed = nil, "interrupted"
		}, "", false, 0},
	} {
		got := Compare(sample(), copied(c.change))
		var ids []string
		for _, r := range got.Rows {
			ids = append(ids, r.ID)
		}
		if strings.Join(ids, " ") != c.rows || got.Behaviour() != c.differs || len(got.Versions)+len(got.Alone) != c.heads {
			t.Errorf("%s: %+v", name, got)
		}
		if got.Compared == 0 {
			t.Errorf("%s: nothing was compared", name)
		}
	}
}

func TestWriteAndRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	if err := sample().Write(dir); err != nil {
		t.Fatal(err)
	}
	back, err := Read(filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	want, _ := json.Marshal(sample())
	if got, _ := json.Marshal(back); !bytes.Equal(got, want) {
		t.Errorf("read\n%s\nwritten\n%s", got, want)
	}
	other := filepath.Join(dir, "other.json")
	if err := os.WriteFile(other, []byte(`{"schema": "something/else"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(other); err == nil || !strings.Contains(err.Error(), SchemaID) {
		t.Errorf("another file: %v", err)
	}
}

func TestText(t *testing.T) {
	var b bytes.Buffer
	sample().Text(&b)
	for _, want := range []string{"p/b", "DIFFERS", "- no way", "webkit: not asked: webkit: none found",
		"4 rows: 1 as the specification expects, 1 differ, 1 left open by it, 1 not probed", `Set-Cookie: a=\x01`, "it trims"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%s", want, b.String())
		}
	}
}

// TestPageEscapes gives the page what a hostile browser or page could say.
func TestPageEscapes(t *testing.T) {
	const evil = `<script>alert(1)</script><img src=x onerror=alert(1)>"'`
	a := copied(func(a *Audit) {
		e := &a.Engines[0]
		e.Version, e.Stopped = evil, evil
		e.Rows[0].Did, e.Rows[3].Reason = evil, evil
		e.Voice.Disagreements[0] = Disagreement{ID: evil, Set: []string{evil}, Ours: evil, Its: evil, Why: evil}
		a.Engines[2].Missing = evil
	})
	var b bytes.Buffer
	if err := a.HTML(&b); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	if strings.Contains(page, "<script") || strings.Contains(page, "<img") {
		t.Error("what a browser said became markup")
	}
	if n := strings.Count(page, "&lt;script&gt;"); n < 9 {
		t.Errorf("it stands there %d times", n)
	}
	for _, want := range []string{`content="default-src 'none'; style-src 'unsafe-inline'"`, `href="#p.b"`, `id="p.b"`, "The browsers differ from each other",
		"2 behaviours differ from the specifications"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not in the page", want)
		}
	}
	for _, bad := range []string{"http://", "https://", "src=\"", "url("} {
		if strings.Contains(page, bad) {
			t.Errorf("%q: the page is not self-contained", bad)
		}
	}
}

func TestGaps(t *testing.T) {
	a := copied(func(a *Audit) { a.Engines[0].Rows[3].Reason = errInterrupted.Error() })
	if got := a.Gaps(); got != "chrome lacks 1 rows (p)" {
		t.Error(got)
	}
}
