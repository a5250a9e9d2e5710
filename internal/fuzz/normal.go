package fuzz

import (
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
			owner[s.Client] = s.User
			if s.User == "" {
				owner[s.Client] = old[s.Client].User
			}
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
	users, clients := map[string]string{}, map[string]string{}
	perUser := map[string]int{}
	name := func(role string) string {
		switch {
		case role == "":
			return ""
		case admin(role):
			return role
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
		if c == "" || admin(owner[c]) {
			return c
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
	for _, c := range t.Clients {
		c.User = name(owner[c.Name])
		c.Name = device(c.Name)
		out.Clients = append(out.Clients, c)
	}
	out = out.pruned()
	slices.SortStableFunc(out.Clients, func(a, b story.Client) int { return out.comesUp(a.Name) - out.comesUp(b.Name) })
	return out
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

func cloneSteps(steps []story.Step) []story.Step { return slices.Clone(steps) }

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
