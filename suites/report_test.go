package suites

import (
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/judge"
	"github.com/sessionspec/sessionspec/internal/play"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/reports/redact"
	"github.com/sessionspec/sessionspec/scenarios"
	"github.com/sessionspec/sessionspec/targets"
)

// What is printed to try again has to reach the same server, and says no secret.
func TestTryNamesTheServerAndHidesItsSecrets(t *testing.T) {
	x := &targets.Target{Name: "product", Trusted: true, Vars: map[string]string{}}
	s := &session{red: redact.New(), run: &reports.Run{}, Options: Options{Library: &scenarios.Library{}, Targets: []*targets.Target{x},
		Set:     map[string]string{"url": "http://127.0.0.1:8080", "manage": "docker compose exec x", "admin_key": "geheimnis-42"},
		Command: []string{"sessionspec", "run", "--set", "admin_key=geheimnis-42"}}}
	s.describe()
	j := &job{sc: &scenarios.Scenario{ID: "a/b"}, env: &play.Env{Target: x}, final: &history.Play{Ops: []history.Op{{Step: story.Step{}}}}}
	try := s.red.String(s.finding(j, 0, judge.Finding{}).Try)
	for _, want := range []string{"--set url=http://127.0.0.1:8080", "--set 'manage=docker compose exec x'", "--set admin_key=‹set.admin_key›"} {
		if !strings.Contains(try, want) {
			t.Errorf("no %q in %s", want, try)
		}
	}
	if c := strings.Join(s.run.Command, " "); strings.Contains(c, "geheimnis") || strings.Contains(try, "geheimnis") {
		t.Errorf("a secret is written: %s; %s", c, try)
	}
}

// A product that never deletes a cookie breaks nothing first: the reason claims
// no more than was seen.
func TestWhyAPlayedStoryJudgedNothing(t *testing.T) {
	r := &scenarios.Requirement{ID: "cookieset/delete-matches-set", Group: "cookieset"}
	for other, want := range map[string]string{
		"":              "the story gave no occasion to judge it",
		"hygiene/ghost": "the story gave no occasion to judge it, and broke hygiene/ghost",
	} {
		j := &job{sc: &scenarios.Scenario{ID: "a/b", Tests: []string{r.ID}}, result: &judge.Result{}, verdict: reports.Pass}
		if other != "" {
			j.result.Findings, j.verdict = []judge.Finding{{Requirement: other}}, reports.Fail
		}
		s := &session{engine: &engine{jobs: []*job{j}}}
		if got, _ := s.requirement(r); got.Verdict != reports.NotJudged || got.Reason != want {
			t.Errorf("%s: %s, want %s", got.Verdict, got.Reason, want)
		}
	}
}
