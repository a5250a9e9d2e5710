// Package suites plays stories against a service and turns their verdicts into
// the results of tests. It selects, orders and reports; the logic of a verdict
// is elsewhere.
//
// Tests of one's own call Run (package testing) or Describe (Ginkgo) with a
// Config. Execute is the command line's.
package suites

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/play"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/reports/redact"
	"github.com/sessionspec/sessionspec/scenarios"
	"github.com/sessionspec/sessionspec/targets"
)

// Version is the release of the suite. Results of different versions are not
// comparable requirement by requirement.
const Version = "0.4.0"

// Options are those of the command line.
type Options struct {
	Library *scenarios.Library
	// Targets are the variants to play against, as targets.Load gave them.
	Targets []*targets.Target
	// Name is what the user called the target.
	Name string
	// Only selects scenarios, see scenarios.Library.Select.
	Only string
	// Level is the weakest level whose breach fails the run; "" means should.
	Level scenarios.Level
	// Browser names the engines, with commas between, or is "none".
	Browser string
	// InBrowser plays stories of plain clients once more with the first of them in
	// those browsers, where that makes sense.
	InBrowser bool
	// Out is the folder for results, "" for none.
	Out string
	// Shard of Shards to play; 0 and 1 mean all.
	Shard, Shards int
	// Workers is how many stories play at a time.
	Workers   int
	AllowExec bool
	// Keep leaves the targets running until ctx ends.
	Keep bool
	Seed int64
	// Plant names the faults given to a target that takes faults.
	Plant string
	// Set are the variables that the user gave; those with a secret's name are hidden in all that is written.
	Set     map[string]string
	Command []string
	// Baseline is what is known to fail; nil for nothing. Update is told, at the
	// end, which baseline would make the run conformant, and which requirements
	// are left out because target or harness failed there; nil where the whole run broke.
	Baseline *reports.Baseline
	Update   func(b *reports.Baseline, left []string) error

	// Output is how much is told on Stdout.
	Output         reports.Output
	Stdout, Stderr io.Writer
	TTY            bool
	Width          int

	// commandless leaves out the routes that run commands, for tests that play
	// the whole suite hundreds of times.
	commandless bool
	// wanted, where set, leaves out what nobody waits for.
	wanted func(*job) bool
	// again, where set, is the command that plays a requirement again.
	again func(requirement string) string
}

// session is one run in progress.
type session struct {
	Options
	red     *redact.Redactor
	console *reports.Console
	run     *reports.Run
	engine  *engine
	envs    []*play.Env
	procs   []*targets.Process
	engines []browsers.Engine
	journal *journal
	ports   ports
}

// Execute plays and judges; it returns the exit code and, for mistakes and trouble
// before the first story, an error (a targets.UsageError is exit code 2, any
// other 3). Everything started is ended when it returns.
func Execute(ctx context.Context, o Options) (code int, err error) {
	s, scs, err := open(o)
	if err != nil {
		return 0, err
	}
	defer s.stop()
	if err := s.start(ctx, scs); err != nil {
		if ctx.Err() != nil && !errors.Is(err, targets.ErrUnavailable) {
			err = fmt.Errorf("interrupted: %w", err)
		}
		s.run.Error = s.red.String(err.Error())
		return 0, errors.Join(err, s.write())
	}
	if len(s.engine.jobs) == 0 {
		s.run.Ended = time.Now()
		if err := s.write(); err != nil {
			return 0, err
		}
		return 0, &nothing{fmt.Sprintf("nothing was selected (shard %d of %d has no stories)", o.Shard, o.Shards)}
	}
	if s.journal != nil {
		s.journal.head(s)
	}
	s.play(ctx)
	err = s.conclude(ctx)
	s.console.Summary(s.run)
	if o.Update != nil {
		err = errors.Join(err, s.updateBaseline())
	}
	if o.Keep && ctx.Err() == nil {
		fmt.Fprintf(s.aside(), "kept running: %s; Ctrl-C ends it\n", s.bases())
		<-ctx.Done()
	}
	return s.run.ExitCode, err
}

// nothing is the error for a run that had nothing to judge.
type nothing struct{ msg string }

func (n *nothing) Error() string { return n.msg }

// ExitCode of the error: nothing was judged.
func (n *nothing) ExitCode() int { return reports.ExitNothingJudged }

func open(o Options) (*session, []*scenarios.Scenario, error) {
	scs, err := o.Library.Select(o.Only)
	if err != nil {
		return nil, nil, &targets.UsageError{Err: err}
	}
	if o.Level == "" {
		o.Level = scenarios.Should
	}
	if o.Seed == 0 {
		o.Seed = rand.Int64N(1 << 31)
	}
	if o.Stdout == nil {
		o.Stdout = io.Discard
	}
	s := &session{Options: o, red: redact.New(), run: &reports.Run{SuiteVersion: Version, Commit: commit(), Started: time.Now(), Seed: o.Seed}}
	if s.engines, err = browsers.List(o.Browser); err != nil {
		return nil, nil, &targets.UsageError{Err: fmt.Errorf("--browser: %w", err)}
	}
	for i, e := range s.engines {
		s.engines[i] = browsers.NewPool(e)
	}
	s.describe()
	s.console = &reports.Console{W: s.red.Writer(o.Stdout), TTY: o.TTY, Color: o.TTY && os.Getenv("NO_COLOR") == "", Width: o.Width, Dir: typed(o.Out), Output: o.Output}
	if o.Out != "" {
		if err := reports.Prepare(o.Out, *s.run); err != nil {
			return nil, nil, &targets.UsageError{Err: fmt.Errorf("--out: %w", err)}
		}
		if s.journal, err = openJournal(filepath.Join(o.Out, reports.JournalFile), s.red); err != nil {
			return nil, nil, err
		}
	}
	s.console.Opening(s.run)
	return s, scs, nil
}

