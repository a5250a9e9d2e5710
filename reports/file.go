package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// ErrSchema is what Read returns, wrapped, for a file that is not a run.json of
// this version.
var ErrSchema = errors.New("not a " + SchemaID + " file")

// Write finishes the run and puts it at path as indented JSON. The file appears
// whole or not at all. Two equal runs give equal bytes but for their times.
func (r *Run) Write(path string) error {
	r.Finish()
	return writeFile(path, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false) // people read it; "->" should stay "->"
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	})
}

// Read returns the run at path. It refuses files with another schema id and
// verdict words it does not know; unknown members are ignored, so that a later
// minor version stays readable.
func Read(path string) (*Run, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var head struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, ErrSchema, err)
	}
	if head.Schema != SchemaID {
		return nil, fmt.Errorf("%s: %w: schema is %q", path, ErrSchema, head.Schema)
	}
	var r Run
	if err := json.Unmarshal(b, &r); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &r, nil
}

// writeFile writes through a temporary file beside path and renames it, so that
// a reader never sees half a file.
func writeFile(path string, write func(io.Writer) error) error {
	var text bytes.Buffer
	if err := write(&text); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails after the rename, as it should
	_, err = f.Write(text.Bytes())
	if err == nil {
		err = f.Chmod(0o644)
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
