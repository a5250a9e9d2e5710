package main

import (
	"strings"
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/reports"
)

// TestDocument: counts by group, what fails where, and why nothing was said.
func TestDocument(t *testing.T) {
	q := func(id string, v reports.Verdict, reason string) reports.Requirement {
		group, _, _ := strings.Cut(id, "/")
		return reports.Requirement{ID: id, Group: group, Level: "MUST", Verdict: v, Reason: reason}
	}
	day := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC) }
	runs := []*reports.Run{
		{SuiteVersion: "1", Started: day(20), Target: reports.Target{Name: "zebra", Version: "latest"}, Requirements: []reports.Requirement{
			q("a/one", reports.Fail, "x"), q("a/two", reports.Pass, ""), q("b/one", reports.NotJudged, "GET http://127.0.0.1:4711/ -> 501")}},
		{SuiteVersion: "1.1", Started: day(21), Target: reports.Target{Name: "ant", Version: "2"}, Requirements: []reports.Requirement{
			q("a/one", reports.Warn, "x"), q("a/two", reports.Pass, ""), q("c/one", reports.NotApplicable, "declared")}},
	}
	got := document(runs)
	for _, want := range []string{
		"| implementation | suite | a | b | c | all |\n|---|---|---|---|---|---|\n| ant@2 | 1.1 | 1P 1W |  | 1A | 1P 1W 1A |\n| zebra | 1 | 1P **1F** | 1N |  | 1P **1F** 1N |\n",
		"Runs of 2026-11-20, 2026-11-21, without",
		"| `a/one` | MUST | zebra | ant@2 |\n",
		"| zebra | `b/one` | GET |\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "`a/two`") || strings.Contains(got, "4711") {
		t.Errorf("too much:\n%s", got)
	}
}
