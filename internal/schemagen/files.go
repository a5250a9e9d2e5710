package schemagen

import (
	"errors"
	"io/fs"
	"iter"
	"testing"

	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// Files walks through every YAML file of the folders in fsys, in the order of
// their paths; a test without any fails.
func Files(t testing.TB, fsys fs.FS) iter.Seq2[string, []byte] {
	t.Helper()
	paths, err := fs.Glob(fsys, "*/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatal("no files", err)
	}
	return func(yield func(string, []byte) bool) {
		for _, p := range paths {
			data, err := fs.ReadFile(fsys, p)
			if err != nil {
				t.Fatal(err)
			}
			if !yield(p, data) {
				return
			}
		}
	}
}

// Placed fails the test unless err says for each mistake where in the file it is.
func Placed(t testing.TB, err error, file string) {
	t.Helper()
	var errs yamlx.Errors
	if !errors.As(err, &errs) {
		t.Fatalf("no place: %v", err)
	}
	for _, e := range errs {
		if e.File != file || e.Line < 1 || e.Col < 1 || e.Msg == "" {
			t.Errorf("no place: %+v", e)
		}
	}
}
