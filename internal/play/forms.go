package play

import (
	"context"
	"fmt"
	"slices"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/targets"
)

// begun is a form that was filled in and not sent.
type begun struct {
	tab  int
	rest targets.Steps // from the click that sends it
	vars targets.Vars
	sent history.Sent
}

// openTab opens another tab, in which the client goes on.
func (p *player) openTab(ctx context.Context, op *history.Op, c *client) {
	op.Outcome = history.OK
	t, ok := c.browser.(browsers.Tabs)
	if !ok {
		op.Outcome, op.Why = history.Failed, c.able(browsers.Unable("it has one tab only")).Error()
		return
	}
	tab, err := t.OpenTab(ctx)
	if err != nil {
		op.Outcome, op.Why = history.Failed, err.Error()
		return
	}
	c.tab = tab
	op.Events = append(op.Events, history.Event{Browser: fmt.Sprintf("open tab %d", tab+1)})
}

// beginForm performs the operation named by `does` up to the click that sends
// its form.
func (p *player) beginForm(ctx context.Context, op *history.Op, c *client) {
	r, ok := p.env.Target.For("browser", op.Step.Does).Route("")
	last := -1
	for i, s := range r.Steps {
		if s.Click != nil {
			last = i
		}
	}
	if !ok || last < 0 || c.who == nil {
		op.Outcome, op.Why = history.Failed, "begin_form: "+op.Step.Does+" is no form of this browser"
		return
	}
	op.Route = r.Name
	op.Note = "note-" + c.spec.Name + "-" + fmt.Sprint(op.Index) + "-" + p.nonce
	vars := c.who.vars()
	vars["text"], vars["new_password"] = op.Note, newPassword()
	c.begun = &begun{tab: c.tab, rest: r.Steps[last:], vars: vars, sent: history.Sent{Text: op.Note, Person: c.who.role}}
	t := c.run(ctx, targets.Route{Name: r.Name, Steps: r.Steps[:last]}, vars)
	op.Outcome, op.Why, op.Events, op.Offers = t.outcome, t.why, t.events, t.offers
}

// sendForm goes to the tab of the form that was begun and sends it as it is.
// What the page comes to is noted, whatever it is.
func (p *player) sendForm(ctx context.Context, op *history.Op, c *client) {
	op.Outcome = history.OK
	if c.begun == nil {
		op.Outcome, op.Why = history.Failed, "send_form: no form was begun"
		return
	}
	if t, ok := c.browser.(browsers.Tabs); ok && c.tab != c.begun.tab {
		if err := t.UseTab(ctx, c.begun.tab); err != nil {
			op.Outcome, op.Why = history.Failed, err.Error()
			return
		}
		c.tab = c.begun.tab
	}
	sent := c.begun.sent
	click := c.begun.rest[0]
	ev, _, err := c.browse(ctx, click, c.vars(c.begun.vars))
	op.Events = append(op.Events, ev)
	if err != nil {
		sent.Error = err.Error()
	}
	in, out := p.env.signs()
	seen, err := browsers.Look(ctx, c.browser, append(in, out...)...)
	if err != nil && sent.Error == "" {
		sent.Error = err.Error()
	}
	sent.Sight = p.sight(seen)
	c.begun = nil
	if c.pictures {
		if png, err := c.browser.Screenshot(ctx); err == nil {
			op.Events[len(op.Events)-1].Screenshot = png
		}
	}
	if err := c.syncBrowser(ctx); err != nil {
		op.Outcome, op.Why = history.Failed, err.Error()
	}
	op.Sent = &sent
	p.capture(op, c)
}

// formGap says why a step that is about the form of another operation cannot be made.
func (e *Env) formGap(s story.Step) *Gap {
	switch {
	case s.Op == "begin_form" && !slices.ContainsFunc(e.Target.For("browser", s.Does), func(r targets.Route) bool {
		return slices.ContainsFunc(r.Steps, func(s targets.Step) bool { return s.Click != nil })
	}):
		return &Gap{Missing: s.Does, Declared: e.Target.Without(s.Does), Reason: "the target file describes no form of a browser for " + s.Does}
	case s.Op == "forge" && e.forged(s.Does) == nil:
		return &Gap{Missing: s.Does, Declared: e.Target.Without(s.Does), Reason: "the target file has no request that does " + s.Does}
	case s.Op == "swap_token":
		r, ok := e.Target.For("wire", s.Does).Route("")
		if _, _, names := formOf(r); len(names) == 0 {
			return &Gap{Missing: s.Does, Declared: ok || e.Target.Without(s.Does), Reason: "the form of " + s.Does + " takes nothing from the page that it is on"}
		}
	}
	return nil
}
