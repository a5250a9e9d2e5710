package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/sessionspec/sessionspec/internal/fuzz"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/suites"
	"github.com/sessionspec/sessionspec/targets"
)

// fuzzTalk is what the fuzzer says on the way: plain lines, and on a terminal one
// that is written over.
type fuzzTalk struct {
	w      io.Writer
	tty    bool
	target *targets.Target
	began  time.Time
	last   time.Time
	dirty  bool
}

func newFuzzTalk(w io.Writer, tty bool, t *targets.Target) *fuzzTalk {
	return &fuzzTalk{w: w, tty: tty, target: t, began: time.Now(), last: time.Now()}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

func (t *fuzzTalk) line(format string, args ...any) {
	if t.dirty {
		fmt.Fprint(t.w, "\r\x1b[K")
		t.dirty = false
	}
	fmt.Fprintf(t.w, format+"\n", args...)
}

func (t *fuzzTalk) opening(c *fuzzCmd) {
	name := t.target.Name
	if r := t.target.Release; r != "" {
		name += "@" + r
	}
	if as := t.target.Instead(); as != "" {
		name += ", a stand-in for " + as
	}
	t.line("sessionspec %s  fuzz %s  seed %d%s", suites.Version, name, c.Seed, c.bounds())
}

// progress is told after every batch; in a log a line every ten seconds is enough.
func (t *fuzzTalk) progress(c fuzz.Counts, findings int) {
	n := 0
	for _, k := range c.Sequences {
		n += k
	}
	every := 10 * time.Second
	if t.tty {
		every = 200 * time.Millisecond
	}
	if time.Since(t.last) < every {
		return
	}
	t.last = time.Now()
	text := fmt.Sprintf("%s, %s, %s, %s, %s", reports.Plural(n, "sequence"), reports.Plural(c.Operations, "operation"), reports.Plural(c.Requests, "request"),
		reports.Plural(findings, "finding"), time.Since(t.began).Round(time.Second))
	if t.tty {
		fmt.Fprint(t.w, "\r\x1b[K"+text)
		t.dirty = true
		return
	}
	t.line("%s", text)
}

func (t *fuzzTalk) slow(wait time.Duration) {
	t.line("the target answers 429: it is left alone for %s. Switch its rate limits off for the run, or use --rate and --workers.", wait)
}

func (t *fuzzTalk) found(x *fuzz.Finding) {
	t.line("")
	t.line("FOUND  %s", x.Key)
	t.line("  want     %s", x.Want)
	t.line("  got      %s", x.Got)
	t.line("  replays  %s, %d of %d", x.How, x.Hits, x.Tries)
	if !x.Regression {
		t.line("  shrunk   %d steps to %d in %d plays%s", x.StepsFound, x.StepsShrunk, x.ShrinkRuns, map[bool]string{true: " (budget ended, not proven minimal)"}[x.NotMinimal])
	}
	for _, l := range strings.Split(x.Story, "\n") {
		t.line("    %s", l)
	}
}

// summary is the last word: what was done, what is left, and where things are.
func (t *fuzzTalk) summary(r *fuzz.Result, c *fuzzCmd) {
	n := r.Counts
	t.line("")
	if s := r.Sweep; s != nil {
		t.line("  sweep     every transition up to %d operations: %d of %d played, %d states, relative to its key (see fuzz.json)", s.Depth, s.Played, s.Edges, s.States)
	}
	var kinds []string
	total := 0
	for _, k := range slices.Sorted(maps.Keys(n.Sequences)) {
		kinds = append(kinds, fmt.Sprintf("%d %s", n.Sequences[k], k))
		total += n.Sequences[k]
	}
	of := ""
	if len(kinds) > 0 {
		of = " (" + strings.Join(kinds, ", ") + ")"
	}
	t.line("  played    %s%s, %s, %s, %s in %s", reports.Plural(total, "sequence"), of, reports.Plural(n.Operations, "operation"), reports.Plural(n.Requests, "request"),
		reports.Plural(n.SignIns, "sign-in"), r.Ended.Sub(r.Started).Round(100*time.Millisecond))
	t.line("  judged    %s; %d more that no duty fixes", reports.Plural(n.Judged, "answer"), n.Unspecified)
	t.line("  coverage  %d pairs of situation and operation; next operation new with a chance of %.2f %%", r.Coverage.Pairs, 100*r.Coverage.Unseen)
	if n.Void > 0 {
		t.line("  void      %d of %s say nothing: %s", n.Void, reports.Plural(total, "play"), reasons(n.VoidReasons))
		for _, kind := range slices.Sorted(maps.Keys(n.VoidExamples)) {
			t.line("            first %s", n.VoidExamples[kind])
		}
	}
	if n.Drifted > 0 {
		t.line("  drifted   %d differ only where nobody asked in between; no duty forbids that", n.Drifted)
	}
	if n.Unlooked > 0 {
		t.line("  unlooked  %d suspicions, for want of time: give it a larger --budget", n.Unlooked)
	}
	for _, v := range r.Vanished {
		t.line("  vanished  the baseline expects %s, and it does not show: take the entry out", v)
	}
	for _, q := range r.Quarantined {
		t.line("  quarantine  %s showed once and waits for somebody to look; delete its file when that is done", q)
	}
	for _, x := range r.Findings {
		word := "finding"
		if x.Known != "" {
			word = "known"
		}
		t.line("  %-8s  %s (%s, %s)%s", word, x.ID(), reports.Plural(x.StepsShrunk, "step"), witnesses(x.Witnesses), map[bool]string{true: ": " + x.Known}[x.Known != ""])
		if x.File != "" {
			t.line("            %s", relative(x.File))
		}
	}
	t.line("  report    %s", relative(filepath.Join(c.Out, "coverage.html")))
	switch {
	case r.Error != "":
		t.line("target failed: %s", r.Error)
	case r.ExitCode(c.Gate) == reports.ExitConformant:
		t.line("nothing found that is not known (stopped by: %s)", r.Stopped)
	case n.Judged == 0 && c.nothingDrawn() != "":
		t.line("nothing was judged: %s", c.nothingDrawn())
	default:
		said := strings.Join(r.Breaches(c.Gate), "; ")
		if c.Gate {
			said = "fails its gate: " + said
		}
		t.line("%s", said)
	}
}

// bounds are what ends the run, as the first line tells them.
func (c *fuzzCmd) bounds() (out string) {
	if c.Sequences > 0 {
		out += "  " + reports.Plural(c.Sequences, "sequence")
	}
	if c.Budget > 0 {
		out += "  " + c.Budget.String()
	}
	if c.SignIns > 0 {
		out += "  " + reports.Plural(c.SignIns, "sign-in")
	}
	return out
}

func witnesses(n int) string {
	if n == 1 {
		return "1 more witness"
	}
	return fmt.Sprintf("%d more witnesses", n)
}

func reasons(m map[string]int) string {
	keys := slices.SortedFunc(maps.Keys(m), func(a, b string) int { return cmp.Or(m[b]-m[a], strings.Compare(a, b)) })
	var out []string
	for _, k := range keys[:min(3, len(keys))] {
		out = append(out, fmt.Sprintf("%d × %s", m[k], k))
	}
	return strings.Join(out, "; ")
}

// relative is a path as somebody in this folder would type it.
func relative(path string) string {
	wd, err := os.Getwd()
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(wd, path); err == nil && !strings.HasPrefix(rel, "..") {
		return rel
	}
	return path
}
