package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/sessionspec/sessionspec/internal/bench"
)

// benchCmd measures. It is no test: it prints, and asserts nothing.
type benchCmd struct {
	Faults benchFaultsCmd `cmd:"" help:"How soon the fuzzer finds planted faults, and how short it makes their stories."`
}

type benchFaultsCmd struct {
	Target    string   `default:"reference-app" help:"A target that takes faults."`
	Only      []string `help:"Faults, with commas between."`
	Seeds     int      `default:"40" help:"Runs for each fault."`
	Sequences int      `default:"4000" help:"Stories of each run at the most."`
	Workers   int      `default:"8" help:"Stories at a time."`
}

// Run measures each fault.
func (c *benchFaultsCmd) Run(s streams) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return bench.Faults(ctx, s.out, bench.FaultOptions{Target: c.Target, Only: c.Only, Seeds: c.Seeds, Sequences: c.Sequences, Workers: c.Workers})
}
