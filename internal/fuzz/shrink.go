package fuzz

import (
	"cmp"
	"maps"
	"slices"

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

// ready has people there from the beginning who were created in the course of it.
func (s *shrinker) ready() {
	for i := len(s.best.Steps) - 1; i >= 0; i-- {
		if i >= len(s.best.Steps) || s.best.Steps[i].Op != "create_user" {
			continue
		}
		u := s.best.Steps[i].User
		t := s.best.with(without(s.best.Steps, i, i+1))
		t.Clients = append(slices.Clone(t.Clients), story.Client{Name: "spare", User: u, In: "wire"})
		if s.try(t.pruned()) {
			continue
		}
		fresh := s.best.with(cloneSteps(s.best.Steps)) // somebody new in the place of who was there before
		for j := i; j < len(fresh.Steps); j++ {
			for _, name := range []*string{&fresh.Steps[j].User, &fresh.Steps[j].Former} {
				if *name == u {
					*name = "fresh"
				}
			}
		}
		for j := i - 1; j >= 0; j-- { // and no removal to make room
			if st := fresh.Steps[j]; st.Op == "delete_user" && st.User == u {
				fresh.Steps = without(fresh.Steps, j, j+1)
				break
			}
		}
		s.try(fresh)
	}
	s.plainSignIns()
}

// plainSignIns puts a sign-in in the place of a link that was asked for and used.
func (s *shrinker) plainSignIns() {
	for i := len(s.best.Steps) - 1; i >= 0; i-- {
		if i >= len(s.best.Steps) || s.best.Steps[i].Op != "redeem" {
			continue
		}
		st := s.best.Steps[i]
		by := cmp.Or(st.Of, st.Client)
		for j := i - 1; j >= 0; j-- {
			if ask := s.best.Steps[j]; ask.Op == "request_link" && ask.Client == by {
				steps := cloneSteps(s.best.Steps)
				steps[i] = story.Step{Op: "sign_in", Client: st.Client, User: ask.User, Expect: "any"}
				if ask.User == "" && by != st.Client {
					for _, c := range s.best.Clients {
						if c.Name == by {
							steps[i].User = c.User
						}
					}
				}
				s.try(s.best.with(without(steps, j, j+1)))
				break
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

// merges has one device or person do what two did.
func (s *shrinker) merges() {
	for again := true; again; {
		again = false
		for _, p := range s.couples() {
			if s.try(s.best.merged(p.from, p.to, p.client)) {
				again = true
				break
			}
		}
	}
}

type couple struct {
	from, to string
	client   bool
}

func (s *shrinker) couples() (out []couple) {
	var users []string
	note := func(u string) {
		if u != "" && !slices.Contains(users, u) {
			users = append(users, u)
		}
	}
	for i, a := range s.best.Clients {
		note(a.User)
		for _, b := range s.best.Clients[:i] {
			if admin(a.User) == admin(b.User) {
				out = append(out, couple{a.Name, b.Name, true})
			}
		}
	}
	each(s.best.Steps, func(st *story.Step) { note(st.User) })
	for i, a := range users {
		for _, b := range users[:i] {
			if admin(a) == admin(b) {
				out = append(out, couple{a, b, false})
			}
		}
	}
	return out
}

// simpler takes routes back to the target's first ones, and arguments out.
func (s *shrinker) simpler() {
	if len(s.best.Routes) > 0 {
		plain := s.best
		plain.Routes = nil
		if !s.try(plain) {
			for _, op := range slices.Sorted(maps.Keys(s.best.Routes)) {
				one := s.best
				one.Routes = maps.Clone(s.best.Routes)
				delete(one.Routes, op)
				s.try(one)
			}
		}
	}
	for i := range s.best.Steps {
		for _, take := range []func(*story.Step){
			func(st *story.Step) { st.Wrong = false },
			func(st *story.Step) { st.Former = "" },
			func(st *story.Step) { st.With = "" },
			func(st *story.Step) { st.Route = "" },
			func(st *story.Step) {
				if ownerless(st.Op) {
					st.User = ""
				}
			},
		} {
			if i >= len(s.best.Steps) {
				return
			}
			steps := cloneSteps(s.best.Steps)
			take(&steps[i])
			s.try(s.best.with(steps))
		}
	}
}
