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
	JUnitXML    = "junit.xml"
	ReportHTML  = "report.html"
	EvidenceDir = "evidence"
)

// ours are the entries an older run may have left, later formats included.
var ours = []string{RunJSON, JUnitXML, ReportHTML, EvidenceDir, "journal.jsonl", "history", "report.sarif", "report.md", "badge.svg", "statement.md"}

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
		stub.Error = "the run did not finish"
	}
	return stub.Write(filepath.Join(dir, RunJSON))
}

// Formats are the renderings WriteAll knows; "json" is always written.
var Formats = []string{"json", "junit", "html"}

// WriteAll writes r to dir in the formats named, in all if none is. Call Prepare
// before the run; on a directory that was not prepared WriteAll still refuses to
// replace a run.json that is not ours. It finishes r.
func WriteAll(r *Run, dir string, formats []string) error {
	for _, f := range formats {
		if !slices.Contains(Formats, f) {
			return fmt.Errorf("unknown format %q; there are %s", f, strings.Join(Formats, ", "))
		}
	}
	if len(formats) == 0 {
		formats = Formats
	}
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
	var all error
	if slices.Contains(formats, "junit") {
		all = errors.Join(all, WriteJUnit(r, filepath.Join(dir, JUnitXML)))
	}
	if slices.Contains(formats, "html") {
		all = errors.Join(all, WriteHTML(r, filepath.Join(dir, ReportHTML)))
	}
	return all
}
