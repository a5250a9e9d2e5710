package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/sessionspec/sessionspec/internal/fuzz"
)

// fuzzBudget is how long a run lasts that nothing else bounds.
const fuzzBudget = 5 * time.Minute

// check looks at the options, and fills in the bounds.
func (c *fuzzCmd) check() error {
	for _, x := range []struct {
		name     string
		negative bool
		value    any
	}{
		{"--sequences", c.Sequences < 0, c.Sequences}, {"--budget", c.Budget < 0, c.Budget},
		{"--sign-ins", c.SignIns < 0, c.SignIns}, {"--rate", c.Rate < 0, c.Rate},
	} {
		if x.negative {
			return usagef("%s %v: must be greater than 0", x.name, x.value)
		}
	}
	if c.Workers < 1 {
		return usagef("--workers %d: at least 1", c.Workers)
	}
	for _, k := range c.Only {
		if k != "sweep" && k != "walk" && k != "concurrent" && k != "browser" {
			return usagef("--only %q: kinds are sweep, walk, concurrent, browser", k)
		}
	}
	if c.Gate && c.Budget > 0 {
		return usagef("--gate plays a fixed number of stories: --sequences, not --budget")
	}
	if c.Gate && c.Sequences == 0 {
		c.Sequences = gateSequences
	}
	if c.Sequences == 0 && c.Budget == 0 && c.SignIns == 0 {
		c.Budget = fuzzBudget
	}
	return nil
}

// writable makes the folders, and tries whether files can be made in them: at the
// end of an hour it would be too late to hear.
func (c *fuzzCmd) writable() error {
	for option, dir := range map[string]string{"--save": c.Save, "--out": c.Out} {
		if dir == "" {
			continue
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return usagef("%s: %s", option, err)
		}
		f, err := os.CreateTemp(dir, ".writable-*")
		if err != nil {
			return usagef("%s: %s", option, err)
		}
		if err := errors.Join(f.Close(), os.Remove(f.Name())); err != nil {
			return usagef("%s: %s", option, err)
		}
	}
	return nil
}

// conclude writes all that can be written, and the summary in any case.
func (c *fuzzCmd) conclude(r *fuzz.Result, talk *fuzzTalk) (err error) {
	for _, x := range r.Findings {
		if c.Save == "" || x.Regression {
			continue
		}
		file, failed := x.Save(c.Save, c.Seed, r.Target)
		if failed != nil {
			err = errors.Join(err, fmt.Errorf("--save: %w", failed))
			continue
		}
		x.File = file
	}
	err = errors.Join(err, r.Write(c.Out))
	talk.summary(r, c)
	return err
}

// nothingDrawn says why no story could be drawn, "" where some could.
func (c *fuzzCmd) nothingDrawn() string {
	if c.Browser != "none" || len(c.Only) == 0 || slices.ContainsFunc(c.Only, func(k string) bool { return k != "browser" }) {
		return ""
	}
	return "--only browser draws stories with a browser, and there is none: name one, as in --browser chrome"
}
