package play

import (
	"context"
	"fmt"
	"sync"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/targets"
)

// atOnce makes all sign-ins of a step at the same time, in turn for the users of
// the cast, the first of them by the acting client itself. Whoami is asked when
// all are done. Each is a client of its own at an address of its own.
func (p *player) atOnce(ctx context.Context, op *history.Op, c *client, r targets.Route) *tally {
	clients := make([]*client, op.Step.Times)
	tallies := make([]*tally, op.Step.Times)
	var people []*account
	for _, o := range p.cast {
		if o.who != nil {
			people = append(people, o.who)
		}
	}
	var ready, wg sync.WaitGroup
	ready.Add(len(clients))
	for i := range clients {
		who := c.who
		clients[i] = c
		if i > 0 {
			who = people[i%len(people)]
			clients[i] = p.env.newClient(story.Client{Name: c.spec.Name, Strip: c.spec.Strip}, p.env.address())
			clients[i].who = who
			p.extra = append(p.extra, clients[i])
		}
		vars := who.vars()
		vars["new_password"] = ""
		wg.Go(func() {
			ready.Done()
			ready.Wait()
			tallies[i] = clients[i].run(ctx, r, vars)
		})
	}
	wg.Wait()
	p.rec.SignIns += len(clients) - 1 // one is counted like any sign-in
	for i, one := range clients {
		a := history.Arrival{User: one.who.role, Outcome: tallies[i].outcome, Why: tallies[i].why, Carriers: one.carriers()}
		if p.env.Learn != nil {
			for _, x := range a.Carriers {
				p.env.Learn.Learn(tagOf(fmt.Sprintf("%s.at-once-%d", c.spec.Name, i+1), a.Carriers, x), x.Value)
			}
		}
		if a.Outcome == history.OK {
			twin := one.twin(a.Carriers)
			a.Answer = twin.whoami(ctx, p.role)
			p.extra = append(p.extra, twin)
		}
		op.Arrivals = append(op.Arrivals, a)
		if i > 0 {
			op.Events = append(op.Events, tallies[i].events...)
		}
	}
	return tallies[0]
}
