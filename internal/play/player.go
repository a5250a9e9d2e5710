package play

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/targets"
)

// player performs one plan.
type player struct {
	env      *Env
	plan     Plan
	rec      *history.Play
	nonce    string
	worlds   map[string]string // of roles that belong to another than the nameless one
	accounts map[string]*account
	clients  map[string]*client
	cast     []*client
	extra    []*client  // throw-away clients, for the count of requests
	mu       sync.Mutex // guards accounts, extra and rec while branches are played at once
	fork     *fork      // of the parallel step under way, nil outside
}

// Play performs one plan and returns what happened. It never fails: what goes
// wrong is in the record. Opened browsers and folders are gone when it returns.
func (e *Env) Play(ctx context.Context, plan Plan) *history.Play {
	e = e.within(plan)
	p := &player{env: e, plan: plan, nonce: e.nonce(), worlds: map[string]string{}, accounts: map[string]*account{}, clients: map[string]*client{},
		rec: &history.Play{ID: plan.ID, Scenario: plan.Scenario, Target: e.Target.Name, Routes: plan.Routes, Browser: plan.Browser, Generated: plan.Generated,
			File: plan.File, Line: plan.Line, Start: time.Now()}}
	defer p.close()
	if err := p.setUp(ctx); err != nil {
		p.rec.Aborted = "set-up: " + err.Error()
		p.interrupted(ctx)
		if limit := (*rateError)(nil); errors.As(err, &limit) {
			p.rec.RetryAfter = limit.retryAfter
		}
	} else {
		p.rec.Ops = slices.Grow(p.rec.Ops, len(plan.Story.Steps))
		for i, s := range plan.Story.Steps {
			op := p.step(ctx, i, s)
			if op.Outcome != history.Skipped && ctx.Err() == nil {
				p.panel(ctx, &op, len(plan.Story.Steps)-1-i)
			}
			if p.interrupted(ctx) { // what was cut off looks like a target that does not answer
				break
			}
			p.rec.Ops = append(p.rec.Ops, op)
			if why := p.stops(op, s); why != "" {
				p.rec.Aborted = why
				break
			}
		}
	}
	for _, c := range p.cast {
		if c.unable != "" && p.rec.Unable == "" {
			p.rec.Unable = p.plan.Browser + ": " + c.unable
		}
	}
	p.rec.End = time.Now()
	for _, c := range append(p.cast, p.extra...) {
		p.rec.Requests += c.requests
	}
	return p.rec
}

// stops tells why the story cannot go on after an operation, "" if it can. A
// sign-out may be refused: that is for the judge.
func (p *player) stops(op history.Op, s story.Step) string {
	switch {
	case op.Outcome == history.Failed && !p.plan.Generated:
		return fmt.Sprintf("step %d (%s): %s", op.Index+1, s.Text(), op.Why)
	case op.Outcome == history.Refused && s.Expect == "ok" && s.Op != "sign_out":
		return fmt.Sprintf("step %d (%s) was refused: %s", op.Index+1, s.Text(), op.Why)
	}
	return ""
}

// interrupted books that the run was broken off, if it was.
func (p *player) interrupted(ctx context.Context) bool {
	if ctx.Err() == nil {
		return false
	}
	p.rec.Interrupt()
	return true
}

func (p *player) close() {
	for _, c := range p.cast {
		c.close()
	}
}

// setUp makes the cast's accounts and clients.
func (p *player) setUp(ctx context.Context) error {
	for _, spec := range p.plan.Story.Clients {
		if spec.User != "" && spec.World != "" {
			p.worlds[spec.User] = spec.World
		}
	}
	for _, spec := range p.plan.Story.Clients {
		addr := p.env.address()
		c := p.env.newClient(spec, addr)
		switch {
		case spec.User == "":
		case p.unborn(spec.User):
			c.who = p.account(spec.User)
			c.who.unborn = true
		default:
			a, err := p.provisioned(ctx, spec.User)
			if err != nil {
				return err
			}
			c.who = a
		}
		p.clients[spec.Name] = c
		p.cast = append(p.cast, c)
	}
	for _, c := range p.cast {
		if err := p.dress(c); err != nil {
			return err
		}
		c.pictures = p.plan.Film
		if slices.ContainsFunc(p.plan.Story.Steps, func(s story.Step) bool { return s.Window && s.Client == c.spec.Name }) {
			clock, err := browsers.NewClock()
			if err != nil {
				return fmt.Errorf("client %s: the browser's clock: %w", c.spec.Name, err)
			}
			c.clock = clock
		}
		if err := c.open(ctx, p.env.engine(cmp.Or(c.spec.Engine, p.plan.Browser)), ownProcess(p.plan.Story, c.spec.Name)); err != nil {
			return err
		}
		if c.spec.Private != "" {
			if err := p.openPrivate(ctx, c); err != nil {
				return err
			}
		}
		rec := history.Client{Name: c.spec.Name, User: c.spec.User, In: c.spec.In, Address: c.address,
			Connection: c.spec.Connection, Private: c.spec.Private, Strip: c.spec.Strip, Headers: c.headers}
		if c.who != nil {
			rec.Account = c.who.name
		}
		if c.spec.In == "wire" {
			rec.Agent = c.agent
		}
		p.rec.Clients = append(p.rec.Clients, rec)
	}
	return nil
}

