package play

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/targets"
)

// Bounds of a crawl: how many URLs, how many links away from where it began, and
// how long one answer may take. An event stream never ends by itself.
const (
	crawlMost  = 60
	crawlDepth = 3
	crawlWait  = 3 * time.Second
)

// crawl requests every URL it can find in each safe way. What an answer was does
// not matter: a refusal is as good as a page.
func (p *player) crawl(ctx context.Context, op *history.Op, c *client) {
	op.Outcome = history.OK
	if c.browser != nil {
		op.Outcome, op.Why = history.Failed, "only a plain client crawls"
		return
	}
	began := c.carriers()
	first := c.twin(began).whoami(ctx, p.role)
	seen := map[string]bool{}
	queue := c.startingPoints()
	if len(queue) == 0 { // which would show nothing, and look like a pass
		op.Outcome, op.Why = history.Failed, "crawl: nothing says what could be requested"
		return
	}
	for depth := 0; depth <= crawlDepth && len(queue) > 0; depth++ {
		var next []string
		for _, u := range queue {
			if seen[u] || len(seen) >= crawlMost || ctx.Err() != nil {
				continue
			}
			seen[u] = true
			next = append(next, c.safely(ctx, op, u)...)
			// The first URL that changed something is worth knowing; who it is for is the panel's question.
			if op.Suspect == "" && len(began) > 0 {
				if now := c.twin(c.carriers()).whoami(ctx, p.role); now.State != first.State || now.Name != first.Name {
					op.Suspect = u
				}
			}
		}
		queue = next
	}
	a := c.whoami(ctx, p.role)
	op.Self = &a
	p.capture(op, c)
}

// startingPoints are the URLs that the target file itself knows: pages, what its
// steps read, and where it signs out.
func (c *client) startingPoints() (out []string) {
	vars := c.vars(nil)
	if c.who != nil {
		for k, v := range c.who.vars() {
			vars[k] = v
		}
	}
	add := func(t targets.Template) {
		for _, r := range t.Refs() { // an address with a hole in it is another address
			if s, ok := vars[r].(string); !ok || s == "" {
				return
			}
		}
		path, ok, err := t.Expand(vars)
		if err != nil || !ok {
			return
		}
		if u, ok := c.sameOrigin(c.env.Target.Base, path); ok && !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	for _, page := range c.env.Target.Pages {
		add(page.Path)
	}
	c.env.Target.EachStep(func(op string, s *targets.Step) {
		if op != "provision" && (s.Method == "GET" || op == "sign_out" && s.Method != "") {
			add(s.Path)
		}
	})
	for _, address := range c.env.Cal.Places {
		if u, ok := c.sameOrigin(c.env.Target.Base, address); ok && !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	return out
}

// safely sends one request of each safe kind and returns the links of the page.
func (c *client) safely(ctx context.Context, op *history.Op, u string) (links []string) {
	for _, kind := range []struct{ method, purpose string }{{"GET", ""}, {"GET", "prefetch"}, {"HEAD", ""}, {"OPTIONS", ""}} {
		own := c.presents()
		if kind.purpose != "" {
			own = append(own, pair{"Sec-Purpose", kind.purpose})
		}
		lines, err := c.header(u, own, "")
		if err != nil {
			return links
		}
		ctx, cancel := context.WithTimeout(ctx, crawlWait)
		x := c.env.http.Do(ctx, history.Request{Method: kind.method, URL: u, Header: lines, Source: c.address})
		cancel()
		c.receive(&x)
		op.Events = append(op.Events, history.Event{Exchange: &x})
		op.Offers = append(op.Offers, c.env.offers(&x, len(op.Events)-1)...)
		if kind.method == "GET" && x.Response != nil {
			for _, l := range linksIn(x.Response) {
				if abs, ok := c.sameOrigin(u, l); ok {
					links = append(links, abs)
				}
			}
		}
	}
	return links
}

// presents are the header fields by which the target's whoami is shown a
// credential that is no cookie.
func (c *client) presents() []pair {
	var out []pair
	vars := c.vars(nil)
	for _, s := range c.env.asking() {
		for _, f := range s.Headers {
			if !slices.Contains(f.Value.Refs(), "credential") {
				continue
			}
			if v, ok, err := f.Value.Expand(vars); err == nil && ok {
				out = append(out, pair{f.Name, v})
			}
		}
	}
	return out
}

// sameOrigin resolves a link and tells whether it stays at the target. Fragments are dropped.
func (c *client) sameOrigin(from, link string) (string, bool) {
	base, err := url.Parse(from)
	if err != nil {
		return "", false
	}
	u, err := base.Parse(link)
	home, herr := url.Parse(c.env.Target.Base)
	if err != nil || herr != nil || u.Scheme != home.Scheme || u.Host != home.Host {
		return "", false
	}
	u.Fragment, u.User = "", nil
	if u.Path == "" {
		u.Path = "/"
	}
	return u.String(), true
}
