package suites

import (
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/internal/yamlx"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/reports/redact"
	"github.com/sessionspec/sessionspec/scenarios"
	"github.com/sessionspec/sessionspec/targets"
)

// Two entries about one requirement, for different releases, keep their own
// places when a run is judged again.
func TestAgainKnowsThePlacesOfTheBaseline(t *testing.T) {
	dir := t.TempDir()
	run := &reports.Run{Started: time.Now(), Target: reports.Target{Name: "t"}}
	entry := func(release string, line int) reports.BaselineEntry {
		return reports.BaselineEntry{Expect: "a/b", Reason: "known", Releases: []string{release}, Pos: yamlx.Pos{Line: line}}
	}
	if err := reports.Prepare(dir, *run); err != nil {
		t.Fatal(err)
	}
	red := redact.New()
	j, err := openJournal(dir+"/"+reports.JournalFile, red)
	if err != nil {
		t.Fatal(err)
	}
	j.head(&session{run: run, engine: &engine{}, Options: Options{Targets: []*targets.Target{{Name: "t"}},
		Baseline: &reports.Baseline{File: "b.yaml", Entries: []reports.BaselineEntry{entry("1", 3), entry("2", 7)}}}})
	j.close()
	s := &session{red: red, engine: &engine{}, Options: Options{Library: &scenarios.Library{}}}
	if err := s.recall(dir); err != nil {
		t.Fatal(err)
	}
	if b := s.Baseline; b.File != "b.yaml" || len(b.Entries) != 2 || b.Entries[0].Pos.Line != 3 || b.Entries[1].Pos.Line != 7 {
		t.Errorf("%+v", b)
	}
}
