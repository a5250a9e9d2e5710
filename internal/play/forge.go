package play

import (
	"context"
	"errors"
	"fmt"
	"html"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/targets"
)

// forge makes pages of another site send, in the client's browser, what the
// person in `of` sent for the operation in `does`: by a form, by a form with
// GET, and by an image. That person does it for himself first: so it is known to
// work, and all that he can know is in it.
func (p *player) forge(ctx context.Context, op *history.Op, c *client) {
	op.Outcome = history.OK
	if err := p.forgeAll(ctx, op, c); err != nil {
		op.Outcome, op.Why = history.Failed, err.Error()
	}
}

func (p *player) forgeAll(ctx context.Context, op *history.Op, c *client) error {
	model, err := p.template(ctx, op)
	if err != nil {
		return err
	}
	ways := forgedPages(model)
	if op.Step.Window {
		ways = ways[:1] // a form by POST is what Chrome is lax about
	}
	for _, age := range ages(op.Step) {
		if err := p.age(ctx, c, age); err != nil {
			return err
		}
		for _, way := range ways {
			if err := p.forgeOne(ctx, op, c, model, way, age); err != nil {
				return err
			}
		}
	}
	return nil
}

// The ages at which a window is looked at: well inside of the two minutes in
// which Chrome sends a new cookie that does not say SameSite with a foreign
// form, and well outside.
const (
	young = 10 * time.Second
	old   = 150 * time.Second
)

func ages(s story.Step) []time.Duration {
	if s.Window {
		return []time.Duration{young, old}
	}
	return []time.Duration{0}
}

// age makes the browser's clock go on, and sees to it that the browser knows.
func (p *player) age(ctx context.Context, c *client, by time.Duration) error {
	if c.clock == nil {
		return nil
	}
	var before, after float64
	if err := c.browser.Eval(ctx, "Date.now()", &before); err != nil {
		return err
	}
	gone := by - c.aged
	if err := c.clock.Set(by); err != nil {
		return err
	}
	c.aged = by
	if err := c.browser.Eval(ctx, "Date.now()", &after); err != nil {
		return err
	}
	if moved := time.Duration(after-before) * time.Millisecond; moved < gone {
		return fmt.Errorf("the browser's clock went on by %s, not by %s", moved.Round(time.Second), gone)
	}
	return nil
}

// forgeOne makes one page of another site send the request in one way.
func (p *player) forgeOne(ctx context.Context, op *history.Op, c *client, model history.Request, way forgedPage, age time.Duration) error {
	from, err := p.env.other.page(elsewhere, way.html)
	if err != nil {
		return err
	}
	if err := c.browser.Open(ctx, from); err != nil {
		return err
	}
	try := history.Forgery{How: way.name, Request: model.Method + " " + model.URL, Age: age}
	c.requests++
	if way.image {
		err = c.browser.Eval(ctx, `new Promise(done => { const i = document.images[0]; if (i.complete) return done(); i.onload = i.onerror = () => done() })`, nil)
	} else {
		err = c.browser.Click(ctx, "#go")
	}
	if err != nil {
		return fmt.Errorf("forging by %s: %w", way.name, err)
	}
	if err := p.afterForgery(ctx, op, c, &try); err != nil {
		return err
	}
	op.Forged = append(op.Forged, try)
	op.Events = append(op.Events, history.Event{Browser: "another site sends " + try.Request + " by " + way.name})
	return nil
}

