package play

import (
	"context"
	"maps"
	"time"

	"github.com/sessionspec/sessionspec/internal/cookie"
	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/targets"
)

// graceMost is the longest declared grace that a story waits for.
const graceMost = 5 * time.Second

// holdings are a copy of all that a client held at some time.
type holdings struct {
	jar  []cookie.Cookie
	kept targets.Vars
	at   time.Time
}

func (c *client) holdings() *holdings {
	return &holdings{jar: c.jar.All(), kept: maps.Clone(c.kept), at: time.Now()}
}

// double is a second client that looks like this one and holds a copy. What it
// is given stays with it.
func (c *client) double(h *holdings) *client {
	d := c.twin(nil)
	d.kept = maps.Clone(h.kept)
	for _, k := range h.jar {
		d.jar.Put(k)
	}
	d.holds, d.creds = fingerprint(d.carriers()), c.creds
	return d
}

// earlier is who performs a step that says `with`: a double with what the
// client held before. A declared grace has passed when it returns. nil, with
// the reason in op, where the client has held nothing that could be meant.
func (p *player) earlier(ctx context.Context, op *history.Op, c *client) *client {
	h, missing := c.spent, "has made no refresh before"
	if op.Step.With == story.Copied {
		h, missing = c.copied, "has not signed out before"
	}
	if h == nil || c.browser != nil {
		op.Outcome, op.Why = p.lacking(), c.spec.Name+" "+missing
		return nil
	}
	if d := p.env.Target.Declares.Refresh; op.Step.With == story.Spent && d != nil && d.Grace > 0 {
		select {
		case <-time.After(time.Until(h.at.Add(d.Grace + d.Grace/10))):
		case <-ctx.Done():
		}
	}
	d := c.double(h)
	p.extra = append(p.extra, d)
	return d
}

// lacking is the outcome of a step that cannot be made for want of something
// earlier: in a story that somebody wrote that is a mistake.
func (p *player) lacking() string {
	if p.plan.Generated {
		return history.Skipped
	}
	return history.Failed
}

// before notes what a client holds when it is about to give that up.
func (c *client) before(op string) {
	switch op {
	case "sign_in", "redeem":
		c.given = nil
	case "refresh":
		c.using = c.holdings()
	case "sign_out":
		c.copied = c.holdings()
	}
}
