package fuzz

import (
	"slices"

	"github.com/sessionspec/sessionspec/internal/story"
)

// kind is one kind of operation that stories are drawn from.
type kind struct {
	op string
	// weight is how often it comes up beside the others.
	weight int
	// byOffice operations are an administrator's.
	byOffice bool
	// mutates: it shows or plants values; such traces are few, since it asks much.
	mutates bool
}

// kinds is the vocabulary of drawn stories. Most operations end something, so
// that much has to begin.
var kinds = []kind{
	{op: "sign_in", weight: 12},
	{op: "sign_out", weight: 4},
	{op: "create_user", weight: 4, byOffice: true},
	{op: "change_password", weight: 4},
	{op: "reset_password", weight: 2, byOffice: true},
	{op: "revoke_session", weight: 3},
	{op: "revoke_others", weight: 3},
	{op: "revoke_all", weight: 2, byOffice: true},
	{op: "expire", weight: 2, byOffice: true},
	{op: "disable", weight: 2, byOffice: true},
	{op: "enable", weight: 3, byOffice: true},
	{op: "delete_user", weight: 2, byOffice: true},
	{op: "rename", weight: 2, byOffice: true},
	{op: "set_role", weight: 1, byOffice: true},
	{op: "refresh", weight: 3},
	{op: "step_up", weight: 2},
	{op: "note", weight: 2},
	{op: "read_note", weight: 2},
	{op: "list_sessions", weight: 1},
	{op: "request_link", weight: 1},
	{op: "redeem", weight: 2},
	{op: "sign_in_partial", weight: 1},
	{op: "move", weight: 1},
	{op: "plant", weight: 4, mutates: true},
	{op: "present", weight: 4, mutates: true},
}

// naming are the operations that make, remove or change a name.
var naming = map[string]bool{"create_user": true, "delete_user": true, "rename": true}

// onPlanted are the operations of a client that holds a planted value.
var onPlanted = map[string]bool{"sign_in": true, "sign_out": true, "plant": true}

// moves lists the steps of one kind that make sense to try in a state, whether
// or not they will be refused.
func (s *state) moves(k kind) (out []story.Step) {
	add := func(st story.Step) {
		st.Op, st.Expect = k.op, "any"
		out = append(out, st)
	}
	if k.byOffice {
		for _, u := range s.subjects(k.op) {
			if s.tangled[u] && naming[k.op] {
				continue
			}
			switch k.op {
			case "rename":
				add(story.Step{Client: office, User: u})
				for _, f := range s.subjects("") {
					if there, _ := s.world.Exists(f); there && f != u && s.names[f] > 0 && !s.tangled[f] {
						add(story.Step{Client: office, User: u, Former: f})
					}
				}
			case "set_role":
				add(story.Step{Client: office, User: u, To: "admin"})
				add(story.Step{Client: office, User: u, To: "user"})
			default:
				add(story.Step{Client: office, User: u})
			}
		}
		return out
	}
	devices := s.devices()
	for _, c := range devices {
		if s.planted[c.Name] && !onPlanted[k.op] {
			continue
		}
		switch k.op {
		case "sign_in", "sign_in_partial", "request_link":
			for _, u := range s.subjects("") {
				st := story.Step{Client: c.Name, User: u}
				if u == c.User {
					st.User = ""
				}
				add(st)
			}
		case "revoke_session":
			for _, o := range devices {
				if o.Name != c.Name && s.world.Who(o.Name) != "" {
					add(story.Step{Client: c.Name, Of: o.Name})
				}
			}
		case "redeem":
			for _, o := range devices {
				if s.asked[o.Name] != "" {
					st := story.Step{Client: c.Name, Of: o.Name}
					if o.Name == c.Name {
						st.Of = ""
					}
					add(st)
				}
			}
		case "plant":
			add(story.Step{Client: c.Name})
			for _, o := range devices {
				if o.Name != c.Name && s.newest(o.Name) != "" {
					add(story.Step{Client: c.Name, Of: o.Name})
				}
			}
		case "present":
			s.presents(c.Name, add)
		default:
			add(story.Step{Client: c.Name})
		}
	}
	return out
}

// presents are the ways to show what a client holds, changed; with another's
// beside it where that takes a second one.
func (s *state) presents(client string, add func(story.Step)) {
	if s.newest(client) == "" {
		return
	}
	for _, how := range []string{story.Loss, story.Mix, story.Twin, story.Tampered} {
		h, _ := story.LookupHow(how)
		if h.Of == "never" {
			add(story.Step{Client: client, How: how})
			continue
		}
		for _, o := range s.devices() {
			if o.Name != client && s.newest(o.Name) != "" && !s.planted[o.Name] { // whose session that would be is not clear
				add(story.Step{Client: client, How: how, Of: o.Name})
			}
		}
	}
}

// subjects are the accounts that an operation may be about: those of the cast,
// those that came into being, and for create_user one that never was.
func (s *state) subjects(op string) (out []string) {
	fresh := false
	for _, r := range roles {
		there, times := s.world.Exists(r)
		born := there || times > 0 || slices.ContainsFunc(s.cast, func(c story.Client) bool { return c.User == r })
		switch {
		case born:
			out = append(out, r)
		case op == "create_user" && !fresh:
			fresh = true
			out = append(out, r)
		}
	}
	return out
}
