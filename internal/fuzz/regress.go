package fuzz

import (
	"context"

	"github.com/sessionspec/sessionspec/internal/play"
)

// Regression is a saved scenario: a finding of an earlier run.
type Regression struct {
	// Name is the scenario's id, Plan its first plan for this target.
	Name string
	Plan play.Plan
	// Gap says why it cannot be played here, "" if it can.
	Gap string
	// Quarantined ones showed once and never again; somebody has to look at them.
	Quarantined bool
	// Tests are the requirements that it is about.
	Tests []string
}

// regressions plays what was found before. What still shows is a finding at once:
// its file is there.
func (f *fuzzer) regressions(ctx context.Context) {
	for i, g := range f.Regressions {
		if ctx.Err() != nil {
			return
		}
		f.res.Counts.Sequences["regression"]++
		if g.Quarantined {
			f.res.Quarantined = append(f.res.Quarantined, g.Name)
		}
		if g.Gap != "" {
			f.void("regression " + g.Name + " cannot be played here")
			continue
		}
		t := Trace{Kind: "regression", Index: i, Clients: g.Plan.Story.Clients, Steps: g.Plan.Story.Steps, Routes: g.Plan.Routes}
		p, r := f.alone(ctx, t)
		tries := 1
		for ; t.races() && len(r.Findings) == 0 && !r.Error && tries < rateTries && ctx.Err() == nil; tries++ { // luck is needed
			p, r = f.alone(ctx, t)
		}
		f.res.Counts.Operations += len(p.Ops)
		if r.Error {
			f.void(r.Stopped)
			continue
		}
		for _, n := range r.Checks {
			f.res.Counts.Judged += n
		}
		f.res.Played = append(f.res.Played, g.Name)
		how := Deterministic
		if t.races() {
			how = Sometimes
		}
		for _, a := range aims(r) {
			x, _ := first(r, a)
			key := keyOf(x, p)
			f.explained[a] += 3
			if f.found(key) != nil {
				continue
			}
			f.add(&Finding{Key: key, Name: g.Name, How: how, Hits: 1, Tries: tries, Want: f.hide(x.Want), Got: f.hide(x.Got), Regression: true,
				Found:      Origin{Kind: "regression", Index: i, Sequences: f.res.Counts.total(), Operations: f.res.Counts.Operations, Requests: f.res.Counts.Requests},
				StepsFound: countSteps(t.Steps), StepsShrunk: countSteps(t.Steps), Story: t.text(), trace: t})
		}
	}
}
