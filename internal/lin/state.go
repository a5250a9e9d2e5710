package lin

// words is how many words hold the credentials of one account.
const words = 4

// set is a set of credentials by their numbers.
type set [words]uint64

func (s set) has(i int) bool  { return s[i/64]&(1<<(i%64)) != 0 }
func (s *set) put(i int)      { s[i/64] |= 1 << (i % 64) }
func (s *set) drop(o set)     { s.each(func(a uint64, i int) uint64 { return a &^ o[i] }) }
func (s *set) add(o set)      { s.each(func(a uint64, i int) uint64 { return a | o[i] }) }
func (s set) and(o set) set   { s.each(func(a uint64, i int) uint64 { return a & o[i] }); return s }
func (s set) minus(o set) set { s.drop(o); return s }
func (s set) empty() bool     { return s == set{} }
func (s *set) each(f func(uint64, int) uint64) {
	for i := range s {
		s[i] = f(s[i], i)
	}
}

// anyPassword is the number of a password of which nothing is known.
const anyPassword = -2

// state is one account: a value, so that states compare.
type state struct {
	exists, enabled, unclear bool
	password                 int
	// live credentials sign in; open ones may. The rest is dead.
	live, open set
}

// machine is the serial server: it knows what was declared and which credentials
// are of one session.
type machine struct {
	h       History
	number  map[string]int
	session map[string]set // credential -> all of its session
}

// machine numbers the credentials; false where there are too many. What is dead
// from the beginning has no number and stays dead.
func (h History) machine() (*machine, bool) {
	m := &machine{h: h, number: map[string]int{}, session: map[string]set{}}
	names := map[string]string{}
	enter := func(cred, session string) {
		if _, known := m.number[cred]; cred != "" && !known {
			m.number[cred] = len(m.number)
			names[cred] = session
		}
	}
	of := func(cred string) string {
		if s, ok := names[cred]; ok {
			return s
		}
		if s, ok := h.Start.Session[cred]; ok {
			return s
		}
		return cred
	}
	for _, list := range [][]string{h.Start.Live, h.Start.Open} {
		for _, c := range list {
			enter(c, of(c))
		}
	}
	for _, o := range h.Ops { // of all, so that fewer questions change no number
		switch {
		case o.What == "sign_in" || o.Cred == "":
			enter(o.Gets, "new "+o.Gets)
		default:
			enter(o.Gets, of(o.Cred))
		}
	}
	if len(m.number) > words*64 {
		return nil, false
	}
	sets := map[string]set{}
	for c, i := range m.number {
		s := sets[names[c]]
		s.put(i)
		sets[names[c]] = s
	}
	for c := range m.number {
		m.session[c] = sets[names[c]]
	}
	for c, s := range h.Start.Session { // dead ones, too, name a session that may live on under another
		if _, numbered := m.session[c]; !numbered {
			m.session[c] = sets[s]
		}
	}
	return m, true
}

// starts are all states in which the history may begin.
func (m *machine) starts(s Start) []state {
	first := state{exists: s.Exists, enabled: s.Enabled, unclear: s.Unclear, password: anyPassword}
	for _, c := range s.Live {
		first.live.put(m.number[c])
	}
	for _, c := range s.Open {
		first.open.put(m.number[c])
	}
	if len(s.Passwords) == 0 {
		return []state{first}
	}
	out := make([]state, len(s.Passwords))
	for i, p := range s.Passwords {
		out[i] = first
		out[i].password = p
	}
	return out
}
