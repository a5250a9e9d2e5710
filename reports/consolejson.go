package reports

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf16"
)

// The lines of --output json, each an object whose event says what it is: start,
// story for each story that is through, finding for each cause, end.
type (
	startEvent struct {
		Event   string `json:"event"`
		Schema  string `json:"schema"`
		Suite   string `json:"suite_version"`
		Seed    int64  `json:"seed"`
		Target  string `json:"target"`
		Version string `json:"version,omitempty"`
		StandIn bool   `json:"stand_in"`
	}
	storyEvent struct {
		Event string `json:"event"`
		StoryResult
		Done     int `json:"done"`
		Total    int `json:"total"`
		Findings int `json:"findings"`
	}
	findingEvent struct {
		Event   string  `json:"event"`
		Verdict Verdict `json:"verdict"`
		Finding
		// Scenario is the story that shows it, Others are more with the same cause.
		Scenario string   `json:"scenario"`
		Others   []string `json:"others"`
	}
	endEvent struct {
		Event    string           `json:"event"`
		Verdict  string           `json:"verdict"`
		ExitCode int              `json:"exit_code"`
		Headline string           `json:"headline"`
		Error    string           `json:"error,omitempty"`
		Summary  map[Verdict]int  `json:"summary"`
		Baseline []BaselineResult `json:"baseline,omitempty"`
		// Run is where run.json is, "" where nothing was written.
		Run string `json:"run,omitempty"`
	}
)

// linesID stands in the first line; the number changes when a reader would break.
const linesID = "sessionspec/lines/v1"

// event writes one line. What could drive a terminal stands as an escape of JSON.
func (c *Console) event(v any) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // the tags of secrets are to be read
	if enc.Encode(v) != nil {
		return // as all writing of the console: the result is in run.json
	}
	var line strings.Builder
	for _, r := range b.String() {
		if r > 0x7f && unprintable(r) {
			for _, u := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&line, `\u%04x`, u)
			}
			continue
		}
		line.WriteRune(r)
	}
	fmt.Fprint(c.W, line.String())
}

func (c *Console) endEvents(r *Run) {
	for _, f := range causesOf(r) {
		others := make([]string, 0, len(f.Others))
		for _, s := range f.Others {
			others = append(others, s.ID)
		}
		c.event(findingEvent{"finding", f.Verdict, f.Finding, f.Scenario.ID, others})
	}
	end := endEvent{Event: "end", Verdict: r.Verdict, ExitCode: r.ExitCode, Headline: Headline(r), Error: r.Error, Summary: r.Summary, Baseline: r.Baseline}
	if c.Dir != "" {
		end.Run = filepath.Join(c.Dir, RunJSON)
	}
	c.event(end)
}