// dress fills in what a client takes from others: address, connection, forged headers.
func (p *player) dress(c *client) error {
	if a := c.spec.Address; a != "" && c.address != "" {
		c.address = a
		if other, ok := p.clients[a]; ok {
			c.address = other.address
		}
	}
	switch n := c.spec.Connection; n {
	case "":
	case "missing":
		c.connection = targets.Missing{}
	case "empty":
		c.connection = ""
	case "null":
		c.connection = targets.Null{}
	default:
		c.connection = p.clients[n].connection
	}
	if o, ok := p.clients[c.spec.Private]; ok {
		c.address = o.address
	}
	if len(c.spec.Headers) == 0 {
		return nil
	}
	vars := targets.Vars{}
	for name, o := range p.clients {
		vars[name+".address"] = o.address
		if o.who != nil {
			vars[name+".account"] = o.who.name
		}
	}
	c.headers = map[string]string{}
	for k, v := range c.spec.Headers {
		s, _, err := targets.Template{Text: v}.Expand(vars)
		if err != nil {
			return fmt.Errorf("client %s: header %s: %w", c.spec.Name, k, err)
		}
		c.headers[k] = s
	}
	return nil
}

// account returns the person of a role, made up on first mention.
func (p *player) account(role string) *account {
	p.mu.Lock()
	defer p.mu.Unlock()
	a, ok := p.accounts[role]
	if !ok {
		a = &account{role: role, name: role + "-" + p.ending(role), password: newPassword()}
		p.accounts[role] = a
		p.learn(a)
	}
	return a
}

// ending is what the names of accounts of one world have in common, and with no other.
func (p *player) ending(role string) string { return p.nonce + p.worlds[role] }

func (p *player) learn(a *account) {
	if p.env.Learn != nil {
		p.env.Learn.Learn(a.role+".password", a.password)
	}
}

// provisioned returns an account that exists at the target.
func (p *player) provisioned(ctx context.Context, role string) (*account, error) {
	if a, ok := p.accounts[role]; ok {
		return a, nil
	}
	if fixed, ok := p.env.Target.Users[role]; ok {
		vars := p.env.Target.RunVars()
		user, _, err := fixed.User.Expand(vars)
		if err != nil {
			return nil, err
		}
		pass, _, err := fixed.Password.Expand(vars)
		if err != nil {
			return nil, err
		}
		a := &account{role: role, name: user, password: pass}
		p.accounts[role] = a
		p.learn(a)
		return a, nil
	}
	a := p.account(role)
	c, err := p.env.provision(ctx, a)
	if c != nil {
		p.extra = append(p.extra, c)
	}
	return a, err
}

// provision makes an account out of band: by the target file's own steps, or by
// the first route of create_user that needs nobody signed in.
func (e *Env) provision(ctx context.Context, a *account) (*client, error) {
	r, ok := targets.Route{Steps: e.Target.Provision, By: "nobody"}, len(e.Target.Provision) > 0
	for _, x := range e.Target.Operations["create_user"].Usable(e.Exec) {
		if !ok && (x.By == "nobody" || x.Steps.Exec()) {
			r, ok = x, true
		}
	}
	if !ok {
		return nil, fmt.Errorf("%s: no way to make accounts: give `provision:` steps, or a create_user route `by: nobody`", e.Target.File)
	}
	c := e.newClient(story.Client{Name: "setup"}, e.address())
	t := c.run(ctx, r, a.vars())
	if t.outcome != history.OK {
		if t.limit != nil {
			return c, fmt.Errorf("account %s could not be made: %w", a.role, t.limit)
		}
		return c, fmt.Errorf("account %s could not be made: %s", a.role, t.why)
	}
	return c, nil
}

func (a *account) vars() targets.Vars {
	vars, _ := a.given()
	return vars
}

// given are the values that the account's person knows, and the number of the password.
func (a *account) given() (targets.Vars, int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	role := "user"
	if strings.HasPrefix(a.role, "admin") {
		role = "admin"
	}
	return targets.Vars{"user": a.name, "password": a.password, "email": a.email(), "role": role, "new_password": "", "new_name": ""}, a.version
}

// role maps a name that whoami gave to a role of this play: whoever has the
// name now, else whoever had it.
func (p *player) role(name string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range p.accounts {
		if a.called(name, a.name) {
			return a.role
		}
	}
	for _, a := range p.accounts {
		if a.former != "" && a.called(name, a.former) {
			return a.role
		}
	}
	return ""
}

// called tells whether what whoami said is the account, while it has a name.
func (a *account) called(said, name string) bool {
	return strings.EqualFold(name, said) || strings.HasPrefix(strings.ToLower(said), name+"@")
}
