package play

import (
	"context"
	"fmt"
	"net"
	"net/netip"

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
	if err != nil {
		return ev, nil, err
	}
	return ev, &targets.Answer{Status: 200}, c.syncBrowser(ctx)
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
		c.requests++
		return "click " + s.Click.Text, c.browser.Click(ctx, s.Click.Text)
	case s.Wait != nil:
		return "wait " + s.Wait.Text, c.browser.Wait(ctx, s.Wait.Text)
	}
	ps, err := fields(s.Fill, vars)
	if err != nil {
		return "", err
	}
	what := "fill"
	for _, p := range ps {
		what += " " + p.name
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
	x, err := c.browser.Fetch(ctx, req.Method, req.URL, h, req.Body)
	c.requests++
	if err != nil {
		return history.Event{Exchange: &x}, nil, err
	}
	if err := c.syncBrowser(ctx); err != nil {
		return history.Event{Exchange: &x}, nil, err
	}
	return history.Event{Exchange: &x}, answerOf(&x, c.jarValue), nil
}
