package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/sessionspec/sessionspec/internal/doctor"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/targets"
)

type doctorCmd struct {
	Target    string            `required:"" env:"SESSIONSPEC_TARGET" help:"NAME[@release], or a target file."`
	Set       map[string]string `help:"Set a variable of the target file." placeholder:"KEY=VALUE"`
	Plant     string            `help:"Give the reference server, or a stand-in, these faults (ids, with commas between)."`
	AllowExec bool              `help:"Let the target file run commands."`
	JSON      bool              `help:"Print JSON."`
}

// Help says what the verb is for and what its exit codes mean.
func (*doctorCmd) Help() string {
	return "Plays each operation by each route and prints what it did to the sessions around it, beside what the target file declares. " +
		"It judges nothing: that is for run. Exit code 1 means that the target file and the target disagree, 4 that nothing could be learnt."
}

// Run examines the target, or each variant of it.
func (d *doctorCmd) Run(s streams) error {
	set := maps.Clone(d.Set)
	if set == nil {
		set = map[string]string{}
	}
	if d.Plant != "" {
		if err := checkFaults(d.Plant); err != nil {
			return err
		}
		set["plant"] = d.Plant
	}
	if strings.HasPrefix(d.Target, "http://") || strings.HasPrefix(d.Target, "https://") {
		return bareAddress(d.Target)
	}
	ts, err := targets.Load(d.Target, set)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	all := []*doctor.Report{}
	agree, learnt := true, false
	for i, t := range ts {
		r, err := doctor.Examine(ctx, t, doctor.Options{AllowExec: d.AllowExec,
			Start: targets.StartOptions{Self: self, Cache: os.Getenv("SESSIONSPEC_CACHE")}})
		if err != nil {
			return fmt.Errorf("target %s: %w", t.Name, err)
		}
		all = append(all, r)
		agree, learnt = agree && len(r.Contradictions) == 0, learnt || r.Learnt()
		if !d.JSON {
			if i > 0 {
				fmt.Fprintln(s.out)
			}
			r.Text(s.out)
		}
	}
	if d.JSON {
		enc := json.NewEncoder(s.out)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		if err := enc.Encode(all); err != nil {
			return err
		}
	}
	switch {
	case !agree:
		return exitCode(reports.ExitNotConformant)
	case !learnt:
		return exitCode(reports.ExitNothingJudged)
	}
	return nil
}
