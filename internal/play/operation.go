package play

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/targets"
)

// step performs one operation and books what it did to the acting client.
func (p *player) step(ctx context.Context, i int, s story.Step) history.Op {
	op := history.Op{Index: i, Step: s, Start: time.Now()}
	c := p.clients[s.Client]
	op.User = s.User
	if op.User == "" && c != nil {
		op.User = c.spec.User
		if c.who != nil {
			op.User = c.who.role
		}
	}
	if s.Op == "redeem" {
		op.User = p.asker(s).asked
	}
	switch s.Op {
	case "whoami":
		op.Outcome = history.OK
	case "move":
		p.move(&op, c)
	case "restart_browser":
		p.restart(ctx, &op, c)
	case "open_tab":
		p.openTab(ctx, &op, c)
	case "begin_form":
		p.beginForm(ctx, &op, c)
	case "send_form":
		p.sendForm(ctx, &op, c)
	case "close_private_window":
		p.closePrivate(ctx, &op, c)
	case "arrive":
		p.arrive(ctx, &op, c)
	case "forge":
		p.forge(ctx, &op, c)
	case "swap_token":
		p.swapToken(ctx, &op, c)
	case "leave":
		p.leave(ctx, &op, c)
	case "back":
		p.back(ctx, &op, c)
	case "visit":
		p.visit(ctx, &op, c)
	case "use_channel":
		p.useChannel(ctx, &op, c)
	case "crawl":
		p.crawl(ctx, &op, c)
	case "plant":
		p.plant(&op, c)
	case "present":
		p.present(ctx, &op, c)
	case "through_cache":
		p.throughCache(ctx, &op, c)
	case "plain_http":
		p.plainHTTP(ctx, &op, c)
	default:
		p.operate(ctx, &op, c)
	}
	op.End = time.Now()
	if c != nil && op.Outcome != history.Skipped {
		op.Jar = c.jarRecord()
		op.Journal = c.journal()
		op.Offers = append(op.Offers, c.journalOffers(op.Journal)...)
		op.Claim = c.claim()
	}
	return op
}

func (p *player) move(op *history.Op, c *client) {
	op.Outcome = history.OK
	c.address = p.env.address()
	if o, ok := p.clients[op.Step.Of]; ok {
		c.address = o.address
	}
	op.Address = c.address
}

// operate performs an operation of the target file.
func (p *player) operate(ctx context.Context, op *history.Op, c *client) {
	s := op.Step
	kind := "wire"
	if c == nil {
		c = p.throwAway()
	} else {
		kind = c.spec.In
	}
	r, ok := p.route(op, kind)
	if !ok {
		return
	}
	r = p.instead(op, r, kind)
	actor := c
	if r.By == "nobody" {
		actor = p.throwAway()
		actor.address = c.address
	}
	if s.With != "" {
		if actor = p.earlier(ctx, op, c); actor == nil {
			return
		}
	} else {
		c.before(s.Op)
	}
	op.Acted = r.By == "self" && !r.Steps.Exec()
	subject := c.who
	if op.User != "" {
		subject = p.account(op.User)
	}
	c.handled = false
	fresh := newPassword()
	if p.env.Learn != nil {
		p.env.Learn.Learn(fmt.Sprintf("%s.new_password#%d", op.User, op.Index+1), fresh)
	}
	vars := p.vars(op, subject, fresh)
	if s.Fill && !p.fill(op) {
		return
	}
	s = op.Step
	var t *tally
	switch {
	case s.AtOnce && (kind != "wire" || r.By == "nobody" || c.who == nil):
		op.Outcome, op.Why = history.Failed, "at_once is for plain clients of somebody"
		return
	case s.AtOnce:
		t = p.atOnce(ctx, op, c, r)
	case s.Op == "redeem" && s.Times > 1:
		if t = p.redeemAtOnce(ctx, op, c, r, vars); t == nil {
			return
		}
	case s.Times > 1 && !p.repeat(ctx, op, c, r, vars):
		return
	default:
		actor.opens = s.Op == "open_channel"
		t = actor.run(ctx, r, vars)
		actor.opens = false
		if actor.channel != nil && s.Op == "open_channel" {
			actor.channel.route = r.Name
		}
	}
	op.Outcome, op.Why, op.Events, op.Offers = t.outcome, t.why, append(t.events, op.Events...), t.offers
	p.after(op, c, subject, fresh, t)
	if s.Op == "request_link" {
		p.asks(op, c, actor)
	}
	if op.Outcome == history.Failed {
		return
	}
	if st, err := c.readStorage(); err != nil {
		op.Outcome, op.Why = history.Failed, err.Error()
	} else {
		op.Storage = st
	}
	if s.With != "" {
		p.capture(op, actor)
		c.creds = actor.creds
	}
	p.capture(op, c)
	if s.With == "" && s.Times <= 1 && actor == c {
		p.tryPassed(ctx, op, c)
	}
	if s.Times > 1 && s.Op == "sign_in" && !s.AtOnce {
		op.Series = append(op.Series, c.carriers())
	}
}

