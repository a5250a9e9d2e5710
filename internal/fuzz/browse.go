package fuzz

import (
	"math/rand/v2"

	"github.com/sessionspec/sessionspec/internal/story"
)

// browserShare is how many of drawn stories, in per cent, have a browser in them:
// each costs a hundred times what a plain one does.
const browserShare = 1

// browses are what a browser does that plain clients do not, and twice.
var browses = []string{"visit", "visit", "restart_browser"}

// browsed draws a short story whose first client is a browser: somebody signs in
// on the page, looks round, quits and comes back, while plain clients do what they do.
func (g *game) browsed(seed uint64, index int, engine string) Trace {
	d := &drawing{g: g, dice: rand.New(rand.NewPCG(seed^0xb405e4, uint64(index)))}
	t := Trace{Kind: "browser", Index: index, Engine: engine, Routes: map[string]string{}, Clients: d.cast(false)}
	t.Clients[0].In = "browser"
	d.s = g.begin(t.Clients)
	var allowed []kind
	for _, k := range d.swarm(false) {
		if k.op != "move" && k.op != "sign_in_partial" && k.op != "request_link" && k.op != "redeem" {
			allowed = append(allowed, k)
		}
	}
	who := t.Clients[0].Name
	for n := 4 + d.dice.IntN(6); len(d.out) < n; {
		if d.percent(30) {
			st := story.Step{Op: browses[d.dice.IntN(len(browses))], Client: who, Expect: "any"}
			st.Restore = st.Op == "restart_browser" && d.percent(50)
			d.add(st)
			continue
		}
		st, ok := d.next(allowed)
		if !ok {
			break
		}
		if st.Client == who && !g.pages[st.Op] {
			continue
		}
		st.Wrong = st.Wrong && st.Client != who // a page has nothing to wait for then
		d.add(st)
	}
	return t.with(d.out).pruned()
}
