package suites

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/reports/redact"
	"github.com/sessionspec/sessionspec/scenarios"
	"github.com/sessionspec/sessionspec/targets"
)

// journal writes every play as one line of JSON as soon as it is over, with
// secrets hidden: what was played before a kill -9 stays readable, and can be
// judged again.
type journal struct {
	mu  sync.Mutex
	f   *os.File
	red *redact.Redactor
}

func openJournal(path string, red *redact.Redactor) (*journal, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	return &journal{f: f, red: red}, nil
}

// journalID stands in the first line of every journal; the number changes when a
// reader would break.
const journalID = "sessionspec/journal/v1"

// journalHead is the first line: what is needed to judge the plays once more.
type journalHead struct {
	Journal string       `json:"journal"`
	Run     *reports.Run `json:"run"`
	// Targets are the variants, with what they declare.
	Targets []journalTarget `json:"targets"`
	// Jobs are all plays that the run meant to do, also those that it could not.
	Jobs      []journalJob            `json:"jobs"`
	Level     scenarios.Level         `json:"level"`
	Plant     string                  `json:"plant,omitempty"`
	AllowExec bool                    `json:"allow_exec,omitempty"`
	Browser   string                  `json:"browser,omitempty"`
	InBrowser bool                    `json:"in_browser,omitempty"`
	Set       map[string]string       `json:"set,omitempty"`
	Baseline  string                  `json:"baseline,omitempty"` // the file, "" for none
	Entries   []reports.BaselineEntry `json:"entries,omitempty"`
	Lines     []int                   `json:"lines,omitempty"` // of the entries in it
}

type journalTarget struct {
	Name    string `json:"name"`
	File    string `json:"file"`
	Release string `json:"release,omitempty"`
	Trusted bool   `json:"trusted,omitempty"`
	// Ports are what the harness drew for it, by number.
	Ports    ports            `json:"ports,omitempty"`
	Declares targets.Declares `json:"declares"`
}

type journalJob struct {
	ID       string            `json:"id"`
	Scenario string            `json:"scenario"`
	Target   string            `json:"target"`
	Routes   map[string]string `json:"routes,omitempty"`
	// Gap says why it could not be played; GapDeclared that the target says so itself.
	Gap         string `json:"gap,omitempty"`
	GapDeclared bool   `json:"gap_declared,omitempty"`
}

// journalLine is every further line: one play as it counted, and, as a play does
// not show that it went otherwise in company, the verdict of the run.
type journalLine struct {
	Play    *history.Play   `json:"play"`
	Verdict reports.Verdict `json:"verdict"`
	Reason  string          `json:"reason,omitempty"`
	Notes   []string        `json:"notes,omitempty"`
}

func (j *journal) head(s *session) {
	h := journalHead{Journal: journalID, Run: s.run, Level: s.Level, Plant: s.Plant, AllowExec: s.AllowExec, Browser: s.Browser, InBrowser: s.InBrowser, Set: s.Set}
	for _, t := range s.Targets {
		var drawn ports
		if t.Launch != nil && !s.Keep {
			drawn.add(t)
		}
		h.Targets = append(h.Targets, journalTarget{t.Name, t.File, t.Release, t.Trusted, drawn, t.Declares})
	}
	for _, x := range s.engine.jobs {
		one := journalJob{ID: x.plan.ID, Scenario: x.sc.ID, Target: x.env.Target.Name, Routes: x.plan.Routes}
		if x.gap != nil {
			one.Gap, one.GapDeclared = x.gap.Reason, x.gap.Declared
		}
		h.Jobs = append(h.Jobs, one)
	}
	if s.Baseline != nil {
		h.Baseline, h.Entries = s.Baseline.File, s.Baseline.Entries
		for _, e := range s.Baseline.Entries {
			h.Lines = append(h.Lines, e.Pos.Line)
		}
	}
	j.write(h)
}

func (j *journal) job(x *job) {
	j.write(journalLine{x.final, x.verdict, x.reason, x.notes})
}

func (j *journal) write(v any) {
	b, err := json.Marshal(v)
	if err != nil {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	_, _ = j.f.Write(append(j.red.JSON(b), '\n'))
}

func (j *journal) close() {
	if j != nil {
		_ = j.f.Close()
	}
}

// screenshots writes what a browser showed in an operation, beside the exchanges.
func (s *session) screenshots(op history.Op, beside string) (out []string) {
	for _, ev := range op.Events {
		if len(ev.Screenshot) == 0 {
			continue
		}
		rel := fmt.Sprintf("%s-%d.png", strings.TrimSuffix(beside, ".http"), len(out)+1)
		if err := os.WriteFile(filepath.Join(s.Out, filepath.FromSlash(rel)), ev.Screenshot, 0o644); err == nil {
			out = append(out, rel)
		}
	}
	return out
}
