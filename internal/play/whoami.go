package play

import (
	"context"
	"errors"
	"fmt"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/targets"
)

// whoami asks who this client is. role maps an account name to its role.
func (c *client) whoami(ctx context.Context, role func(name string) string) history.Answer {
	routes := c.env.Target.Operations["whoami"]
	kind := routes
	if c.browser != nil {
		kind = c.env.Target.For(c.spec.In, "whoami")
	}
	return said(kind[0], c.run(ctx, kind[0], nil), role)
}

// said reads the answer off what the route of whoami brought.
func said(r targets.Route, t *tally, role func(name string) string) history.Answer {
	ans := history.Answer{State: history.NoVerdict, Why: t.why}
	var x *history.Exchange
	for _, ev := range t.events {
		if ev.Exchange != nil {
			x = ev.Exchange
		}
	}
	ans.Exchange, ans.Offers = x, t.offers
	if t.outcome == history.Failed {
		return ans
	}
	if t.last.Status >= 500 {
		ans.Why = fmt.Sprintf("whoami answered %d", t.last.Status)
		return ans
	}
	ans.Why = t.describe()
	if res := t.last.Result; res != nil {
		ans.State = map[string]string{targets.OK: history.Live, targets.Pending: history.HalfLive, targets.Refused: history.Dead}[res.Outcome]
		if ans.State == history.Live && res.Name != "" {
			ans.Name, ans.User = res.Name, role(res.Name)
		}
		return ans
	}
	alive, err := r.Live.Holds(t.last, t.vars)
	if err != nil {
		ans.Why = err.Error()
		return ans
	}
	switch {
	case alive:
		ans.State = history.Live
	case t.outcome == history.Pending:
		ans.State = history.HalfLive
		return ans
	default:
		ans.State = history.Dead
		return ans
	}
	if r.User != nil {
		name, found, err := r.User.From(t.last, t.vars)
		if err != nil || !found {
			ans.State, ans.Why = history.NoVerdict, fmt.Sprintf("whoami is live but names nobody (%s)", r.User.Pos)
			return ans
		}
		ans.Name = name
		ans.User = role(name)
	}
	return ans
}

// question is one to whoami in two halves, so that others can be got ready and
// read while the target works on it.
type question struct {
	c      *client
	route  targets.Route
	t      *tally
	req    history.Request
	ready  bool // its request can be sent
	answer history.Answer
}

// inHalves tells whether a route is a single plain request.
func inHalves(r targets.Route) bool {
	return len(r.Steps) == 1 && r.Steps[0].Method != "" && r.Steps[0].If == nil && r.Steps[0].Until == nil && r.Steps[0].Within == 0
}

// prepare is what run does before the request goes out.
func (q *question) prepare() {
	q.t = &tally{outcome: history.OK, vars: q.c.vars(nil), last: &targets.Answer{Cookie: q.c.jarValue}}
	req, own, contentType, err := q.c.compose(q.route.Steps[0], q.t.vars)
	if err == nil {
		req.Header, err = q.c.header(req.URL, own, contentType)
	}
	if err != nil {
		q.t.fail(err)
		return
	}
	q.req, q.ready = req, true
}

// hear is what run and whoami do once the answer is there.
func (q *question) hear(x history.Exchange, role func(name string) string) {
	if q.ready {
		q.conclude(&x)
	}
	q.answer = said(q.route, q.t, role)
}

func (q *question) conclude(x *history.Exchange) {
	c, t, s := q.c, q.t, q.route.Steps[0]
	c.receive(x)
	var err error
	if x.Response == nil {
		err = errors.New(x.Error)
	}
	a := answerOf(x, c.jarValue)
	ok := false
	if err = c.enter(t, history.Event{Exchange: x}, a, err); err == nil {
		ok, err = c.taken(s, a, t)
	}
	if err != nil {
		t.fail(err)
		return
	}
	t.settle(q.route, ok)
}

// ask asks whoami for throw-away clients, one after the other. While the target
// works on a question, the answer before is read and the next one is prepared.
func (p *player) ask(ctx context.Context, twins []*client) []history.Answer {
	out := make([]history.Answer, len(twins))
	route := p.env.Target.Operations["whoami"][0]
	if !inHalves(route) {
		for i, c := range twins {
			out[i] = c.whoami(ctx, p.role)
		}
		return out
	}
	var before, next *question
	var heard history.Exchange
	for i, c := range twins {
		q := next
		if q == nil {
			q = &question{c: c, route: route}
			q.prepare()
		}
		next = nil
		meanwhile := func() {
			if before != nil {
				before.hear(heard, p.role)
				out[i-1] = before.answer
			}
			if i+1 < len(twins) {
				next = &question{c: twins[i+1], route: route}
				next.prepare()
			}
		}
		var x history.Exchange
		if q.ready {
			x = p.env.exchange(ctx, q.req, meanwhile)
		} else {
			meanwhile()
		}
		before, heard = q, x
	}
	if before != nil {
		before.hear(heard, p.role)
		out[len(out)-1] = before.answer
	}
	return out
}
