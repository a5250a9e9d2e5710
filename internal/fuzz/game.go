package fuzz

import (
	"slices"

	"github.com/sessionspec/sessionspec/internal/judge"
	"github.com/sessionspec/sessionspec/internal/play"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/targets"
)

// game is what can be played at a target: the operations it offers, and the
// people and devices that take part.
type game struct {
	terms judge.Terms
	// routes of the operations that are offered, the target's first one first.
	routes map[string][]string
	// commands are those routes that run a program: slow, and so rare.
	commands map[string]map[string]bool
	// secretless are routes of sign-ins that take no password.
	secretless map[string]bool
	// pages are the operations that a browser does on the target's pages.
	pages map[string]bool
	cast  []story.Client
}

// newGame reads off the target what there is to play with.
func newGame(env *play.Env, terms judge.Terms) *game {
	g := &game{terms: terms, routes: map[string][]string{}, commands: map[string]map[string]bool{}, secretless: map[string]bool{}, pages: map[string]bool{}, cast: people()}
	t := env.Target
	for op := range t.Clients["browser"].Operations {
		g.pages[op] = true
	}
	for _, op := range story.Ops() {
		for _, r := range t.For("wire", op.Name).Usable(env.Exec) {
			if op.Name == "sign_in" && r.Name != "" && r.Name == t.Declares.Remember {
				continue // what such a sign-in leaves behind is not in the model
			}
			g.routes[op.Name] = append(g.routes[op.Name], r.Name)
			if r.Steps.Exec() {
				if g.commands[op.Name] == nil {
					g.commands[op.Name] = map[string]bool{}
				}
				g.commands[op.Name][r.Name] = true
			}
			if op.Name == "sign_in" && !slices.Contains(targets.Route.Refs(r), "password") {
				g.secretless[r.Name] = true
			}
		}
	}
	return g
}

// people is the cast of every walk: whoever is at a device may sign in as
// anybody. An administrator is there for what only they may do.
func people() []story.Client {
	return []story.Client{
		{Name: "laptop", User: "alice", In: "wire"},
		{Name: "phone", User: "alice", In: "wire"},
		{Name: "tablet", User: "alice", In: "wire"},
		{Name: "desk", User: "bob", In: "wire"},
		{Name: "work", User: "bob", In: "wire"},
		{Name: office, User: "admin", In: "wire"},
	}
}

const office = "office"

// devices are the clients of people who are no administrators.
func (g *game) devices() (out []story.Client) {
	for _, c := range g.cast {
		if c.Name != office {
			out = append(out, c)
		}
	}
	return out
}

func (g *game) offers(op string) bool {
	o, ok := story.Lookup(op)
	return ok && o.Local || len(g.routes[op]) > 0
}
