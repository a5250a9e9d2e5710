package reports

import (
	"strings"
	"testing"
	"time"
)

var testDay = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func finding(requirement string) Finding { return Finding{Requirement: requirement, Level: "MUST"} }

// judged is a run with two requirements broken by one scenario, one passed, one not judged.
func judged() *Run {
	return &Run{Target: Target{Version: "2.0"},
		Requirements: []Requirement{{ID: "a/one", Verdict: Fail, Level: "MUST"}, {ID: "a/two", Verdict: Fail, Level: "MUST"},
			{ID: "a/three", Verdict: Pass, Checks: 1}, {ID: "a/four", Verdict: NotJudged}, {ID: "a/five", Verdict: NotApplicable}},
		Scenarios: []Scenario{
			{ID: "a/story@x", Scenario: "a/story", Verdict: Fail, Tests: []string{"a/one"}, Findings: []Finding{finding("a/one"), finding("a/two")}},
			{ID: "a/other@x", Scenario: "a/other", Verdict: Fail, Tests: []string{"a/one"}, Findings: []Finding{finding("a/one")}},
			{ID: "a/good@x", Scenario: "a/good", Verdict: Pass, Tests: []string{"a/three"}},
			{ID: "a/broke@x", Scenario: "a/broke", Verdict: Error, Tests: []string{"a/one"}}}}
}

func applied(r *Run, entries ...BaselineEntry) *Run {
	(&Baseline{File: "b.yaml", Entries: entries}).Apply(r, testDay)
	r.Finish()
	return r
}

func verdictIn(r *Run, id string) Verdict {
	for _, q := range r.Requirements {
		if q.ID == id {
			return q.Verdict
		}
	}
	for _, s := range r.Scenarios {
		if s.ID == id {
			return s.Verdict
		}
	}
	return ""
}

