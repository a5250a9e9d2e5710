package fuzz

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/sessionspec/sessionspec/internal/play"
	"github.com/sessionspec/sessionspec/internal/reference"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/internal/terms"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/scenarios"
	"github.com/sessionspec/sessionspec/targets"
)

// TestMain lets the test binary stand for sessionspec where the reference
// target starts its own server and command line.
func TestMain(m *testing.M) {
	if exit, mine := reference.Command(os.Args[1:], os.Stdout, os.Stderr); mine {
		os.Exit(exit)
	}
	os.Exit(m.Run())
}

// at starts the reference server in a dialect with a fault.
func at(t *testing.T, dialect, plant string) *play.Env {
	t.Helper()
	ts, err := targets.Load("reference-"+dialect, map[string]string{"plant": plant})
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p, err := ts[0].Start(t.Context(), targets.StartOptions{Self: self})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	env, err := play.NewEnv(ts[0], true, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(env.Close)
	if err := env.Calibrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return env
}

func options(env *play.Env, sequences int) Options {
	return Options{Env: env, Terms: terms.Of(env.Target), Seed: 1, Sequences: sequences, Workers: 4}
}

func TestCleanServerHasNoFinding(t *testing.T) {
	for _, dialect := range []string{"web", "two-cookie", "app", "bearer", "realtime"} {
		t.Run(dialect, func(t *testing.T) {
			r := Run(t.Context(), options(at(t, dialect, ""), 60))
			for _, x := range r.Findings {
				t.Errorf("%s\nwant %s\ngot  %s\n%s", x.Key, x.Want, x.Got, x.Story)
			}
			if r.Counts.Void > 0 || r.Counts.total() != 60 || r.Counts.Judged == 0 || r.Stopped != "sequences" || r.ExitCode(true) != reports.ExitConformant {
				t.Errorf("%+v", r.Counts)
			}
		})
	}
}

// What the target does to whose sessions is learnt from the sweep alone, with
// nothing suspicious to look at.
func TestPolicyComesFromTheSweep(t *testing.T) {
	o := options(at(t, "app", ""), 300)
	o.Only = []string{"sweep"}
	seen := map[string]string{}
	for _, p := range Run(t.Context(), o).Policy {
		seen[p.Operation+" "+p.Outcome+" "+p.Relation] = fmt.Sprintf("%t %t %t", p.Lived > 0, p.Ended > 0, p.Renewed > 0)
	}
	for what, want := range map[string]string{
		"reset_password ok same user":     "false true false",
		"reset_password ok other user":    "true false false",
		"change_password ok this session": "false false true",
		"create_user ok other user":       "true false false",
		"sign_out ok this session":        "false true false",
	} {
		if seen[what] != want {
			t.Errorf("%s: lived, ended, renewed %s, want %s", what, seen[what], want)
		}
	}
}

// The founding bug is found, made as short as it can be, and handed over as a
// scenario file that is red with the fault and green without it.
func TestFindsShrinksAndSaves(t *testing.T) {
	const id = "frame/create-user-keeps-sessions"
	env := at(t, "app", id)
	o := options(env, 200)
	o.Until = func(x *Finding) bool { return x.Key.Requirement == id }
	r := Run(t.Context(), o)
	i := slices.IndexFunc(r.Findings, o.Until)
	if i < 0 {
		t.Fatalf("not found: %s", r)
	}
	x := r.Findings[i]
	if x.StepsShrunk > 3 || x.How != Deterministic || x.Key.Class != LiveDead || x.Key.Operation != "create_user" {
		t.Errorf("%+v", x)
	}
	if r.ExitCode(false) != reports.ExitNotConformant {
		t.Error("exit code", r.ExitCode(false))
	}
	dir := t.TempDir()
	path, err := x.Save(dir, 1, "app")
	if err != nil {
		t.Fatal(err)
	}
	lib, err := scenarios.Load(scenarios.Builtin(), scenarios.Source{Name: "saved", FS: os.DirFS(dir)})
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	for _, c := range []struct {
		plant string
		found int
	}{{id, 1}, {"", 0}} {
		env := at(t, "app", c.plant)
		o := options(env, 1)
		for _, sc := range lib.Scenarios {
			if sc.Source == "saved" {
				plans, gap := env.Plans(sc)
				if gap != nil {
					t.Fatal(gap.Reason)
				}
				o.Regressions = append(o.Regressions, Regression{Name: sc.ID, Plan: plans[0], Tests: sc.Tests})
			}
		}
		r := Run(t.Context(), o)
		if len(r.Findings) != c.found || !slices.Equal(r.Played, []string{x.Name}) {
			t.Errorf("with %q: %d findings, played %v", c.plant, len(r.Findings), r.Played)
		}
	}
}

// What only company shows is no flake: strangers are part of the story.
func TestInterferenceIsMerged(t *testing.T) {
	o := options(at(t, "app", "fuzz/third-creation-ends-abroad"), 0)
	o.Workers, o.Sequences = 8, 1<<20
	f := begin(o)
	step := func(op, client, user string) story.Step {
		return story.Step{Op: op, Client: client, User: user, Expect: "any"}
	}
	cast := people()
	victim := Trace{Kind: "walk", Clients: cast[:1], Steps: []story.Step{step("sign_in", "laptop", "")}}
	for range 12 {
		victim.Steps = append(victim.Steps, step("note", "laptop", ""))
	}
	stranger := Trace{Kind: "walk", Clients: cast[3:4]}
	for _, u := range []string{"erin", "frank", "grace"} {
		stranger.Steps = append(stranger.Steps, step("create_user", "desk", u))
	}
	for n := 0; n < 40 && len(f.res.Findings) == 0; n++ { // they have to meet
		left := []Trace{victim, stranger, victim, stranger, victim, stranger, victim, stranger}
		for _, s := range f.crowd(t.Context(), left) {
			if f.triage(t.Context(), s) {
				f.inCompany(t.Context(), s, aims(s.result))
			}
		}
	}
	if len(f.res.Findings) == 0 || f.res.Findings[0].How != Interference {
		t.Fatalf("no interference found in %s: %+v", f.res, f.res.Findings)
	}
	x := f.res.Findings[0]
	worlds := map[string]bool{}
	for _, c := range x.trace.Clients {
		worlds[c.World] = true
	}
	if len(worlds) < 2 || x.StepsShrunk != 4 { // a sign-in and three creations
		t.Errorf("%d steps in %d worlds:\n%s", x.StepsShrunk, len(worlds), x.Story)
	}
	text := x.scenario(1, "app")
	if _, err := scenarios.Load(scenarios.Builtin(), scenarios.Source{Name: "saved", FS: fstest.MapFS{x.Name + ".yaml": {Data: []byte(text)}}}); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}

// The same seed draws the same stories, whatever the target answers.
func TestSeedDecides(t *testing.T) {
	g := testGame()
	for i := range 200 {
		a, b := g.walk(7, i), g.walk(7, i)
		if a.text() != b.text() {
			t.Fatalf("%d: \n%s\n%s", i, a.text(), b.text())
		}
		if c := g.walk(8, i); c.text() == a.text() && len(a.Steps) > 4 {
			t.Errorf("%d: seeds 7 and 8 draw the same", i)
		}
	}
}

func TestOverBudgetStops(t *testing.T) {
	env := at(t, "app", "")
	o := options(env, 0)
	o.SignIns = 60
	r := Run(t.Context(), o)
	if r.Stopped != "sign-ins" || r.Counts.SignIns < 60 {
		t.Errorf("%s: %+v", r.Stopped, r.Counts)
	}
	o = options(env, 0)
	o.Budget = time.Millisecond
	if r := Run(t.Context(), o); r.Stopped != "budget" {
		t.Errorf("%s: %+v", r.Stopped, r.Counts)
	}
}

func TestExpect(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	result := func() *Result {
		return &Result{Counts: Counts{Judged: 1, Sequences: map[string]int{"walk": 1000}}, Played: []string{"gone"},
			Findings: []*Finding{{Key: Key{Requirement: "frame/create-user-keeps-sessions"}, Name: "saved"}}}
	}
	for entry, want := range map[string][2]int{ // exit code of a run, and of a gate
		"": {1, 1},
		"- {expect: frame/create-user-keeps-sessions, reason: known}":                        {0, 0},
		"- {expect: saved, reason: known}":                                                   {0, 0},
		"- {expect: saved, reason: known, until: 2025-12-31}":                                {1, 1},
		"- {expect: saved, reason: known, releases: [other]}":                                {1, 1},
		"- {expect: saved, reason: known}\n- {expect: gone, reason: mended in the meantime}": {0, 1},
	} {
		var b *reports.Baseline
		if entry != "" {
			var err error
			if b, err = reports.ParseBaseline("b.yaml", []byte(entry), []string{"frame/create-user-keeps-sessions", "saved", "gone"}); err != nil {
				t.Fatalf("%s: %v", entry, err)
			}
		}
		r := result()
		r.Expect(b, now)
		if got := [2]int{r.ExitCode(false), r.ExitCode(true)}; got != want {
			t.Errorf("%q: %v, want %v", entry, got, want)
		}
	}
	for name, r := range map[string]*Result{
		"nothing judged": {Counts: Counts{Sequences: map[string]int{}}},
		"quarantined":    {Counts: Counts{Judged: 1, Sequences: map[string]int{"walk": 9}}, Quarantined: []string{"quarantine/x"}},
		"void":           {Counts: Counts{Judged: 1, Void: 2, Sequences: map[string]int{"walk": 100}}},
		"gone":           {Error: "away", Counts: Counts{Judged: 1}},
	} {
		want := map[string]int{"nothing judged": 4, "quarantined": 1, "void": 3, "gone": 3}[name]
		if got := r.ExitCode(true); got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	r := Run(t.Context(), options(at(t, "app", ""), 30))
	if err := r.Write(filepath.Join(dir, "new")); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(dir, "new", "coverage.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"sign_in", "revoke_session", fmt.Sprint(r.Coverage.Pairs), "Content-Security-Policy"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("no %q in the page", want)
		}
	}
}

// What was seen once and never again must not stand in the way of a story that
// shows the same each time.
func TestConfirmedExplainsQuarantined(t *testing.T) {
	f := begin(options(at(t, "app", ""), 1))
	key := Key{Class: LiveDead, Requirement: "frame/create-user-keeps-sessions", Operation: "create_user", Relation: "other-user"}
	other := Key{Class: DeadAlive, Requirement: "terminate/sign-out-kills-server-side", Operation: "sign_out"}
	f.add(&Finding{Key: key, How: Quarantine, Witnesses: 2})
	f.add(&Finding{Key: other, How: Quarantine})
	if f.found(key) != nil {
		t.Error("a quarantined finding passes for a confirmed one")
	}
	f.add(&Finding{Key: key, How: Interference})
	if x := f.found(key); x == nil || x.Witnesses != 3 || len(f.res.Findings) != 2 || f.res.Findings[0].Key != other {
		t.Errorf("%+v", f.res.Findings)
	}
}