// template is the request by which the person in `of` did the operation.
func (p *player) template(ctx context.Context, op *history.Op) (history.Request, error) {
	s := op.Step
	of := p.clients[s.Of]
	r := p.env.forged(s.Does)
	signIn, ok := p.env.Target.For("wire", "sign_in").Route("")
	if r == nil || !ok || of == nil || of.who == nil {
		return history.Request{}, errors.New("forge: nobody can do " + s.Does + " by requests")
	}
	a := p.env.newClient(story.Client{Name: "nobody"}, of.address)
	a.who = of.who
	p.extra = append(p.extra, a)
	vars := of.who.vars()
	op.Note = "note-forged-" + fmt.Sprint(op.Index) + "-" + p.nonce
	vars["text"] = op.Note
	if s.Does != "sign_in" {
		if t := a.run(ctx, signIn, vars); t.outcome != history.OK {
			return history.Request{}, fmt.Errorf("forge: %s could not sign in: %s", of.who.role, t.why)
		}
		p.rec.SignIns++
	}
	t := a.run(ctx, *r, vars)
	if t.outcome != history.OK {
		return history.Request{}, fmt.Errorf("forge: %s could not do it for himself: %s", of.who.role, t.why)
	}
	for _, ev := range slices.Backward(t.events) {
		if x := ev.Exchange; x != nil && x.Request.Method != "GET" && x.Request.Method != "HEAD" {
			return x.Request, nil
		}
	}
	return history.Request{}, errors.New("forge: " + s.Does + " changes something by GET alone")
}

// forged is the first route of an operation by requests, nil where there is none.
func (e *Env) forged(op string) *targets.Route {
	routes := e.Target.For("wire", op).Usable(e.Exec)
	i := slices.IndexFunc(routes, func(r targets.Route) bool {
		return r.By == "self" && !r.Steps.Exec() && slices.ContainsFunc(r.Steps, func(s targets.Step) bool { return s.Method != "" && s.Method != "GET" })
	})
	if i < 0 {
		return nil
	}
	return &routes[i]
}

// forgedPage is a page of another site.
type forgedPage struct {
	name, html string
	image      bool
}

// forgedPages are the pages that send a request as far as a page can: forms
// have two content types and two methods, and images have GET.
func forgedPages(r history.Request) (out []forgedPage) {
	to, fields, kind := html.EscapeString(r.URL), "", ""
	query := ""
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		query = r.Body
		values, _ := url.ParseQuery(r.Body)
		for _, name := range slices.Sorted(maps.Keys(values)) {
			for _, v := range values[name] {
				fields += hiddenField(name, v)
			}
		}
	} else if before, after, ok := cutLast(r.Body, "}"); ok { // JSON with one member more, which takes the form's =
		sep := ","
		if strings.TrimSpace(before) == "{" {
			sep = ""
		}
		kind = " enctype=text/plain"
		fields = hiddenField(before+sep+`"x":"`, `"}`+after)
	}
	form := func(method string) string {
		return "<form method=" + method + kind + " action=\"" + to + "\">" + fields + "<button id=go>go</button></form>"
	}
	out = append(out, forgedPage{name: "a form", html: form("post")})
	sep := "?"
	if strings.Contains(r.URL, "?") {
		sep = "&"
	}
	return append(out,
		forgedPage{name: "a form with GET", html: form("get")},
		forgedPage{name: "an image", html: "<img src=\"" + html.EscapeString(r.URL+sep+query) + "\">", image: true})
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// afterForgery asks who the browser is now, and what its session holds.
func (p *player) afterForgery(ctx context.Context, op *history.Op, c *client, try *history.Forgery) error {
	path, _, err := p.env.Target.Pages[0].Path.Expand(c.vars(nil))
	if err != nil {
		return err
	}
	if err := c.browser.Open(ctx, c.url(path)); err != nil {
		return err
	}
	if err := c.syncBrowser(ctx); err != nil {
		return err
	}
	try.Answer = c.whoami(ctx, p.role)
	if r, ok := p.env.Target.For("wire", "read_note").Route(""); ok && op.Step.Does == "note" && try.Answer.State == history.Live {
		t := c.run(ctx, r, nil)
		try.Read, _ = t.vars["note"].(string)
	}
	return nil
}

func hiddenField(name, value string) string {
	return `<input type=hidden name="` + html.EscapeString(name) + `" value="` + html.EscapeString(value) + `">`
}