func TestAnEntryExcusesItsRequirementAndNothingElse(t *testing.T) {
	r := applied(judged(), BaselineEntry{Expect: "a/one", Reason: "known"})
	for id, want := range map[string]Verdict{"a/one": ExpectedFail, "a/two": Fail, "a/story@x": Fail, "a/other@x": ExpectedFail, "a/broke@x": Error} {
		if got := verdictIn(r, id); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
	if r.ExitCode != ExitNotConformant || r.Baseline[0].Hits != 2 || r.Baseline[0].Tries != 3 {
		t.Errorf("exit %d, %+v", r.ExitCode, r.Baseline[0])
	}
}

func TestAnErrorIsNeverExcused(t *testing.T) {
	r := applied(judged(), BaselineEntry{Expect: "a/one", Reason: "x"}, BaselineEntry{Expect: "a/two", Reason: "x"}, BaselineEntry{Expect: "a/broke", Reason: "x"})
	if r.ExitCode != ExitBroken || verdictIn(r, "a/broke@x") != Error {
		t.Errorf("exit %d, %s", r.ExitCode, verdictIn(r, "a/broke@x"))
	}
}

func TestOneScenarioOfTwoDoesNotExcuseTheRequirement(t *testing.T) {
	r := applied(judged(), BaselineEntry{Expect: "a/other", Reason: "x"})
	if verdictIn(r, "a/one") != Fail || verdictIn(r, "a/other@x") != ExpectedFail {
		t.Errorf("a/one %s, a/other %s", verdictIn(r, "a/one"), verdictIn(r, "a/other@x"))
	}
}

func TestWhatBecomesOfEntries(t *testing.T) {
	for name, c := range map[string]struct {
		entry BaselineEntry
		state string
		bad   bool
	}{
		"passes":                 {BaselineEntry{Expect: "a/three"}, BaselineSurprise, false}, // its requirement fails the run
		"passes now and then":    {BaselineEntry{Expect: "a/three", Intermittent: true}, BaselineAbsent, false},
		"fails now and then":     {BaselineEntry{Expect: "a/one", Intermittent: true}, BaselineHolds, false},
		"broke":                  {BaselineEntry{Expect: "a/broke"}, BaselineRefused, false},
		"breaks now and then":    {BaselineEntry{Expect: "a/broke", Intermittent: true}, BaselineRefused, false},
		"not judged":             {BaselineEntry{Expect: "a/four"}, BaselineUnplayed, false},
		"not applicable":         {BaselineEntry{Expect: "a/five"}, BaselineUnmatched, true},
		"not selected":           {BaselineEntry{Expect: "a/nine"}, BaselineUnplayed, false},
		"expired":                {BaselineEntry{Expect: "a/one", Until: "2026-11-20"}, BaselineExpired, true},
		"on its last day":        {BaselineEntry{Expect: "a/one", Until: "2026-11-21"}, BaselineHolds, false},
		"of the release at hand": {BaselineEntry{Expect: "a/one", Releases: []string{"1.0", "2.0"}}, BaselineHolds, false},
	} {
		r := applied(judged(), c.entry)
		if got := r.Baseline[0]; got.State != c.state || got.bad() != c.bad {
			t.Errorf("%s: %s, bad %v", name, got.State, got.bad())
		}
	}
	if r := applied(judged(), BaselineEntry{Expect: "a/three"}); verdictIn(r, "a/three") != SurprisePass {
		t.Error("a surprise pass is not marked")
	}
	if r := applied(judged(), BaselineEntry{Expect: "a/one", Releases: []string{"1.0"}}); len(r.Baseline) != 0 || verdictIn(r, "a/one") != Fail {
		t.Error("an entry about another release was applied")
	}
}

func TestUpdateMakesTheRunConformant(t *testing.T) {
	entries := []BaselineEntry{{Expect: "a/three", Reason: "x"}, {Expect: "a/one", Reason: "mine", Until: "2020-01-01"}}
	r := applied(judged(), entries...)
	b := (&Baseline{Entries: entries}).Update(r, testDay)
	if len(b.Entries) != 2 || b.Entries[0].Reason != "mine" || b.Entries[0].Until != "2026-11-21" || b.Entries[1].Expect != "a/two" {
		t.Fatalf("%+v", b.Entries)
	}
	again := judged()
	again.Scenarios = again.Scenarios[:3]
	if r := applied(again, b.Entries...); r.ExitCode != ExitConformant {
		t.Errorf("exit %d", r.ExitCode)
	}
}

func TestUpdateLeavesOtherReleasesAlone(t *testing.T) {
	b := &Baseline{Entries: []BaselineEntry{{Expect: "a/one", Reason: "x", Until: "2020-01-01"},
		{Expect: "a/one", Reason: "x", Until: "2020-01-01", Releases: []string{"1.0"}}}}
	r := judged()
	b.Apply(r, testDay)
	got := b.Update(r, testDay).Entries
	if got[0].Until != "2026-11-21" || got[1].Until != "2020-01-01" {
		t.Errorf("%+v", got)
	}
}

func TestBaselineTextRoundTrip(t *testing.T) {
	e := BaselineEntry{Expect: "a/one", Reason: `"quoted" and: so`, Issue: "https://example.test/1", Until: "2027-01-31", Releases: []string{"1.0"}, Intermittent: true}
	b, err := ParseBaseline("b.yaml", []byte(e.String()), []string{"a/one"})
	if err != nil {
		t.Fatal(err)
	}
	b.Entries[0].Pos = e.Pos
	if got := b.Entries[0].String(); got != e.String() {
		t.Errorf("got %s", got)
	}
}

// What comes and goes is never silently green: the headline and the console say
// how often it showed, also when it did not.
func TestIntermittentFailuresAreReportedWithTheirHits(t *testing.T) {
	link := "https://example.test/18"
	for want, expect := range map[string]string{"intermittent a/one (2 of 2 tries)": "a/one", "intermittent a/three (0 of 1 try)": "a/three"} {
		run := judged()
		run.Scenarios = run.Scenarios[:3]
		r := applied(run, BaselineEntry{Expect: "a/two", Reason: "x"}, BaselineEntry{Expect: "a/one", Reason: "y", Intermittent: expect == "a/one", Issue: link},
			BaselineEntry{Expect: "a/three", Reason: "z", Intermittent: true, Issue: link})
		if r.ExitCode != ExitConformant || !strings.Contains(Headline(r), want) {
			t.Errorf("exit %d: %s, want %s", r.ExitCode, Headline(r), want)
		}
		mustContain(t, summary(r, &Console{}), "known   "+expect, link)
		if expect == "a/one" && !strings.Contains(verdictReason(r, "a/one"), "intermittent: 2 of 2 tries") {
			t.Error(verdictReason(r, "a/one"))
		}
	}
}

func verdictReason(r *Run, id string) string {
	for _, q := range r.Requirements {
		if q.ID == id {
			return q.Reason
		}
	}
	return ""
}
