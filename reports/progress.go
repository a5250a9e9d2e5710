package reports

import (
	"fmt"
	"strings"
	"time"
)

// Output says how much a run tells while it goes on and at its end.
type Output string

// What --output takes. OutputNormal is quiet on success and a scene on failure.
const (
	OutputQuiet   Output = "quiet"   // the verdict in one line
	OutputNormal  Output = "normal"  // also ""
	OutputVerbose Output = "verbose" // a line for each story, and nothing left out
	OutputJSON    Output = "json"    // JSON lines, for programs
)

// Progress is how far a run is, told each time a story is through.
type Progress struct {
	Done, Total, Playing int
	// Findings counts the stories so far that broke something.
	Findings int
	// Elapsed is since the first story began, Left a guess at the rest: 0 for none.
	Elapsed, Left time.Duration
	// Story is the one that is through.
	Story StoryResult
}

// StoryResult is a story as it is known when it is through. The verdict of the
// report may be better, where a baseline excuses it.
type StoryResult struct {
	ID      string  `json:"id"`
	Verdict Verdict `json:"verdict"`
	Reason  string  `json:"reason,omitempty"`
	// Seconds, to the millisecond, and Requests are those of the play that counted.
	Seconds  float64 `json:"seconds"`
	Requests int     `json:"requests"`
}

// longRun is the number of scenarios from which a log wants signs of life, and
// quietFor how long it may be without.
const (
	longRun  = 40
	quietFor = time.Minute
)

// Progress tells that a story is through: on a terminal by a line that overwrites
// itself, in a log by a line a quarter and a minute, and none for short runs.
func (c *Console) Progress(p Progress) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch c.Output {
	case OutputQuiet:
		return
	case OutputJSON:
		c.event(storyEvent{"story", p.Story, p.Done, p.Total, p.Findings})
		return
	case OutputVerbose:
		c.clear()
		c.story(p.Story)
	}
	text := fmt.Sprintf("%d/%d scenarios", p.Done, p.Total)
	if c.TTY {
		if waiting := p.Total - p.Done - p.Playing; p.Playing > 0 || waiting > 0 {
			text += fmt.Sprintf(", %d playing, %d waiting", p.Playing, max(0, waiting))
		}
	}
	if p.Findings > 0 {
		text += ", " + Plural(p.Findings, "finding")
	}
	if p.Left > 0 && p.Done < p.Total {
		text += ", about " + left(p.Left) + " left"
	}
	switch quarter := p.Done * 4 / max(1, p.Total); {
	case c.TTY:
		if p.Story.ID != "" {
			text += "  " + oneLine(p.Story.ID)
		}
		fmt.Fprintf(c.W, "\r%s\x1b[K", clip(text, c.columns()-1))
		c.drawn = true
	case c.Output == OutputVerbose, p.Done >= p.Total:
	case p.Total >= longRun && quarter > c.quarter, p.Elapsed-c.spoke >= quietFor:
		c.quarter, c.spoke = quarter, p.Elapsed
		fmt.Fprintln(c.W, text)
	}
}

// left is a time as one says it: "8 s", "2 min".
func left(d time.Duration) string {
	if d >= 2*time.Minute {
		return fmt.Sprintf("%d min", int(d.Round(time.Minute).Minutes()))
	}
	return fmt.Sprintf("%d s", max(1, int(d.Round(time.Second).Seconds())))
}

// story is one line about a story that is through.
func (c *Console) story(s StoryResult) {
	line := fmt.Sprintf("%s %s   %.2f s   %s", c.word(s.Verdict, 14), oneLine(s.ID), s.Seconds, Plural(s.Requests, "request"))
	if s.Reason != "" && s.Verdict != Pass {
		line += "   " + cut(s.Reason)
	}
	fmt.Fprintln(c.W, strings.TrimRight(line, " "))
}

// most is a limit of the console, which a verbose one does not know.
func (c *Console) most(n int) int {
	if c.Output == OutputVerbose {
		return 1 << 30
	}
	return n
}
