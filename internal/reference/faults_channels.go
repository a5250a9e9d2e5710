package reference

import (
	"errors"
	"net/http"
	"sync"
	"time"
)

// Faults that show only where requests come in other ways, orders and numbers
// than usual.
const (
	faultUnsafeGet    = "frame/safe-methods-are-pure"
	faultInheritance  = "isolate/user-switch-leaves-nothing"
	faultFirstFactor  = "stepup/first-factor-grants-nothing"
	faultDeafChannels = "terminate/open-channels-close"
	faultNothingThere = "robust/any-order-safe"
	faultMixedUp      = "race/parallel-sign-in"
)

var channelsFaults = []Fault{
	{ID: faultUnsafeGet, Dialects: allDialects,
		Title: "a safe request signs out",
		How:   "The page that asks before signing out signs out as soon as it is loaded (web, two-cookie); HEAD on the whoami path of app and bearer, and OPTIONS on that of realtime, end the session."},
	{ID: faultInheritance, Dialects: allDialects,
		Title: "who signs in next inherits what was stored",
		How:   "A sign-in with the token of another user's live session moves what that session stores into the new one."},
	{ID: faultDeafChannels, Dialects: []string{dialectApp, dialectRealtime},
		Title: "a channel is checked when it opens, and never again",
		How:   "The event stream of app and the websocket of realtime go on when their session has ended."},
	{ID: faultNothingThere, Dialects: allDialects,
		Title: "revoking what is gone breaks down",
		How:   "To revoke a session by a handle that opens nothing any more, because it was revoked, signed out or rotated away, is answered 500."},
	{ID: faultFirstFactor, Dialects: allDialects,
		Title: "the first factor opens the notes",
		How:   "Notes are written and read for a session whose second factor is still due."},
	{ID: faultMixedUp, Dialects: allDialects,
		Title: "sign-ins at once share a variable",
		How:   "The token that a sign-in hands out is kept in a variable of all requests: where two sign-ins overlap, the second hands out the first one's. To be seen every time, each waits a moment for company."},
}

// unsafeWays are the safe requests that the planted fault takes for a sign-out.
var unsafeWays = map[string]bool{"GET /logout": true, "HEAD /api/session": true, "HEAD /v1/valid": true, "OPTIONS /whoami": true}

// hasty is the planted fault of a sign-out that does not look at the method.
func (s *site) hasty(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if unsafeWays[r.Method+" "+r.URL.Path] && s.core.faults.Fires(faultUnsafeGet) {
			if _, err := s.core.signOut(s.meta(r)); err != nil {
				refuse(w, err, nil)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// leavings are the notes, by connection, that the planted fault carries from one
// user's session into the next one's.
func (c *core) leavings(t *tx, m meta, next *user) map[string]string {
	who := c.resolve(t.state, m.token)
	if !who.live() || who.user.UID == next.UID || !c.faults.Fires(faultInheritance) {
		return nil
	}
	return t.notes[who.session.ID]
}

func inherit(t *tx, token string, left map[string]string) {
	for connection, text := range left {
		t.do(change{Note: &note{idOf(token), connection, text}})
	}
}

// lets says whether a session may use what is for those who are signed in.
func (c *core) lets(who identity) bool {
	if who.standing == standingPending && who.session.Asked {
		return c.faults.Fires(faultHalfOpen)
	}
	return who.live() || who.standing == standingPending && c.faults.Fires(faultFirstFactor)
}

// crowd is what the planted fault knows about sign-ins under way.
type crowd struct {
	mu     sync.Mutex
	here   int
	joined chan struct{} // closed when a second one arrives
	met    bool
	first  *grant // of those that overlap; nil if it is still to come
}

// companyWait is how long a sign-in waits for another to overlap with.
const companyWait = 30 * time.Millisecond

// arrive books a sign-in for as long as it lasts.
func (c *core) arrive() (leave func()) {
	if !c.faults.On(faultMixedUp) {
		return func() {}
	}
	g := &c.crowd
	g.mu.Lock()
	g.here++
	switch {
	case g.here == 1:
		g.joined, g.met, g.first = make(chan struct{}), false, nil
	case !g.met:
		g.met = true
		close(g.joined)
	}
	joined := g.joined
	g.mu.Unlock()
	select {
	case <-joined:
	case <-time.After(companyWait):
	}
	return func() {
		g.mu.Lock()
		g.here--
		g.mu.Unlock()
	}
}

// meet hands out the first grant of those sign-ins that overlap.
func (c *core) meet(own grant) grant {
	if !c.faults.On(faultMixedUp) {
		return own
	}
	g := &c.crowd
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.first == nil {
		g.first = &own
	} else if g.met && c.faults.Fires(faultMixedUp) {
		return *g.first
	}
	return own
}

var errBroken = errors.New("no row to end")

// gone is the answer to a handle that opens nothing; the planted fault did not think of it.
func (c *core) gone() error {
	if c.faults.Fires(faultNothingThere) {
		return errBroken
	}
	return errNoSession
}
