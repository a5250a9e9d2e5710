package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/audit"
	"github.com/sessionspec/sessionspec/internal/reference"
	"github.com/sessionspec/sessionspec/internal/words"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/scenarios"
	"github.com/sessionspec/sessionspec/suites"
	"github.com/sessionspec/sessionspec/targets"
)

func suggest(word string, from []string) string { return words.DidYouMean(word, from) }

// library loads the embedded scenarios and the user's.
func library(dirs []string) (*scenarios.Library, error) {
	sources := []scenarios.Source{scenarios.Builtin()}
	for _, d := range dirs {
		if info, err := os.Stat(d); err != nil || !info.IsDir() {
			return nil, usagef("--scenarios %s: no such folder", d)
		}
		sources = append(sources, scenarios.Source{Name: d, FS: os.DirFS(d)})
	}
	lib, err := scenarios.Load(sources...)
	if err != nil {
		return nil, &targets.UsageError{Err: err}
	}
	return lib, nil
}

type listCmd struct {
	JSON      bool     `help:"Print requirements as JSON."`
	Scenarios []string `help:"Folders of scenarios besides the embedded ones." type:"path"`
}

// Run lists what there is.
func (l *listCmd) Run(s streams) error {
	lib, err := library(l.Scenarios)
	if err != nil {
		return err
	}
	if l.JSON {
		enc := json.NewEncoder(s.out)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(lib.Requirements)
	}
	fmt.Fprintf(s.out, "requirements (%d)\n", len(lib.Requirements))
	for _, r := range lib.Requirements {
		mark := ""
		if r.Planned {
			mark = "  (planned)"
		}
		fmt.Fprintf(s.out, "  %-44s %-7s%s\n", r.ID, strings.ToUpper(string(r.Level)), mark)
	}
	fmt.Fprintf(s.out, "\nscenarios (%d)\n", len(lib.Scenarios))
	for _, sc := range lib.Scenarios {
		fmt.Fprintf(s.out, "  %-44s %s\n", sc.ID, sc.Title)
	}
	fmt.Fprintf(s.out, "\ntargets\n  %s\n", strings.Join(targets.Names(), ", "))
	return nil
}

type faultsCmd struct{}

// Run lists the planted faults.
func (faultsCmd) Run(s streams) error {
	for _, f := range reference.Faults() {
		fmt.Fprintf(s.out, "%s\n  %s\n  dialects: %s\n", f.ID, f.How, strings.Join(f.Dialects, ", "))
		for _, id := range slices.Sorted(mapsKeys(f.AlsoBreaks)) {
			fmt.Fprintf(s.out, "  also breaks %s: %s\n", id, f.AlsoBreaks[id])
		}
	}
	fmt.Fprintln(s.out, "\ncompound faults: they take several steps to be seen, and measure the fuzzer")
	for _, f := range reference.CompoundFaults() {
		breaks := strings.Join(f.Breaks, " or ")
		if f.Abroad {
			breaks = "whatever the world that it strikes is doing"
		}
		fmt.Fprintf(s.out, "%s\n  %s\n  dialects: %s\n  breaks %s; shortest story: %d steps\n", f.ID, f.How, strings.Join(f.Dialects, ", "), breaks, f.Minimal)
	}
	return nil
}

type serveCmd struct {
	Args []string `arg:"" optional:"" passthrough:""`
}

// Run is never reached: serve parses its own words, see Main.
func (serveCmd) Run() error { return nil }

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(s streams) error {
	_, err := fmt.Fprintln(s.out, "sessionspec", suites.Version)
	return err
}

type schemaCmd struct {
	What string `arg:"" enum:"target,scenario,requirements,run,audit" help:"target, scenario, requirements, run or audit."`
}

// Run prints a schema.
func (c *schemaCmd) Run(s streams) error {
	var b []byte
	var err error
	switch c.What {
	case "target":
		b, err = targets.Schema()
	case "scenario":
		b, err = scenarios.Schema()
	case "requirements":
		b, err = scenarios.RequirementsSchema()
	case "audit":
		b, err = audit.Schema()
	default:
		b, err = reports.Schema()
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s\n", b)
	return err
}
