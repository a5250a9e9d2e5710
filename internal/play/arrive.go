package play

import (
	"context"
	"fmt"
	"html"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/targets"
)

// arrive makes the client come to the first page class from another site, by a
// link, by a form and by a redirect, and load the page again each time.
func (p *player) arrive(ctx context.Context, op *history.Op, c *client) {
	op.Outcome = history.OK
	if err := p.arriveAll(ctx, op, c); err != nil {
		op.Outcome, op.Why = history.Failed, err.Error()
	}
	p.capture(op, c)
}

func (p *player) arriveAll(ctx context.Context, op *history.Op, c *client) error {
	page := p.env.Target.Pages[0]
	path, _, err := page.Path.Expand(c.vars(nil))
	if err != nil {
		return err
	}
	to := html.EscapeString(c.url(path))
	around, err := p.env.other.redirect(elsewhere, c.url(path))
	if err != nil {
		return err
	}
	for _, way := range []struct{ name, html string }{
		{"a link", `<a id=go href="` + to + `">go</a>`},
		{"a form", `<form action="` + to + `"><button id=go>go</button></form>`},
		{"a redirect", `<a id=go href="` + html.EscapeString(around) + `">go</a>`},
	} {
		from, err := p.env.other.page(elsewhere, way.html)
		if err != nil {
			return err
		}
		entry := history.Entry{How: way.name}
		if err := c.browser.Open(ctx, from); err != nil {
			return err
		}
		if err := c.browser.Click(ctx, "#go"); err != nil {
			return fmt.Errorf("coming by %s: %w", way.name, err)
		}
		c.requests += 2
		if entry.Landed, err = p.seen(ctx, c, page); err != nil {
			return err
		}
		if err := c.browser.Open(ctx, c.url(path)); err != nil {
			return err
		}
		if entry.Again, err = p.seen(ctx, c, page); err != nil {
			return err
		}
		if err := c.syncBrowser(ctx); err != nil {
			return err
		}
		entry.Answer = c.whoami(ctx, p.role)
		op.Entries = append(op.Entries, entry)
		op.Events = append(op.Events, history.Event{Browser: "came from another site by " + way.name + " to " + path})
	}
	return nil
}

// seen is what the page on show shows, once it is ready and its scripts have done
// their work.
func (p *player) seen(ctx context.Context, c *client, page targets.Page) (*history.Sight, error) {
	if page.Ready != "" {
		if err := c.browser.Wait(ctx, page.Ready); err != nil {
			return nil, err
		}
	}
	if page.Until != "" {
		if err := c.browser.Eval(ctx, untilTrue(page.Until), nil); err != nil {
			return nil, fmt.Errorf("until %s: %w", page.Until, err)
		}
	}
	in, out := p.env.signs()
	s, err := browsers.Look(ctx, c.browser, append(in, out...)...)
	return p.sight(s), err
}
