package story

import (
	"iter"
	"reflect"
	"strings"
)

// Bounds of a parallel step.
const (
	LeastBranches = 2
	MostBranches  = 4
	MostInBranch  = 6
)

// branches renders a parallel step. In a branch any outcome is expected, which
// goes without saying.
func (s Step) branches() string {
	out := make([]string, len(s.Parallel))
	for i, b := range s.Parallel {
		steps := make([]string, len(b))
		for j, one := range b {
			one.Expect = "ok"
			steps[j] = one.Text()
		}
		out[i] = "[" + strings.Join(steps, ", ") + "]"
	}
	return Parallel + ": [" + strings.Join(out, ", ") + "]"
}

// Equal tells whether two steps say the same, place included.
func (s Step) Equal(o Step) bool { return reflect.DeepEqual(s, o) }

// Each are the steps, and after a parallel one those of its branches.
func Each(steps []Step) iter.Seq[Step] {
	return func(yield func(Step) bool) {
		for _, s := range steps {
			if !yield(s) {
				return
			}
			for _, b := range s.Parallel {
				for _, one := range b {
					if !yield(one) {
						return
					}
				}
			}
		}
	}
}

// BranchOf is the branch in which a client acts, -1 for none.
func (s Step) BranchOf(client string) int {
	for i, b := range s.Parallel {
		for _, one := range b {
			if one.Client == client {
				return i
			}
		}
	}
	return -1
}
