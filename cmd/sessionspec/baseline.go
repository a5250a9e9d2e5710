package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/suites"
)

const baselineHead = `# What is known to fail. An entry that passes, is not applicable, or has expired fails the run.
`

// baseline reads what is known to fail: the file of --baseline, else those that
// the target files name.
func (r *runCmd) baseline(o *suites.Options, s streams) error {
	file := r.Baseline
	if file == "none" {
		file = ""
	} else if _, err := os.Stat(file); r.Update && errors.Is(err, fs.ErrNotExist) && file != "" {
		o.Baseline = &reports.Baseline{File: file}
	} else if o.Baseline, err = suites.Known(o.Library, o.Targets, file); err != nil {
		return err
	}
	if !r.Update {
		return nil
	}
	if file == "" {
		return usagef("--update-baseline needs --baseline FILE, the file to write")
	}
	if o.Output == reports.OutputJSON {
		s.out = s.err // the lines are for a program
	}
	o.Update = func(b *reports.Baseline, left []string) error {
		if b == nil {
			fmt.Fprintf(s.out, "baseline %s: not written, the run broke\n", file)
			return nil
		}
		if len(left) > 0 {
			fmt.Fprintf(s.out, "baseline %s: no entry for %s: target or harness failed there, which no entry excuses\n", file, strings.Join(left, ", "))
		}
		return writeBaseline(s, file, b)
	}
	return nil
}

func writeBaseline(s streams, file string, b *reports.Baseline) error {
	var text strings.Builder
	text.WriteString(baselineHead)
	if len(b.Entries) == 0 {
		text.WriteString("[]\n")
	}
	for _, e := range b.Entries {
		text.WriteString(e.String())
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
		return fmt.Errorf("--update-baseline: %w", err)
	}
	n := "entries"
	if len(b.Entries) == 1 {
		n = "entry"
	}
	fmt.Fprintf(s.out, "baseline %s: %d %s\n", file, len(b.Entries), n)
	return nil
}
