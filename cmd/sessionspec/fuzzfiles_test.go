package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/fuzz"
	"github.com/sessionspec/sessionspec/targets"
)

// TestWhatCannotBeSavedHidesNothing: the other files, the report and the summary
// are there, and the error names the option.
func TestWhatCannotBeSavedHidesNothing(t *testing.T) {
	dir := t.TempDir()
	c := &fuzzCmd{Save: filepath.Join(dir, "found"), Out: filepath.Join(dir, "out")}
	if err := c.writable(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.Save, "quarantine"), nil, 0o600); err != nil { // where a folder has to be
		t.Fatal(err)
	}
	once := &fuzz.Finding{Name: "once", How: fuzz.Quarantine}
	always := &fuzz.Finding{Name: "always", How: fuzz.Deterministic}
	r := &fuzz.Result{Target: "x", Findings: []*fuzz.Finding{once, always}}
	var out bytes.Buffer
	err := c.conclude(r, newFuzzTalk(&out, false, &targets.Target{Name: "x"}))
	if err == nil || !strings.HasPrefix(err.Error(), "--save: ") {
		t.Errorf("error: %v", err)
	}
	for _, f := range []string{always.File, filepath.Join(c.Out, "fuzz.json"), filepath.Join(c.Out, "coverage.html")} {
		if _, err := os.Stat(f); err != nil {
			t.Error(err)
		}
	}
	for _, want := range []string{"finding   quarantine/once ", "finding   always ", "2 found that nobody expects (quarantine/once, always)", "played    0 sequences, 0 operations"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
}
