package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/sessionspec/sessionspec/internal/bench"
	"github.com/sessionspec/sessionspec/reports"
)

// benchmarks by the name that users write.
var benchmarks = map[string]func(ctx context.Context, c *benchCmd, s streams) error{
	"browser": benchBrowser,
	"faults":  benchFaults,
	"fuzz":    benchFuzz,
}

type benchCmd struct {
	Name   string `arg:"" help:"What to measure: browser, faults, fuzz."`
	Rounds int    `default:"10" help:"How often each takes its turn."`
	// For faults:
	Target    string   `help:"faults, fuzz: a target that takes faults; reference-app or reference-web."`
	Only      []string `help:"faults: which, with commas between."`
	Seeds     int      `default:"40" help:"faults: runs for each."`
	From      int      `default:"1" help:"faults: the first seed."`
	Sequences int      `default:"20000" help:"faults: stories of each run at the most."`
	Workers   int      `default:"8" help:"faults: stories at a time."`
}

// Help says what the verb is for and what its exit codes mean.
func (*benchCmd) Help() string {
	return "Measures what things cost beside what else does them, in turns and in one run, and prints medians and their ratio. It judges nothing. " +
		"browser: a sign-in and a restart in Chrome, beside the same steps in Playwright, which npm installs into the cache folder; " +
		"faults: how soon the fuzzer finds compound faults of the reference server, seed after seed, and how short it makes their stories; " +
		"fuzz: requests a second of the fuzzer over those of its bare client and of wrk, requests an operation, and the harness's own share of the time; " +
		"exit code 3 means that this or something else was not to be had (NOT RUN)."
}

// Run measures.
func (c *benchCmd) Run(s streams) error {
	run, ok := benchmarks[c.Name]
	names := slices.Sorted(maps.Keys(benchmarks))
	if !ok {
		return usagef("no benchmark is called %q%s; there are %s", c.Name, suggest(c.Name, names), strings.Join(names, ", "))
	}
	if c.Rounds < 1 {
		return usagef("--rounds must be 1 or more")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, c, s)
	if errors.Is(err, bench.ErrNotRun) {
		fmt.Fprintln(s.err, "sessionspec:", err)
		return exitCode(reports.ExitBroken)
	}
	return err
}

func benchBrowser(ctx context.Context, c *benchCmd, s streams) error {
	cache := os.Getenv("SESSIONSPEC_CACHE")
	if cache == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return err
		}
		cache = filepath.Join(user, "sessionspec")
	}
	return bench.Browser(ctx, bench.Options{Rounds: c.Rounds, Cache: cache}, s.out)
}

func benchFaults(ctx context.Context, c *benchCmd, s streams) error {
	return bench.Faults(ctx, s.out, bench.FaultOptions{Target: cmp.Or(c.Target, "reference-app"), Only: c.Only, Seeds: c.Seeds, From: c.From, Sequences: c.Sequences, Workers: c.Workers})
}

func benchFuzz(ctx context.Context, c *benchCmd, s streams) error {
	return bench.Fuzz(ctx, c.Rounds, cmp.Or(c.Target, "reference-web"), s.out)
}
