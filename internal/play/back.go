package play

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/history"
)

// backMost bounds how far a `back` goes.
const backMost = 6

// leave opens the pages that a visit showed to the client as somebody signed in
// and lets them be: a page in which the harness asked something is not kept in
// the page cache, nor is an error page. Then it goes on to another site.
func (p *player) leave(ctx context.Context, op *history.Op, c *client) {
	op.Outcome = history.OK
	if err := p.leavePages(ctx, op, c); err != nil {
		op.Outcome, op.Why = history.Failed, err.Error()
	}
}

func (p *player) leavePages(ctx context.Context, op *history.Op, c *client) error {
	for _, page := range p.env.Target.Pages {
		path, _, err := page.Path.Expand(c.vars(nil))
		if err != nil {
			return err
		}
		if address := c.url(path); p.saw(c, address) && !p.refusedPage(address) {
			op.Events = append(op.Events, history.Event{Browser: "open " + path})
			c.requests++
			if err := c.browser.Open(ctx, address); err != nil {
				return err
			}
			if page.Ready != "" {
				if err := c.browser.Wait(ctx, page.Ready); err != nil {
					return err
				}
			}
		}
	}
	away, err := p.env.other.page(elsewhere, "<p>Another site.</p>")
	if err != nil {
		return err
	}
	if err := c.browser.Open(ctx, away); err != nil {
		return err
	}
	return c.syncBrowser(ctx)
}

// refusedPage tells whether the last answer for a page was an error.
func (p *player) refusedPage(address string) bool {
	status := 0
	for _, o := range p.rec.Ops {
		for _, x := range o.Journal {
			if x.Request.URL == address && x.Request.Method == "GET" && x.Response != nil {
				status = x.Response.Status
			}
		}
	}
	return status >= 400
}

// back goes back in the history of the tab until it comes to a page that the
// client saw as somebody signed in.
func (p *player) back(ctx context.Context, op *history.Op, c *client) {
	op.Outcome = history.OK
	fail := func(err error) {
		op.Outcome, op.Why = history.Failed, c.able(err).Error()
	}
	h, ok := c.browser.(browsers.PageHistory)
	if !ok {
		fail(browsers.Unable("what a page shows at once when it is gone back to cannot be seen in this engine: it has no way to tell that is built here"))
		return
	}
	for range backMost {
		r, err := h.Back(ctx)
		if err != nil {
			fail(err)
			return
		}
		if r.From == browsers.FromNowhere {
			break
		}
		c.requests++
		rec := history.Return{From: r.From, Why: r.Why, AtOnce: p.sight(r.AtOnce), Later: p.sight(r.Later)}
		for _, s := range []*browsers.Sight{r.AtOnce, r.Later} {
			rec.Known = rec.Known || s != nil && p.saw(c, s.URL)
		}
		op.Returns = append(op.Returns, rec)
		op.Events = append(op.Events, history.Event{Browser: "back, from the " + r.From + ", to " + r.Later.URL})
		if rec.Known {
			break
		}
	}
	if err := c.syncBrowser(ctx); err != nil {
		fail(err)
	}
	p.capture(op, c)
}

// saw tells whether a visit showed the client this page as somebody signed in.
func (p *player) saw(c *client, address string) bool {
	u, err := url.Parse(address)
	return err == nil && strings.HasPrefix(address, p.env.Target.Base) && slices.ContainsFunc(p.rec.Ops, func(o history.Op) bool {
		return o.Step.Client == c.spec.Name && slices.ContainsFunc(o.Visits, func(v history.Visit) bool {
			path, _, _ := strings.Cut(v.Path, "?")
			return path == u.Path && v.Claim == "in"
		})
	})
}

// signs are the selectors by which pages say who is there.
func (e *Env) signs() (in, out []string) {
	add := func(list *[]string, css string) {
		if css != "" && !slices.Contains(*list, css) {
			*list = append(*list, css)
		}
	}
	for _, page := range e.Target.Pages {
		add(&in, page.SignedIn)
		add(&out, page.SignedOut)
	}
	return in, out
}

// watch tells the browser which selectors matter, before its first page.
func (c *client) watch(ctx context.Context) error {
	if h, ok := c.browser.(browsers.PageHistory); ok {
		in, out := c.env.signs()
		return h.Watch(ctx, append(in, out...)...)
	}
	return nil
}

// sight books what a page shows: no more of its text than what matters.
func (p *player) sight(s *browsers.Sight) *history.Sight {
	if s == nil {
		return nil
	}
	out := &history.Sight{URL: s.URL, Blank: strings.TrimSpace(s.Text) == ""}
	in, not := p.env.signs()
	seen := func(css string) bool { return s.Seen[css] }
	switch yes, no := slices.ContainsFunc(in, seen), slices.ContainsFunc(not, seen); {
	case yes && !no:
		out.Claim = "in"
	case no && !yes:
		out.Claim = "out"
	}
	out.Names, out.Notes = p.mentions(s.Text)
	return out
}

// mentions lists whose account a text names, sorted, and which notes are in it.
func (p *player) mentions(text string) (names, notes []string) {
	text = strings.ToLower(text)
	for role, a := range p.accounts {
		if strings.Contains(text, strings.ToLower(a.name)) {
			names = append(names, role)
		}
	}
	slices.Sort(names)
	for _, o := range p.rec.Ops {
		if o.Note != "" && strings.Contains(text, o.Note) && !slices.Contains(notes, o.Note) {
			notes = append(notes, o.Note)
		}
	}
	return names, notes
}
