package play

import (
	"context"
	"fmt"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/targets"
)

// repeat makes all sign-ins of a series but the last, each from an empty jar at
// the client's address. It returns false where one did not succeed.
func (p *player) repeat(ctx context.Context, op *history.Op, c *client, r targets.Route, vars targets.Vars) bool {
	if c.spec.In != "wire" {
		op.Outcome, op.Why = history.Failed, "times is for wire clients"
		return false
	}
	for i := range op.Step.Times - 1 {
		one := p.env.newClient(story.Client{Name: c.spec.Name, Strip: c.spec.Strip}, c.address)
		one.agent, one.headers, one.who = c.agent, c.headers, c.who
		p.extra = append(p.extra, one)
		t := one.run(ctx, r, vars)
		p.rec.SignIns++
		if t.outcome != history.OK {
			op.Outcome, op.Events = history.Failed, t.events
			op.Why = fmt.Sprintf("sign-in %d of %d was %s: %s", i+1, op.Step.Times, t.outcome, t.why)
			return false
		}
		now := one.carriers()
		op.Series = append(op.Series, now)
		if p.env.Learn != nil {
			for _, x := range now {
				p.env.Learn.Learn(tagOf(fmt.Sprintf("%s.series-%d", c.spec.Name, i+1), now, x), x.Value)
			}
		}
	}
	return true
}
