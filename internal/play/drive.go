package play

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/targets"
)

// driveMost bounds one operation of a driver; a process may have a shorter limit
// of its own.
const driveMost = 2 * time.Minute

// drive has the target's driver perform a step. Its requests are the client's,
// and become events of the tally like any other.
func (c *client) drive(ctx context.Context, s targets.Step, t *tally) (*targets.Answer, error) {
	d := c.env.Target.Driver
	if d == nil {
		return nil, fmt.Errorf("%s: nobody drives this target", s.Pos)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, driveMost, fmt.Errorf("it did not return in %s", driveMost))
	defer cancel()
	way := &driveWay{c: c, t: t}
	call := s.Call(t.vars)
	res, err := performed(ctx, d, c.driven(way), call)
	way.close(cancel)
	if err == nil {
		err = way.trouble
	}
	if err == nil {
		if err = res.Check(); err != nil {
			err = fmt.Errorf("driver: %s: %w", call.Operation, err)
		}
	}
	said := strings.TrimSuffix(call.Operation+"/"+call.Route, "/") + " by the driver"
	if err != nil {
		t.events = append(t.events, history.Event{Driver: said + ": " + err.Error()})
		return nil, err
	}
	t.events = append(t.events, history.Event{Driver: fmt.Sprintf("%s -> %s", said, strings.TrimSuffix(res.Outcome+": "+res.Why, ": "))})
	if way.status == http.StatusTooManyRequests {
		return nil, errRate
	}
	c.keepResult(res, t)
	return &targets.Answer{Status: way.status, Result: &res, Cookie: c.jarValue}, nil
}

// performed calls the driver and comes back in any case: a driver that panics, or
// that pays no heed to its context, is an error.
func performed(ctx context.Context, d targets.Driver, c *targets.Client, call targets.Call) (targets.Result, error) {
	type end struct {
		res targets.Result
		err error
	}
	done := make(chan end, 1)
	go func() {
		var e end
		defer func() {
			if p := recover(); p != nil {
				e = end{err: fmt.Errorf("driver: %s: panic: %v", call.Operation, p)}
			}
			done <- e
		}()
		e.res, e.err = d.Perform(ctx, c, call)
	}()
	select {
	case e := <-done:
		return e.res, e.err
	case <-ctx.Done():
	}
	select { // it may be just about to say why
	case e := <-done:
		if e.err == nil {
			e.err = context.Cause(ctx)
		}
		return e.res, e.err
	case <-time.After(time.Second):
		return targets.Result{}, fmt.Errorf("driver: %s: %w", call.Operation, context.Cause(ctx))
	}
}

// driven is the client as a driver sees it.
func (c *client) driven(way *driveWay) *targets.Client {
	out := &targets.Client{Name: c.spec.Name, Base: cmp.Or(c.base, c.env.Target.Base), Agent: c.agent, Address: c.address, Kept: map[string]string{}}
	out.Connection, _ = c.connection.(string)
	for k, v := range c.kept {
		if s, ok := v.(string); ok {
			out.Kept[k] = s
		}
	}
	out.HTTP = &http.Client{Transport: way, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return out
}

// keepResult keeps what a driver said that the client keeps.
func (c *client) keepResult(res targets.Result, t *tally) {
	from := len(t.events) - 1
	for i, ev := range t.events { // the answer that it came with, where there was one
		if ev.Exchange != nil {
			from = i
		}
	}
	for _, name := range slices.Sorted(maps.Keys(res.Keep)) {
		v := res.Keep[name]
		if v == "" {
			c.kept[name], t.vars[name] = targets.Missing{}, targets.Missing{}
			continue
		}
		if name == "credential" && v != t.vars[name] {
			t.offers = append(t.offers, history.Offer{Kind: "value", Name: name, Value: v, Event: from})
		}
		c.kept[name], t.vars[name] = v, v
		c.handled = c.handled || name == "handle"
		c.learn(name, v)
	}
	if res.Sessions == nil {
		return
	}
	handles, current := targets.List{}, targets.List{}
	for _, x := range res.Sessions {
		handles = append(handles, x.Handle)
		if x.Current {
			current = append(current, x.Handle)
		}
	}
	t.vars["handles"] = handles
	if len(current) > 0 {
		t.vars["current"] = current
	}
}

// driveWay is the way of a driver's requests to the target, as long as it performs.
type driveWay struct {
	mu      sync.Mutex
	c       *client
	t       *tally
	over    bool
	status  int // of the last answer
	trouble error
}

// close ends the way: what a driver still sends afterwards goes nowhere.
func (w *driveWay) close(cancel func()) {
	cancel() // a request under way
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
}

var errCookies = errors.New("a driver sent cookies of its own: those that the service sets are kept and sent by the client")

// RoundTrip sends a request as the client, one at a time.
func (w *driveWay) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		defer r.Body.Close()
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return nil, errors.New("the operation is over")
	}
	if len(r.Header["Cookie"]) > 0 {
		w.trouble = errCookies
		return nil, errCookies
	}
	req := history.Request{Method: cmp.Or(r.Method, "GET"), URL: r.URL.String(), Body: string(body), Source: w.c.address}
	if !r.URL.IsAbs() {
		req.URL = w.c.url(r.URL.String())
	}
	var own []pair
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		for _, v := range r.Header[name] {
			if name != "User-Agent" && name != "Content-Type" {
				own = append(own, pair{name, v})
			}
		}
	}
	x, err := w.c.transmit(r.Context(), req, own, r.Header.Get("Content-Type"))
	if x != nil {
		w.t.events = append(w.t.events, history.Event{Exchange: x})
		w.t.offers = append(w.t.offers, w.c.env.offers(x, len(w.t.events)-1)...)
	}
	if err != nil {
		return nil, err
	}
	w.status = x.Response.Status
	return responseOf(r, x.Response), nil
}

func responseOf(r *http.Request, got *history.Response) *http.Response {
	out := &http.Response{StatusCode: got.Status, Status: fmt.Sprintf("%d %s", got.Status, http.StatusText(got.Status)), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: io.NopCloser(bytes.NewReader([]byte(got.Body))), ContentLength: int64(len(got.Body)), Request: r}
	for _, l := range got.Header {
		out.Header.Add(l.Name, l.Value)
	}
	return out
}
