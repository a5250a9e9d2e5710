package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/time/rate"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/fuzz"
	"github.com/sessionspec/sessionspec/internal/play"
	"github.com/sessionspec/sessionspec/internal/terms"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/reports/redact"
	"github.com/sessionspec/sessionspec/scenarios"
	"github.com/sessionspec/sessionspec/suites"
	"github.com/sessionspec/sessionspec/targets"
)

type fuzzCmd struct {
	Target    string            `required:"" env:"SESSIONSPEC_TARGET" help:"NAME[@release], or a target file."`
	Set       map[string]string `help:"Set a variable of the target file." placeholder:"KEY=VALUE"`
	Plant     string            `help:"Give the reference server, or a stand-in, these faults (ids, with commas between)."`
	Sequences int               `placeholder:"N" help:"Stories to play, in all; a --gate plays 2000 unless told otherwise."`
	Budget    time.Duration     `help:"Time to spend, such as 5m, which it is where nothing else bounds the run."`
	SignIns   int               `name:"sign-ins" placeholder:"N" help:"Sign-ins to spend: where a password hash is what costs."`
	Seed      uint64            `default:"1" help:"Chooses the stories: the same seed, the same stories."`
	Save      string            `help:"Folder of scenario files: what is in it is played first, what is found is added." type:"path"`
	Gate      bool              `help:"For CI: a fixed number of stories from a fixed seed. Fails on anything new, and on what a baseline expects and does not show."`
	Rate      float64           `placeholder:"N" help:"Requests a second at the most; without it as many as the target answers."`
	Workers   int               `default:"8" help:"Stories at a time."`
	Only      []string          `help:"Kinds of stories to draw: sweep, walk, concurrent, browser."`
	Browser   string            `default:"none" help:"A browser for one story in a hundred: chrome, firefox, webkit, or none." placeholder:"NAME"`
	Baseline  string            `help:"What is known to fail: a file, or none; the target file may name one." placeholder:"FILE"`
	Out       string            `default:"session-fuzz" help:"Folder for fuzz.json and coverage.html." type:"path"`
	AllowExec bool              `help:"Let the target file run commands."`
}

// gateSequences is how many stories a gate plays unless it is told otherwise.
const gateSequences = 2000

// Help says what the verb is for and what its exit codes mean.
func (*fuzzCmd) Help() string {
	return "Draws stories on the model, plays them, plays again alone what looked wrong, and makes it short: what comes out are scenario files for run. " +
		"Exit code 1 means that something was found that nobody expects, 4 that nothing was judged."
}

// Run fuzzes the target, or each variant of it.
func (c *fuzzCmd) Run(s streams) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := c.check(); err != nil {
		return err
	}
	set := maps.Clone(c.Set)
	if set == nil {
		set = map[string]string{}
	}
	if c.Plant != "" {
		if err := checkFaults(c.Plant); err != nil {
			return err
		}
		set["plant"] = c.Plant
	}
	if strings.HasPrefix(c.Target, "http://") || strings.HasPrefix(c.Target, "https://") {
		return bareAddress(c.Target)
	}
	ts, err := targets.Load(c.Target, set)
	if err != nil {
		return err
	}
	if err := c.writable(); err != nil {
		return err
	}
	code := reports.ExitConformant
	for i, t := range ts {
		if i > 0 {
			fmt.Fprintln(s.out)
		}
		part := *c
		if part.Sequences > 0 {
			part.Sequences = max(1, part.Sequences/len(ts))
		}
		part.Budget /= time.Duration(len(ts))
		if len(ts) > 1 {
			part.Out = filepath.Join(c.Out, t.Name)
		}
		one, err := part.one(ctx, s, t)
		if err != nil && ctx.Err() != nil && !errors.Is(err, targets.ErrUnavailable) {
			err = fmt.Errorf("interrupted: %w", err)
		}
		if err != nil {
			return fmt.Errorf("target %s: %w", t.Name, err)
		}
		code = worse(code, one)
	}
	if code != reports.ExitConformant {
		return exitCode(code)
	}
	return nil
}

// worse of two exit codes: trouble, then findings, then nothing judged.
func worse(a, b int) int {
	for _, c := range []int{reports.ExitBroken, reports.ExitNotConformant, reports.ExitNothingJudged} {
		if a == c || b == c {
			return c
		}
	}
	return reports.ExitConformant
}

