package fuzz

import (
	"fmt"

	"github.com/sessionspec/sessionspec/internal/story"
)

// Certificate says what a sweep has covered, relative to its key.
type Certificate struct {
	// Depth is the number of operations up to which every transition was tried.
	Depth int `json:"depth"`
	// Edges are the transitions of the model up to there, Played those that were.
	Edges  int `json:"edges"`
	Played int `json:"played"`
	States int `json:"states"`
	// SignIns is what the sweep costs in sign-ins.
	SignIns int    `json:"sign_ins"`
	Key     string `json:"key"`
}

// sweepKey says in words what makes two states the same.
const sweepKey = "accounts (there, on, times re-created, password changed or not, renamed or not) and the sessions of each device (whose, state, why over, renewed, held); people and devices interchangeable, age of sessions forgotten"

// sweepKinds are what a sweep tries: what changes sessions or accounts. Reading
// and moving leave the model where it is.
var sweepKinds = map[string]bool{"sign_in": true, "sign_out": true, "create_user": true, "change_password": true, "reset_password": true,
	"revoke_session": true, "revoke_others": true, "revoke_all": true, "expire": true, "disable": true, "enable": true, "delete_user": true,
	"rename": true, "refresh": true, "step_up": true, "redeem": true, "request_link": true}

// small is the cast of a sweep.
func small() []story.Client {
	all := people()
	return []story.Client{all[0], all[1], all[3], all[5]} // laptop and phone of alice, desk of bob, office
}

// sweep lists one trace for every canonical transition, breadth first, as deep as
// the budgets allow; a depth is taken whole or not at all. most bounds the
// traces, signIns (0: none) the sign-ins that they make.
func (g *game) sweep(most, signIns int) ([]Trace, Certificate) {
	h := *g
	h.cast = small()
	type node struct {
		steps []story.Step
		state *state
	}
	cert := Certificate{Key: sweepKey, States: 1}
	var all []Trace
	start := h.begin(h.cast)
	frontier, seen, edges := []node{{state: start}}, map[string]bool{start.key(): true}, map[string]bool{}
	for depth := 1; len(frontier) > 0; depth++ {
		var level []Trace
		var next []node
		cost := 0
		for _, n := range frontier {
			from := n.state.key()
			for _, st := range h.effects(n.state) {
				before := n.state.coarse(st)
				s := n.state.clone()
				s.apply(st)
				to := s.key()
				edge := fmt.Sprintf("%s -%s(%s)-> %s", from, st.Op, before, to)
				if edges[edge] {
					continue
				}
				edges[edge] = true
				steps := append(append([]story.Step{}, n.steps...), st)
				t := Trace{Kind: "sweep", Index: len(all) + len(level), Clients: h.cast, Steps: h.staffed(steps), Routes: map[string]string{}}
				cost += t.signIns()
				level = append(level, t.pruned())
				if !seen[to] {
					seen[to] = true
					next = append(next, node{steps, s})
				}
				if len(all)+len(level) > most || signIns > 0 && cert.SignIns+cost > signIns {
					return all, cert
				}
			}
		}
		all = append(all, level...)
		cert.Depth, cert.Edges, cert.States = depth, len(all), len(seen)
		cert.SignIns += cost
		frontier = next
	}
	return all, cert
}

// effects are the steps that change something in a state.
func (g *game) effects(s *state) (out []story.Step) {
	for _, k := range kinds {
		if !sweepKinds[k.op] || !g.offers(k.op) {
			continue
		}
		for _, st := range s.moves(k) {
			if ok, effect := s.able(st); ok && effect {
				out = append(out, st)
			}
		}
	}
	return out
}

// staffed lets the administrator sign in first, if there is work for one.
func (g *game) staffed(steps []story.Step) []story.Step {
	for _, st := range steps {
		if st.Client == office {
			return append([]story.Step{{Op: "sign_in", Client: office, Expect: "any"}}, steps...)
		}
	}
	return steps
}

func (t Trace) signIns() (n int) {
	for s := range story.Each(t.Steps) {
		if s.Op == "sign_in" || s.Op == "sign_in_partial" || s.Op == "redeem" {
			n++
		}
	}
	return n
}
