package reference

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// realtime is the dialect with state per connection, over long polling and
// websockets, and a cookie for the session.
type realtime struct {
	*site
	hub *hub
}

func newRealtime(s *site) *realtime {
	rt := &realtime{site: s, hub: &hub{boxes: map[box]*mailbox{}}}
	s.connect = rt.fromHeader
	return rt
}

func (rt *realtime) routes(mux *http.ServeMux) {
	mux.HandleFunc("POST /login", rt.apiSignIn)
	mux.HandleFunc("POST /login/code", rt.apiCode)
	mux.HandleFunc("POST /link", rt.apiRequestLink)
	mux.HandleFunc("POST /link/redeem", rt.apiRedeem)
	mux.HandleFunc("POST /logout", rt.apiSignOut)
	mux.HandleFunc("GET /whoami", rt.apiWhoami)
	mux.HandleFunc("POST /users", rt.apiSignUp)
	mux.HandleFunc("POST /password", rt.apiPassword)
	mux.HandleFunc("GET /sessions", rt.apiSessions)
	mux.HandleFunc("DELETE /sessions", rt.apiRevokeOthers)
	mux.HandleFunc("DELETE /sessions/{id}", rt.apiRevoke)
	mux.HandleFunc("POST /step-up", rt.apiStepUp)
	mux.HandleFunc("POST /sensitive", rt.apiSensitive)
	mux.HandleFunc("POST /rt/notes", rt.apiWriteNote)
	mux.HandleFunc("GET /rt/notes", rt.apiReadNote)
	mux.HandleFunc("POST /rt/send", rt.send)
	mux.HandleFunc("GET /rt/poll", rt.poll)
	mux.HandleFunc("GET /rt/ws", rt.socket)
}

// fromHeader finds the connection of a request and tells the client its id.
func (rt *realtime) fromHeader(w http.ResponseWriter, r *http.Request) string {
	who, err := rt.core.identify(rt.meta(r))
	if err != nil || !who.live() {
		return "" // the caller is about to find out too
	}
	inner, shown := connectionOf(who, r.Header.Get(connectionHeader))
	w.Header().Set(connectionHeader, shown)
	return inner
}

// message is what a client says. Connection matters in a socket's first one.
type message struct {
	Connection *string `json:"connection"`
	Op         string  `json:"op"` // note, read, whoami; "" says nothing
	Text       string  `json:"text"`
}

// obey does what a message says and returns the answer.
func (rt *realtime) obey(m meta, who identity, inner, shown string, said message) (map[string]any, error) {
	answer := map[string]any{"connection": shown, "user": who.name(), "op": said.Op}
	switch said.Op {
	case "", "whoami":
	case "note":
		if err := rt.core.writeNote(m, inner, said.Text); err != nil {
			return nil, err
		}
		answer["text"] = said.Text
	case "read":
		text, err := rt.core.readNote(m, inner)
		if err != nil {
			return nil, err
		}
		answer["text"] = text
	default:
		answer["error"] = "op is one of note, read, whoami"
	}
	return answer, nil
}

// send takes a message of a polling client; the answer comes by poll.
func (rt *realtime) send(w http.ResponseWriter, r *http.Request) {
	var said message
	who, ok := rt.live(w, r)
	if !ok || !readJSON(w, r, &said) {
		return
	}
	inner, shown := connectionOf(who, r.Header.Get(connectionHeader))
	answer, err := rt.obey(rt.meta(r), who, inner, shown, said)
	if err != nil {
		refuse(w, err, nil)
		return
	}
	rt.hub.send(box{who.session.Handle, inner}, answer)
	w.Header().Set(connectionHeader, shown)
	reply(w, http.StatusAccepted, map[string]any{"connection": shown})
}

// poll waits for answers: 200 with messages, 204 when none came within
// ?timeout=SECONDS (default 25, at most 60), 401 as soon as the session ends.
func (rt *realtime) poll(w http.ResponseWriter, r *http.Request) {
	who, ok := rt.live(w, r)
	if !ok {
		return
	}
	inner, shown := connectionOf(who, r.Header.Get(connectionHeader))
	w.Header().Set(connectionHeader, shown)
	patience := 25.0
	if asked, err := strconv.ParseFloat(r.URL.Query().Get("timeout"), 64); err == nil && asked >= 0 {
		patience = min(asked, 60)
	}
	ctx, cancel := context.WithTimeout(r.Context(), time.Duration(patience*float64(time.Second)))
	defer cancel()
	over := make(chan struct{})
	go rt.watch(ctx, rt.meta(r), func() { close(over) })
	at := box{who.session.Handle, inner}
	for {
		if found := rt.hub.fetch(at); len(found) > 0 {
			reply(w, http.StatusOK, map[string]any{"connection": shown, "messages": found})
			return
		}
		select {
		case <-rt.hub.of(at).arrived:
		case <-over:
			rt.hub.forget(who.session.Handle)
			who, _ = rt.core.identify(rt.meta(r))
			refuse(w, errNotSignedIn, rt.deny(w, r, who))
			return
		case <-ctx.Done():
			w.WriteHeader(http.StatusNoContent)
			return
		}
	}
}

// socket speaks the same messages over a websocket, one answer for each. The
// socket is closed with code 4401 when its session ends.
func (rt *realtime) socket(w http.ResponseWriter, r *http.Request) {
	who, ok := rt.live(w, r)
	if !ok {
		return
	}
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return // Accept has answered
	}
	defer conn.CloseNow()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	m := rt.meta(r)
	if !rt.core.faults.On(faultDeafChannels) {
		go rt.watch(ctx, m, func() { conn.Close(4401, "session ended") })
	}
	var inner, shown string
	for first := true; ; first = false {
		var said message
		if err := wsjson.Read(ctx, conn, &said); err != nil {
			return
		}
		if first {
			named := ""
			if said.Connection != nil {
				named = *said.Connection
			}
			inner, shown = connectionOf(who, named)
		}
		// The watch looks now and then; each message looks for itself.
		now, err := rt.core.identify(m)
		switch {
		case err == nil && now.live():
			who = now
		case !rt.core.faults.Fires(faultDeafChannels):
			conn.Close(4401, "session ended")
			return
		}
		answer, err := rt.obey(m, who, inner, shown, said)
		if err != nil {
			conn.Close(4401, err.Error())
			return
		}
		if err := wsjson.Write(ctx, conn, answer); err != nil {
			return
		}
	}
}