// one fuzzes one variant.
func (c *fuzzCmd) one(ctx context.Context, s streams, t *targets.Target) (int, error) {
	lib, err := c.library()
	if err != nil {
		return 0, err
	}
	base, err := c.known(t, lib)
	if err != nil {
		return 0, err
	}
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	p, err := t.Start(ctx, targets.StartOptions{Self: self, Cache: os.Getenv("SESSIONSPEC_CACHE"), AllowExec: c.AllowExec})
	if err != nil {
		return 0, err
	}
	defer p.Stop()
	red := redact.New()
	for k, v := range c.Set {
		if redact.SecretVariable(k) {
			red.Force("set."+k, v)
		}
	}
	engines, err := browsers.List(c.Browser)
	if err != nil {
		return 0, usagef("--browser: %s", err)
	}
	if len(engines) > 1 {
		return 0, usagef("--browser %s: one browser at a time", c.Browser)
	}
	for i, e := range engines { // one at the most
		pool := browsers.NewPool(e)
		engines[i] = pool
		defer pool.Close() //nolint:gocritic // see above
	}
	env, err := play.NewEnv(t, c.AllowExec || t.Trusted, engines, red)
	if err != nil {
		return 0, err
	}
	defer env.Close()
	if c.Rate > 0 {
		limiter := rate.NewLimiter(rate.Limit(c.Rate), 1)
		env.Pace = func(ctx context.Context) { _ = limiter.Wait(ctx) }
	}
	if err := env.Preflight(ctx); err != nil {
		return 0, err
	}
	if err := env.Calibrate(ctx); err != nil {
		return 0, err
	}
	out := red.Writer(s.out)
	talk := newFuzzTalk(out, isTerminal(s.out), t)
	talk.opening(c)
	o := fuzz.Options{Env: env, Terms: terms.Of(t), Seed: c.Seed, Sequences: c.Sequences, Budget: c.Budget, SignIns: c.SignIns,
		Workers: c.Workers, Only: c.Only, Hide: red.String, Progress: talk.progress, Found: talk.found, Slow: talk.slow}
	o.Regressions = c.regressions(env, lib)
	r := fuzz.Run(ctx, o)
	r.Suite = suites.Version
	r.Expect(base, time.Now())
	return r.ExitCode(c.Gate), c.conclude(r, talk)
}

// library reads the scenario files that earlier runs have saved, beside the
// requirements that they speak of.
func (c *fuzzCmd) library() (*scenarios.Library, error) {
	sources := []scenarios.Source{scenarios.Builtin()}
	top, _ := filepath.Glob(filepath.Join(c.Save, "*.yaml"))
	deep, _ := filepath.Glob(filepath.Join(c.Save, "*", "*.yaml"))
	if c.Save != "" && len(top)+len(deep) > 0 {
		sources = append(sources, scenarios.Source{Name: c.Save, FS: os.DirFS(c.Save)})
	}
	lib, err := scenarios.Load(sources...)
	if err != nil {
		return nil, &targets.UsageError{Err: err}
	}
	return lib, nil
}

// known reads what is expected to fail.
func (c *fuzzCmd) known(t *targets.Target, lib *scenarios.Library) (*reports.Baseline, error) {
	var name string
	var data []byte
	var err error
	switch c.Baseline {
	case "none":
		return nil, nil
	case "":
		if name, data, err = t.ReadBaseline(); err != nil || name == "" {
			return nil, err
		}
	default:
		name = c.Baseline
		if data, err = os.ReadFile(name); err != nil {
			return nil, usagef("--baseline: %s", err)
		}
	}
	var ids []string
	for _, q := range lib.Requirements {
		ids = append(ids, q.ID)
	}
	for _, sc := range lib.Scenarios {
		ids = append(ids, sc.ID)
	}
	b, err := reports.ParseBaseline(name, data, ids)
	if err != nil {
		return nil, &targets.UsageError{Err: err}
	}
	return b, nil
}

// regressions are the saved scenarios as plans for this target.
func (c *fuzzCmd) regressions(env *play.Env, lib *scenarios.Library) (out []fuzz.Regression) {
	for _, sc := range lib.Scenarios {
		if c.Save == "" || sc.Source != c.Save {
			continue
		}
		plans, gap := env.Plans(sc)
		r := fuzz.Regression{Name: sc.ID, Tests: sc.Tests, Quarantined: sc.Group == "quarantine"}
		if gap != nil {
			r.Gap = gap.Reason
		} else {
			r.Plan = plans[0]
		}
		out = append(out, r)
	}
	return out
}
