package reference

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
)

// streams passes messages between users to their open event streams.
type streams struct {
	mu   sync.Mutex
	open map[chan string]string // to the name of the user
}

// streamBacklog is how many messages wait for a reader who is slow; more are lost.
const streamBacklog = 16

func (s *streams) join(user string) (in chan string, leave func()) {
	in = make(chan string, streamBacklog)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[chan string]string{}
	}
	s.open[in] = user
	return in, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.open, in)
	}
}

func (s *streams) send(user, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for in, who := range s.open {
		if who == user {
			select {
			case in <- text:
			default:
			}
		}
	}
}

// tell sends a message to a user's open streams. Any live session may.
func (s *site) tell(w http.ResponseWriter, r *http.Request) {
	var body struct{ To, Text string }
	who, ok := s.live(w, r)
	if !ok || !readJSON(w, r, &body) {
		return
	}
	said, _ := json.Marshal(map[string]string{"from": who.name(), "text": body.Text})
	s.streams.send(body.To, string(said))
	reply(w, http.StatusAccepted, map[string]any{"to": body.To})
}

// events is a stream of server-sent events: what others tell the user. It ends
// with its session, which is looked at before every event besides.
func (s *site) events(w http.ResponseWriter, r *http.Request) {
	who, ok := s.live(w, r)
	if !ok {
		return
	}
	in, leave := s.streams.join(who.name())
	defer leave()
	w.Header().Set("Content-Type", "text/event-stream")
	flush := http.NewResponseController(w)
	_, _ = fmt.Fprint(w, ": hello\n\n")
	if flush.Flush() != nil {
		return
	}
	m := s.meta(r)
	over := make(chan struct{})
	if !s.core.faults.On(faultDeafChannels) {
		go s.watch(r.Context(), m, func() { close(over) })
	}
	for {
		select {
		case <-r.Context().Done():
			return
		case <-s.stop:
			return
		case <-over:
			return
		case said := <-in:
			if now, err := s.core.identify(m); (err != nil || !now.live()) && !s.core.faults.Fires(faultDeafChannels) {
				return
			}
			_, _ = fmt.Fprintf(w, "data: %s\n\n", said)
			if flush.Flush() != nil {
				return
			}
		}
	}
}
