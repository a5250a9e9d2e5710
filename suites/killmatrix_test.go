package suites

import (
	"context"
	"fmt"
	"os"
	"path"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sessionspec/sessionspec/internal/reference"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/scenarios"
	"github.com/sessionspec/sessionspec/targets"
)

// TestMain lets the test binary stand for sessionspec where the reference
// target starts its own server, command line and client.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // hundreds of small servers and short runs: CPU is scarcer than memory
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		runtime.GOMAXPROCS(1) // one server for one run; the runs are parallel
	}
	if exit, mine := reference.Command(os.Args[1:], os.Stdout, os.Stderr); mine {
		os.Exit(exit)
	}
	os.Exit(m.Run())
}

// library is loaded once: hundreds of runs read it.
var library = sync.OnceValues(func() (*scenarios.Library, error) { return scenarios.Load(scenarios.Builtin()) })

// fewGenerated plays two of the generated stories: they are two fifths of all
// requests, and two are enough to see that a fault breaks nothing else there.
func fewGenerated(lib *scenarios.Library) *scenarios.Library {
	out := *lib
	out.Scenarios = slices.Clone(lib.Scenarios)
	for i, sc := range out.Scenarios {
		if sc.Generate != nil {
			short, few := *sc, *sc.Generate
			few.Stories = min(few.Stories, 2)
			short.Generate = &few
			out.Scenarios[i] = &short
		}
	}
	return &out
}

// raceGroups are the groups whose faults bear on what happens at once. Stories of
// that are waiting, most of them, and say of other faults what others say.
var raceGroups = []string{"race", "establish", "terminate"}

func withoutRaces(lib *scenarios.Library) *scenarios.Library {
	out := *lib
	out.Scenarios = slices.DeleteFunc(slices.Clone(lib.Scenarios), func(sc *scenarios.Scenario) bool {
		return slices.ContainsFunc(sc.Story.Steps, func(s story.Step) bool { return len(s.Parallel) > 0 })
	})
	return &out
}

// outcome plays scenarios against one dialect without Ginkgo and returns the
// verdict of every requirement, those of level MAY included.
func outcome(t *testing.T, target, plant, only, browser string, workers int) *reports.Run {
	t.Helper()
	lib, err := library()
	if err != nil {
		t.Fatal(err)
	}
	if plant != "" && plant != "robust/any-order-safe" {
		lib = fewGenerated(lib)
		if !slices.Contains(raceGroups, path.Dir(plant)) {
			lib = withoutRaces(lib)
		}
	}
	set := map[string]string{}
	if plant != "" {
		set["plant"] = plant
	}
	ts, err := targets.Load(target, set)
	if err != nil {
		t.Fatal(err)
	}
	return played(t, Options{Library: lib, Level: scenarios.May, Targets: ts, Only: only, Browser: browser, Workers: workers, Plant: plant,
		commandless: plant != "" && !slices.Contains(commandGroups, path.Dir(plant))})
}

// commandGroups are the groups whose faults bear on the command lines: accounts,
// ends, a client's storage. For the others the matrix leaves those routes out;
// starting tens of thousands of processes was most of what it cost.
var commandGroups = []string{"frame", "terminate", "client"}

// played is a run without Ginkgo and without output; with a seed its order is
// that of a real run.
func played(t *testing.T, o Options) *reports.Run {
	t.Helper()
	s, scs, err := open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.stop()
	ctx := context.Background()
	if err := s.start(ctx, scs); err != nil {
		t.Fatal(err)
	}
	if o.Seed != 0 {
		s.engine.shuffle(o.Seed)
	}
	s.engine.run(ctx)
	s.collect()
	s.run.Finish()
	if err := s.run.Validate(); err != nil {
		t.Errorf("the report contradicts itself: %v", err)
	}
	return s.run
}

func verdicts(r *reports.Run, want reports.Verdict) (ids []string) {
	for _, q := range r.Requirements {
		if q.Verdict == want {
			ids = append(ids, q.ID)
		}
	}
	return ids
}

// pageFaults show only where scripts run.
var pageFaults = []string{
	"browser/restart-without-restore",
	"browser/restart-with-restore",
	"terminate/sign-out-reachable",
	"browser/back-after-end",
	"browser/tabs-agree",
	"browser/private-window-isolated",
	"browser/cross-site-entry",
	"client/remote-end-noticed",
	"client/no-stale-account-on-shared-device",
	"csrf/state-change-needs-proof",
	"csrf/sign-in-and-out-forgery",
	"csrf/lax-window",
	"browser/embedded-context",
}

