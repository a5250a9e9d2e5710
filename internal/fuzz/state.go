package fuzz

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/model"
	"github.com/sessionspec/sessionspec/internal/story"
)

// state is a story half told, on the model alone: what has happened so far if
// the target is well-behaved.
type state struct {
	g     *game
	world *model.World
	cast  []story.Client
	// changes counts password changes, names renamings, by user.
	changes, names map[string]int
	roles          map[string]string
	asked          map[string]string // the account for which a client has asked for a link
	// planted clients hold what they have not signed in for: whose password they
	// would need is not clear, so that they only sign in or out.
	planted map[string]bool
	// tangled users have had their names passed on: who is meant by a name is not
	// clear any more if one of them is made, removed or renamed again.
	tangled map[string]bool
	creds   int
}

// roles are the accounts that a story may be about; those without a client of
// their own come into being in the course of it.
var roles = []string{"alice", "bob", "carol", "dave"}

func (g *game) begin(cast []story.Client) *state {
	var users []string
	for _, c := range cast {
		if c.User != "" && !slices.Contains(users, c.User) {
			users = append(users, c.User)
		}
	}
	return &state{g: g, world: model.New(g.terms.Declared, users), cast: cast, changes: map[string]int{}, names: map[string]int{}, roles: map[string]string{}, asked: map[string]string{}, planted: map[string]bool{}, tangled: map[string]bool{}}
}

// devices are the clients of people who are no administrators.
func (s *state) devices() (out []story.Client) {
	for _, c := range s.cast {
		if c.Name != office {
			out = append(out, c)
		}
	}
	return out
}

func (s *state) home(client string) string {
	for _, c := range s.cast {
		if c.Name == client {
			return c.User
		}
	}
	return ""
}

// account is whom a step acts on.
func (s *state) account(st story.Step) string {
	switch {
	case st.Op == "redeem":
		return s.asked[cmp.Or(st.Of, st.Client)]
	case st.User != "":
		return st.User
	case st.Op == "sign_in", st.Op == "sign_in_partial", st.Op == "request_link":
		return s.home(st.Client)
	}
	return cmp.Or(s.world.Who(st.Client), s.home(st.Client))
}

// able tells what a step comes to on a well-behaved target: whether it is carried
// out, and whether that changes anything.
func (s *state) able(st story.Step) (ok, effect bool) {
	w, u := s.world, s.account(st)
	live := w.ClientState(st.Client) == "live"
	there, _ := w.Exists(u)
	switch st.Op {
	case "sign_in", "sign_in_partial":
		return w.Able(u) && !st.Wrong, true
	case "sign_out":
		return true, w.ClientState(st.Client) != "none"
	case "create_user":
		return !there, true
	case "request_link":
		return w.Able(u), true
	case "redeem":
		return w.Able(u), true
	case "disable":
		return there, w.Able(u)
	case "enable":
		return there, w.Disabled(u)
	case "expire", "revoke_all":
		return there, s.liveOf(u) > 0
	case "set_role":
		return there, cmp.Or(s.roles[u], "user") != st.To
	case "reset_password", "delete_user", "rename":
		return there, true
	case "revoke_session":
		mine := w.Who(st.Of) == w.Who(st.Client) && w.ClientState(st.Of) == "live"
		return live && mine, live && mine
	case "revoke_others":
		return live, s.liveOf(u) > 1
	case "change_password":
		return live && !st.Wrong, true
	case "refresh":
		return live && st.With == "", true
	case "plant":
		return st.Of == "" || w.ClientState(st.Of) != "none", true
	}
	return live, live
}

// clone is a state of its own with the same past.
func (s *state) clone() *state {
	out := *s
	out.world = s.world.Clone()
	out.changes, out.names, out.roles, out.asked = maps.Clone(s.changes), maps.Clone(s.names), maps.Clone(s.roles), maps.Clone(s.asked)
	out.planted, out.tangled = maps.Clone(s.planted), maps.Clone(s.tangled)
	return &out
}

func (s *state) liveOf(user string) (n int) {
	for _, k := range s.world.Known() {
		if k.User == user && k.State == "live" {
			n++
		}
	}
	return n
}

