package play

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"github.com/sessionspec/sessionspec/internal/history"
)

// offeredMost bounds the values that one client is asked about after an operation.
const offeredMost = 4

// passed are values that answers offered to a client and that it did not keep:
// the first of two lines of one name, what a later answer replaced or cleared.
type passed struct {
	history.Carrier
	op int
}

// pass notes what the operation's answers offered beside what the client now
// holds. Credentials that were captured are in the panel, and not among them.
func (p *player) pass(op *history.Op, c *client) {
	known := map[string]bool{}
	for _, x := range c.carriers() {
		known[x.Value] = true
	}
	for _, cr := range p.rec.Credentials {
		for _, x := range cr.Carriers {
			known[x.Value] = true
		}
	}
	for _, x := range c.passed {
		known[x.Value] = true
	}
	for _, o := range op.Offers {
		if known[o.Value] || o.Event < 0 || op.Events[o.Event].Exchange == nil {
			continue
		}
		known[o.Value] = true
		x := history.Carrier{Kind: o.Kind, Name: o.Name, Value: o.Value}
		if u, err := url.Parse(op.Events[o.Event].Exchange.Request.URL); err == nil && o.Kind == "cookie" {
			x.Domain, x.Path, x.HostOnly = u.Hostname(), "/", true
		}
		c.passed = append(c.passed, passed{x, op.Index})
		if p.env.Learn != nil {
			p.env.Learn.Learn(fmt.Sprintf("%s.passed#%d", c.spec.Name, len(c.passed)), o.Value)
		}
	}
}

// tryPassed asks whoami, after a sign-in and after a sign-out, with each value
// that was offered since the sign-in and not kept, from a clean client. Whatever
// else the session needs is what the client holds, or held last.
func (p *player) tryPassed(ctx context.Context, op *history.Op, c *client) {
	p.pass(op, c)
	done := op.Outcome == history.OK || op.Outcome == history.Pending
	in := op.Step.Op == "sign_in" || op.Step.Op == "sign_in_partial"
	if !done || !in && op.Step.Op != "sign_out" {
		return
	}
	if in { // an earlier session may go on, and is none of this one's
		c.passed = slices.DeleteFunc(c.passed, func(x passed) bool { return x.op < op.Index })
	}
	rest := c.carriers()
	if len(rest) == 0 {
		rest = p.last(c.spec.Name)
	}
	for _, x := range c.passed[max(0, len(c.passed)-offeredMost):] {
		with := []history.Carrier{x.Carrier}
		for _, r := range rest {
			if r.Kind == "cookie" && x.Kind == "cookie" && r.Name != x.Name {
				with = append(with, r)
			}
		}
		twin := c.twin(with)
		a := twin.whoami(ctx, p.role)
		p.extra = append(p.extra, twin)
		op.Offered = append(op.Offered, history.Offered{Name: x.Name, Value: x.Value, Op: x.op, Answer: a})
	}
}
