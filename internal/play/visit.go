package play

import (
	"context"
	"fmt"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/targets"
)

// claim is what the client believes by its signal cookie.
func (c *client) claim() string {
	if c.env.Target.Claim == nil {
		return ""
	}
	if c.jarValue(c.env.Target.Claim.Cookie) != "" {
		return "in"
	}
	return "out"
}

// restart quits the client and starts it again: cookies of the session class
// are gone, or come back with the restored session.
func (p *player) restart(ctx context.Context, op *history.Op, c *client) {
	op.Outcome = history.OK
	if c.browser != nil {
		if err := c.browser.Restart(ctx, op.Step.Restore); err != nil {
			op.Outcome, op.Why = history.Failed, c.able(err).Error()
			return
		}
	} else if !op.Step.Restore {
		c.jar.Restart(time.Now())
	}
	p.look(ctx, op, c)
}

func (p *player) visit(ctx context.Context, op *history.Op, c *client) {
	op.Outcome = history.OK
	p.look(ctx, op, c)
}

// look opens every page class that this kind of client can read, then asks whoami.
func (p *player) look(ctx context.Context, op *history.Op, c *client) {
	for _, page := range p.env.Target.Pages {
		if page.Script && c.browser == nil {
			continue
		}
		v, ev, err := c.page(ctx, page)
		op.Events = append(op.Events, ev)
		if ev.Exchange != nil {
			op.Offers = append(op.Offers, p.env.offers(ev.Exchange, len(op.Events)-1)...)
		}
		if err != nil {
			op.Outcome, op.Why = history.Failed, c.able(err).Error()
			return
		}
		if err := p.read(ctx, c, &v); err != nil {
			op.Outcome, op.Why = history.Failed, err.Error()
			return
		}
		op.Visits = append(op.Visits, v)
	}
	if err := p.remains(ctx, op, c); err != nil {
		op.Outcome, op.Why = history.Failed, err.Error()
		return
	}
	if err := c.syncBrowser(ctx); err != nil {
		op.Outcome, op.Why = history.Failed, err.Error()
		return
	}
	a := c.whoami(ctx, p.role)
	op.Self = &a
	if a.State == history.NoVerdict {
		op.Outcome, op.Why = history.Failed, a.Why
	}
	p.capture(op, c)
}

// untilTrue is a script that ends when a condition of the page is true. Nothing
// tells when it becomes so, so the page looks again and again; the step's own
// limit ends that.
func untilTrue(condition string) string {
	return "new Promise((yes, no) => { const look = () => { try { if (" + condition + ") yes(true); else setTimeout(look, 20); } catch (e) { no(e); } }; look(); })"
}

// page reads one page: what it claims, and whether it offers the way out.
func (c *client) page(ctx context.Context, page targets.Page) (history.Visit, history.Event, error) {
	path, _, err := page.Path.Expand(c.vars(nil))
	v := history.Visit{Path: path, CanSignOut: page.SignOut != ""}
	if err != nil {
		return v, history.Event{}, err
	}
	var has func(sel string) (bool, error)
	ev := history.Event{Browser: "open " + path}
	if c.browser != nil {
		if err := c.browser.Open(ctx, c.url(path)); err != nil {
			return v, ev, err
		}
		c.requests++
		if page.Ready != "" {
			if err := c.browser.Wait(ctx, page.Ready); err != nil {
				return v, ev, err
			}
		}
		if page.Until != "" {
			if err := c.browser.Eval(ctx, untilTrue(page.Until), nil); err != nil {
				return v, ev, fmt.Errorf("page %s: until %s: %w", path, page.Until, err)
			}
		}
		has = func(sel string) (bool, error) { return c.browser.Visible(ctx, sel) }
		if c.pictures {
			if ev.Screenshot, err = c.browser.Screenshot(ctx); err != nil {
				return v, ev, err
			}
		}
	} else {
		var a *targets.Answer
		step := targets.Step{Method: "GET", Path: page.Path}
		if ev, a, err = c.perform(ctx, step, c.vars(nil)); err != nil {
			return v, ev, err
		}
		if a.Status >= 500 {
			return v, ev, fmt.Errorf("page %s answered %d", path, a.Status)
		}
		has = func(sel string) (bool, error) { n, err := a.CSS(sel); return n > 0, err }
	}
	in, out := false, false
	if page.SignedIn != "" {
		if in, err = has(page.SignedIn); err != nil {
			return v, ev, err
		}
	}
	if page.SignedOut != "" {
		if out, err = has(page.SignedOut); err != nil {
			return v, ev, err
		}
	}
	switch {
	case in && !out:
		v.Claim = "in"
	case out && !in:
		v.Claim = "out"
	}
	if page.SignOut != "" {
		v.SignOut, err = has(page.SignOut)
	}
	return v, ev, err
}
