package fuzz

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/sessionspec/sessionspec/internal/story"
)

// Names that a normalised story gives, in the order in which people and devices
// come up.
var (
	firstNames = []string{"alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi"}
	deviceOf   = [][]string{{"laptop", "phone", "tablet", "watch", "van", "tv"}, {"desk", "work", "lab", "shed"}, {"kiosk", "cafe"}, {"hotel"}}
)

// normalised gives people and devices the names that come with their order, a
// device to whoever signs in there first, and leaves out what does not matter.
// Two stories that differ in names only have one normal form.
func (t Trace) normalised() Trace {
	owner := map[string]string{} // client -> the role that signs in first, in the old names
	old := map[string]story.Client{}
	for _, c := range t.Clients {
		old[c.Name] = c
	}
	each(t.Steps, func(s *story.Step) {
		if _, ok := owner[s.Client]; !ok && (s.Op == "sign_in" || s.Op == "sign_in_partial") {
			owner[s.Client] = cmp.Or(s.User, old[s.Client].User)
		}
	})
	// Only who is there from the beginning can own a device.
	born := map[string]bool{}
	for _, c := range t.Clients {
		born[c.User] = true
	}
	for _, c := range t.Clients {
		if o, ok := owner[c.Name]; !ok || !born[o] || admin(o) != admin(c.User) {
			owner[c.Name] = c.User
		}
	}
	t = t.peopled(owner, born)
	users, clients, admins, offices := map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}
	perUser := map[string]int{}
	name := func(role string) string {
		switch {
		case role == "":
			return ""
		case admin(role):
			return numbered(admins, role, "admin")
		}
		if _, ok := users[role]; !ok {
			n := len(users)
			users[role] = "user" + strconv.Itoa(n+1)
			if n < len(firstNames) {
				users[role] = firstNames[n]
			}
		}
		return users[role]
	}
	device := func(c string) string {
		switch {
		case c == "":
			return c
		case admin(owner[c]):
			return numbered(offices, c, office)
		}
		if _, ok := clients[c]; !ok {
			u := name(owner[c])
			i, n := slices.Index(firstNames, u), perUser[u]
			perUser[u]++
			clients[c] = u + "device" + strconv.Itoa(n+1)
			if i >= 0 && i < len(deviceOf) && n < len(deviceOf[i]) {
				clients[c] = deviceOf[i][n]
			}
		}
		return clients[c]
	}
	steps := cloneSteps(t.Steps)
	each(steps, func(s *story.Step) {
		who := s.User
		if who == "" && ownerless(s.Op) {
			who = old[s.Client].User
		}
		by := owner[s.Client]
		s.Client = device(s.Client)
		s.Of = device(s.Of)
		if s.Of == s.Client && s.Op == "redeem" {
			s.Of = "" // its own goes without saying
		}
		s.User, s.Former = name(who), name(s.Former)
		if ownerless(s.Op) && s.User == name(by) {
			s.User = ""
		}
	})
	out := t.with(steps)
	out.Clients = nil
	worlds := map[string]string{}
	// A device belongs to the world of whose it is.
	home := map[string]string{}
	for _, c := range t.Clients {
		if home[c.User] == "" {
			home[c.User] = c.World
		}
	}
	order := slices.Clone(t.Clients)
	slices.SortStableFunc(order, func(a, b story.Client) int { return t.comesUp(a.Name) - t.comesUp(b.Name) })
	for _, c := range order {
		if _, ok := worlds[home[owner[c.Name]]]; !ok {
			name := ""
			if len(worlds) > 0 {
				name = "world" + strconv.Itoa(len(worlds)+1)
			}
			worlds[home[owner[c.Name]]] = name
		}
	}
	for _, c := range t.Clients {
		c.World = worlds[home[owner[c.Name]]]
		c.User = name(owner[c.Name])
		c.Name = device(c.Name)
		out.Clients = append(out.Clients, c)
	}
	out = out.pruned()
	slices.SortStableFunc(out.Clients, func(a, b story.Client) int { return out.comesUp(a.Name) - out.comesUp(b.Name) })
	return out
}

// peopled has a client for everybody who is spoken of and was there from the
// beginning: whose devices have gone to others would else be nobody.
func (t Trace) peopled(owner map[string]string, born map[string]bool) Trace {
	owns := map[string]bool{}
	for _, c := range t.Clients {
		owns[owner[c.Name]] = true
	}
	t.Clients = slices.Clone(t.Clients)
	each(t.Steps, func(s *story.Step) {
		for _, u := range []string{s.User, s.Former} {
			if u != "" && born[u] && !owns[u] {
				owns[u] = true
				spare := story.Client{Name: "spare of " + u, User: u, In: "wire"}
				for _, c := range t.Clients {
					if c.User == u {
						spare.World = c.World
					}
				}
				owner[spare.Name] = u
				t.Clients = append(t.Clients, spare)
			}
		}
	})
	return t
}

// numbered is the name of something, in the order in which it is asked for: word, word2, and so on.
func numbered(names map[string]string, old, word string) string {
	if _, ok := names[old]; !ok {
		names[old] = word
		if n := len(names); n > 1 {
			names[old] = word + strconv.Itoa(n)
		}
	}
	return names[old]
}

// ownerless operations are about their client's own user unless they name one.
func ownerless(op string) bool {
	return op == "sign_in" || op == "sign_in_partial" || op == "request_link"
}

func admin(role string) bool { return strings.HasPrefix(role, "admin") }

// comesUp is the step at which a client first takes part.
func (t Trace) comesUp(client string) int {
	n, at := 0, 1<<20
	each(t.Steps, func(s *story.Step) {
		if at == 1<<20 && (s.Client == client || s.Of == client) {
			at = n
		}
		n++
	})
	return at
}

// cloneSteps copies steps and what stands inside them.
func cloneSteps(steps []story.Step) []story.Step {
	out := slices.Clone(steps)
	for i, s := range out {
		if len(s.Parallel) > 0 {
			out[i].Parallel = make([][]story.Step, len(s.Parallel))
			for j, b := range s.Parallel {
				out[i].Parallel[j] = cloneSteps(b)
			}
		}
	}
	return out
}

// merged has one client, or one user, take the part of another as well.
func (t Trace) merged(from, to string, client bool) Trace {
	steps := cloneSteps(t.Steps)
	swap := func(s *string) {
		if *s == from {
			*s = to
		}
	}
	each(steps, func(s *story.Step) {
		if client {
			if s.Client == from && s.User == "" && ownerless(s.Op) { // whose device it was stays with the step
				for _, c := range t.Clients {
					if c.Name == from {
						s.User = c.User
					}
				}
			}
			swap(&s.Client)
			swap(&s.Of)
		} else {
			swap(&s.User)
			swap(&s.Former)
		}
	})
	out := t.with(steps)
	out.Clients = slices.Clone(t.Clients)
	for i := range out.Clients {
		if !client {
			swap(&out.Clients[i].User)
		}
	}
	return out.pruned()
}
