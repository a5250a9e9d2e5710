package concurrent

import (
	"reflect"
	"slices"
	"testing"

	"github.com/sessionspec/sessionspec/internal/story"
)

func all(string) bool { return true }

// TestDrawIsPure: the same seed, the same story; another index, another one; all
// of it within the bounds of scenario files.
func TestDrawIsPure(t *testing.T) {
	seen := map[string]bool{}
	ops := map[string]bool{}
	for i := range 400 {
		one, two := Draw(7, i, all, story.Step{File: "f", Line: 3}), Draw(7, i, all, story.Step{File: "f", Line: 3})
		if !reflect.DeepEqual(one, two) {
			t.Fatalf("story %d differs from itself", i)
		}
		last := one.Steps[len(one.Steps)-1]
		seen[last.Text()] = true
		if n := len(one.Steps); n < 2 || n > 5 {
			t.Errorf("story %d has %d steps", i, n)
		}
		within(t, last)
		for s := range story.Each(one.Steps) {
			ops[s.Op] = true
			if s.File != "f" || s.Line != 3 {
				t.Errorf("a step without its place: %+v", s)
			}
		}
	}
	if len(seen) < 390 {
		t.Errorf("only %d of 400 stories differ", len(seen))
	}
	for _, op := range Ops() {
		if !ops[op] {
			t.Errorf("%s never comes", op)
		}
	}
}

// within sees to it that a parallel step could stand in a file.
func within(t *testing.T, s story.Step) {
	t.Helper()
	if n := len(s.Parallel); s.Op != story.Parallel || n < story.LeastBranches || n > story.MostBranches {
		t.Fatalf("%d branches: %s", n, s.Text())
	}
	where := map[string]int{}
	for i, b := range s.Parallel {
		if len(b) == 0 || len(b) > story.MostInBranch {
			t.Errorf("a branch of %d steps: %s", len(b), s.Text())
		}
		for _, one := range b {
			if j, taken := where[one.Client]; taken && j != i {
				t.Errorf("%s is in two branches: %s", one.Client, s.Text())
			}
			where[one.Client] = i
			if op, ok := story.Lookup(one.Op); !ok || !op.Branch {
				t.Errorf("%s in a branch", one.Op)
			}
		}
	}
}

// TestOffers: what the target has not is not drawn.
func TestOffers(t *testing.T) {
	few := func(op string) bool { return op == "sign_in" || op == "sign_out" }
	for i := range 50 {
		for s := range story.Each(append(Draw(1, i, few, story.Step{}).Steps, Stress(1, i, 4, 20, few, story.Step{}).Steps...)) {
			if !slices.Contains([]string{"sign_in", "sign_out", "whoami", story.Parallel}, s.Op) {
				t.Fatalf("%s was drawn", s.Op)
			}
		}
	}
}

// TestStress: every client does as much as it is to do.
func TestStress(t *testing.T) {
	for _, c := range []struct{ clients, ops int }{{2, 20}, {4, 20}, {8, 60}, {5, 7}} {
		count := map[string]int{}
		for _, s := range Stress(3, 1, c.clients, c.ops, all, story.Step{}).Steps {
			if s.Op != story.Parallel {
				continue
			}
			within(t, s)
			for one := range story.Each([]story.Step{s}) {
				count[one.Client]++
			}
		}
		for name, n := range count {
			if name != "" && n != c.ops {
				t.Errorf("%+v: %s does %d", c, name, n)
			}
		}
		if len(count) != c.clients+1 {
			t.Errorf("%+v: %v", c, count)
		}
	}
}
