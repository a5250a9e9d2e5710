package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/suites"
)

type reportCmd struct {
	Folder  string `arg:"" name:"run" help:"Folder of a run, or its run.json." type:"path"`
	Format  string `help:"What to render, with commas between: junit, xunit, html, sarif, markdown, statement, badge, github, text." placeholder:"FORMAT,..."`
	Out     string `help:"Folder to write to, the run's own unless given; - writes to the standard output (text formats, one at a time)." placeholder:"DIR"`
	Against string `help:"An older run: print what changed since, and exit 1 if something fails that did not." placeholder:"RUN" type:"path"`
}

// Help says what is read and what the exit codes mean.
func (*reportCmd) Help() string {
	return "Renders run.json once more; nothing is played. Of a run that was killed it judges what the journal holds, and says what is missing. " +
		"Exit code 0 when everything was rendered, whatever the verdict; with --against 1 when something fails that did not before; 3 when files cannot be read or written."
}

// streamed are the formats that are printed, not written to a file of their own.
var streamed = map[string]func(*reports.Run, io.Writer) error{
	"github":    reports.Annotations,
	"markdown":  reports.Markdown,
	"statement": reports.Statement,
	"text": func(r *reports.Run, w io.Writer) error {
		suites.Summarize(r, w, "", 0)
		return nil
	},
}

// Run renders or compares.
func (c *reportCmd) Run(s streams) error {
	formats, err := c.formats()
	if err != nil {
		return err
	}
	r, dir, err := readRun(c.Folder, true)
	if err != nil {
		return err
	}
	to := dir
	if c.Out != "" && c.Out != "-" {
		if err := os.MkdirAll(c.Out, 0o755); err != nil {
			return err
		}
		to = c.Out
	}
	var files []string
	for _, f := range formats {
		if show := streamed[f]; show != nil && (c.Out == "-" || f == "github" || f == "text") {
			if err := show(r, s.out); err != nil {
				return err
			}
			continue
		}
		files = append(files, f)
	}
	written, err := reports.Render(r, to, dir, files...)
	for _, f := range written {
		fmt.Fprintln(s.out, f)
	}
	if err != nil || c.Against == "" {
		return err
	}
	old, _, err := readRun(c.Against, false)
	if err != nil {
		return err
	}
	diff := reports.Compare(old, r)
	if err := diff.WriteText(s.out); err != nil {
		return err
	}
	if diff.Regressed() {
		return exitCode(reports.ExitNotConformant)
	}
	return nil
}

func (c *reportCmd) formats() ([]string, error) {
	known := append(reports.Formats(), "github", "text")
	if c.Format == "" {
		if c.Against != "" {
			return nil, nil
		}
		return []string{"text"}, nil
	}
	var out []string
	for f := range strings.SplitSeq(c.Format, ",") {
		f = strings.TrimSpace(f)
		if !slices.Contains(known, f) {
			return nil, usagef("--format: no format %q%s; there are %s", f, suggest(f, known), strings.Join(known, ", "))
		}
		if c.Out == "-" && streamed[f] == nil {
			return nil, usagef("--out -: %s is not for reading; give a folder", f)
		}
		out = append(out, f)
	}
	if c.Out == "-" && len(out) > 1 {
		return nil, usagef("--out -: one format at a time")
	}
	return out, nil
}

// readRun reads a run by its folder or file. One that did not finish is judged
// by its journal where there is one; evidence goes beside it if write is set.
func readRun(path string, write bool) (r *reports.Run, dir string, err error) {
	dir, file := path, filepath.Join(path, reports.RunJSON)
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		dir, file = filepath.Dir(path), path
	}
	if r, err = reports.Read(file); err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, "", usagef("no run at %s: expected a folder with %s", path, reports.RunJSON)
		}
		return nil, "", err
	}
	if r.Error != reports.Unfinished {
		return r, dir, nil
	}
	lib, err := library(nil)
	if err != nil {
		return nil, "", err
	}
	out := ""
	if write {
		out = dir
	}
	again, err := suites.Again(lib, out, dir)
	if err == nil {
		return again, dir, nil
	}
	r.Error += "; " + err.Error() // the stub is still the truth
	return r, dir, nil
}

type recheckCmd struct {
	Folder    string   `arg:"" name:"run" help:"Folder of a run, with its journal." type:"path"`
	Out       string   `default:"session-recheck" help:"Folder for the new results." type:"path"`
	Scenarios []string `help:"Folders of scenarios besides the embedded ones." type:"path"`
}

// Help says what judging again is for.
func (*recheckCmd) Help() string {
	return "Judges the recorded plays of an earlier run with the requirements and the judge of this version. Nothing is played, so what new stories would find is not found."
}

// Run judges once more.
func (c *recheckCmd) Run(s streams) error { return again(s, c.Out, c.Scenarios, c.Folder) }

type mergeCmd struct {
	Runs      []string `arg:"" help:"Folders of runs of one target, such as the shards of one suite." type:"path"`
	Out       string   `default:"session-report" help:"Folder for the merged results." type:"path"`
	Scenarios []string `help:"Folders of scenarios besides the embedded ones." type:"path"`
}

// Run judges the plays of all runs as one.
func (c *mergeCmd) Run(s streams) error { return again(s, c.Out, c.Scenarios, c.Runs...) }

// again judges the plays of one or more runs and writes the result to out.
func again(s streams, out string, folders []string, dirs ...string) error {
	for _, d := range dirs {
		if same(d, out) {
			return usagef("--out %s is one of the runs to read; its journal would be lost", out)
		}
	}
	lib, err := library(folders)
	if err != nil {
		return err
	}
	// Read before anything is written: a wrong folder should cost nothing.
	first, err := suites.Again(lib, "", dirs...)
	if err != nil {
		return err
	}
	if err := reports.Prepare(out, *first); err != nil {
		return usagef("--out: %v", err)
	}
	r, err := suites.Again(lib, out, dirs...)
	if err != nil {
		return err
	}
	if err := reports.WriteAll(r, out); err != nil {
		return err
	}
	suites.Summarize(r, s.out, out, 0)
	if r.ExitCode != 0 {
		return exitCode(r.ExitCode)
	}
	return nil
}

func same(a, b string) bool {
	x, err1 := os.Stat(a)
	y, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(x, y)
}