// TestKillMatrix is the proof that the harness works: every planted fault is
// caught, by its own requirement, in every dialect that it applies to, and
// breaks no other requirement but those that its entry names with a reason.
func TestKillMatrix(t *testing.T) {
	for _, f := range reference.Faults() {
		for _, dialect := range f.Dialects {
			t.Run(f.ID+"@"+dialect, func(t *testing.T) {
				t.Parallel()
				browser, only := "none", ""
				if slices.Contains(pageFaults, f.ID) {
					if testing.Short() {
						t.Skip("needs a browser")
					}
					// A browser costs as much as ten stories on the wire: its own group,
					// and what says who is signed in.
					browser, only = "chrome", path.Dir(f.ID)+"/*,terminate/sign-out-reach*"
				}
				got := outcome(t, "reference-"+dialect, f.ID, only, browser, 1)
				failed := verdicts(got, reports.Fail)
				if !slices.Contains(failed, f.ID) {
					t.Errorf("planted %s was not caught; failing: %v\n%s", f.ID, failed, notPassed(got))
				}
				for _, id := range failed {
					if _, explained := f.AlsoBreaks[id]; id != f.ID && !explained {
						t.Errorf("%s breaks %s as well, and its entry does not say why\n%s", f.ID, id, findings(got, id))
					}
				}
				for _, v := range []reports.Verdict{reports.Error, reports.Unstable} {
					if ids := verdicts(got, v); len(ids) > 0 {
						t.Errorf("%s: %v\n%s", v, ids, notPassed(got))
					}
				}
			})
		}
	}
}

// TestCleanServerPasses: without a fault nothing fails, and whatever a target
// does not declare to lack is judged.
func TestCleanServerPasses(t *testing.T) {
	browser := "chrome"
	if testing.Short() {
		browser = "none"
	}
	for _, dialect := range append(reference.Dialects(), "web-tls", "two-cookie-tls") {
		t.Run(dialect, func(t *testing.T) {
			browser := browser
			if strings.HasSuffix(dialect, "-tls") {
				browser = "none" // Chrome does not know the authority
			}
			got := outcome(t, "reference-"+dialect, "", "", browser, 8)
			for _, v := range []reports.Verdict{reports.Fail, reports.Error, reports.Unstable, reports.Warn} {
				if ids := verdicts(got, v); len(ids) > 0 {
					t.Errorf("%s on the clean server: %v\n%s", v, ids, notPassed(got))
				}
			}
			if browser != "none" {
				if ids := verdicts(got, reports.NotJudged); len(ids) > 0 {
					t.Errorf("not judged on the clean server: %v\n%s", ids, notPassed(got))
				}
			}
		})
	}
}

// TestContributingExplainsWhatElseBreaks: the table for people is the table of
// the faults.
func TestContributingExplainsWhatElseBreaks(t *testing.T) {
	b, err := os.ReadFile("../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range reference.Faults() {
		for id := range f.AlsoBreaks {
			if !strings.Contains(string(b), fmt.Sprintf("| %#q | %#q |", f.ID, id)) {
				t.Errorf("CONTRIBUTING.md does not say that %s also breaks %s", f.ID, id)
			}
		}
	}
}

// TestEveryRequirementHasAFault: a requirement without a fault that it catches
// is not done.
func TestEveryRequirementHasAFault(t *testing.T) {
	lib, err := scenarios.Load(scenarios.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	planted := map[string]bool{}
	for _, f := range reference.Faults() {
		planted[f.ID] = true
		if r, ok := lib.Requirement(f.ID); !ok || r.Planned {
			t.Errorf("fault %s breaks no requirement that is judged", f.ID)
		}
		for id := range f.AlsoBreaks {
			if _, ok := lib.Requirement(id); !ok {
				t.Errorf("fault %s also breaks %s, which is no requirement", f.ID, id)
			}
		}
	}
	for _, r := range lib.Requirements {
		tested := slices.ContainsFunc(lib.Scenarios, func(s *scenarios.Scenario) bool { return slices.Contains(s.Tests, r.ID) })
		switch {
		case r.Planned && tested:
			t.Errorf("%s is planned, and yet a story tests it", r.ID)
		case !r.Planned && !planted[r.ID]:
			t.Errorf("%s has no planted fault", r.ID)
		case !r.Planned && !tested:
			t.Errorf("%s is tested by no story", r.ID)
		}
	}
}

func notPassed(r *reports.Run) string {
	var b strings.Builder
	for _, s := range r.Scenarios {
		if s.Verdict != reports.Pass && s.Verdict != reports.NotApplicable {
			fmt.Fprintf(&b, "  %s %s: %s\n", s.Verdict, s.ID, s.Reason)
			for _, f := range s.Findings {
				fmt.Fprintf(&b, "    %s: want %s; got %s\n", f.Requirement, f.Want, f.Got)
			}
		}
	}
	return b.String()
}

func findings(r *reports.Run, id string) string {
	var b strings.Builder
	for _, s := range r.Scenarios {
		for _, f := range s.Findings {
			if f.Requirement == id {
				fmt.Fprintf(&b, "  %s step %d: want %s; got %s\n", s.ID, f.StepIndex, f.Want, f.Got)
			}
		}
	}
	return b.String()
}
