// Package concurrent draws stories in which things happen at once. It is pure:
// a story is fixed before its first request, and the same seed, index and
// operations give the same one. Whether what comes of it can be explained is
// for the judge, who looks for an order.
package concurrent

import (
	"math/rand/v2"
	"slices"

	"github.com/sessionspec/sessionspec/internal/story"
)

// mostBefore bounds the steps before the branches of a short story.
const mostBefore = 4

// Long is how many operations each client of a long story does: by then a window
// of 2 ms has been met nearly always, and the search for an order takes no time yet.
const Long = 30

// acts are what a client does with its own session, affairs what an
// administrator does to an account. What stands more often comes more often:
// what opens sessions races what ends them, and whoami tells.
var (
	acts = []string{"sign_in", "sign_in", "sign_in", "sign_in", "sign_in", "sign_in", "sign_in", "sign_in", "whoami", "whoami", "whoami",
		"change_password", "change_password", "change_password", "change_password", "sign_out", "revoke_session", "revoke_others", "note", "refresh", "step_up"}
	affairs = []string{"reset_password", "reset_password", "revoke_all", "disable", "enable", "enable", "delete_user", "create_user", "create_user"}
)

// Cast is who takes part: alice with so many clients (up to eight), bob with two
// and an administrator.
func Cast(alices int) []story.Client {
	var out []story.Client
	for _, name := range []string{"laptop", "phone", "tablet", "screen", "watch", "kiosk", "spare", "borrowed"}[:max(1, min(alices, 8))] {
		out = append(out, story.Client{Name: name, User: "alice", In: "wire"})
	}
	return append(out, story.Client{Name: "desk", User: "bob", In: "wire"}, story.Client{Name: "work", User: "bob", In: "wire"},
		story.Client{Name: "office", User: "admin", In: "wire"})
}

// together is how many operations a client does in one step of a long story:
// whoever begins together meets most.
const together = 4

// asks is how often, of ten, a sign-in is followed by the question who it is: a
// session that should not be is soon replaced by the next.
const asks = 9

type drawer struct {
	last  map[string]string // what each client did last
	dice  *rand.Rand
	acts  []string
	deeds []string // of affairs
	cast  []story.Client
	at    story.Step
}

// Draw makes a short story: one to four steps one after the other, and then two
// to four branches of at most six steps. Operations for which offers says no are
// left out, and so is a random part of the others: what a story cannot do makes
// room for what it can. Steps carry the place given, expect any outcome and are
// optional.
func Draw(seed uint64, index int, offers func(op string) bool, at story.Step) story.Story {
	d := newDrawer(seed, index, Cast(3), offers, true, at)
	out := story.Story{Clients: d.cast}
	if len(d.acts) == 0 {
		return out
	}
	before := 1 + d.dice.IntN(mostBefore)
	if d.dice.IntN(3) > 0 { // an administrator who is nobody is refused everything
		out.Steps = append(out.Steps, d.step("sign_in", d.cast[len(d.cast)-1]))
		before--
	}
	for range before {
		c := d.cast[d.dice.IntN(len(d.cast))]
		if d.dice.IntN(3) > 0 { // most of what can be raced is a session
			out.Steps = append(out.Steps, d.step("sign_in", c))
		} else {
			out.Steps = append(out.Steps, d.any(c))
		}
	}
	out.Steps = append(out.Steps, d.branches(2+d.dice.IntN(story.MostBranches-1), story.MostInBranch))
	return out
}

