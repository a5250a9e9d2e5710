package fuzz

import (
	"testing"
	"time"
)

func testGame() *game {
	g := &game{routes: map[string][]string{}, commands: map[string]map[string]bool{}, secretless: map[string]bool{}, cast: people()}
	for _, k := range kinds {
		g.routes[k.op] = []string{""}
	}
	g.terms.CurrentAfterChange, g.terms.StepUp, g.terms.SignInAgain = "rotate", "rotate", "replaces"
	return g
}

func TestSweepSizes(t *testing.T) {
	g := testGame()
	for _, most := range []int{100, 1000, 5000, 20000, 60000} {
		start := time.Now()
		ts, c := g.sweep(most, 0)
		t.Logf("most %d: %d traces, depth %d, states %d, sign-ins %d, %s", most, len(ts), c.Depth, c.States, c.SignIns, time.Since(start))
	}
}

func TestWalks(t *testing.T) {
	g := testGame()
	start := time.Now()
	n := 0
	for i := range 1000 {
		tr := g.walk(1, i)
		n += len(tr.Steps)
		if i < 3 {
			t.Log(tr.text())
		}
	}
	t.Logf("%d steps in %s", n, time.Since(start))
}
