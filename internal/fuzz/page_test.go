package fuzz

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The page begins with what was found and what says nothing, and explains its
// tables before it shows them. Nothing is told by tooltips alone.
func TestPageOfARedRun(t *testing.T) {
	top := t.TempDir()
	key := Key{Class: LiveDead, Requirement: "frame/create-user-keeps-sessions", Operation: "create_user", Relation: "same-device"}
	r := &Result{Target: "app", Stopped: "budget", Findings: []*Finding{
		{Key: key, How: Deterministic, Hits: 3, Tries: 3, Witnesses: 5, Want: "want <this>", Got: "got that", StepsFound: 8, StepsShrunk: 2, ShrinkRuns: 9,
			Story: "sign_in: laptop", File: filepath.Join(top, "found", "one.yaml")},
		{Key: key, How: Quarantine, Hits: 1, Tries: 7, Want: "another", Got: "once only"},
	}, Counts: Counts{Sequences: map[string]int{"walk": 60}, Void: 3, VoidReasons: map[string]int{"the target answered 500": 3}, Suspects: 20, Drifted: 4, Unlooked: 7},
		Quarantined: []string{"quarantine/older"},
		Coverage:    Coverage{Table: map[string]map[string]int{"live, account again": {"sign_out": 17}}}}
	dir := filepath.Join(top, "out")
	if err := r.Write(dir); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "coverage.html"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	at := 0
	for _, want := range []string{"1 found that nobody expects, 1 more quarantined", "live-session-dead frame/create-user-keeps-sessions create_user same-device", "want &lt;this&gt;", "got that",
		"3 of 3", "5 more stories", "8 steps to 2, in 9 plays", "sign_in: laptop", `href="../found/one.yaml"`, "Quarantined", "once only", "quarantine/older",
		"3 of the plays were void", "3 × the target answered 500", "20 suspicions", "4 suspicions differed", "7 were not looked at",
		"account on", "account off", "account gone", "account again", "account none", "<table", "live, account again", ">17<"} {
		i := strings.Index(page[at:], want)
		if i < 0 {
			t.Errorf("no %q after what stands before it", want)
			continue
		}
		at += i
	}
	for _, not := range []string{"<script", "title=\"", "color: transparent"} {
		if strings.Contains(page, not) {
			t.Errorf("%q in the page", not)
		}
	}
}
