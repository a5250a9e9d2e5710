package play

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/targets"
)

// ownUser are operations that a client does as its own user unless they name
// another, whoever has signed in there since.
var ownUser = map[string]bool{"sign_in": true, "sign_in_partial": true, "request_link": true}

// step performs one operation and books what it did to the acting client.
func (p *player) step(ctx context.Context, i int, s story.Step) history.Op {
	return p.stepAt(ctx, i, "", s)
}

// stepAt is step at a place in the branches of a parallel one.
func (p *player) stepAt(ctx context.Context, i int, place string, s story.Step) history.Op {
	op := history.Op{Index: i, Step: s, Place: place, Start: time.Now()}
	c := p.clients[s.Client]
	if place != "" && c != nil {
		op.Holds = c.last
	}
	op.User = s.User
	if op.User == "" && c != nil {
		op.User = c.spec.User
		if c.who != nil && (op.User == "" || !ownUser[s.Op]) {
			op.User = c.who.role
		}
	}
	if s.Op == "redeem" {
		op.User = p.asker(s).asked
	}
	switch s.Op {
	case story.Parallel:
		p.parallel(ctx, &op)
	case "whoami":
		op.Outcome = history.OK
		if place != "" {
			p.askLast(ctx, &op, c)
		}
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
	case "embed":
		p.embed(ctx, &op, c)
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
	p.witness(ctx, &op, c)
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
	if !ok || p.spare(op) {
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
	if _, known := p.accounts[op.User]; !known && c.spec.World != "" {
		p.worlds[op.User] = c.spec.World
	}
	if op.User != "" {
		subject = p.account(op.User)
	}
	c.handled = false
	fresh := newPassword()
	if p.env.Learn != nil {
		p.env.Learn.Learn(fmt.Sprintf("%s.new_password#%d", op.User, op.Index+1), fresh)
	}
	changes := p.setsPassword(op, subject)
	vars := p.vars(op, subject, fresh)
	if s.Op == "sign_in" && passwordless(r) {
		op.Password = history.NoPassword
	}
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
		actor.pause = p.holder(op)
		t = actor.run(ctx, r, vars)
		actor.opens, actor.pause = false, nil
		t = p.tryOthers(ctx, op, actor, r, subject, t)
		if actor.channel != nil && s.Op == "open_channel" {
			actor.channel.route = r.Name
		}
	}
	op.Outcome, op.Why, op.Events, op.Offers = t.outcome, t.why, append(t.events, op.Events...), t.offers
	p.after(op, c, subject, t)
	given, _ := vars["password"].(string)
	p.passwordSet(op, subject, given, fresh, changes)
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
	if s.With == "" && s.Times <= 1 && actor == c && op.Place == "" {
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
	p.mu.Lock()
	defer p.mu.Unlock()
	p.extra = append(p.extra, c)
	return c
}

func (p *player) vars(op *history.Op, subject *account, fresh string) targets.Vars {
	vars := targets.Vars{}
	if subject != nil {
		vars, op.Password = subject.given()
	}
	vars["new_password"] = fresh
	if op.Step.To != "" {
		vars["role"] = op.Step.To
	}
	if op.Step.Wrong {
		vars["password"], op.Password = newPassword(), -1
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
		op.Note = "note-" + op.Step.Client + "-" + strconv.Itoa(op.Index) + "-" + strings.ReplaceAll(op.Place, ".", "-") + p.nonce
		vars["text"] = op.Note
	}
	if op.Step.Of != "" {
		for k, v := range p.varsOf(op) {
			vars["of."+k] = v
		}
	}
	return vars
}
