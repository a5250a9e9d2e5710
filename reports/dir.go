package reports

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Names of the files in an output directory.
const (
	RunJSON     = "run.json"
	JournalFile = "journal.jsonl"
	JUnitXML    = "junit.xml"
	ReportHTML  = "report.html"
	EvidenceDir = "evidence"
)

// ours are the entries an older run may have left, later formats included.
var ours = []string{RunJSON, JUnitXML, ReportHTML, EvidenceDir, JournalFile, "history", "xunit.xml", "report.sarif", "report.md", "statement.md", "badge.svg"}

// Unfinished is the error of a run whose end was not reached, as run.json has it
// from the beginning.
const Unfinished = "the run did not finish"

// ErrForeign is what Prepare and WriteAll return, wrapped, for a directory whose
// files are not from an earlier run.
var ErrForeign = errors.New("holds other files; give an empty or new directory")

// Prepare makes dir ready before anything is written into it: creates it, and
// removes what an older run left, which it knows by that run's run.json. It
// leaves a first run.json made from stub, with the error "the run did not
// finish", so that a killed run can be read and its directory be used again.
func Prepare(dir string, stub Run) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(entries) > 0 {
		if _, err := Read(filepath.Join(dir, RunJSON)); err != nil {
			return fmt.Errorf("%s %w", dir, ErrForeign)
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, e := range entries {
		if !slices.Contains(ours, e.Name()) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	if stub.Error == "" {
		stub.Error = Unfinished
	}
	return stub.Write(filepath.Join(dir, RunJSON))
}

// rendering is one format, the file it is written to and how.
type rendering struct {
	format, file string
	write        func(r *Run, path, folder string) error
}

// alone makes a rendering of one that needs nothing but the run.
func alone(write func(*Run, string) error) func(*Run, string, string) error {
	return func(r *Run, path, _ string) error { return write(r, path) }
}

var renderings = []rendering{
	{"junit", JUnitXML, alone(WriteJUnit)},
	{"xunit", "xunit.xml", alone(WriteXUnit)},
	{"html", ReportHTML, WriteHTML},
	{"sarif", "report.sarif", alone(WriteSARIF)},
	{"markdown", "report.md", alone(WriteMarkdown)},
	{"statement", "statement.md", alone(WriteStatement)},
	{"badge", "badge.svg", alone(WriteBadge)},
}

// byDefault are the formats that every run writes besides run.json.
var byDefault = []string{"junit", "html"}

// Formats lists what Render can write.
func Formats() (out []string) {
	for _, f := range renderings {
		out = append(out, f.format)
	}
	return out
}

// Render writes r into dir in the formats named and returns the files' paths.
// folder is where the run's evidence is. An unknown format is an error before
// anything is written. It finishes r.
func Render(r *Run, dir, folder string, formats ...string) (files []string, err error) {
	for _, f := range formats {
		if !slices.Contains(Formats(), f) {
			return nil, fmt.Errorf("unknown format %q; there are %s", f, strings.Join(Formats(), ", "))
		}
	}
	for _, x := range renderings {
		if !slices.Contains(formats, x.format) {
			continue
		}
		file := filepath.Join(dir, x.file)
		if e := x.write(r, file, folder); e != nil {
			err = errors.Join(err, e)
			continue
		}
		files = append(files, file)
	}
	return files, err
}

// WriteAll writes run.json and what every run renders from it. Call Prepare
// before the run; on a directory that was not prepared WriteAll still refuses to
// replace a run.json that is not ours. It finishes r.
func WriteAll(r *Run, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	truth := filepath.Join(dir, RunJSON)
	if _, err := Read(truth); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s %w", dir, ErrForeign)
	}
	// The truth first: if a rendering fails, it can be made again from this.
	if err := r.Write(truth); err != nil {
		return err
	}
	// From the file, so that they are the same when they are made again: JSON
	// keeps no byte that is not UTF-8.
	back, err := Read(truth)
	if err != nil {
		return err
	}
	_, err = Render(back, dir, dir, byDefault...)
	return err
}
