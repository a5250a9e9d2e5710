package fuzz

import (
	"slices"

	"github.com/sessionspec/sessionspec/internal/story"
)

// Passes of the shrinker that leave steps out.

// parties leaves out all that a world or a client does, and what is done to it.
func (s *shrinker) parties() {
	leave := func(gone func(story.Client) bool) {
		out := map[string]bool{}
		for _, c := range s.best.Clients {
			out[c.Name] = gone(c)
		}
		s.try(s.best.with(kept(s.best.Steps, func(st story.Step) bool { return !out[st.Client] && !out[st.Of] })))
	}
	worlds := map[string]bool{}
	for _, c := range slices.Clone(s.best.Clients) {
		if !worlds[c.World] {
			worlds[c.World] = true
			leave(func(o story.Client) bool { return o.World == c.World })
		}
	}
	for _, c := range slices.Clone(s.best.Clients) {
		leave(func(o story.Client) bool { return o.Name == c.Name })
	}
}

// lastRace leaves out what happened at once before the last parallel step, which
// is where it showed, or has it happen in order.
func (s *shrinker) lastRace() {
	last := len(s.best.Steps) - 1
	for last >= 0 && len(s.best.Steps[last].Parallel) == 0 {
		last--
	}
	for _, inOrder := range []bool{false, true} {
		var steps []story.Step
		for i, st := range s.best.Steps {
			switch {
			case i >= last || len(st.Parallel) == 0:
				steps = append(steps, st)
			case inOrder:
				for _, b := range st.Parallel {
					steps = append(steps, b...)
				}
			}
		}
		if s.try(s.best.with(steps)) {
			return
		}
	}
}

// kept are the steps that stay, those of branches too: what is left of a
// parallel step with one branch is done in order.
func kept(steps []story.Step, stays func(story.Step) bool) (out []story.Step) {
	for _, st := range steps {
		if len(st.Parallel) == 0 {
			if stays(st) {
				out = append(out, st)
			}
			continue
		}
		var branches [][]story.Step
		for _, b := range st.Parallel {
			if b = kept(b, stays); len(b) > 0 {
				branches = append(branches, b)
			}
		}
		if len(branches) < story.LeastBranches {
			for _, b := range branches {
				out = append(out, b...)
			}
			continue
		}
		st.Parallel = branches
		out = append(out, st)
	}
	return out
}

// chunks leaves out long runs of steps, halves first.
func (s *shrinker) chunks() {
	for n := len(s.best.Steps) / 2; n >= 2; n /= 2 {
		for from := len(s.best.Steps) - n; from >= 0; {
			if s.try(s.best.with(without(s.best.Steps, from, from+n))) {
				from = min(from, len(s.best.Steps)) - n
			} else {
				from -= n
			}
		}
	}
}

// singles leaves out one step at a time, the last ones first.
func (s *shrinker) singles() {
	for i := len(s.best.Steps) - 1; i >= 0; i-- {
		if i < len(s.best.Steps) {
			s.try(s.best.with(without(s.best.Steps, i, i+1)))
		}
	}
}

// branches leaves out what happens at once: a branch, a step of one, or the
// togetherness.
func (s *shrinker) branches() {
	for i := len(s.best.Steps) - 1; i >= 0; i-- {
		if i >= len(s.best.Steps) || len(s.best.Steps[i].Parallel) == 0 {
			continue
		}
		flat := append([]story.Step{}, s.best.Steps[:i]...)
		for _, b := range s.best.Steps[i].Parallel {
			flat = append(flat, b...)
		}
		if s.try(s.best.with(append(flat, s.best.Steps[i+1:]...))) {
			continue
		}
		if s.hoist(i, -1) {
			return // what stands where has changed: the next round goes on
		}
		for b := range s.best.Steps[i].Parallel {
			if s.hoist(i, b) {
				return
			}
		}
		change := func(do func(*story.Step)) {
			if i < len(s.best.Steps) && len(s.best.Steps[i].Parallel) > 0 {
				steps := cloneSteps(s.best.Steps)
				do(&steps[i])
				s.try(s.best.with(steps))
			}
		}
		for b := len(s.best.Steps[i].Parallel) - 1; b >= 0; b-- {
			if len(s.best.Steps[i].Parallel) > story.LeastBranches {
				change(func(st *story.Step) { st.Parallel = slices.Delete(st.Parallel, b, b+1) })
			}
			if i >= len(s.best.Steps) {
				return
			}
		}
		for b := 0; i < len(s.best.Steps) && b < len(s.best.Steps[i].Parallel); b++ {
			for k := len(s.best.Steps[i].Parallel[b]) - 1; k >= 0; k-- {
				if i >= len(s.best.Steps) || b >= len(s.best.Steps[i].Parallel) || len(s.best.Steps[i].Parallel[b]) < 2 || k >= len(s.best.Steps[i].Parallel[b]) {
					break
				}
				change(func(st *story.Step) { st.Parallel[b] = slices.Delete(st.Parallel[b], k, k+1) })
			}
		}
	}
}

// pairs leaves out any two steps: what makes up for one another.
func (s *shrinker) pairs() {
	for i := 0; i < len(s.best.Steps); i++ {
		for j := i + 1; j < len(s.best.Steps); j++ {
			rest := without(without(s.best.Steps, j, j+1), i, i+1)
			if s.try(s.best.with(rest)) {
				s.singles()
				i, j = 0, 0
			}
		}
	}
}

// hoist puts the first step of a branch, or of each branch for -1, before all of
// them: the fewer happen at once, the surer they meet.
func (s *shrinker) hoist(at, branch int) bool {
	steps := cloneSteps(s.best.Steps)
	var heads []story.Step
	for b := range steps[at].Parallel {
		if one := steps[at].Parallel[b]; len(one) > 1 && (branch < 0 || branch == b) {
			heads, steps[at].Parallel[b] = append(heads, one[0]), one[1:]
		}
	}
	return len(heads) > 0 && s.try(s.best.with(slices.Insert(steps, at, heads...)))
}
