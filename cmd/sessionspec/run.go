package main

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/sessionspec/sessionspec/internal/reference"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/scenarios"
	"github.com/sessionspec/sessionspec/suites"
	"github.com/sessionspec/sessionspec/targets"
)

func mapsKeys(m map[string]string) iter.Seq[string] { return maps.Keys(m) }

type runCmd struct {
	Target    string            `required:"" env:"SESSIONSPEC_TARGET" help:"NAME[@release], or a target file."`
	Set       map[string]string `help:"Set a variable of the target file." placeholder:"KEY=VALUE"`
	Only      string            `help:"Scenarios or requirements to play: ids or globs, with commas between."`
	Level     string            `default:"should" enum:"must,should,may" help:"Weakest level whose breach fails the run; below it a breach is a warning."`
	Scenarios []string          `help:"Folders of scenarios besides the embedded ones." type:"path"`
	Browser   string            `default:"chrome" env:"SESSIONSPEC_BROWSER" help:"Browsers for stories that need one: chrome, firefox, webkit, with commas between, or none." placeholder:"NAMES"`
	InBrowser bool              `help:"Play the stories of plain clients once more with the first client in the browser, where that makes sense."`
	Out       string            `default:"session-report" help:"Folder for run.json, junit.xml, report.html and evidence." type:"path"`
	Shard     string            `help:"Play part i of n." placeholder:"I/N"`
	Workers   int               `default:"16" help:"Stories at a time."`
	Plant     string            `help:"Give the reference server, or a stand-in, these faults (ids, with commas between)."`
	AllowExec bool              `help:"Let the target file run commands."`
	Baseline  string            `help:"What is known to fail: a file, or none; the target file may name one." placeholder:"FILE"`
	Update    bool              `name:"update-baseline" help:"Write the baseline so that this run would have been conformant."`
	Keep      bool              `help:"Leave the target running at the end, until Ctrl-C, to look at the scene."`
	Seed      int64             `help:"Order of the stories; 0 draws one."`
	Output    string            `default:"normal" enum:"quiet,normal,verbose,json" help:"How much to tell: quiet (the verdict), normal, verbose (every story, nothing left out) or json (a line for each event)." placeholder:"HOW"`
}

// Run plays and judges.
func (r *runCmd) Run(s streams) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o, err := r.options(s)
	if err != nil {
		return err
	}
	code, err := suites.Execute(ctx, o)
	if err != nil {
		return err
	}
	if code != 0 {
		return exitCode(code)
	}
	return nil
}

func (r *runCmd) options(s streams) (suites.Options, error) {
	o := suites.Options{Only: r.Only, Level: scenarios.Level(r.Level), Browser: r.Browser, InBrowser: r.InBrowser, Out: r.Out,
		Workers: r.Workers, AllowExec: r.AllowExec, Keep: r.Keep, Seed: r.Seed, Stdout: s.out, Stderr: s.err, Command: os.Args, Output: reports.Output(r.Output)}
	if r.Workers < 1 {
		return o, usagef("--workers %d: at least 1", r.Workers)
	}
	if err := parseShard(r.Shard, &o); err != nil {
		return o, err
	}
	var err error
	if o.Library, err = library(r.Scenarios); err != nil {
		return o, err
	}
	set := maps.Clone(r.Set)
	if set == nil {
		set = map[string]string{}
	}
	if r.Plant != "" {
		if err := checkFaults(r.Plant); err != nil {
			return o, err
		}
		set["plant"] = r.Plant
	}
	if strings.HasPrefix(r.Target, "http://") || strings.HasPrefix(r.Target, "https://") {
		return o, bareAddress(r.Target)
	}
	if o.Targets, err = targets.Load(r.Target, set); err != nil {
		if r.Plant != "" && strings.Contains(err.Error(), "--set plant") {
			return o, usagef("--plant: target %s takes no faults; the reference server does, and stand-ins do", r.Target)
		}
		return o, err
	}
	if err := r.baseline(&o, s); err != nil {
		return o, err
	}
	o.Set = r.Set
	o.Plant, o.Name = r.Plant, strings.Split(r.Target, "@")[0]
	if f, ok := s.out.(*os.File); ok {
		o.TTY = term.IsTerminal(int(f.Fd()))
		if w, _, err := term.GetSize(int(f.Fd())); err == nil {
			o.Width = w
		}
	}
	return o, nil
}

// bareAddress answers a target that is only an address: it says whether anybody
// is there, and what is missing.
func bareAddress(url string) error {
	client := &http.Client{Timeout: 10 * time.Second}
	res, err := client.Get(url)
	if err != nil {
		return fmt.Errorf("target unreachable: %w", err)
	}
	res.Body.Close()
	return usagef("%s answers, but an address alone does not say how to sign in there: `sessionspec init %s` writes a first target file (see docs/targets.md)", url, url)
}

func parseShard(text string, o *suites.Options) error {
	o.Shard, o.Shards = 1, 1
	if text == "" {
		return nil
	}
	a, b, ok := strings.Cut(text, "/")
	i, err1 := strconv.Atoi(a)
	n, err2 := strconv.Atoi(b)
	if !ok || err1 != nil || err2 != nil || i < 1 || n < i {
		return usagef("--shard %q: expected i/n with 1 <= i <= n, such as 2/4", text)
	}
	o.Shard, o.Shards = i, n
	return nil
}

func checkFaults(list string) error {
	known := reference.FaultIDs()
	for _, id := range strings.Split(list, ",") {
		if id = strings.TrimSpace(id); !slices.Contains(known, id) {
			return usagef("--plant: no fault %q%s; see `sessionspec faults`", id, suggest(id, known))
		}
	}
	return nil
}
