package play

import (
	"context"
	"fmt"
	"sync"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/targets"
)

// asker is the client whose link or code a `redeem` is about.
func (p *player) asker(s story.Step) *client {
	if o, ok := p.clients[s.Of]; ok {
		return o
	}
	return p.clients[s.Client]
}

// artefact is what the client asked for last, missing if it never did.
func (c *client) artefact() any {
	if v, ok := c.kept["artefact"]; ok {
		return v
	}
	return targets.Missing{}
}

// asks books whom a link was asked for. by is who really asked.
func (p *player) asks(op *history.Op, c, by *client) {
	if op.Outcome != history.OK {
		return
	}
	c.kept["artefact"], c.asked = by.artefact(), op.User
	if _, ok := c.kept["artefact"].(string); !ok {
		op.Outcome, op.Why = history.Failed, "request_link kept nothing as `artefact`"
	}
}

// redeemAtOnce redeems one artefact many times at the same time, each time by a
// double of the client, and shows what came of each. The client goes on as the
// first of those who got in. It returns nil where that cannot be done.
func (p *player) redeemAtOnce(ctx context.Context, op *history.Op, c *client, r targets.Route, vars targets.Vars) *tally {
	if c.spec.In != "wire" || r.Steps.Exec() {
		op.Outcome, op.Why = history.Failed, "times is for wire clients"
		return nil
	}
	doubles, tallies := make([]*client, op.Step.Times), make([]*tally, op.Step.Times)
	from := c.holdings()
	for i := range doubles {
		doubles[i] = c.double(from)
	}
	var all sync.WaitGroup
	for i, d := range doubles {
		all.Go(func() { tallies[i] = d.run(ctx, r, vars) })
	}
	all.Wait()
	p.extra = append(p.extra, doubles...)
	first, seen := -1, map[string]bool{fingerprint(c.carriers()): true}
	for i, d := range doubles {
		if tallies[i].outcome == history.Failed {
			return tallies[i]
		}
		if now := d.carriers(); !seen[fingerprint(now)] && len(now) > 0 {
			seen[fingerprint(now)] = true
			twin := d.twin(now)
			op.Shown = append(op.Shown, history.Shown{What: fmt.Sprintf("what number %d was given, who was answered %s", i+1, tallies[i].outcome),
				Answer: twin.whoami(ctx, p.role)})
			p.extra = append(p.extra, twin)
		}
		if first < 0 && tallies[i].outcome != history.Refused {
			first = i
		}
	}
	if first < 0 {
		return tallies[0]
	}
	c.jar, c.kept = doubles[first].jar, doubles[first].kept
	return tallies[first]
}