// route finds the way that the step or the plan wants; where there is none it
// says so in the operation.
func (p *player) route(op *history.Op, kind string) (targets.Route, bool) {
	s := op.Step
	routes := p.env.Target.For(kind, s.Op).Usable(p.env.Exec)
	name := s.Route
	if name == "" {
		name = p.plan.Routes[s.Op]
	}
	r, ok := routes.Route(name)
	if !ok {
		r, ok = routes.Route("")
		if name != "" && s.Route != "" || !ok {
			op.Outcome = history.Skipped
			op.Why = "not offered"
			if !s.Optional {
				op.Outcome, op.Why = history.Failed, fmt.Sprintf("the target offers no route %q for %s", name, s.Op)
			}
			return r, false
		}
	}
	op.Route = r.Name
	return r, true
}

func (p *player) throwAway() *client {
	c := p.env.newClient(story.Client{Name: "nobody"}, p.env.address())
	p.extra = append(p.extra, c)
	return c
}

func (p *player) vars(op *history.Op, subject *account, fresh string) targets.Vars {
	vars := targets.Vars{}
	if subject != nil {
		vars = subject.vars()
	}
	vars["new_password"] = fresh
	if op.Step.To != "" {
		vars["role"] = op.Step.To
	}
	if op.Step.Wrong {
		vars["password"] = newPassword()
	}
	if op.Step.Unanswered {
		vars["password"] = targets.Missing{}
	}
	if op.Step.Op == "rename" {
		vars["new_name"] = p.newName(op)
	}
	if op.Step.Op == "redeem" {
		vars["artefact"] = p.asker(op.Step).artefact()
	}
	if op.Step.Op == "note" {
		op.Note = "note-" + op.Step.Client + "-" + strconv.Itoa(op.Index) + "-" + p.nonce
		vars["text"] = op.Note
	}
	if o, ok := p.clients[op.Step.Of]; ok {
		for k, v := range o.vars(nil) {
			vars["of."+k] = v
		}
	}
	return vars
}

// after books what the operation changed about accounts and the client.
func (p *player) after(op *history.Op, c *client, subject *account, fresh string, t *tally) {
	switch op.Step.Op {
	case "sign_in", "sign_in_partial", "redeem":
		p.rec.SignIns++
		if op.Step.Op == "sign_in_partial" && t.outcome == history.OK {
			op.Outcome = history.Pending
		}
		if op.Outcome != history.Refused && op.Outcome != history.Failed {
			c.who = subject
			if subject != nil {
				subject.unborn = false
			}
		}
	case "sign_out":
		if t.outcome == history.OK {
			given := false
			for _, o := range t.offers {
				given = given || o.Kind == "value" && o.Value == c.kept["credential"]
			}
			if !given {
				c.kept["credential"] = targets.Missing{}
			}
		}
	case "refresh":
		if t.outcome == history.OK && op.Step.With == "" {
			c.spent = c.using
		}
	case "change_password", "reset_password":
		if t.outcome == history.OK && subject != nil {
			subject.password = fresh
		}
	case "rename":
		if name, ok := t.vars["new_name"].(string); ok && t.outcome == history.OK && subject != nil {
			subject.rename(name)
		}
	case "list_sessions":
		if t.outcome == history.OK {
			listed(op, t)
		}
	case "read_note":
		if v, ok := t.vars["note"].(string); ok {
			op.Read, op.Found = v, v != ""
		}
	case "count_sessions":
		if v, ok := t.vars["count"].(string); ok {
			if n, err := strconv.Atoi(v); err == nil {
				op.Count = &n
				return
			}
		}
		if t.outcome == history.OK {
			op.Outcome, op.Why = history.Failed, "count_sessions kept no number as `count`"
		}
	}
}

// capture notes a credential that the client did not hold before.
func (p *player) capture(op *history.Op, c *client) {
	now := c.carriers()
	fp := fingerprint(now)
	if fp == c.holds || c.spec.Name == "nobody" {
		return
	}
	c.holds = fp
	if len(now) == 0 {
		return
	}
	user := op.User
	if c.who != nil {
		user = c.who.role
	}
	c.creds++
	id := fmt.Sprintf("%s.%s#%d", user, c.spec.Name, c.creds)
	p.rec.Credentials = append(p.rec.Credentials, history.Credential{ID: id, Client: c.spec.Name, User: user, Op: op.Index, Carriers: now, Handle: c.told()})
	op.Captured = id
	if p.env.Learn != nil {
		for _, x := range now {
			p.env.Learn.Learn(tagOf(id, now, x), x.Value)
		}
	}
}

// panel asks every credential captured so far, and a stranger at every address.
func (p *player) panel(ctx context.Context, op *history.Op) {
	for _, cr := range p.rec.Credentials {
		owner := p.clients[cr.Client]
		twin := owner.twin(cr.Carriers)
		a := twin.whoami(ctx, p.role)
		p.extra = append(p.extra, twin)
		op.Probes = append(op.Probes, history.Probe{Credential: cr.ID, Client: cr.Client, Answer: a})
	}
	seen := map[string]bool{}
	for _, c := range p.cast {
		key := c.address + fmt.Sprint(c.headers, c.spec.Strip)
		if seen[key] || c.holds == "" && len(c.headers) == 0 {
			continue
		}
		seen[key] = true
		twin := c.twin(nil)
		a := twin.whoami(ctx, p.role)
		p.extra = append(p.extra, twin)
		op.Probes = append(op.Probes, history.Probe{Client: c.spec.Name, Answer: a})
	}
}
