package reference

import (
	"bytes"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// side is a core and what a story has done with it: no HTTP, so that hundreds of
// thousands of stories can be tried.
type side struct {
	core   *core
	tokens []string // all that were ever handed out
	said   string   // what the last read_note read
}

// moment is the state of two sides, the clean one and the one with the fault, and
// of the people, which is the same for both.
type moment struct {
	states  [2]*state
	tokens  [2][]string
	devices [4]int // the token each holds, by its number; -1 for none
	names   map[string]string
	renamed int
	bob     bool // alice has come: until then bob is her double
	story   []move
	clock   time.Time
}

// move is one step: who, with which account or other device.
type move struct {
	op     string
	device int
	user   string
	other  int
}

func (m move) String() string { return fmt.Sprintf("%s %d %s %d", m.op, m.device, m.user, m.other) }

// toy tries stories on two sides.
type toy struct {
	t     *testing.T
	sides [2]*side
	notes bool // reading and writing them takes part
	// command is the administrator's command line, which needs nobody signed in.
	command bool
	clock   time.Time
	log     bytes.Buffer // what has fired
}

var toyUsers = []string{"alice", "bob", "carol", "admin"} // carol is to be created

func newToy(t *testing.T, fault string) (*toy, *moment) {
	t.Helper()
	y := &toy{t: t, notes: fault == faultNotesMoveUp, clock: time.Unix(1e9, 0)}
	m := &moment{devices: [4]int{-1, -1, -1, -1}, names: map[string]string{}, clock: y.clock}
	for i, faults := range [][]string{nil, {fault}} {
		set, err := plant(faults, &y.log)
		if err != nil {
			t.Fatal(err)
		}
		s := &side{core: newCore(tempStore(t, filepath.Join(t.TempDir(), "store")), set, 1, 0, 0)}
		s.core.now = func() time.Time { return y.clock }
		s.core.between = func() {} // nobody else is there to come in between
		y.sides[i] = s
		for _, u := range toyUsers {
			m.names[u] = u + "-w"
			if u == "carol" {
				continue
			}
			role := RoleUser
			if u == "admin" {
				role = RoleAdmin
			}
			if _, err := s.core.create(actor{provisioning: true}, newUser{Name: u + "-w", Password: "pw", Role: role}); err != nil {
				t.Fatal(err)
			}
		}
		m.states[i] = s.core.store.st
	}
	return y, m
}

// fork is a copy of the state: rows are never altered in place.
func (st *state) fork() *state {
	out := &state{maps.Clone(st.users), maps.Clone(st.byName), maps.Clone(st.sessions), map[string]map[string]bool{},
		map[string]map[string]string{}, maps.Clone(st.artefacts), maps.Clone(st.marks)}
	for id, rows := range st.byUser {
		out.byUser[id] = maps.Clone(rows)
	}
	for id, notes := range st.notes {
		out.notes[id] = maps.Clone(notes)
	}
	return out
}

// after makes a move on both sides. shows tells that they answer differently.
func (y *toy) after(m *moment, v move) (next *moment, shows bool) {
	n := *m
	n.names = maps.Clone(m.names)
	n.clock = m.clock.Add(time.Second)
	n.story = append(slices.Clone(m.story), v)
	n.bob = m.bob || v.user == "alice"
	y.clock = n.clock
	if v.op == "rename" {
		n.renamed++
	}
	fresh := -1
	var answers [2]string
	for i, s := range y.sides {
		s.core.store.st = m.states[i].fork()
		s.tokens, s.said = slices.Clone(m.tokens[i]), ""
		before := len(s.tokens)
		refusal := s.perform(&n, v)
		if len(s.tokens) > before {
			fresh = before
		}
		n.states[i], n.tokens[i] = s.core.store.st, s.tokens
		answers[i] = fmt.Sprint(refusal == nil, s.said, s.panel())
	}
	if fresh >= 0 {
		n.devices[v.device] = fresh
	}
	if v.op == "rename" && n.states[0].named(n.newName(v.user)) != nil {
		n.names[v.user] = n.newName(v.user)
	}
	return &n, answers[0] != answers[1]
}

func (m *moment) newName(user string) string { return fmt.Sprintf("%s-w-%d", user, m.renamed) }

// perform makes one move on one side.
func (s *side) perform(m *moment, v move) error {
	c, name := s.core, m.names[v.user]
	var with meta
	if v.device >= 0 && m.devices[v.device] >= 0 {
		with.token = s.tokens[m.devices[v.device]]
	}
	keep := func(g grant, err error) error {
		if g.token != "" {
			s.tokens = append(s.tokens, g.token)
		}
		return err
	}
	switch v.op {
	case "sign_in":
		return keep(c.signIn(with, name, "pw"))
	case "wrong":
		return keep(c.signIn(meta{}, name, "wrong"))
	case "sign_out":
		_, err := c.signOut(with)
		return err
	case "change_password": // to the same word again: nothing remembers the old one
		return keep(c.changePassword(with, "pw", "pw"))
	case "step_up":
		return keep(c.stepUp(with, "pw"))
	case "revoke_session":
		_, _, err := c.revoke(with, c.handleOf(s.tokens[m.devices[v.other]]), "")
		return err
	case "revoke_others":
		return c.revokeOthers(with, "")
	case "note":
		return c.writeNote(with, "", fmt.Sprint("note ", len(m.story)))
	case "read_note":
		text, err := c.readNote(with, "")
		s.said = text
		return err
	case "create_user":
		_, err := c.create(actor{}, newUser{Name: name, Password: "pw"})
		return err
	case "reset_password":
		return c.setPassword(actor{}, name, "pw")
	case "revoke_all":
		return c.endAll(name, revoked)
	case "expire":
		return c.endAll(name, expired)
	case "disable":
		return c.disable(actor{}, name)
	case "enable":
		return c.enable(name)
	case "delete_user":
		return c.remove(actor{}, name)
	case "rename":
		return c.rename(name, m.newName(v.user))
	case "promote":
		return c.setRole(name, RoleAdmin)
	}
	return c.setRole(name, RoleUser)
}

// handleOf is what lists call the session of a token.
func (c *core) handleOf(token string) string {
	if s := c.store.st.sessions[idOf(token)]; s != nil {
		return s.Handle
	}
	return "gone"
}

// panel is the answer of every token.
func (s *side) panel() string {
	var out strings.Builder
	for _, token := range s.tokens {
		who := s.core.resolve(s.core.store.st, token)
		user := "-"
		if who.live() {
			user = bare(who.user.Name)
		}
		fmt.Fprintf(&out, "%s %s,", who.standing, user)
	}
	return out.String()
}

func bare(name string) string {
	user, _, _ := strings.Cut(name, "-") // renamed or not
	return user
}

// moves are the steps worth trying: what cannot be told apart is tried once, an
// unused device stands for all of them, and alice comes before bob.
func (y *toy) moves(m *moment) (out []move) {
	c := y.sides[0].core
	st := m.states[0]
	users := toyUsers
	if !m.bob {
		users = []string{"alice", "carol", "admin"}
	}
	office, unused := y.command, false
	for d, held := range m.devices {
		if held < 0 {
			if unused {
				break
			}
			unused = true
		}
		for _, u := range users {
			out = append(out, move{"sign_in", d, u, -1})
		}
		if held < 0 {
			continue
		}
		out = append(out, move{"sign_out", d, "", -1})
		who := c.resolve(st, m.tokens[0][held])
		if !who.live() {
			continue
		}
		office = office || who.user.Role == RoleAdmin
		own := []string{"change_password", "step_up", "revoke_others"}
		if y.notes {
			own = append(own, "note", "read_note")
		}
		for _, op := range own {
			out = append(out, move{op, d, "", -1})
		}
		for e, other := range m.devices {
			if other >= 0 {
				out = append(out, move{"revoke_session", d, "", e})
			}
		}
	}
	for _, u := range users {
		out = append(out, move{"wrong", -1, u, -1}, move{"create_user", -1, u, -1})
		if !office {
			continue
		}
		for _, op := range []string{"reset_password", "revoke_all", "expire", "disable", "enable", "delete_user", "rename", "promote", "demote"} {
			out = append(out, move{op, -1, u, -1})
		}
	}
	return out
}
