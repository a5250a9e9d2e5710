package suites

import (
	"os"
	"path/filepath"
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

// A command to try again has every option without which it would play something
// else, or nothing, and is read by a shell as it was meant.
func TestTryPlaysTheSame(t *testing.T) {
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	x := &targets.Target{Name: "mine", File: "my service.yaml", Release: "2"}
	own := &scenarios.Scenario{ID: "found/it's", Source: filepath.Join(wd, "found here")}
	lib := &scenarios.Library{Scenarios: []*scenarios.Scenario{{ID: "a/b", Source: "builtin"}, own, {ID: "found/2", Source: own.Source}}}
	s := &session{Options: Options{Library: lib, Browser: "none", InBrowser: true, Level: scenarios.May, Plant: "a b", AllowExec: true}}
	want := `./run.sh run --target 'my service.yaml@2' --only 'found/it'\''s' --scenarios 'found here' --plant 'a b' --browser none --in-browser --level may --allow-exec`
	if got := s.try(&job{sc: own, env: &play.Env{Target: x}}); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	s = &session{Options: Options{Library: &scenarios.Library{}, Browser: "chrome,firefox", Level: scenarios.Should}}
	j := &job{sc: own, env: &play.Env{Target: &targets.Target{Name: "x", Trusted: true}}, plan: play.Plan{Browser: "firefox"}}
	if got := s.try(j); !strings.HasSuffix(got, " --browser firefox") {
		t.Error(got)
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
