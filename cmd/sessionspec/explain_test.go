package main

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestExplain: every requirement explains itself in full, within the width.
func TestExplain(t *testing.T) {
	lib, err := library(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range lib.Requirements {
		var b strings.Builder
		explain(&b, lib, r)
		text := b.String()
		heads := []string{r.ID + "   " + strings.ToUpper(string(r.Level)), "Why it matters", "How it is tested", "How targets get it wrong", "How to mend it", "Sources"}
		if r.Planned {
			heads = append(heads, "planned: not judged yet")
		} else {
			heads = append(heads, "Stories that test it", "The fault that proves the test", "--plant "+r.ID)
		}
		if len(r.Needs) > 0 {
			heads = append(heads, "What that needs")
		}
		if r.Derived {
			heads = append(heads, "(derived: ")
		}
		for _, h := range heads {
			if !strings.Contains(text, h) {
				t.Errorf("%s: %q is missing", r.ID, h)
			}
		}
		for line := range strings.Lines(text) {
			line = strings.TrimRight(line, "\n")
			if n := utf8.RuneCountInString(line); n > 100 && !strings.Contains(line, "./run.sh") {
				t.Errorf("%s: %d characters: %s", r.ID, n, line)
			}
			if strings.HasSuffix(line, " ") || strings.Contains(line, "%!") {
				t.Errorf("%s: %q", r.ID, line)
			}
		}
	}
}

// TestNeedsAreExplained: every means a requirement names has its words.
func TestNeedsAreExplained(t *testing.T) {
	lib, err := library(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range lib.Requirements {
		if channels[r.Channel] == "" {
			t.Errorf("%s: channel %q has no words", r.ID, r.Channel)
		}
		for _, n := range r.Needs {
			if needs[n] == "" {
				t.Errorf("%s: need %q has no words", r.ID, n)
			}
		}
	}
}
