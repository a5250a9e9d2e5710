package fuzz

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/sessionspec/sessionspec/reports"
)

// voidMost is the share of plays, in per cent, that may say nothing in a gate,
// voidMany that above which nothing is proved at all, once there are more of them
// than voidFew.
const (
	voidMost = 1
	voidMany = 10
	voidFew  = 5
)

// Expect holds the findings against what is known to fail: an entry that names a
// finding's requirement, or its scenario, makes it known. An entry that names a
// saved scenario which was played and shows nothing has vanished.
func (r *Result) Expect(b *reports.Baseline, now time.Time) {
	if b == nil {
		return
	}
	for _, e := range b.Entries {
		if len(e.Releases) > 0 && !slices.Contains(e.Releases, r.Release) {
			continue
		}
		expired := e.Until != "" && now.UTC().Format("2006-01-02") > e.Until
		held := false
		for _, f := range r.Findings {
			if e.Expect == f.Key.Requirement || e.Expect == f.Name {
				held = true
				if !expired {
					f.Known = e.Reason
				}
			}
		}
		if !held && slices.Contains(r.Played, e.Expect) {
			r.Vanished = append(r.Vanished, e.Expect)
		}
	}
}

// ExitCode is that of a run: 3 where the target went away, 1 for what nobody
// expects, 4 where nothing was judged. A gate also fails where too many plays
// said nothing, and where what was expected is gone.
func (r *Result) ExitCode(gate bool) int {
	c := r.Counts
	switch {
	case r.Error != "":
		return reports.ExitBroken
	case len(r.News()) > 0, c.Unlooked > 0, gate && (len(r.Vanished) > 0 || len(r.Quarantined) > 0):
		return reports.ExitNotConformant
	case r.Stopped == "interrupted":
		return reports.ExitBroken
	case c.Judged == 0:
		return reports.ExitNothingJudged
	case gate && r.muchVoid(), r.Mute():
		return reports.ExitBroken
	}
	return reports.ExitConformant
}

// Mute tells that so many plays say nothing that the run proves nothing.
func (r *Result) Mute() bool {
	c := r.Counts
	return c.Void > voidFew && c.Void*100 > voidMany*c.total()
}

// Write puts fuzz.json and coverage.html into a folder.
func (r *Result) Write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return &outError{err}
	}
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "fuzz.json"), append(data, '\n'), 0o644); err != nil {
		return &outError{err}
	}
	page, err := r.Coverage.page(r, dir)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "coverage.html"), page, 0o644); err != nil {
		return &outError{err}
	}
	return nil
}

type outError struct{ err error }

func (e *outError) Error() string { return fmt.Sprintf("--out: %s", e.err) }
func (e *outError) Unwrap() error { return e.err }
func (e *outError) ExitCode() int { return reports.ExitUsage }
