package fuzz

import (
	"testing"

	"github.com/sessionspec/sessionspec/internal/story"
)

// Plots are about one account: of what is drawn little is about others, and few
// kinds of operations take part.
func TestPlots(t *testing.T) {
	g := testGame()
	plots, steps, aside := 0, 0, 0
	seen := map[string]bool{}
	for i := range 2000 {
		tr := g.walk(1, i)
		ops, people := map[string]bool{}, map[string]bool{}
		for _, c := range tr.Clients {
			people[c.User] = true
		}
		for s := range story.Each(tr.Steps) {
			ops[s.Op] = true
		}
		if people["bob"] || len(ops) > 8 { // sign_in, two themes of two, an end, and luggage
			continue
		}
		plots++
		s := g.begin(tr.Clients)
		for st := range story.Each(tr.Steps) {
			steps++
			seen[st.Op] = true
			if st.Client != office && s.account(st) != "alice" || st.Client == office && st.User != "" && st.User != "alice" {
				aside++
			}
			s.apply(st)
		}
	}
	if plots < 2000*plotShare/100 {
		t.Errorf("%d of 2000 walks could be plots", plots)
	}
	if aside*8 > steps {
		t.Errorf("%d of %d steps of plots are about others", aside, steps)
	}
	for _, list := range append(themes, ends) {
		for _, op := range list {
			if !seen[op] {
				t.Errorf("%s is in no plot", op)
			}
		}
	}
}

// A target that offers next to nothing has stories all the same.
func TestPlotsOfWhatIsOffered(t *testing.T) {
	g := testGame()
	for op := range g.routes {
		if op != "sign_in" && op != "sign_out" {
			delete(g.routes, op)
		}
	}
	for i := range 200 {
		tr := g.walk(1, i)
		for s := range story.Each(tr.Steps) {
			if !g.offers(s.Op) {
				t.Fatalf("walk %d has %s", i, s.Text())
			}
		}
		if len(tr.Steps) == 0 {
			t.Errorf("walk %d is empty", i)
		}
	}
}
