// Package generate makes stories that nobody wrote: operations in any order,
// with inputs that are over already. It is pure: the same seed and the same
// operations give the same story, so that a finding can be played again.
package generate

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/story"
)

// acts are what a client does with its own session, affairs what an
// administrator does to an account. What stands twice comes up more often: most
// operations end something, so that much has to begin.
var (
	acts = []string{"sign_in", "sign_in", "sign_in", "sign_in", "sign_in", "sign_out", "note", "read_note",
		"change_password", "revoke_session", "revoke_session", "revoke_session", "revoke_session", "revoke_others"}
	affairs = []string{"expire", "revoke_all", "disable", "enable", "enable", "delete_user", "create_user", "create_user", "reset_password"}
)

// Session tells whether an operation is one of a client with its own session.
func Session(op string) bool { return slices.Contains(acts, op) }

// Steps continues a story by n steps (and a few more, so that everybody can be
// in again at the end). The cast is the story's: clients of administrators act on
// the accounts of the others. Operations that are not offered are left out. Any
// outcome is expected; steps carry the place given.
//
// Seed and index choose the story; the order of offered operations does not matter.
func Steps(cast []story.Client, seed uint64, index, n int, offers func(op string) bool, at story.Step) []story.Step {
	h := fnv.New64a()
	for _, c := range cast {
		_, _ = h.Write([]byte(c.Name + "=" + c.User + ";"))
	}
	g := &generator{dice: rand.New(rand.NewPCG(seed, uint64(index)^h.Sum64())), at: at}
	for _, c := range cast {
		switch {
		case c.User == "":
		case strings.HasPrefix(c.User, "admin"):
			g.office = c.Name
		default:
			g.people = append(g.people, c)
			if !slices.Contains(g.users, c.User) {
				g.users = append(g.users, c.User)
			}
		}
	}
	if len(g.people) == 0 {
		return nil
	}
	keep := func(ops []string) []string {
		return slices.DeleteFunc(slices.Clone(ops), func(op string) bool { return !offers(op) })
	}
	own, admin := keep(acts), keep(affairs)
	if g.office == "" {
		admin = nil
	}
	for len(g.out) < n && len(own)+len(admin) > 0 {
		switch last := len(g.out) - 1; {
		case last >= 0 && g.dice.IntN(4) == 0: // the same once more: it has happened already
			g.out = append(g.out, g.out[last])
		case len(admin) > 0 && (len(own) == 0 || g.dice.IntN(5) == 0):
			g.affair(admin[g.dice.IntN(len(admin))], g.users[g.dice.IntN(len(g.users))])
		default:
			g.act(own[g.dice.IntN(len(own))], g.people[g.dice.IntN(len(g.people))])
		}
	}
	for _, u := range g.users {
		for _, op := range []string{"create_user", "enable"} {
			if slices.Contains(admin, op) {
				g.affair(op, u)
			}
		}
	}
	for _, c := range g.people {
		for _, op := range []string{"sign_out", "sign_in"} {
			if offers(op) {
				g.act(op, c)
			}
		}
	}
	return g.out
}

type generator struct {
	dice   *rand.Rand
	at     story.Step
	office string
	people []story.Client
	users  []string
	out    []story.Step
}

func (g *generator) add(s story.Step) {
	s.Expect, s.Optional, s.File, s.Line = "any", true, g.at.File, g.at.Line
	g.out = append(g.out, s)
}

func (g *generator) affair(op, user string) {
	g.add(story.Step{Op: op, Client: g.office, User: user})
}

// act has a client do something; a session is revoked from another of the same user's, or from itself.
func (g *generator) act(op string, c story.Client) {
	s := story.Step{Op: op, Client: c.Name}
	if op == "revoke_session" {
		var others []string
		for _, o := range g.people {
			if o.User == c.User && o.Name != c.Name {
				others = append(others, o.Name)
			}
		}
		if len(others) == 0 {
			return
		}
		s.Of = others[g.dice.IntN(len(others))]
	}
	g.add(s)
}