// apply moves the state on, as a well-behaved target would.
func (s *state) apply(st story.Step) {
	ok, _ := s.able(st)
	u := s.account(st)
	e := model.Event{Op: st.Op, How: st.How, Client: st.Client, User: u, Of: st.Of, Outcome: "ok", Wrong: st.Wrong, Times: st.Times, To: st.To,
		Lost:  st.Op == "restart_browser" && !st.Restore,
		Spent: st.With == story.Spent, Presented: true, ByUser: st.Client != office}
	if !ok {
		e.Outcome = "refused"
	}
	d := s.g.terms.Declared
	switch {
	case st.Op == "sign_in_partial" && ok:
		e.Outcome = "pending"
	case !ok:
	case st.Op == "change_password":
		s.changes[u]++
	case st.Op == "reset_password":
		s.changes[u]++
	case st.Op == "set_role":
		s.roles[u] = st.To
	case st.Op == "create_user":
		delete(s.roles, u)
	case st.Op == "rename":
		s.names[u]++
		if st.Former != "" {
			s.tangled[u], s.tangled[st.Former] = true, true
		}
	case st.Op == "request_link":
		s.asked[st.Client] = u
	}
	brings := ok && (st.Op == "sign_in" || st.Op == "sign_in_partial" || st.Op == "redeem" || st.Op == "refresh" ||
		st.Op == "change_password" && d.CurrentAfterChange == "rotate" || st.Op == "step_up" && d.StepUp == "rotate")
	if brings || st.Op == "plant" && st.Of == "" {
		s.creds++
		e.Captured = fmt.Sprintf("%s.%s#%d", u, st.Client, s.creds)
	}
	if st.Op == "plant" && st.Of != "" {
		e.Planted = s.newest(st.Of)
	}
	switch st.Op {
	case "plant":
		s.planted[st.Client] = true
	case "sign_in", "redeem", "sign_out":
		delete(s.planted, st.Client)
	}
	s.world.Apply(e)
}

func (s *state) newest(client string) (cred string) {
	for _, k := range s.world.Known() {
		if k.Client == client && len(k.Credentials) > 0 {
			cred = k.Credentials[len(k.Credentials)-1]
		}
	}
	return cred
}

// short are the words of the canonical key for how a session ended.
func short(because string) string {
	words := strings.Fields(because)
	return strings.Join(words[max(0, len(words)-2):], "-")
}

// key is the canonical form of the state: people and devices are
// interchangeable, the order in which sessions began is forgotten, and of
// passwords and names only whether they have changed.
func (s *state) key() string {
	known := s.world.Known()
	var users []string
	for _, r := range roles {
		there, _ := s.world.Exists(r)
		if there || slices.ContainsFunc(known, func(k model.Known) bool { return k.User == r }) {
			users = append(users, r)
		}
	}
	best := ""
	permute(users, func(order []string) {
		number := map[string]int{}
		var b strings.Builder
		for i, u := range order {
			number[u] = i
			there, times := s.world.Exists(u)
			fmt.Fprintf(&b, "%t%t%d%d%d;", there, s.world.Able(u), min(times, 2), min(s.changes[u], 1), min(s.names[u], 1))
		}
		per := map[string]string{}
		for _, k := range known {
			if k.Client != office {
				n, ok := number[k.User]
				if !ok {
					n = 9
				}
				state := k.State
				if state == "ended" {
					state = short(k.Because)
				}
				per[k.Client] += fmt.Sprintf("%d%s%d%t,", n, state, min(len(k.Credentials), 2), k.Held)
			}
		}
		var clients []string
		for _, text := range per {
			clients = append(clients, text)
		}
		slices.Sort(clients)
		b.WriteString(strings.Join(clients, "|"))
		if text := b.String(); best == "" || text < best {
			best = text
		}
	})
	return best
}

// permute calls do with every order of the list.
func permute(list []string, do func([]string)) {
	list = slices.Clone(list)
	var rec func(i int)
	rec = func(i int) {
		if i >= len(list)-1 {
			do(list)
			return
		}
		for j := i; j < len(list); j++ {
			list[i], list[j] = list[j], list[i]
			rec(i + 1)
			list[i], list[j] = list[j], list[i]
		}
	}
	rec(0)
}

// coarse is the situation of a step in few words, for coverage: what the acting
// client's session is, how many others its user has, and the account's state.
func (s *state) coarse(st story.Step) string {
	w, u := s.world, s.account(st)
	others, theirs, dead := 0, 0, 0
	for _, k := range s.world.Known() {
		switch {
		case k.State == "ended" && k.User == u:
			dead++
		case k.State != "live" || k.Client == st.Client:
		case k.User == u:
			others++
		default:
			theirs++
		}
	}
	account := "gone"
	switch there, times := w.Exists(u); {
	case there && !w.Able(u):
		account = "off"
	case there && times > 0:
		account = "again"
	case there:
		account = "on"
	}
	if there, times := w.Exists(u); !there && times == 0 {
		account = "none"
	}
	return fmt.Sprintf("%s, %d more of the user, %d of others, %d over, account %s%s", w.ClientState(st.Client), min(others, 2), min(theirs, 1), min(dead, 2), account,
		map[bool]string{true: ", renamed"}[s.names[u] > 0])
}