// describe fills in who is tested and by what.
func (s *session) describe() {
	t := s.Targets[0]
	s.run.Target = reports.Target{Name: s.Name, Title: t.Title, Version: t.Release}
	if s.Name == "" {
		s.run.Target.Name = t.Name
	}
	if len(s.Targets) > 1 {
		var names []string
		for _, t := range s.Targets {
			names = append(names, t.Name)
		}
		s.run.Target.Title = fmt.Sprintf("%d variants: %s", len(names), strings.Join(names, ", "))
	}
	_, s.run.Target.StandIn = t.Vars["plant"]
	s.run.Target.Imitates = t.Instead()
	declares := map[string]any{}
	seen := map[string]bool{}
	for _, t := range s.Targets {
		declares[t.Name] = t.Declares
		for _, n := range notDeclared(t) {
			if len(s.Targets) > 1 {
				n = t.Name + ": " + n
			}
			if !seen[n] {
				seen[n] = true
				s.run.Target.NotDeclared = append(s.run.Target.NotDeclared, n)
			}
		}
	}
	s.run.Target.Declares = declares
	for k, v := range s.Set {
		if redact.SecretVariable(k) {
			s.red.Force("set."+k, v)
		}
	}
	for _, a := range s.Command {
		s.run.Command = append(s.run.Command, s.red.String(a))
	}
	if len(s.run.Command) > 0 {
		s.run.Command[0] = filepath.Base(s.run.Command[0])
	}
}

// start brings up every target, proves that it answers, finds its credential,
// and makes the jobs.
func (s *session) start(ctx context.Context, scs []*scenarios.Scenario) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if p := os.Getenv(selfVariable); p != "" {
		self = p // tests run the suite from a binary that is not sessionspec
	}
	s.engine = &engine{workers: s.Workers, progress: s.progress, film: s.Out != ""}
	if s.journal != nil {
		s.engine.journal = s.journal.job
	}
	for _, t := range s.Targets {
		p, err := t.Start(ctx, targets.StartOptions{Self: self, Cache: os.Getenv("SESSIONSPEC_CACHE"), AllowExec: s.AllowExec})
		if err != nil {
			return err
		}
		s.procs = append(s.procs, p)
		env, err := play.NewEnv(t, !s.commandless && (s.AllowExec || t.Trusted), s.engines, s.red)
		if err != nil {
			return err
		}
		env.InBrowser = s.InBrowser
		if err := env.Preflight(ctx); err != nil {
			return err
		}
		if err := env.Calibrate(ctx); err != nil {
			return fmt.Errorf("target %s: %w", t.Name, err)
		}
		if t.Launch != nil { // it begins empty, so nobody has the names yet
			env.Seed = s.Seed
			s.ports.add(t)
		}
		s.envs = append(s.envs, env)
		s.engine.jobs = append(s.engine.jobs, jobsFor(env, stillToPlay(s.engine.jobs, scs))...)
		if s.run.Target.Base == "" {
			s.run.Target.Base = t.Base
		}
	}
	for i, j := range s.engine.jobs {
		j.plan.Slot = i + 1
	}
	s.engine.jobs = shard(s.engine.jobs, s.Shard, s.Shards)
	if s.wanted != nil {
		s.engine.jobs = slices.DeleteFunc(s.engine.jobs, func(j *job) bool { return !s.wanted(j) })
	}
	return s.probeBrowsers(ctx)
}

// probeBrowsers finds the browsers before the first story, but only if they are needed.
func (s *session) probeBrowsers(ctx context.Context) error {
	var versions []string
	for _, b := range s.engines {
		used := func(j *job) bool { return j.gap == nil && j.plan.Browser == b.Name() }
		if !slices.ContainsFunc(s.engine.jobs, used) {
			continue
		}
		v, err := b.Probe(ctx)
		if err != nil {
			return err
		}
		versions = append(versions, v)
		pool, ok := b.(*browsers.Pool)
		if ok && slices.ContainsFunc(s.engine.jobs, func(j *job) bool { return used(j) && j.plan.SharesProcess() }) {
			pool.Warm()
		}
	}
	s.run.Target.Browser = strings.Join(versions, "; ")
	return nil
}

// conclude makes the report of what was played.
func (s *session) conclude(ctx context.Context) error {
	s.collect()
	s.Baseline.Apply(s.run, time.Now())
	if ctx.Err() != nil {
		s.run.Error = "interrupted"
	}
	return s.write()
}

func (s *session) bases() string {
	var out []string
	for _, t := range s.Targets {
		out = append(out, t.Base)
	}
	return strings.Join(out, ", ")
}

func (s *session) stop() {
	for _, e := range s.envs {
		e.Close()
	}
	for _, p := range s.procs {
		p.Stop()
	}
	for _, e := range s.engines {
		if pool, ok := e.(*browsers.Pool); ok {
			_ = pool.Close() // what is left ends with the program
		}
	}
	s.journal.close()
}

func (s *session) write() error {
	if s.run.Ended.IsZero() {
		s.run.Ended = time.Now()
	}
	s.run.Redact(s.hide)
	s.run.Finish()
	if s.Out == "" {
		return nil
	}
	return reports.WriteAll(s.run, s.Out)
}
