package suites

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/scenarios"
	"github.com/sessionspec/sessionspec/targets"
)

// allAtApp are the stories that come with sessionspec, and the reference server
// in its JSON dialect.
func allAtApp(t *testing.T) (*scenarios.Library, []*targets.Target) {
	t.Helper()
	lib, err := scenarios.Load(scenarios.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	ts, err := targets.Load("reference-app", nil)
	if err != nil {
		t.Fatal(err)
	}
	return lib, ts
}

// TestTargetThatDiesMidway: what was not played is error, never pass, never
// fail, and the console says it once.
func TestTargetThatDiesMidway(t *testing.T) {
	lib, ts := allAtApp(t)
	var out bytes.Buffer
	s, scs, err := open(Options{Library: lib, Targets: ts, Browser: "none", Workers: 4, Stdout: &out})
	if err != nil {
		t.Fatal(err)
	}
	defer s.stop()
	ctx := context.Background()
	if err := s.start(ctx, scs); err != nil {
		t.Fatal(err)
	}
	var once sync.Once
	played := 0
	s.engine.progress = func(p reports.Progress, _ *job) {
		if s.engine.jobs[0].env != nil && p.Done > p.Total/2 {
			once.Do(func() { played = p.Done; s.procs[0].Stop() })
		}
	}
	s.engine.run(ctx)
	s.collect()
	s.run.Finish()
	s.console.Summary(s.run)
	if s.run.ExitCode != reports.ExitBroken {
		t.Errorf("exit code %d, want %d", s.run.ExitCode, reports.ExitBroken)
	}
	if n := s.run.ScenarioSummary[reports.Fail] + s.run.ScenarioSummary[reports.Unstable]; n > 0 {
		t.Errorf("%d scenarios fail because the target died", n)
	}
	if s.run.ScenarioSummary[reports.Error] == 0 || played == 0 {
		t.Errorf("nothing was in error: %v", s.run.ScenarioSummary)
	}
	if n := strings.Count(out.String(), "\n"); n > 20 {
		t.Errorf("the console needs %d lines to say it:\n%s", n, out.String())
	}
	t.Logf("console:\n%s", out.String())
}

// TestInterferenceIsNotBlamedOnTheBystander: in a crowd, one story's fault ends
// sessions in others; only the story that does it alone is confirmed.
func TestInterferenceIsNotBlamedOnTheBystander(t *testing.T) {
	got := outcome(t, "reference-app", "frame/create-user-keeps-sessions", "", "none", 8)
	if ids := verdicts(got, reports.Fail); len(ids) != 1 || ids[0] != "frame/create-user-keeps-sessions" {
		t.Errorf("failing: %v\n%s", ids, notPassed(got))
	}
	disturbed := 0
	for _, sc := range got.Scenarios {
		for _, n := range sc.Notes {
			if strings.HasPrefix(n, "disturbed") {
				disturbed++
				if sc.Verdict != reports.Pass {
					t.Errorf("%s was disturbed and is %s: %s %v", sc.ID, sc.Verdict, sc.Reason, sc.Notes)
				}
			}
		}
	}
	t.Logf("%d stories were disturbed by others and judged alone", disturbed)
}
