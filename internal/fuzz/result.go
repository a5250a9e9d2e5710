package fuzz

import (
	"time"

	"github.com/sessionspec/sessionspec/internal/story"
)

// How a finding came back when it was played again.
const (
	Deterministic = "deterministic" // alone, every time
	Sometimes     = "sometimes"     // alone, in Hits of Tries
	Interference  = "interference"  // only beside others: the story has them in it
	Quarantine    = "quarantine"    // never again: kept with its log, and never green by itself
)

// Finding is one bug as the fuzzer hands it over.
type Finding struct {
	Key  Key    `json:"key"`
	Name string `json:"name"`
	// How is one of Deterministic, Sometimes, Interference, Quarantine; Hits of
	// Tries replays showed it.
	How   string `json:"how"`
	Hits  int    `json:"hits"`
	Tries int    `json:"tries"`
	Want  string `json:"want"`
	Got   string `json:"got"`
	// Found says which trace showed it first.
	Found Origin `json:"found"`
	// Witnesses are further traces that showed the same.
	Witnesses int `json:"witnesses"`
	// Steps before and after shrinking, and what that cost; NotMinimal tells that
	// the budget ended it.
	StepsFound  int    `json:"steps_found"`
	StepsShrunk int    `json:"steps_shrunk"`
	ShrinkRuns  int    `json:"shrink_runs"`
	NotMinimal  bool   `json:"not_proven_minimal,omitempty"`
	Story       string `json:"story"`
	// Rounds is how often the last parallel step of the saved scenario is played, so
	// that one play of it shows it; 0 where once is enough, or more does not help.
	Rounds int    `json:"rounds,omitempty"`
	File   string `json:"file,omitempty"`
	// Known tells that a baseline expects it, and why.
	Known string `json:"known,omitempty"`
	// Regression tells that a saved scenario file showed it.
	Regression bool `json:"regression,omitempty"`

	trace Trace
	reach *bool // see reaches
}

// Origin is the trace that showed a finding, and what the run had cost by then.
type Origin struct {
	Kind       string `json:"kind"`
	Index      int    `json:"index"`
	Sequences  int    `json:"sequences"`
	Operations int    `json:"operations"`
	Requests   int    `json:"requests"`
}

// Counts are what a run has done.
type Counts struct {
	Sequences  map[string]int `json:"sequences"`
	Operations int            `json:"operations"`
	Requests   int            `json:"requests"`
	SignIns    int            `json:"sign_ins"`
	// Judged are answers that a duty fixed, Unspecified those that none did.
	Judged      int `json:"judged"`
	Unspecified int `json:"unspecified"`
	// Void plays say nothing: a control failed, the target was in trouble, or it
	// limited the rate.
	Void        int            `json:"void"`
	VoidReasons map[string]int `json:"void_reasons,omitempty"`
	// VoidExamples are reasons in full, the first of each kind.
	VoidExamples map[string]string `json:"void_examples,omitempty"`
	// Suspects were played again; Drifted ones differ only where the panel was not
	// asked after each operation, which no duty forbids.
	Suspects int `json:"suspects"`
	Drifted  int `json:"drifted"`
	// Unlooked are suspicions for which the time was too short.
	Unlooked int `json:"unlooked,omitempty"`
	// Orders are the histories of what happened at once: those that some order
	// explains, those that none does, and those where the search was given up.
	Orders struct {
		OK      int `json:"ok"`
		Illegal int `json:"illegal"`
		Unknown int `json:"unknown"`
	} `json:"orders"`
	// Slowed is how often the target answered 429 and was left alone for a while.
	Slowed int `json:"slowed,omitempty"`
}

func (c Counts) total() (n int) {
	for _, k := range c.Sequences {
		n += k
	}
	return n
}

// Result is what a run of the fuzzer found and did.
type Result struct {
	Schema  string    `json:"schema"`
	Target  string    `json:"target"`
	Release string    `json:"release,omitempty"`
	Suite   string    `json:"suite_version"`
	Seed    uint64    `json:"seed"`
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended"`

	Findings []*Finding   `json:"findings"`
	Sweep    *Certificate `json:"sweep,omitempty"`
	Counts   Counts       `json:"counts"`
	Coverage Coverage     `json:"coverage"`
	// Policy is what ended, renewed and kept what, learnt from the sweep and the walks.
	Policy []Policy `json:"policy"`
	// Vanished are findings that a baseline expects and that did not show.
	Vanished []string `json:"vanished,omitempty"`
	// Played are the regressions that were judged, Quarantined those that wait for somebody to look.
	Played      []string `json:"regressions_played,omitempty"`
	Quarantined []string `json:"quarantined,omitempty"`
	// Ended by: "sequences", "budget", "sign-ins", "nothing new", "interrupted".
	Stopped string `json:"stopped_by"`
	Error   string `json:"error,omitempty"`
}

// Schema of fuzz.json.
const Schema = "sessionspec/fuzz/v1"

// News are the findings that nobody expects.
func (r *Result) News() (out []*Finding) {
	for _, f := range r.Findings {
		if f.Known == "" {
			out = append(out, f)
		}
	}
	return out
}

func countSteps(steps []story.Step) (n int) {
	each(steps, func(s *story.Step) {
		if s.Op != story.Parallel {
			n++
		}
	})
	return n
}
