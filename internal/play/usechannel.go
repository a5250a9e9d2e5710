package play

import (
	"context"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/targets"
)

// useChannel tries to have something come over the client's channel: ok says
// that it came, refused that the channel is closed or mute. Where the step may
// end either way and something comes within the bound that the target declares,
// it is tried again.
func (p *player) useChannel(ctx context.Context, op *history.Op, c *client) {
	ch := c.channel
	if ch == nil {
		op.Outcome, op.Why = history.Failed, c.spec.Name+" has no channel open"
		return
	}
	asked := op.Step.Route
	if asked == "" {
		op.Step.Route = ch.route
	}
	r, ok := p.route(op, c.spec.In)
	op.Step.Route = asked
	if !ok {
		return
	}
	helper := p.clients[op.Step.Of]
	helper.channel, ch = ch, helper.channel // the route's requests are the helper's, the channel is the client's
	defer func() { helper.channel = ch }()
	var bound time.Duration
	if d := p.env.Target.Declares.Channels; d != nil {
		bound = d.Close
	}
	for start := time.Now(); ; {
		helper.heard = nil
		helper.channel.drain()
		vars := targets.Vars{}
		if c.who != nil {
			vars = c.who.vars()
		}
		vars["text"] = "data-" + c.spec.Name + "-" + c.env.nonce()
		t := helper.run(ctx, r, vars)
		op.Outcome, op.Why, op.Events = t.outcome, t.why, append(op.Events, t.events...)
		if helper.heard == nil && t.outcome != history.Failed {
			op.Outcome, op.Why = history.Failed, "nothing was set off: "+t.why
		}
		if helper.heard != nil && isEnd(*helper.heard) {
			op.Outcome, op.Why = history.Refused, (*helper.heard).Error()
		}
		if op.Outcome != history.OK || op.Step.Expect == "ok" || time.Since(start) >= bound {
			return
		}
		select {
		case <-helper.channel.over:
		case <-time.After(channelAgain):
		case <-ctx.Done():
			return
		}
	}
}

// overChannel sends the step's messages over the channel and waits for data.
func (c *client) overChannel(ctx context.Context, s targets.Step, vars targets.Vars) (history.Event, *targets.Answer, error) {
	x := &history.Exchange{Request: history.Request{Method: "CHANNEL", URL: c.channel.url, Source: c.address}, Start: time.Now()}
	err := c.channel.say(ctx, s.Channel, vars)
	msg := ""
	if err == nil {
		msg, err = c.channel.await(ctx, s.Until, vars)
	}
	x.End = time.Now()
	c.heard = &err
	if err != nil {
		x.Error = err.Error()
		return history.Event{Exchange: x}, nil, err
	}
	x.Response = &history.Response{Status: 200, Body: msg}
	return history.Event{Exchange: x}, &targets.Answer{Status: 200, Body: msg, Cookie: c.jarValue}, nil
}
