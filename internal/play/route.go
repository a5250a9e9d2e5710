package play

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/targets"
)

// tally is what performing a route brought.
type tally struct {
	outcome string
	why     string
	events  []history.Event
	offers  []history.Offer
	last    *targets.Answer
	vars    targets.Vars
	limit   *rateError // that made it fail, if one did
}

// RateLimited stands in the reason of every operation that the target answered
// with 429.
const RateLimited = "the target answers 429 (too many requests)"

// rateError says that the target limits the rate: not a verdict, and a line that
// tells what to do.
type rateError struct{ retryAfter string }

func (*rateError) Error() string {
	return RateLimited + ": switch its rate limits off for the run, or lower --workers"
}

// errRate is a rateError of which nothing more is known.
var errRate = &rateError{}

// run performs a route's steps for a client. Kept values stay with the client.
func (c *client) run(ctx context.Context, r targets.Route, extra targets.Vars) *tally {
	t := &tally{outcome: history.OK, vars: c.vars(extra), last: &targets.Answer{Cookie: c.jarValue}}
	ok, held := true, c.heldStep(r)
	for i, s := range r.Steps {
		c.holding = i == held
		if s.If != nil {
			do, err := s.If.Holds(t.last, t.vars)
			if err != nil {
				return t.fail(err)
			}
			if !do {
				continue
			}
		}
		perform := c.performUntil
		if s.Drive != "" {
			perform = c.drive
		}
		a, err := perform(ctx, s, t)
		if err != nil {
			return t.fail(err)
		}
		t.last = a
		if ok, err = c.taken(s, a, t); err != nil {
			return t.fail(err)
		}
		if !ok {
			break
		}
	}
	return t.settle(r, ok)
}

// taken keeps what an answer has, and tells whether it is the one that the step wants.
func (c *client) taken(s targets.Step, a *targets.Answer, t *tally) (ok bool, err error) {
	if err := c.keep(s, a, t.vars); err != nil {
		return false, err
	}
	return stepOK(s, a, t.vars)
}

// untilMost and untilTimeout bound how often a request is made again.
const (
	untilMost    = 200
	untilTimeout = 20 * time.Second
)

// performUntil makes a step, and makes a GET with `until` again until its
// condition holds: that is how long polling is read. A target that answers at
// once, every time, is given a moment between two questions.
func (c *client) performUntil(ctx context.Context, s targets.Step, t *tally) (*targets.Answer, error) {
	deadline := time.Now().Add(untilTimeout)
	for n := 1; ; n++ {
		ev, a, err := c.perform(ctx, s, t.vars)
		if err := c.enter(t, ev, a, err); err != nil {
			return nil, err
		}
		if s.Until == nil || s.Method == "" || a.Status == 0 || a.Status >= 400 { // a refusal will not become an answer
			return a, nil
		}
		done, err := s.Until.Holds(a, t.vars)
		if err != nil || done {
			return a, err
		}
		if n == untilMost || time.Now().After(deadline) {
			return nil, fmt.Errorf("%s: asked %d times, and `until` never held", s.Pos, n)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(min(time.Duration(n)*5*time.Millisecond, 100*time.Millisecond)):
		}
	}
}

// enter books in the tally what performing a step brought.
func (c *client) enter(t *tally, ev history.Event, a *targets.Answer, err error) error {
	if ev.Exchange != nil || ev.Exec != nil || ev.Browser != "" {
		t.events = append(t.events, ev)
	}
	if err != nil {
		return err
	}
	t.last = a
	if ev.Exchange != nil {
		t.offers = append(t.offers, c.offers(ev.Exchange, len(t.events)-1)...)
	}
	if a.Status == 429 {
		limit := &rateError{}
		if x := ev.Exchange; x != nil && x.Response != nil {
			limit.retryAfter = x.Response.Header.Get("Retry-After")
		}
		return limit
	}
	return nil
}

func (t *tally) fail(err error) *tally {
	t.outcome, t.why = history.Failed, err.Error()
	errors.As(err, &t.limit)
	return t
}

// settle reads the outcome off the last answer, or takes a driver's word for it.
func (t *tally) settle(r targets.Route, ok bool) *tally {
	if t.last.Result != nil {
		t.outcome = map[string]string{targets.OK: history.OK, targets.Pending: history.Pending}[t.last.Result.Outcome]
		if t.outcome == "" {
			t.outcome, t.why = history.Refused, cmp.Or(t.last.Result.Why, t.describe())
		}
		return t
	}
	if r.Pending != nil {
		p, err := r.Pending.Holds(t.last, t.vars)
		if err != nil {
			return t.fail(err)
		}
		if p {
			t.outcome = history.Pending
			return t
		}
	}
	if r.OK != nil {
		var err error
		if ok, err = r.OK.Holds(t.last, t.vars); err != nil {
			return t.fail(err)
		}
	}
	if !ok {
		t.outcome, t.why = history.Refused, t.describe()
	}
	return t
}

// describe says in a few words what the last event answered.
func (t *tally) describe() string {
	if len(t.events) == 0 {
		return "no step was made"
	}
	switch ev := t.events[len(t.events)-1]; {
	case ev.Exchange != nil && ev.Exchange.Response != nil:
		return ev.Exchange.Request.Method + " " + ev.Exchange.Request.URL + " -> " + strconv.Itoa(ev.Exchange.Response.Status)
	case ev.Exec != nil:
		return fmt.Sprintf("%s -> exit %d", ev.Exec.Args[0], ev.Exec.Exit)
	case ev.Driver != "":
		return ev.Driver
	default:
		return ev.Browser
	}
}

func stepOK(s targets.Step, a *targets.Answer, vars targets.Vars) (bool, error) {
	if a.Result != nil {
		return a.Result.Outcome != targets.Refused, nil
	}
	if s.OK != nil {
		return s.OK.Holds(a, vars)
	}
	if s.Exec != nil {
		return a.Exit == 0, nil
	}
	return a.Status > 0 && a.Status < 400, nil // 0: no answer in the time it has
}

// keep reads values off an answer. What an answer does not have becomes
// missing, except the credential and what refreshes it, which a client keeps
// until it gets another.
func (c *client) keep(s targets.Step, a *targets.Answer, vars targets.Vars) error {
	for name, x := range s.Keep {
		if x.All {
			list, err := x.FromAll(a, vars)
			if err != nil {
				return fmt.Errorf("%s: keep %s: %w", s.Pos, name, err)
			}
			c.kept[name], vars[name] = any(list), any(list)
			continue
		}
		v, found, err := x.From(a, vars)
		if err != nil {
			return fmt.Errorf("%s: keep %s: %w", s.Pos, name, err)
		}
		switch {
		case found:
			c.kept[name], vars[name] = v, v
			c.handled = c.handled || name == "handle"
			c.learn(name, v)
		case name != "credential" && name != "refresh":
			c.kept[name], vars[name] = targets.Missing{}, targets.Missing{}
		}
	}
	if v, ok := c.kept["credential"]; ok {
		vars["credential"] = v
	}
	return nil
}

// learn keeps a value that the client keeps out of every report. Most are a
// credential that will get its proper tag; the number keeps the others apart.
func (c *client) learn(name, v string) {
	if c.env.Learn != nil && name != "count" && name != "note" {
		c.learnt++
		c.env.Learn.Guess(fmt.Sprintf("%s.%s#%d", c.spec.Name, name, c.learnt), v)
	}
}
