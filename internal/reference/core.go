package reference

import (
	"errors"
	"sync"
	"time"
)

// Refusals. The dialects translate them into their own answers.
var (
	errBadCredentials = errors.New("wrong name, password or code")
	errNotSignedIn    = errors.New("not signed in")
	errForbidden      = errors.New("not allowed")
	errExists         = errors.New("there is a user of that name already")
	errNoUser         = errors.New("no such user")
	errNoSession      = errors.New("no such session")
	errBadInput       = errors.New("a user name of printable characters without space or slash and a password are needed")
)

// core is the session logic all dialects and the admin command line share.
// It knows tokens and names; HTTP, cookies and forms are the dialects' business.
type core struct {
	store    *store
	faults   *faultSet
	hashCost int
	idle     time.Duration // since the last request
	absolute time.Duration // since sign-in
	rules    Rules
	now      func() time.Time
	between  func() // what happens while a fault dawdles; nil for a short while

	mu     sync.Mutex
	minted int               // tokens so far, for faultClockTokens
	asked  map[string]int    // whoami answers per session, for faultWrongIdentity
	crowd  crowd             // sign-ins under way, for faultMixedUp
	begins map[string]string // tokens by their beginning, for faultPrefixCompared
	// successors are what refresh tokens were exchanged for lately, by id.
	successors map[string]successor
	mail       map[string]string // the last link to each account, by UID: the mailbox of a test
}

func newCore(st *store, faults *faultSet, hashCost int, idle, absolute time.Duration) *core {
	if hashCost <= 0 {
		hashCost = DefaultHashCost
	}
	if idle <= 0 {
		idle = 12 * time.Hour
	}
	if absolute <= 0 {
		absolute = 7 * 24 * time.Hour
	}
	return &core{store: st, faults: faults, hashCost: hashCost, idle: idle, absolute: absolute,
		now: time.Now, asked: map[string]int{}, mail: map[string]string{}}
}

// meta is what a request says about its sender.
type meta struct {
	token     string
	agent     string
	address   string // source address of the connection, without port
	forwarded string // first entry of X-Forwarded-For; only a fault believes it
}

// place is the network the sender appears to come from, to who believes headers.
func (m meta) place() string {
	if m.forwarded != "" {
		return m.forwarded
	}
	return m.address
}

// standing is what a token is worth.
type standing int

const (
	standingNone    standing = iota // no token
	standingDead                    // a token that opens nothing
	standingPending                 // second factor still due: grants nothing
	standingLive
)

func (s standing) String() string { return [...]string{"none", "dead", "pending", "live"}[s] }

// identity is the answer to: who is it?
type identity struct {
	standing standing
	user     *user    // nil unless live or pending
	session  *session // the row, also a dead one; nil if there is none
}

func (i identity) live() bool { return i.standing == standingLive }

// name is the user's name for a live session, else "".
func (i identity) name() string {
	if !i.live() {
		return ""
	}
	return i.user.Name
}

// resolve looks a token up.
func (c *core) resolve(st *state, token string) identity {
	if token == "" {
		return identity{}
	}
	s := c.find(st, token)
	if s == nil || s.Ended != "" || s.UID == "" || c.over(s) {
		return identity{standing: standingDead, session: s}
	}
	u := c.owner(st, s)
	if u == nil || u.Disabled && !c.faults.On(faultAccountEndKeeps) {
		return identity{standing: standingDead, session: s}
	}
	if s.Pending {
		return identity{standingPending, u, s}
	}
	return identity{standingLive, u, s}
}

// owner is the account a session belongs to, nil if it is gone.
func (c *core) owner(st *state, s *session) *user {
	namesake := st.named(s.Name)
	if u := st.users[s.UID]; u != nil {
		if namesake != nil && namesake != u && c.faults.Fires(faultNameOnly) {
			return namesake
		}
		return u
	}
	if namesake != nil && c.faults.Fires(faultNameOnly) {
		return namesake
	}
	// Once the name is taken again the leftover dies: that hole is another fault's.
	if namesake == nil && c.faults.Fires(faultAccountEndKeeps) {
		return &user{UID: s.UID, Name: s.Name, Role: RoleUser}
	}
	return nil
}

// over says whether a session has run out by itself.
func (c *core) over(s *session) bool {
	now := c.now()
	return now.Sub(s.Seen) > c.idle || now.Sub(s.Created) > c.absolute
}

// identify resolves a token and notes that its session is in use. The note is
// coarse, a tenth of the idle limit, so that reading hardly ever writes.
func (c *core) identify(m meta) (identity, error) {
	var who identity
	if m.token == "" {
		return who, nil
	}
	if err := c.undecodable(m.token); err != nil {
		return who, err
	}
	if err := c.store.view(func(st *state) { who = c.resolve(st, m.token) }); err != nil {
		return identity{}, err
	}
	if who.standing < standingPending || c.now().Sub(who.session.Seen) < c.idle/10 {
		return who, nil
	}
	err := c.store.update(func(t *tx) error {
		if who = c.resolve(t.state, m.token); who.standing < standingPending {
			return nil // it ended meanwhile
		}
		seen := *who.session
		seen.Seen = c.now()
		t.do(change{Session: &seen})
		return nil
	})
	return who, err
}

// whoami is identify with the two faults that lie about the answer.
func (c *core) whoami(m meta) (identity, error) {
	who, err := c.identify(m)
	if err != nil {
		return who, err
	}
	if who.standing == standingNone && m.forwarded != "" && c.faults.On(faultKeyedByNetwork) {
		err = c.store.view(func(st *state) {
			if s := c.latest(st, func(s *session) bool { return s.Address == m.forwarded }); s != nil {
				c.faults.Fires(faultKeyedByNetwork)
				who = identity{standingLive, c.owner(st, s), s}
			}
		})
	}
	if who.live() && c.faults.On(faultWrongIdentity) {
		c.mu.Lock()
		c.asked[who.session.ID]++
		third := c.asked[who.session.ID]%3 == 0
		c.mu.Unlock()
		if third {
			err = c.store.view(func(st *state) {
				later := func(s *session) bool { return s.UID != who.user.UID && s.Created.After(who.session.Created) }
				if s := c.latest(st, later); s != nil {
					c.faults.Fires(faultWrongIdentity)
					who.user = c.owner(st, s)
				}
			})
		}
	}
	return who, err
}

// latest is the youngest live session that meets the condition, nil if none does.
func (c *core) latest(st *state, meets func(*session) bool) *session {
	var found *session
	for _, s := range st.open() {
		if s.UID == "" || s.Pending || c.over(s) || c.owner(st, s) == nil || !meets(s) {
			continue
		}
		if found == nil || s.Created.After(found.Created) {
			found = s
		}
	}
	return found
}

// end turns rows into tombstones.
func end(t *tx, why string, rows []*session) {
	for _, s := range rows {
		ended := *s
		ended.Ended = why
		t.do(change{Session: &ended})
	}
}

// without returns the rows whose id is not among ids.
func without(rows []*session, ids ...string) []*session {
	var kept []*session
rows:
	for _, s := range rows {
		for _, id := range ids {
			if s.ID == id {
				continue rows
			}
		}
		kept = append(kept, s)
	}
	return kept
}
