package suites

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/targets"
)

// lame is an engine that is there and cannot do what stories need.
type lame struct{ name string }

func (l lame) Name() string                          { return l.name }
func (l lame) Probe(context.Context) (string, error) { return l.name + " 1.0", nil }
func (lame) Launch(context.Context, browsers.Options) (browsers.Browser, error) {
	return nil, fmt.Errorf("no memory of its own: %w", browsers.ErrUnable)
}

// TestWhatAnEngineCannotDoIsNotApplicable: it is no verdict on the target, and
// each engine has a play of its own.
func TestWhatAnEngineCannotDoIsNotApplicable(t *testing.T) {
	lib, err := library()
	if err != nil {
		t.Fatal(err)
	}
	ts, err := targets.Load("reference-web", nil)
	if err != nil {
		t.Fatal(err)
	}
	s, scs, err := open(Options{Library: lib, Targets: ts, Browser: "none", Only: "browser/restart-with-restore", Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer s.stop()
	s.engines = []browsers.Engine{lame{"chrome"}, lame{"lame"}}
	if err := s.start(t.Context(), scs); err != nil {
		t.Fatal(err)
	}
	if s.run.Target.Browser != "chrome 1.0; lame 1.0" {
		t.Errorf("browsers of the run: %q", s.run.Target.Browser)
	}
	s.engine.run(t.Context())
	s.collect()
	s.run.Finish()
	var ids []string
	for _, sc := range s.run.Scenarios {
		ids = append(ids, sc.ID)
		if sc.Verdict != reports.NotApplicable || !strings.Contains(sc.Reason, "no memory of its own") {
			t.Errorf("%s is %s: %s", sc.ID, sc.Verdict, sc.Reason)
		}
	}
	want := "browser/restart-with-restore@reference-web browser/restart-with-restore@reference-web[browser=lame]"
	if got := strings.Join(ids, " "); !sameWords(got, want) {
		t.Errorf("played %s\nwant   %s", got, want)
	}
	for _, r := range s.run.Requirements {
		if r.Verdict != reports.NotApplicable || r.Checks > 0 {
			t.Errorf("%s is %s with %d checks: %s", r.ID, r.Verdict, r.Checks, r.Reason)
		}
	}
	if s.run.ExitCode != reports.ExitNothingJudged {
		t.Errorf("exit code %d, want %d", s.run.ExitCode, reports.ExitNothingJudged)
	}
}

func sameWords(a, b string) bool {
	for _, w := range strings.Fields(b) {
		if !strings.Contains(" "+a+" ", " "+w+" ") {
			return false
		}
	}
	return len(strings.Fields(a)) == len(strings.Fields(b))
}