// Stress makes a long story: each of alice's clients does so many operations, in
// as many parallel steps as that takes.
func Stress(seed uint64, index, clients, operations int, offers func(op string) bool, at story.Step) story.Story {
	d := newDrawer(seed, index, Cast(clients), offers, false, at)
	alices := d.cast[:max(1, min(clients, 8))]
	out := story.Story{Clients: d.cast}
	if len(d.acts) == 0 {
		return out
	}
	for _, c := range alices {
		out.Steps = append(out.Steps, d.step("sign_in", c))
	}
	lanes := min(len(alices), story.MostBranches)
	each := (len(alices) + lanes - 1) / lanes     // clients in a branch
	per := min(together, story.MostInBranch/each) // operations of each in a step
	for left := operations; left > 0; left -= per {
		s := d.fork()
		for lane := range lanes {
			var b []story.Step
			for range min(left, per) {
				for k := lane; k < len(alices); k += lanes {
					b = append(b, d.any(alices[k]))
				}
			}
			if len(b) > 0 {
				s.Parallel = append(s.Parallel, b)
			}
		}
		out.Steps = append(out.Steps, s)
	}
	return out
}

func newDrawer(seed uint64, index int, cast []story.Client, offers func(op string) bool, swarm bool, at story.Step) *drawer {
	d := &drawer{dice: rand.New(rand.NewPCG(seed, uint64(index)*0x9e3779b97f4a7c15+1)), cast: cast, at: at, last: map[string]string{}}
	left := map[string]bool{}
	keep := func(ops []string) (out []string) {
		for _, op := range ops {
			if _, known := left[op]; !known {
				left[op] = (op == "whoami" || offers(op)) && (!swarm || op == "sign_in" || op == "whoami" || d.dice.IntN(4) > 0)
			}
			if left[op] {
				out = append(out, op)
			}
		}
		return out
	}
	d.acts, d.deeds = keep(acts), keep(affairs)
	return d
}

// branches deals the clients out and lets each branch do something.
func (d *drawer) branches(n, most int) story.Step {
	s := d.fork()
	order := d.dice.Perm(len(d.cast))
	for i := range n {
		var mine []story.Client
		for k := i; k < len(order); k += n {
			mine = append(mine, d.cast[order[k]])
		}
		var b []story.Step
		for range 1 + d.dice.IntN(most) {
			b = append(b, d.any(mine[d.dice.IntN(len(mine))]))
		}
		s.Parallel = append(s.Parallel, b)
	}
	return s
}

// fork is an empty parallel step.
func (d *drawer) fork() story.Step {
	return story.Step{Op: story.Parallel, Expect: "ok", File: d.at.File, Line: d.at.Line}
}

func (d *drawer) step(op string, c story.Client) story.Step {
	return story.Step{Op: op, Client: c.Name, Expect: "any", Optional: true, File: d.at.File, Line: d.at.Line}
}

// any is something that the client can do.
func (d *drawer) any(c story.Client) story.Step {
	if c.User == "admin" && len(d.deeds) > 0 && d.dice.IntN(5) > 0 {
		s := d.step(d.deeds[d.dice.IntN(len(d.deeds))], c)
		s.User = []string{"alice", "alice", "alice", "bob"}[d.dice.IntN(4)]
		return s
	}
	op := d.acts[d.dice.IntN(len(d.acts))]
	if d.last[c.Name] == "sign_in" && d.dice.IntN(10) < asks {
		op = "whoami"
	}
	if op == "whoami" && d.last[c.Name] == "whoami" && slices.Contains(d.acts, "sign_in") { // it has just been asked
		op = "sign_in"
	}
	d.last[c.Name] = op
	s := d.step(op, c)
	switch {
	case op == "sign_in" && d.dice.IntN(12) == 0 && c.User != "admin": // somebody else at this client
		s.User = map[string]string{"alice": "bob", "bob": "alice"}[c.User]
	case op == "revoke_session":
		var others []string
		for _, o := range d.cast {
			if o.User == c.User && o.Name != c.Name {
				others = append(others, o.Name)
			}
		}
		if len(others) == 0 {
			return d.step("whoami", c)
		}
		s.Of = others[d.dice.IntN(len(others))]
	}
	return s
}

// Ops lists the operations that a story may hold, sorted.
func Ops() []string {
	out := append(slices.Clone(acts), affairs...)
	slices.Sort(out)
	return slices.Compact(out)
}
