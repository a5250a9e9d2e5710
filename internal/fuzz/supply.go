package fuzz

import (
	"slices"

	"github.com/sessionspec/sessionspec/internal/fuzz/concurrent"
	"github.com/sessionspec/sessionspec/internal/play"
	"github.com/sessionspec/sessionspec/internal/story"
)

// supply gives one trace after the other, nil where there are no more. The sweep,
// which gives certainty, and the walks, which go deep, take turns while there is
// something left to sweep.
func (f *fuzzer) supply() func() *Trace {
	var swept []Trace
	var cert Certificate
	if f.wants("sweep") {
		most, signIns := 6000, 0
		if f.Sequences > 0 {
			most = f.Sequences / 3
		}
		if f.SignIns > 0 {
			signIns = f.SignIns / 3
		}
		if f.Budget > 0 && f.Sequences == 0 { // what a second brings is not known yet; a third of a cautious guess
			most = min(most, int(f.Budget.Seconds())*20)
		}
		swept, cert = f.game.sweep(most, signIns)
		f.res.Sweep = &cert
	}
	i, walked := 0, false
	return func() *Trace {
		if len(swept) > 0 && (walked || !f.draws()) {
			t := swept[0]
			swept, walked = swept[1:], false
			return &t
		}
		if !f.draws() {
			return nil
		}
		t := f.draw(i)
		i++
		walked = true
		return &t
	}
}

// panel is how much is asked in the crowd: a sweep has a shorter trace for every
// beginning of a longer one.
func (t Trace) panel() play.Panel {
	if t.Kind == "sweep" {
		return play.PanelLast
	}
	return play.PanelSome
}

func (f *fuzzer) wants(kind string) bool { return len(f.Only) == 0 || slices.Contains(f.Only, kind) }

// concurrentEvery is at how many drawn stories one is such that things happen at
// once in it; one in ten of these is long.
const concurrentEvery = 8

// draw gives the i-th trace of the endless phase.
func (f *fuzzer) draw(i int) Trace {
	walks, races := f.wants("walk"), f.wants("concurrent")
	if engine := f.engine(); engine != "" && f.wants("browser") && (!walks && !races || f.game.percent(f.Seed^1, i, browserShare)) {
		return f.game.browsed(f.Seed, i, engine)
	}
	if !races || walks && i%concurrentEvery != concurrentEvery-1 {
		return f.game.walk(f.Seed, i)
	}
	return f.race(i)
}

// draws tells whether anything but the sweep is wanted.
func (f *fuzzer) draws() bool {
	return f.wants("walk") || f.wants("concurrent") || f.wants("browser") && f.engine() != ""
}

// engine is the browser of stories that have one, "" where the run has none or
// the target file describes no pages.
func (f *fuzzer) engine() string {
	if len(f.Env.Browsers) == 0 || !f.game.pages["sign_in"] {
		return ""
	}
	return f.Env.Browsers[0].Name()
}

// race draws a story in which things happen at once.
func (f *fuzzer) race(i int) Trace {
	st := concurrent.Draw(f.Seed, i, f.game.offers, story.Step{})
	if f.game.percent(f.Seed, i, 10) {
		st = concurrent.Stress(f.Seed, i, 4, concurrent.Long, f.game.offers, story.Step{})
	}
	each(st.Steps, func(s *story.Step) { s.Optional = false }) // what is not offered was not drawn
	return Trace{Kind: "concurrent", Index: i, Clients: st.Clients, Steps: st.Steps, Routes: map[string]string{}}.pruned()
}
