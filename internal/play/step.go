package play

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"mime/multipart"
	"net/url"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/targets"
)

// perform makes one step. The error is the harness's or the network's trouble;
// what the target answered is in the Answer.
func (c *client) perform(ctx context.Context, s targets.Step, vars targets.Vars) (history.Event, *targets.Answer, error) {
	if s.Within == 0 {
		return c.performOnce(ctx, s, vars)
	}
	inner, cancel := context.WithTimeout(ctx, s.Within)
	defer cancel()
	ev, a, err := c.performOnce(inner, s, vars)
	if err != nil && inner.Err() != nil && ctx.Err() == nil {
		// Silence is this target's refusal: an answer without status or body.
		return ev, &targets.Answer{Cookie: c.jarValue}, nil
	}
	return ev, a, err
}

func (c *client) performOnce(ctx context.Context, s targets.Step, vars targets.Vars) (history.Event, *targets.Answer, error) {
	switch {
	case s.Method != "":
		return c.request(ctx, s, vars)
	case s.Exec != nil:
		return c.command(ctx, s, vars)
	case s.Websocket != nil && c.opens:
		return c.openSocket(ctx, s, vars)
	case s.Websocket != nil:
		return c.websocket(ctx, s, vars)
	case s.Stream != nil:
		return c.openStream(ctx, s, vars)
	case s.Channel != nil:
		return c.overChannel(ctx, s, vars)
	}
	return c.browse(ctx, s, vars)
}

func (c *client) url(path string) string {
	if strings.Contains(path, "://") {
		return path
	}
	return cmp.Or(c.base, c.env.Target.Base) + path
}

func (c *client) request(ctx context.Context, s targets.Step, vars targets.Vars) (history.Event, *targets.Answer, error) {
	req, own, contentType, err := c.compose(s, vars)
	if err != nil {
		return history.Event{}, nil, err
	}
	if c.browser != nil {
		return c.fetch(ctx, req, own, contentType)
	}
	x, err := c.transmit(ctx, req, own, contentType)
	if err != nil {
		return history.Event{Exchange: x}, nil, err
	}
	return history.Event{Exchange: x}, answerOf(x, c.jarValue), nil
}

// compose fills in the request of a step, all but its header.
func (c *client) compose(s targets.Step, vars targets.Vars) (req history.Request, own []pair, contentType string, err error) {
	path, _, err := s.Path.Expand(vars)
	if err != nil {
		return req, nil, "", err
	}
	req = history.Request{Method: s.Method, URL: c.url(path), Source: c.address}
	query, err := fields(s.Query, vars)
	if err != nil {
		return req, nil, "", err
	}
	if len(query) > 0 {
		sep := "?"
		if strings.Contains(req.URL, "?") {
			sep = "&"
		}
		req.URL += sep + encode(query)
	}
	if req.Body, contentType, err = c.body(s, vars); err != nil {
		return req, nil, "", err
	}
	own, err = fields(s.Headers, vars)
	return req, own, contentType, err
}

// transmit sends a request with what the client holds, or shows instead, and
// books the answer. The exchange is nil where nothing was sent.
func (c *client) transmit(ctx context.Context, req history.Request, own []pair, contentType string) (*history.Exchange, error) {
	if c.browser != nil {
		ev, _, err := c.fetch(ctx, req, own, contentType)
		return ev.Exchange, err
	}
	if c.shows != nil {
		contentType = c.shows.dress(&req, contentType)
		own = append(own, c.shows.headers...)
	}
	var err error
	if req.Header, err = c.header(req.URL, own, contentType); err != nil {
		return nil, err
	}
	x := c.send(ctx, req)
	c.receive(&x)
	if x.Response == nil {
		return &x, errors.New(x.Error)
	}
	return &x, nil
}

// send asks the target, or the cache before it.
func (c *client) send(ctx context.Context, req history.Request) (x history.Exchange) {
	ask := func(r history.Request) history.Exchange {
		if c.holding {
			if c.env.Pace != nil {
				c.env.Pace(ctx)
			}
			return c.env.http.Hold(ctx, r, c.pause)
		}
		return c.env.exchange(ctx, r, func() {})
	}
	if c.cache == nil {
		return ask(req)
	}
	x, c.from = c.cache.do(c.spec.Name, req, ask)
	return x
}

// exchange sends a request, and calls meanwhile while the target works on it.
func (e *Env) exchange(ctx context.Context, r history.Request, meanwhile func()) history.Exchange {
	if e.Pace != nil {
		e.Pace(ctx)
	}
	x := e.http.DoMeanwhile(ctx, r, meanwhile)
	if e.Sent != nil {
		e.Sent(&x)
	}
	return x
}

// header puts the lines together in the order in which browsers send them,
// less what a proxy on the way strips.
func (c *client) header(rawURL string, own []pair, contentType string) (history.Lines, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, err
	}
	out := make(history.Lines, 0, 4+len(own)+len(c.headers))
	add := func(name, value string) {
		for _, s := range c.spec.Strip {
			if strings.EqualFold(s, name) || s == "${connection}" && value == c.connection {
				return
			}
		}
		out = append(out, history.Line{Name: name, Value: value})
	}
	add("User-Agent", c.agent)
	add("Accept", "*/*")
	if c.shows == nil {
		if ck := c.jar.Header(u, time.Now()); ck != "" {
			add("Cookie", ck)
		}
	} else {
		for _, ck := range c.shows.cookies {
			if ck != "" {
				add("Cookie", ck)
			}
		}
	}
	if contentType != "" {
		add("Content-Type", contentType)
	}
	for _, h := range own {
		add(h.name, h.value)
	}
	for k, v := range c.headers {
		out = append(out, history.Line{Name: k, Value: v})
	}
	return out, nil
}

type pair struct{ name, value string }

func fields(fs targets.Fields, vars targets.Vars) (out []pair, err error) {
	for _, f := range fs {
		v, ok, err := f.Value.Expand(vars)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, pair{f.Name, v})
		}
	}
	return out, nil
}

func encode(ps []pair) string {
	parts := make([]string, len(ps))
	for i, p := range ps {
		parts[i] = url.QueryEscape(p.name) + "=" + url.QueryEscape(p.value)
	}
	return strings.Join(parts, "&")
}

func (c *client) body(s targets.Step, vars targets.Vars) (body, contentType string, err error) {
	switch {
	case s.JSON != nil:
		v, err := s.JSON.Expand(vars)
		if err != nil {
			return "", "", err
		}
		b, err := json.Marshal(v)
		return string(b), "application/json", err
	case s.Form != nil:
		ps, err := fields(s.Form, vars)
		return encode(ps), "application/x-www-form-urlencoded", err
	case s.Multipart != nil:
		ps, err := fields(s.Multipart, vars)
		if err != nil {
			return "", "", err
		}
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for _, p := range ps {
			if err := w.WriteField(p.name, p.value); err != nil {
				return "", "", err
			}
		}
		w.Close()
		return b.String(), w.FormDataContentType(), nil
	case s.Frame != nil:
		b, err := s.Frame.Expand(vars)
		return b, "text/plain;charset=UTF-8", err
	case s.Body != nil:
		b, _, err := s.Body.Expand(vars)
		return b, "", err
	}
	return "", "", nil
}
