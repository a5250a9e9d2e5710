package fuzz

import (
	"github.com/sessionspec/sessionspec/internal/story"
)

// shrinker makes a story short while it still shows what it is aimed at.
type shrinker struct {
	// shows plays a trace and tells whether it still shows the aim, and after
	// which step.
	shows func(Trace) (ok bool, at int)
	// late, where set, tells that the time is up.
	late func() bool
	// runs is what it has cost; most bounds it.
	runs, most int
	memo       map[string]bool
	best       Trace
	// chancy stories show it sometimes: where nothing makes one shorter any more,
	// what would is played once more with patience.
	chancy, patient bool
	// exhausted tells that the budget ended it, so that a shorter story may exist.
	exhausted bool
}

// shrink returns the shortest story found; it ends where no single change makes
// it shorter or simpler, or with the budget. The trace given must show the aim,
// last at the step given.
func (s *shrinker) shrink(t Trace, at int) Trace {
	s.memo = map[string]bool{}
	s.best = t.with(t.Steps[:min(at+1, len(t.Steps))]).pruned()
	if n := s.best.normalised(); n.text() != s.best.text() {
		s.take(n)
	}
	s.lastRace()
	s.parties()
	for {
		before := s.best.text()
		if !s.patient {
			s.chunks()
		}
		s.singles()
		s.branches()
		if !s.patient {
			s.merges()
			s.ready()
			s.simpler()
		}
		switch {
		case s.exhausted:
		case s.best.text() != before:
			s.patient = false
			continue
		case s.chancy && !s.patient:
			s.patient, s.memo = true, map[string]bool{}
			continue
		}
		break
	}
	if len(s.best.Steps) <= 14 {
		s.pairs()
	}
	return s.best
}

// try takes a candidate if it is new, simpler, and shows the aim.
func (s *shrinker) try(t Trace) bool {
	t = t.normalised()
	if len(t.Steps) == 0 || !t.valid() || !simpler(t, s.best) {
		return false
	}
	return s.take(t)
}

// take takes a candidate if it is new and shows the aim.
func (s *shrinker) take(t Trace) bool {
	text := t.text()
	if _, known := s.memo[text]; known {
		return false // a candidate that showed it became the best, and is no candidate any more
	}
	if s.runs >= s.most || s.late != nil && s.late() {
		s.exhausted = true
		return false
	}
	s.runs++
	ok, at := s.shows(t)
	s.memo[text] = ok
	if !ok {
		return false
	}
	if at+1 < len(t.Steps) {
		t = t.with(t.Steps[:at+1]).pruned().normalised()
	}
	s.best = t
	return true
}

// simpler orders traces: fewer steps, then fewer clients, then fewer routes and
// arguments, then the smaller text.
func simpler(a, b Trace) bool {
	for _, d := range []int{size(a) - size(b), len(a.Clients) - len(b.Clients), len(a.Routes) - len(b.Routes), weight(a) - weight(b)} {
		if d != 0 {
			return d < 0
		}
	}
	return a.text() < b.text()
}

// size counts steps, those that run at once one by one.
func size(t Trace) int { return countSteps(t.Steps) }

// weight counts what a reader has to understand beside the operations.
func weight(t Trace) (n int) {
	each(t.Steps, func(s *story.Step) {
		for _, b := range []bool{s.Wrong, s.User != "", s.Of != "", s.Former != "", s.With != "", s.How != "", s.To == "admin", s.Op == story.Parallel} {
			if b {
				n++
			}
		}
		for _, b := range s.Parallel {
			n += len(b) // the fewer at once, the better
		}
	})
	return n
}

func without(steps []story.Step, from, to int) []story.Step {
	return append(append([]story.Step{}, steps[:from]...), steps[to:]...)
}
