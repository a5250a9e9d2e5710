package play

import (
	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/targets"
)

// unborn tells whether a person's account comes into being by a sign-in of the
// story itself: the first step that has to do with the person is a plain
// sign-in, and its route registers.
func (p *player) unborn(role string) bool {
	if _, fixed := p.env.Target.Users[role]; fixed {
		return false
	}
	user := func(client string) string {
		c, _ := p.plan.Story.Client(client)
		return c.User
	}
	for _, s := range p.plan.Story.Steps {
		own := user(s.Client) == role
		if !own && s.User != role && (s.Of == "" || user(s.Of) != role) {
			continue
		}
		if op, _ := story.Lookup(s.Op); own && op.Local && s.Of == "" {
			continue // a visit before the sign-in, say
		}
		plain := s.Op == "sign_in" && own && (s.User == "" || s.User == role) && s.Expect == "ok" &&
			!s.Wrong && !s.AtOnce && !s.Fill && s.Times <= 1
		if !plain {
			return false
		}
		c, _ := p.plan.Story.Client(s.Client)
		probe := history.Op{Step: s}
		r, ok := p.route(&probe, kindOf(c))
		return ok && r.Registers
	}
	return false
}

// instead is the route for somebody whose account is there already: a sign-in
// that registers is for the first time.
func (p *player) instead(op *history.Op, r targets.Route, kind string) targets.Route {
	if !r.Registers {
		return r
	}
	a := p.account(op.User)
	a.mu.Lock()
	unborn := a.unborn
	a.mu.Unlock()
	if unborn {
		return r
	}
	r, _ = p.env.Target.For(kind, op.Step.Op).Usable(p.env.Exec).Route("")
	op.Route = r.Name
	return r
}
