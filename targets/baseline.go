package targets

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// baselineFile is the name under which a baseline lies in a folder of targets;
// it is no target file.
const baselineFile = "baseline.yaml"

// ReadBaseline returns the baseline file that the target file names: where it
// is, as shown to the user, and its text. Both are empty where it names none.
func (t *Target) ReadBaseline() (file string, data []byte, err error) {
	if t.Baseline == "" {
		return "", nil, nil
	}
	file = filepath.Join(filepath.Dir(t.File), t.Baseline)
	if t.source.FS != nil {
		data, err = fs.ReadFile(t.source.FS, t.Baseline)
	} else {
		data, err = os.ReadFile(filepath.Join(t.source.Dir, t.Baseline))
	}
	if err != nil {
		return "", nil, usage("%s: baseline: %w", t.File, fmt.Errorf("cannot be read: %w", err))
	}
	return file, data, nil
}
