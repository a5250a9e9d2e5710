package play

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
)

const channelOps = `
  open_channel:
    - {route: socket, websocket: /ws, send: [{hello: 1}], until: json("$.hello") == 1}
    - {route: stream, stream: /stream}
  use_channel:
    - {route: socket, channel: [{text: "${text}"}], until: json("$.text") == vars.text}
    - {route: stream, steps: [{POST: /say, form: {text: "${text}"}}, {channel: [], until: body contains vars.text}]}
  expire: [{POST: /end}]
`

// channels adds a socket that echoes and a stream of what is said; both end with /end.
func (s *service) channels() {
	said, over := make(chan string), make(chan struct{})
	mux := http.NewServeMux()
	mux.Handle("/", s.Config.Handler)
	mux.HandleFunc("POST /end", func(http.ResponseWriter, *http.Request) { close(over) })
	mux.HandleFunc("POST /say", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case said <- r.FormValue("text"):
		case <-over:
		}
	})
	mux.HandleFunc("GET /stream", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_ = http.NewResponseController(w).Flush()
		for {
			select {
			case text := <-said:
				fmt.Fprintf(w, ": noise\ndata: old\n\nevent: x\ndata: %s\n\n", text)
				_ = http.NewResponseController(w).Flush()
			case <-over:
				return
			}
		}
	})
	mux.HandleFunc("GET /ws", func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		for {
			var msg map[string]any
			if wsjson.Read(r.Context(), conn, &msg) != nil {
				return
			}
			select {
			case <-over:
				conn.Close(4401, "over")
				return
			default:
			}
			if wsjson.Write(r.Context(), conn, msg) != nil {
				return
			}
		}
	})
	s.Config.Handler = mux
}

func TestChannels(t *testing.T) {
	for _, route := range []string{"socket", "stream"} {
		t.Run(route, func(t *testing.T) {
			s := newService(t)
			s.channels()
			e := s.env(t, channelOps)
			use := story.Step{Op: "use_channel", Client: "laptop", Of: "desk", Expect: "any"}
			p := e.Play(context.Background(), Plan{Routes: map[string]string{"open_channel": route}, Story: story.Story{
				Clients: []story.Client{{Name: "laptop", User: "alice"}, {Name: "desk", User: "bob"}},
				Steps: []story.Step{{Op: "sign_in", Client: "laptop", Expect: "ok"}, {Op: "open_channel", Client: "laptop", Expect: "ok"},
					use, use, {Op: "expire", Client: "desk", User: "alice", Expect: "ok"}, use}}})
			if p.Aborted != "" || len(p.Ops) != 6 {
				t.Fatalf("%q", p.Aborted)
			}
			for i, want := range map[int]string{2: history.OK, 3: history.OK, 5: history.Refused} {
				if op := p.Ops[i]; op.Outcome != want || op.Route != route {
					t.Errorf("step %d by %q: %s (%s), want %s", i, op.Route, op.Outcome, op.Why, want)
				}
			}
			if !strings.Contains(p.Ops[5].Why, "closed") {
				t.Errorf("why: %q", p.Ops[5].Why)
			}
		})
	}
}

// TestUseWithoutAChannel: what was never opened cannot be silent.
func TestUseWithoutAChannel(t *testing.T) {
	s := newService(t)
	s.channels()
	p := s.env(t, channelOps).Play(context.Background(), Plan{Story: story.Story{Clients: []story.Client{{Name: "laptop", User: "alice"}},
		Steps: []story.Step{{Op: "use_channel", Client: "laptop", Of: "laptop", Expect: "any"}}}})
	if p.Ops[0].Outcome != history.Failed {
		t.Errorf("%+v", p.Ops[0])
	}
}
