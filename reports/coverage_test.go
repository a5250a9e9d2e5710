package reports

import (
	"bytes"
	"strings"
	"testing"
)

// covered is the sample with a small standard.
func covered() *Run {
	r := sample()
	r.Coverage = []Standard{{Name: "A Standard", Short: "STD", Sections: []Section{
		{Source: "STD 1", About: "creation", Requirements: []string{actor, keeps}},
		{Source: "STD 2", About: "ghosts", Requirements: []string{ghost}, Planned: []string{"race/later"}},
		{Source: "STD 3", About: "browsers", Requirements: []string{chrome}},
		{Source: "STD 4", About: "elsewhere", Requirements: []string{"multi/not-selected"}},
		{Source: "STD 5", About: "later", Planned: []string{"race/later"}},
		{Source: "STD 6", About: "paper", Note: "a document, not behaviour", Via: []string{ghost}},
	}}}
	return r
}

func TestCoverageStates(t *testing.T) {
	r := covered()
	r.Finish()
	for i, want := range []string{"fail", "pass", "not-judged", NotSelected, Planned, NotCovered} {
		s := r.Coverage[0].Sections[i]
		if s.State != want || s.Requirements == nil || s.Planned == nil {
			t.Errorf("%s: %+v, want %s", s.Source, s, want)
		}
	}
	if got := r.coverageLine(); got != "STD 2/6" {
		t.Errorf("line: %q", got)
	}
	var b bytes.Buffer
	(&Console{W: &b}).Summary(r)
	mustContain(t, b.String(), "looked at sections of  STD 2/6")
}

// TestCoverageOnThePage: every section with its state; requirements of the run are links.
func TestCoverageOnThePage(t *testing.T) {
	r := covered()
	var b strings.Builder
	r.Finish()
	if err := htmlReport().Execute(&b, pageOf(r, newEvidenceReader(""))); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	mustContain(t, page, `id="view-0"`, "2 of 6 sections looked at", `chip not-in-this-run`, "not covered",
		"a document, not behaviour", "race/later – planned", "multi/not-selected – not in this run", "seen through "+ghost)
	if !strings.Contains(page, `<a href="#r`) || strings.Contains(page, "ZgotmplZ") {
		t.Error("requirements are not linked")
	}
	plain := sample()
	b.Reset()
	if err := htmlReport().Execute(&b, pageOf(plain, newEvidenceReader(""))); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), `id="view-0"`) {
		t.Error("a run without coverage has the view")
	}
}
