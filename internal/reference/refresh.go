package reference

import (
	"net/http"
	"time"
)

// Kinds of artefact.
const (
	kindRefresh  = "refresh"
	kindRemember = "remember"
	kindLink     = "link"
)

// artefact is a secret beside the token: handed out with a session, or leading
// to one. ID is its hash. It belongs to all sessions of a family: those that
// came of one sign-in.
type artefact struct {
	ID      string    `json:"id"`
	Kind    string    `json:"kind"`
	UID     string    `json:"uid"`
	Family  string    `json:"family,omitempty"`
	Spent   bool      `json:"spent,omitempty"`
	Created time.Time `json:"created"`
}

// issue stores an artefact for a session and returns its secret.
func (c *core) issue(t *tx, kind, uid, family string) string {
	secret := randomHex(20)
	t.do(change{Artefact: &artefact{ID: idOf(secret), Kind: kind, UID: uid, Family: family, Created: c.now()}})
	return secret
}

// handOut issues an artefact for the live session of a token.
func (c *core) handOut(kind, token string) (secret string, err error) {
	err = c.store.update(func(t *tx) error {
		who := c.resolve(t.state, token)
		if !who.live() {
			return errNotSignedIn
		}
		secret = c.issue(t, kind, who.user.UID, who.session.Family)
		return nil
	})
	return secret, err
}

// family is what came of one sign-in, tombstones included.
func (st *state) family(a *artefact) (rows []*session) {
	for id := range st.byUser[a.UID] {
		if s := st.sessions[id]; s.Family == a.Family {
			rows = append(rows, s)
		}
	}
	return rows
}

// anchor is the open session that an artefact rests on, with its owner; nil if
// there is none, or if its owner may not sign in.
func (c *core) anchor(st *state, a *artefact) (*session, *user) {
	u := st.users[a.UID]
	if u == nil || u.Disabled {
		return nil, nil
	}
	for _, s := range st.family(a) {
		if s.Ended == "" && !s.Pending && !c.over(s) {
			return s, u
		}
	}
	return nil, nil
}

// refresh exchanges a refresh token: the session goes on under a new token, and
// the refresh token is spent. A spent one that comes back ends the family.
func (c *core) refresh(m meta, secret string) (out grant, next string, err error) {
	err = c.store.update(func(t *tx) error {
		a := t.artefacts[idOf(secret)]
		if a == nil || a.Kind != kindRefresh {
			return errNotSignedIn
		}
		if a.Spent {
			if again, ok := c.again(t.state, a); ok {
				out, next = again.grant, again.refresh
				return nil
			}
			if !c.faults.Fires(faultFamilyLives) {
				end(t, "a spent refresh token came back", t.family(a))
			}
			return errNotSignedIn
		}
		switch s, u := c.anchor(t.state, a); {
		case s != nil:
			out = c.renew(t, s, u)
		case c.outlives(t.state, a):
			out = c.join(t, a, m)
		default:
			return errNotSignedIn
		}
		spent := *a
		spent.Spent = true
		t.do(change{Artefact: &spent})
		next = c.issue(t, kindRefresh, a.UID, a.Family)
		c.noteSuccessor(a, successor{out, next, c.now()})
		return nil
	})
	return out, next, err
}

// refreshGrace is how long a spent refresh token is answered with what it was
// answered before: tabs refresh together, and none of them is a thief.
const refreshGrace = 250 * time.Millisecond

// successor is what a refresh token was exchanged for. It is kept in memory
// alone, for as long as the grace.
type successor struct {
	grant   grant
	refresh string
	at      time.Time
}

func (c *core) noteSuccessor(a *artefact, s successor) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, old := range c.successors {
		if c.now().Sub(old.at) > refreshGrace {
			delete(c.successors, id)
		}
	}
	if c.successors == nil {
		c.successors = map[string]successor{}
	}
	c.successors[a.ID] = s
}

// again is what a refresh token was exchanged for a moment ago, if that is still good.
func (c *core) again(st *state, a *artefact) (successor, bool) {
	c.mu.Lock()
	s, ok := c.successors[a.ID]
	c.mu.Unlock()
	good := ok && c.now().Sub(s.at) <= refreshGrace && c.resolve(st, s.grant.token).live()
	return s, good && !c.faults.Fires(faultRefreshRaces)
}

// renew moves a session to a new token; its handle, age and notes stay.
func (c *core) renew(t *tx, s *session, u *user) grant {
	token, next := c.newToken(), *s
	next.ID, next.Seen = idOf(token), c.now()
	t.do(change{Session: &next})
	for connection, text := range t.notes[s.ID] {
		t.do(change{Note: &note{next.ID, connection, text}})
	}
	t.do(change{DropSession: s.ID})
	c.tally(t, faultRotatedAway, s.Handle)
	c.tally(t, faultRenewedSpared, s.Handle)
	return grant{token: token, handle: next.Handle, user: u.Name, uid: u.UID}
}

// join opens one more session in an artefact's family.
func (c *core) join(t *tx, a *artefact, m meta) grant {
	out := c.fresh(t, t.users[a.UID], m, false)
	s := *t.sessions[idOf(out.token)]
	s.Family = a.Family
	t.do(change{Session: &s})
	return out
}

// familyLeft is why sessions end with another of their family.
const familyLeft = "its family was left"

// leaveFamily ends what came of the same sign-in as a session that is left.
func (c *core) leaveFamily(t *tx, s *session) {
	for _, other := range t.family(&artefact{UID: s.UID, Family: s.Family}) {
		if other.Ended == "" {
			end(t, familyLeft, []*session{other})
		}
	}
}

// refreshField is the refresh token of an answer that signs somebody in by a header.
func (s *site) refreshField(g grant) map[string]any {
	if _, ok := s.carry.(header); !ok || g.pending {
		return nil
	}
	secret, err := s.core.handOut(kindRefresh, g.token)
	if err != nil {
		return nil
	}
	return map[string]any{"refresh": secret}
}

// apiRefresh answers 200 with a token and the next refresh token, else 401.
func (s *site) apiRefresh(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Refresh string `json:"refresh"`
	}
	if !readJSON(w, r, &body) {
		return
	}
	given, next, err := s.core.refresh(s.meta(r), body.Refresh)
	if err != nil {
		refuse(w, err, nil)
		return
	}
	reply(w, http.StatusOK, merge(map[string]any{"user": given.user, "handle": given.handle, "refresh": next}, s.carry.hand(w, r, given)))
}
