package reference

import (
	"fmt"
	"net/http"
)

// Faults of how a session comes to be and is replaced.
const (
	faultTokenKept        = "establish/new-token-on-sign-in"
	faultTokenAdopted     = "establish/foreign-token-not-adopted"
	faultPredecessorLives = "establish/rotation-kills-predecessor"
	faultReactivates      = "establish/explicit-act-only"
	faultClockTokens      = "establish/entropy-floor"
	faultRevokeAllInVain  = "terminate/admin-can-end"
	faultStaleRole        = "terminate/privilege-loss-immediate"
	faultStraySessions    = "hygiene/no-session-for-readers"
	faultEvicts           = "hygiene/flooding-bounded"
	faultOrphan           = "hygiene/relogin-leaves-no-orphan"
)

// revoked is why an administrator's "end all" has ended a session.
const (
	revoked = "revoked"
	expired = "expired"
)

var signInFaults = []Fault{
	{ID: faultTokenKept, Dialects: allDialects,
		Title: "a sign-in goes on under the token that was there",
		How:   "Signing in, or giving the second factor, in a client that has a live or pending session keeps that session's token instead of making a new one."},
	{ID: faultTokenAdopted, Dialects: allDialects,
		Title: "a sign-in adopts an unknown or dead token",
		How:   "A token that opens nothing, invented or ended, is not cleared from the client, and becomes the token of the session that its sign-in opens."},
	{ID: faultPredecessorLives, Dialects: allDialects,
		Title: "a rotated token stays live",
		How:   "The password change gives the session a new token and leaves the old one in the store."},
	{ID: faultReactivates, Dialects: allDialects,
		Title: "signing in switches a disabled account on",
		How:   "A sign-in with the right password to a disabled account enables the account and succeeds."},
	{ID: faultRevokeAllInVain, Dialects: allDialects,
		Title: "an administrator's \"end all\" ends nothing",
		How:   "Ending all sessions of a user, by API or command line, is answered with success and ends none."},
	{ID: faultStraySessions, Dialects: allDialects,
		Title: "a failed sign-in stores an empty session",
		How:   "A refused sign-in of a client without a token stores an empty session and hands out its token, and so does every page that a stranger opens."},
	{ID: faultOrphan, Dialects: allDialects,
		Title: "signing in again leaves the first session live",
		How:   "A sign-in does not end the session whose token it was sent with."},
	{ID: faultClockTokens, Dialects: allDialects,
		Title: "tokens are the clock and a counter",
		How:   "A token is the time in nanoseconds and the number of the token, in hex."},
	{ID: faultEvicts, Dialects: allDialects,
		Title: "a full store drives the others out",
		How:   "When one address holds more than 30 open sessions, its next sign-in ends the sessions of every other address."},
	{ID: faultStaleRole, Dialects: allDialects,
		Title: "a session keeps the role it began with",
		How:   "What administrators may do is decided by the role that the user had when the session began."},
}

func init() { faultTable = append(faultTable, signInFaults...) }

// newToken is 160 random bits in hex, unless a fault knows better.
func (c *core) newToken() string {
	if c.faults.Fires(faultClockTokens) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.minted++
		return fmt.Sprintf("%020x%016x%04x", 0, c.now().UnixNano(), c.minted%0x10000)
	}
	return c.mint(randomHex(20))
}

// tokenFor is the token of the session that a sign-in opens: a new one.
func (c *core) tokenFor(t *tx, m meta) string {
	if m.token != "" {
		known := c.resolve(t.state, m.token).standing >= standingPending
		if known && c.faults.Fires(faultTokenKept) || !known && c.faults.Fires(faultTokenAdopted) {
			return m.token
		}
	}
	return c.newToken()
}

// orphan says whether the client's session stays behind when it signs in again.
func (c *core) orphan(t *tx, m meta, token string) bool {
	return m.token != token && c.resolve(t.state, m.token).live() && c.faults.Fires(faultOrphan)
}

// reactivate is the planted fault of a sign-in to an account that is off.
func (c *core) reactivate(t *tx, u *user, right bool) *user {
	if u == nil || !u.Disabled || !right || !c.faults.Fires(faultReactivates) {
		return u
	}
	on := *u
	on.Disabled = false
	t.do(change{User: &on})
	return &on
}

// evictAbove is how many sessions one address may hold before the fault strikes.
const evictAbove = 30

// evict is the planted fault of a store that is full: whoever floods it drives
// the others out.
func (c *core) evict(t *tx, m meta) {
	if !c.faults.On(faultEvicts) {
		return
	}
	var mine, others []*session
	for _, s := range t.open() {
		if s.Address == m.address {
			mine = append(mine, s)
		} else {
			others = append(others, s)
		}
	}
	if len(mine) > evictAbove && c.faults.Fires(faultEvicts) {
		end(t, "evicted", others)
	}
}

// role is what a live session may do.
func (c *core) role(who identity) string {
	if c.faults.On(faultStaleRole) && who.session.Role != who.user.Role && c.faults.Fires(faultStaleRole) {
		return who.session.Role
	}
	return who.user.Role
}

// stray is the planted fault that stores a session for whoever has none.
func (s *site) stray(w http.ResponseWriter, r *http.Request) map[string]any {
	m := s.meta(r)
	if m.token != "" || !s.core.faults.Fires(faultStraySessions) {
		return nil
	}
	var out grant
	err := s.core.store.update(func(t *tx) error {
		out = s.core.fresh(t, &user{}, m, false)
		return nil
	})
	if err != nil {
		return nil
	}
	return s.carry.hand(w, r, out)
}
