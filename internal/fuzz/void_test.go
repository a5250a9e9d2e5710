package fuzz

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/scenarios"
)

// Where no account can be made any more the run ends, says why, and claims nothing.
func TestRunEndsWhereNothingCanBePlayed(t *testing.T) {
	env := at(t, "app", "")
	env.Target.Provision, env.Target.Operations["create_user"] = nil, nil
	r := Run(t.Context(), options(env, 2000))
	if r.ExitCode(false) != reports.ExitBroken || !strings.Contains(r.Error, "no way to make accounts") || r.Counts.total() > 500 {
		t.Errorf("exit code %d, %q after %d plays", r.ExitCode(false), r.Error, r.Counts.total())
	}
	if r.Sweep.Played > 0 || r.Coverage.Seen > 0 {
		t.Errorf("%d of the sweep played, %d operations seen", r.Sweep.Played, r.Coverage.Seen)
	}
	if why := r.Counts.VoidExamples["set-up"]; !strings.Contains(why, "no way to make accounts") {
		t.Errorf("%v, %v", r.Counts.VoidReasons, r.Counts.VoidExamples)
	}
}

// A run most of which says nothing is not green, gate or not.
func TestMostlyVoidIsNotGreen(t *testing.T) {
	for _, c := range []struct{ void, total, want int }{
		{0, 100, reports.ExitConformant}, {5, 20, reports.ExitConformant}, {6, 20, reports.ExitBroken}, {10, 100, reports.ExitConformant}, {11, 100, reports.ExitBroken},
	} {
		r := &Result{Counts: Counts{Void: c.void, Judged: 1, Sequences: map[string]int{"walk": c.total}}}
		if got := r.ExitCode(false); got != c.want {
			t.Errorf("%d of %d void: %d, want %d", c.void, c.total, got, c.want)
		}
	}
}

// A suspicion that cannot be played again, the target being gone, is kept.
func TestSuspicionOutlivesTheTarget(t *testing.T) {
	env := at(t, "app", "frame/create-user-keeps-sessions")
	f := begin(options(env, 10))
	tr := Trace{Kind: "walk", Clients: people(), Routes: map[string]string{}, Steps: []story.Step{
		{Op: "sign_in", Client: office, Expect: "any"}, {Op: "sign_in", Client: "laptop", Expect: "any"}, {Op: "create_user", Client: office, User: "carol", Expect: "any"}}}
	out := f.crowd(t.Context(), []Trace{tr})
	if len(out) != 1 {
		t.Fatalf("%d suspects", len(out))
	}
	env.Target.Base = "http://127.0.0.1:1"
	f.triage(t.Context(), out[0])
	if len(f.res.Findings) == 0 || f.res.Findings[0].How != Quarantine || !strings.Contains(f.res.Findings[0].Got, "could not be played again") {
		t.Errorf("%+v", f.res.Findings)
	}
}

// What is saved of a race is played several times in one go.
func TestSavedRacesHaveRounds(t *testing.T) {
	x := &Finding{Key: Key{Class: DeadAlive, Requirement: "race/credential-change-vs-sign-in", Operation: "parallel"}, Name: "x", Rounds: 4, How: Sometimes, trace: Trace{
		Clients: []story.Client{{Name: "laptop", User: "alice", In: "wire"}, {Name: "phone", User: "alice", In: "wire"}},
		Steps: []story.Step{{Op: "sign_in", Client: "laptop", Expect: "any"}, {Op: story.Parallel, Parallel: [][]story.Step{
			{{Op: "sign_in", Client: "phone", Expect: "any"}}, {{Op: "change_password", Client: "laptop", Expect: "any"}}}}}}}
	dir := t.TempDir()
	path, err := x.Save(dir, 1, "t")
	if err != nil {
		t.Fatal(err)
	}
	lib, err := scenarios.Load(scenarios.Builtin(), scenarios.Source{Name: "saved", FS: os.DirFS(filepath.Dir(path))})
	if err != nil {
		t.Fatal(err)
	}
	var steps []int
	for _, sc := range lib.Scenarios {
		if sc.Source == "saved" {
			steps = append(steps, len(sc.Story.Steps))
		}
	}
	if len(steps) != 1 || steps[0] != 1+4 {
		t.Errorf("scenarios of so many steps are saved: %v", steps)
	}
}
