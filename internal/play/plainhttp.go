package play

import (
	"context"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/targets"
)

// localGap says why an operation of the player's own means nothing here.
func (e *Env) localGap(op string) *Gap {
	t := e.Target
	switch {
	case op == "crawl" && !e.crawlable():
		return &Gap{Missing: op, Reason: "nothing says which addresses could be requested: no step reads, there are no pages, and no driver was seen to ask"}
	case op == "plain_http" && !strings.HasPrefix(t.Base, "https://"):
		return &Gap{Missing: op, Declared: true, Reason: "the target's base is plain http: there is no TLS to go round"}
	case op == "plain_http" && t.Plain == "":
		return &Gap{Missing: op, Declared: t.Without(op), Reason: "the target file does not say where the target answers without TLS (`plain`)"}
	}
	return nil
}

// plainHTTP asks whoami without TLS, with what the client holds, which a browser
// would not send and somebody on the way would; then a clean client tries to
// sign in. Redirects are not followed. The client itself goes on as it was.
func (p *player) plainHTTP(ctx context.Context, op *history.Op, c *client) {
	op.Outcome = history.OK
	show := func(what string, by *client, before []history.Offer) {
		a := by.whoami(ctx, p.role)
		a.Offers = append(a.Offers, before...)
		op.Shown = append(op.Shown, history.Shown{What: what, Answer: a})
		if a.Exchange == nil || a.Exchange.Response == nil {
			op.Outcome, op.Why = history.Failed, "nothing answers at "+p.env.Target.Plain+": "+a.Why
		}
	}
	twin := c.twin(c.carriers())
	twin.base = p.env.Target.Plain
	p.extra = append(p.extra, twin)
	show("whoami without TLS, with what "+c.spec.Name+" holds", twin, nil)
	routes := p.env.Target.Operations["sign_in"].Usable(p.env.Exec)
	i := slices.IndexFunc(routes, func(r targets.Route) bool { return !r.Steps.Exec() })
	if op.Outcome == history.Failed || i < 0 || c.who == nil {
		return
	}
	fresh := p.env.newClient(story.Client{Name: c.spec.Name}, c.address)
	fresh.who, fresh.base = c.who, p.env.Target.Plain
	p.extra = append(p.extra, fresh)
	t := fresh.run(ctx, routes[i], c.who.vars())
	op.Events = t.events
	var offers []history.Offer
	for _, o := range t.offers { // a step may name the base itself, and then it was not plain
		if x := t.events[o.Event].Exchange; x != nil && strings.HasPrefix(x.Request.URL, p.env.Target.Plain+"/") {
			offers = append(offers, o)
		}
	}
	show("a sign-in without TLS", fresh, offers)
}
