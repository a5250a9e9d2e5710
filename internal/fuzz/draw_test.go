package fuzz

import (
	"testing"

	"github.com/sessionspec/sessionspec/internal/story"
)

// testGame offers every operation by one route.
func testGame() *game {
	g := &game{routes: map[string][]string{}, commands: map[string]map[string]bool{}, secretless: map[string]bool{}, cast: people()}
	for _, k := range kinds {
		g.routes[k.op] = []string{""}
	}
	g.terms.CurrentAfterChange, g.terms.StepUp, g.terms.SignInAgain = "rotate", "rotate", "replaces"
	return g
}

// A sweep is whole up to its depth: every effect in every state is an edge of it.
func TestSweepIsWhole(t *testing.T) {
	g := testGame()
	traces, cert := g.sweep(1000, 0)
	if cert.Edges != len(traces) || cert.Depth != 3 || cert.States < 100 {
		t.Fatalf("%+v, %d traces", cert, len(traces))
	}
	again, _ := g.sweep(1000, 0)
	for i := range traces {
		if traces[i].text() != again[i].text() {
			t.Fatalf("%d differs the second time", i)
		}
	}
	// Whatever short walk one takes in the small cast, it ends in a state that a trace ends in.
	h := *g
	h.cast = small()
	ends := map[string]bool{h.begin(h.cast).key(): true}
	for _, tr := range traces {
		s := h.begin(h.cast)
		for _, st := range tr.Steps {
			if st.Client != office || st.Op != "sign_in" {
				s.apply(st)
			}
		}
		ends[s.key()] = true
	}
	var walk func(s *state, depth int)
	walk = func(s *state, depth int) {
		if !ends[s.key()] {
			t.Fatalf("no trace ends in %s", s.key())
		}
		if depth == 0 {
			return
		}
		for _, st := range h.effects(s) {
			next := s.clone()
			next.apply(st)
			walk(next, depth-1)
		}
	}
	walk(h.begin(h.cast), 2)
}

func TestSweepKeepsToItsBudget(t *testing.T) {
	for _, most := range []int{1, 90, 400} {
		traces, cert := testGame().sweep(most, 0)
		if len(traces) > most || cert.Edges != len(traces) {
			t.Errorf("%d: %d traces, %+v", most, len(traces), cert)
		}
	}
	if _, cert := testGame().sweep(5000, 150); cert.SignIns > 150 || cert.Depth == 0 {
		t.Errorf("%+v", cert)
	}
}

// Walks are of all lengths, try everything, and are refused now and then.
func TestWalks(t *testing.T) {
	g := testGame()
	ops, refused, steps, longest := map[string]int{}, 0, 0, 0
	for i := range 2000 {
		tr := g.walk(1, i)
		s := g.begin(tr.Clients)
		longest = max(longest, len(tr.Steps))
		for _, st := range tr.Steps {
			if ok, _ := s.able(st); !ok {
				refused++
			}
			ops[st.Op]++
			steps++
			s.apply(st)
		}
	}
	for _, k := range kinds {
		if ops[k.op] < 20 {
			t.Errorf("%s comes up %d times", k.op, ops[k.op])
		}
	}
	if share := refused * 100 / steps; share < 5 || share > 40 {
		t.Errorf("%d %% are refused", share)
	}
	if longest < 45 {
		t.Errorf("the longest has %d steps", longest)
	}
}

// Two states that differ in names only are one.
func TestKeyIsCanonical(t *testing.T) {
	g := testGame()
	tell := func(steps ...story.Step) string {
		s := g.begin(g.cast)
		for _, st := range steps {
			s.apply(st)
		}
		return s.key()
	}
	in := func(c, u string) story.Step { return story.Step{Op: "sign_in", Client: c, User: u} }
	if a, b := tell(in("laptop", ""), in("desk", "")), tell(in("desk", "alice"), in("phone", "bob")); a != b {
		t.Errorf("\n%s\n%s", a, b)
	}
	if a, b := tell(in("laptop", ""), in("phone", "")), tell(in("laptop", ""), in("desk", "")); a == b {
		t.Errorf("two of one person are two people: %s", a)
	}
	if a, b := tell(in("laptop", "")), tell(in("laptop", ""), story.Step{Op: "rename", Client: office, User: "alice"}); a == b {
		t.Errorf("a new name is nothing: %s", a)
	}
}
