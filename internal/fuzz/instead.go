package fuzz

import (
	"cmp"
	"maps"
	"slices"

	"github.com/sessionspec/sessionspec/internal/story"
)

// Passes of the shrinker that put something simpler in the place of what is there.

// ready has people there from the beginning who were created in the course of it.
func (s *shrinker) ready() {
	for i := len(s.best.Steps) - 1; i >= 0; i-- {
		if i >= len(s.best.Steps) || s.best.Steps[i].Op != "create_user" {
			continue
		}
		u := s.best.Steps[i].User
		t := s.best.with(without(s.best.Steps, i, i+1))
		t.Clients = append(slices.Clone(t.Clients), story.Client{Name: "spare", User: u, In: "wire"})
		if s.try(t.pruned()) {
			continue
		}
		fresh := s.best.with(cloneSteps(s.best.Steps)) // somebody new in the place of who was there before
		for j := i; j < len(fresh.Steps); j++ {
			for _, name := range []*string{&fresh.Steps[j].User, &fresh.Steps[j].Former} {
				if *name == u {
					*name = "fresh"
				}
			}
		}
		for j := i - 1; j >= 0; j-- { // and no removal to make room
			if st := fresh.Steps[j]; st.Op == "delete_user" && st.User == u {
				fresh.Steps = without(fresh.Steps, j, j+1)
				break
			}
		}
		s.try(fresh)
	}
	s.plainSignIns()
}

// plainSignIns puts a sign-in in the place of a link that was asked for and used.
func (s *shrinker) plainSignIns() {
	for i := len(s.best.Steps) - 1; i >= 0; i-- {
		if i >= len(s.best.Steps) || s.best.Steps[i].Op != "redeem" {
			continue
		}
		st := s.best.Steps[i]
		by := cmp.Or(st.Of, st.Client)
		for j := i - 1; j >= 0; j-- {
			if ask := s.best.Steps[j]; ask.Op == "request_link" && ask.Client == by {
				steps := cloneSteps(s.best.Steps)
				steps[i] = story.Step{Op: "sign_in", Client: st.Client, User: ask.User, Expect: "any"}
				if ask.User == "" && by != st.Client {
					for _, c := range s.best.Clients {
						if c.Name == by {
							steps[i].User = c.User
						}
					}
				}
				s.try(s.best.with(without(steps, j, j+1)))
				break
			}
		}
	}
}

// merges has one device or person do what two did.
func (s *shrinker) merges() {
	for again := true; again; {
		again = false
		for _, p := range s.couples() {
			if s.try(s.best.merged(p.from, p.to, p.client)) {
				again = true
				break
			}
		}
	}
}

type couple struct {
	from, to string
	client   bool
}

func (s *shrinker) couples() (out []couple) {
	var users []string
	note := func(u string) {
		if u != "" && !slices.Contains(users, u) {
			users = append(users, u)
		}
	}
	for i, a := range s.best.Clients {
		note(a.User)
		for _, b := range s.best.Clients[:i] {
			if admin(a.User) == admin(b.User) {
				out = append(out, couple{a.Name, b.Name, true})
			}
		}
	}
	each(s.best.Steps, func(st *story.Step) { note(st.User) })
	for i, a := range users {
		for _, b := range users[:i] {
			if admin(a) == admin(b) {
				out = append(out, couple{a, b, false})
			}
		}
	}
	return out
}

// simpler takes routes back to the target's first ones, and arguments out.
func (s *shrinker) simpler() {
	if len(s.best.Routes) > 0 {
		plain := s.best
		plain.Routes = nil
		if !s.try(plain) {
			for _, op := range slices.Sorted(maps.Keys(s.best.Routes)) {
				one := s.best
				one.Routes = maps.Clone(s.best.Routes)
				delete(one.Routes, op)
				s.try(one)
			}
		}
	}
	for i := range s.best.Steps {
		for _, take := range []func(*story.Step){
			func(st *story.Step) { st.Wrong = false },
			func(st *story.Step) { st.Former = "" },
			func(st *story.Step) { st.With = "" },
			func(st *story.Step) { st.Route = "" },
			func(st *story.Step) {
				if ownerless(st.Op) {
					st.User = ""
				}
			},
		} {
			if i >= len(s.best.Steps) {
				return
			}
			steps := cloneSteps(s.best.Steps)
			take(&steps[i])
			s.try(s.best.with(steps))
		}
	}
}
