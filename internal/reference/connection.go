package reference

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// connectionHeader names the connection a polling client belongs to. The id is
// the client's choice and no secret, so it counts only within one session.
const connectionHeader = "X-Connection-Id"

// connectionOf turns what a client said into the id notes are kept under, and
// the id the client is told. Whoever names none gets one of the session's own,
// for which the inner id is "".
func connectionOf(who identity, named string) (inner, shown string) {
	own := "own-" + who.session.Handle
	switch named {
	case "", "null", "undefined", own: // what scripts write into a header for "nothing"
		return "", own
	}
	return named, named
}

// hub passes messages to the polls and sockets of a connection.
type hub struct {
	mu    sync.Mutex
	boxes map[box]*mailbox
}

// box is a connection's full name: session handle and inner id together.
type box struct{ session, connection string }

type mailbox struct {
	waiting []map[string]any
	arrived chan struct{} // holds one token while something is waiting
}

const mailboxMax = 100

func (h *hub) of(b box) *mailbox {
	h.mu.Lock()
	defer h.mu.Unlock()
	m := h.boxes[b]
	if m == nil {
		m = &mailbox{arrived: make(chan struct{}, 1)}
		h.boxes[b] = m
	}
	return m
}

// send leaves a message; the oldest goes when nobody fetches them.
func (h *hub) send(b box, message map[string]any) {
	m := h.of(b)
	h.mu.Lock()
	m.waiting = append(m.waiting, message)
	if len(m.waiting) > mailboxMax {
		m.waiting = m.waiting[1:]
	}
	h.mu.Unlock()
	select {
	case m.arrived <- struct{}{}:
	default:
	}
}

// fetch takes everything that is waiting.
func (h *hub) fetch(b box) []map[string]any {
	m := h.of(b)
	h.mu.Lock()
	defer h.mu.Unlock()
	taken := m.waiting
	m.waiting = nil
	return taken
}

// forget drops the mailboxes of a session.
func (h *hub) forget(session string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for b := range h.boxes {
		if b.session == session {
			delete(h.boxes, b)
		}
	}
}

// watch calls ended once the session of a token is no longer live, or returns
// when ctx ends. Another process may have ended it, so looking at the file now
// and then is all that can be done; a look is one fstat.
func (s *site) watch(ctx context.Context, m meta, ended func()) {
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.stop:
			ended()
			return
		case <-tick.C:
			if who, err := s.core.identify(m); err != nil || !who.live() {
				ended()
				return
			}
		}
	}
}

// live returns who asks and whether that is a live session; if not, it has answered.
func (s *site) live(w http.ResponseWriter, r *http.Request) (identity, bool) {
	who, err := s.core.identify(s.meta(r))
	if err != nil {
		refuse(w, err, nil)
		return who, false
	}
	if !s.core.lets(who) {
		s.core.late(s.meta(r), who)
		refuse(w, errNotSignedIn, s.deny(w, r, who))
		return who, false
	}
	return who, true
}
