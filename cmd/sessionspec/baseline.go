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
	var ids []string
	for _, q := range o.Library.Requirements {
		ids = append(ids, q.ID)
	}
	for _, sc := range o.Library.Scenarios {
		ids = append(ids, sc.ID)
	}
	file := r.Baseline
	switch r.Baseline {
	case "none":
		file = ""
	case "":
		seen := map[string]bool{}
		for _, t := range o.Targets {
			name, data, err := t.ReadBaseline()
			if err != nil {
				return err
			}
			if name == "" || seen[name] {
				continue
			}
			seen[name] = true
			b, err := reports.ParseBaseline(name, data, ids)
			if err != nil {
				return usagef("%s", err)
			}
			if o.Baseline != nil { // files of one folder that name a baseline each
				b.Entries = append(o.Baseline.Entries, b.Entries...)
			}
			o.Baseline = b
		}
	default:
		data, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) && r.Update {
			o.Baseline = &reports.Baseline{File: file}
			break
		}
		if err != nil {
			return usagef("--baseline: %s", err)
		}
		if o.Baseline, err = reports.ParseBaseline(file, data, ids); err != nil {
			return usagef("%s", err)
		}
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
