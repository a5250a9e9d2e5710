package play

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/wire"
	"github.com/sessionspec/sessionspec/targets"
)

// dialer connects from the client's own address.
func (c *client) dialer() func(ctx context.Context, network, addr string) (net.Conn, error) {
	src, _ := netip.ParseAddr(c.address)
	return wire.New(wire.Options{Source: src}).DialContext
}

// browse makes a browser action.
func (c *client) browse(ctx context.Context, s targets.Step, vars targets.Vars) (history.Event, *targets.Answer, error) {
	if c.browser == nil {
		return history.Event{}, nil, fmt.Errorf("%s: a browser step for a client that is no browser", s.Pos)
	}
	what, err := c.act(ctx, s, vars)
	ev := history.Event{Browser: what}
	a := &targets.Answer{Status: 200, Cookie: c.jarValue}
	if errors.Is(err, errShown) {
		ev.Browser += ": " + s.Refused + " is there"
		a.Status, err = 403, nil
	}
	if err == nil && len(s.Keep) > 0 {
		err = c.browser.Eval(ctx, "document.documentElement.outerHTML", &a.Body)
	}
	if err != nil {
		return ev, nil, c.able(err)
	}
	return ev, a, c.syncBrowser(ctx)
}

// errShown says that a page shows what it has for those it refuses.
var errShown = errors.New("refused")

// lookAgain is the pause between two looks at a page; see browsers.pollEvery.
const lookAgain = 20 * time.Millisecond

// meets waits until the page shows what is wanted, or, with errShown, what it
// shows where that is refused.
func (c *client) meets(ctx context.Context, wanted, refused string) error {
	if refused == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, browsers.StepTimeout)
	defer cancel()
	for {
		for _, one := range []string{wanted, refused} {
			there, err := c.browser.Visible(ctx, one)
			if err != nil {
				return err
			}
			if there && one == refused {
				return errShown
			}
			if there {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the page shows neither %s nor %s", wanted, refused)
		case <-time.After(lookAgain):
		}
	}
}

func (c *client) act(ctx context.Context, s targets.Step, vars targets.Vars) (string, error) {
	switch {
	case s.Open != nil:
		path, _, err := s.Open.Expand(vars)
		if err != nil {
			return "", err
		}
		c.requests++
		return "open " + path, c.browser.Open(ctx, c.url(path))
	case s.Click != nil:
		if err := c.meets(ctx, s.Click.Text, s.Refused); err != nil {
			return "click " + s.Click.Text, err
		}
		c.requests++
		return "click " + s.Click.Text, c.browser.Click(ctx, s.Click.Text)
	case s.Wait != nil:
		if err := c.meets(ctx, s.Wait.Text, s.Refused); err != nil {
			return "wait " + s.Wait.Text, err
		}
		return "wait " + s.Wait.Text, c.browser.Wait(ctx, s.Wait.Text)
	}
	ps, err := fields(s.Fill, vars)
	if err != nil {
		return "", err
	}
	what := "fill"
	for _, p := range ps {
		what += " " + p.name
		if err := c.meets(ctx, p.name, s.Refused); err != nil {
			return what, err
		}
		if err := c.browser.Fill(ctx, p.name, p.value); err != nil {
			return what, err
		}
	}
	return what, nil
}

// fetch sends a request from the page that the browser shows.
func (c *client) fetch(ctx context.Context, req history.Request, own []pair, contentType string) (history.Event, *targets.Answer, error) {
	h := map[string]string{}
	if contentType != "" {
		h["Content-Type"] = contentType
	}
	for _, p := range own {
		h[p.name] = p.value
	}
	start := time.Now()
	x, err := c.browser.Fetch(ctx, req.Method, req.URL, h, req.Body)
	if err != nil && c.abroad(ctx, req.URL) {
		c.requests++
		if err = c.browser.Open(ctx, c.url("/")); err == nil {
			x, err = c.browser.Fetch(ctx, req.Method, req.URL, h, req.Body)
		}
	}
	if x.Start.IsZero() { // engines tell what was exchanged, not when
		x.Start, x.End = start, time.Now()
	}
	c.requests++
	if err != nil {
		return history.Event{Exchange: &x}, nil, c.able(err)
	}
	if err := c.syncBrowser(ctx); err != nil {
		return history.Event{Exchange: &x}, nil, err
	}
	return history.Event{Exchange: &x}, answerOf(&x, c.jarValue), nil
}

// abroad tells whether the page on show is of another origin than the request,
// for which it therefore cannot ask: nothing was opened yet, or another site's.
func (c *client) abroad(ctx context.Context, to string) bool {
	var origin string
	u, err := url.Parse(to)
	return err == nil && c.browser.Eval(ctx, "location.origin", &origin) == nil && origin != u.Scheme+"://"+u.Host
}

// journal returns what the browser has exchanged with the target since the last
// call: documents and data, not pictures and styles.
func (c *client) journal() (out []history.Exchange) {
	if c.browser == nil {
		return nil
	}
	all := c.browser.Journal()
	for _, x := range all[min(c.journaled, len(all)):] {
		if x.Response == nil || !strings.HasPrefix(x.Request.URL, c.env.Target.Base) {
			continue
		}
		kind := x.Response.Header.Get("Content-Type")
		if kind == "" || strings.HasPrefix(kind, "text/html") || strings.Contains(kind, "json") || len(x.Response.Header.Values("Set-Cookie")) > 0 {
			out = append(out, x)
			if c.env.Learn != nil {
				c.env.Learn.LearnExchange(c.env.scope(), c.spec.Name, x)
			}
		}
	}
	c.journaled = len(all)
	return out
}

// journalOffers lists what a browser was handed from its last act on (a form
// sent, a DELETE): what pages set before that belongs to the session as it was.
func (c *client) journalOffers(xs []history.Exchange) (out []history.Offer) {
	from := max(0, len(xs)-1)
	for i, x := range xs {
		if x.Request.Method != "GET" && x.Request.Method != "HEAD" {
			from = i
		}
	}
	for i := from; i < len(xs); i++ {
		out = append(out, c.env.offers(&xs[i], -1)...)
	}
	return out
}
