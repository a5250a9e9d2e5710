package scenarios

import (
	"iter"

	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// branches is the value of a parallel step: lists of steps.
type branches []steps

// DecodeYAML reads a list of lists of steps.
func (b *branches) DecodeYAML(n *yamlx.Node) {
	if !n.IsList() || len(n.Items()) < story.LeastBranches || len(n.Items()) > story.MostBranches {
		n.Errorf("expected a list of %d to %d branches, each a list of steps", story.LeastBranches, story.MostBranches)
		return
	}
	for _, it := range n.Items() {
		var s steps
		it.Decode(&s)
		if len(s) > story.MostInBranch {
			it.Errorf("a branch has at most %d steps, this one has %d", story.MostInBranch, len(s))
		}
		held := false
		for i := range s {
			s[i].inBranch(&held)
		}
		*b = append(*b, s)
	}
}

// inBranch sees to it that a step can stand in a branch, where any outcome is
// expected of it: what it comes to depends on the order.
func (st *step) inBranch(held *bool) {
	op, _ := story.Lookup(st.Op)
	switch {
	case st.Op == story.Parallel:
		st.key.Errorf("parallel in a branch of parallel: branches hold plain steps only")
	case !op.Branch:
		st.key.Errorf("%s cannot be done in a branch of parallel", st.Op)
	}
	for _, e := range st.value.Entries() {
		switch e.Key {
		case "expect":
			e.KeyAt.Errorf("in a branch any outcome is expected: leave `expect` out")
		case "times", "at_once", "fill", "with":
			e.KeyAt.Errorf("`%s` cannot be used in a branch of parallel", e.Key)
		case "hold":
			if st.Hold && *held {
				e.KeyAt.Errorf("a branch holds one request only")
			}
		}
	}
	*held = *held || st.Hold
	st.Expect = "any"
}

// fork makes the step one of branches.
func (st *step) fork(bs branches) {
	st.branches = bs
	for _, b := range bs {
		var plain []story.Step
		for _, s := range b {
			plain = append(plain, s.Step)
		}
		st.Parallel = append(st.Parallel, plain)
	}
}

// again is how often a parallel step is played: each time is a step of its own,
// with a panel after it.
func (st step) again() int {
	if st.Op == story.Parallel {
		return max(1, min(st.Times, 1000))
	}
	return 1
}

// each are the steps, and after a parallel one those of its branches.
func (s steps) each() iter.Seq[step] {
	return func(yield func(step) bool) {
		for i, st := range s {
			if i > 0 && s[i-1].key == st.key { // once more the same
				continue
			}
			if !yield(st) {
				return
			}
			for _, b := range st.branches {
				for one := range b.each() {
					if !yield(one) {
						return
					}
				}
			}
		}
	}
}

// checkBranches sees to it that nobody is in two places, and that `hold` is for
// branches.
func (st step) checkBranches(c cast) {
	where := map[string]int{}
	for i, b := range st.branches {
		for _, one := range b {
			if j, taken := where[one.Client]; taken && j != i {
				one.key.Errorf("%s acts in two branches: each client acts in one only; give the other a client of its own (`plant` gives it the same credential)", one.Client)
			}
			where[one.Client] = i
			if m, ok := c.member(one.Client); ok && m.In == "browser" {
				one.key.Errorf("%s is a browser: browsers do one thing at a time, and have no part in parallel steps", one.Client)
			}
		}
	}
}
