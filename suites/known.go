package suites

import (
	"fmt"
	"os"

	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/scenarios"
	"github.com/sessionspec/sessionspec/targets"
)

// Known reads what is known to fail: the file, or, where that is "", the files
// that the targets name. nil is nothing. A mistake in a file is a UsageError.
func Known(lib *scenarios.Library, ts []*targets.Target, file string) (*reports.Baseline, error) {
	var ids []string
	for _, q := range lib.Requirements {
		ids = append(ids, q.ID)
	}
	for _, sc := range lib.Scenarios {
		ids = append(ids, sc.ID)
	}
	if file != "" {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, &targets.UsageError{Err: fmt.Errorf("baseline: %w", err)}
		}
		b, err := reports.ParseBaseline(file, data, ids)
		if err != nil {
			return nil, &targets.UsageError{Err: err}
		}
		return b, nil
	}
	var out *reports.Baseline
	seen := map[string]bool{}
	for _, t := range ts {
		name, data, err := t.ReadBaseline()
		if err != nil {
			return nil, err
		}
		if name == "" || seen[name] {
			continue
		}
		seen[name] = true
		b, err := reports.ParseBaseline(name, data, ids)
		if err != nil {
			return nil, &targets.UsageError{Err: err}
		}
		if out != nil { // files of one folder that name a baseline each
			b.Entries = append(out.Entries, b.Entries...)
		}
		out = b
	}
	return out, nil
}
