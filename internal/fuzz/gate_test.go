package fuzz

import (
	"slices"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/reports"
)

// TestBreaches: each rule is named where it is broken, and those of a gate in a gate alone.
func TestBreaches(t *testing.T) {
	plays := func(void int) Counts {
		return Counts{Sequences: map[string]int{"walk": 100}, Judged: 1, Void: void}
	}
	for name, c := range map[string]struct {
		r              Result
		always, inGate string
		exit           int // in a gate
	}{
		"nothing":     {Result{Counts: plays(1)}, "", "", reports.ExitConformant},
		"interrupted": {Result{Counts: plays(0), Stopped: "interrupted"}, "interrupted", "interrupted", reports.ExitBroken},
		"at once":     {Result{Stopped: "interrupted"}, "interrupted; nothing was judged", "interrupted; nothing was judged", reports.ExitBroken},
		"new":         {Result{Counts: plays(0), Findings: []*Finding{{Name: "a"}, {Name: "b", Known: "so"}}}, "1 found that nobody expects (a)", "1 found that nobody expects (a)", reports.ExitNotConformant},
		"vanished":    {Result{Counts: plays(0), Vanished: []string{"a"}}, "", "vanished, though the baseline expects it: a", reports.ExitNotConformant},
		"quarantined": {Result{Counts: plays(0), Quarantined: []string{"quarantine/a"}}, "", "in quarantine, and nobody has looked yet: quarantine/a", reports.ExitNotConformant},
		"void":        {Result{Counts: plays(2)}, "", "2 of 100 plays say nothing, and 1 in 100 may", reports.ExitBroken},
	} {
		t.Run(name, func(t *testing.T) {
			got := []string{strings.Join(c.r.Breaches(false), "; "), strings.Join(c.r.Breaches(true), "; ")}
			if !slices.Equal(got, []string{c.always, c.inGate}) {
				t.Errorf("%q", got)
			}
			if code := c.r.ExitCode(true); code != c.exit {
				t.Errorf("exit code %d, want %d", code, c.exit)
			}
		})
	}
}
