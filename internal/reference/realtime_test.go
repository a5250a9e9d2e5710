package reference

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

func dialSocket(t *testing.T, v *visitor, first map[string]any) (*websocket.Conn, map[string]any) {
	t.Helper()
	header := http.Header{"Cookie": {"rt=" + v.jar["rt"].Value}}
	conn, _, err := websocket.Dial(t.Context(), strings.Replace(v.w.srv.URL(), "http", "ws", 1)+"/rt/ws",
		&websocket.DialOptions{HTTPClient: v.http, HTTPHeader: header})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.CloseNow() })
	return conn, say(t, conn, first)
}

func say(t *testing.T, conn *websocket.Conn, what map[string]any) (answer map[string]any) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := wsjson.Write(ctx, conn, what); err != nil {
		t.Fatal(err)
	}
	if err := wsjson.Read(ctx, conn, &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestSocketAndPollingShareAConnection(t *testing.T) {
	w := newWorld(t, "realtime")
	phone, desk, _ := w.cast()
	mine, hello := dialSocket(t, phone, map[string]any{"connection": "seven"})
	if hello["connection"] != "seven" || hello["user"] != "alice" {
		t.Errorf("hello: %v", hello)
	}
	say(t, mine, map[string]any{"op": "note", "text": "by socket"})
	phone.connection = "seven"
	if got := phone.read(); got != "by socket" {
		t.Errorf("polling reads %q", got)
	}
	theirs, _ := dialSocket(t, desk, map[string]any{"connection": "seven"})
	if got := say(t, theirs, map[string]any{"op": "read"}); got["text"] != "" {
		t.Errorf("another user's connection of the same id reads %v", got)
	}
}

func TestNoConnectionIDIsNobodyElses(t *testing.T) {
	w := newWorld(t, "realtime")
	phone, _, _ := w.cast()
	neighbour := w.visitor("127.0.0.3").in("bob")
	_, named := dialSocket(t, phone, map[string]any{"connection": nil, "op": "note", "text": "mine"})
	for _, id := range []string{"", "null", "undefined"} {
		phone.connection, neighbour.connection = id, id
		if got := phone.read(); got != "mine" {
			t.Errorf("connection %q: the session reads %q back", id, got)
		}
		if got := neighbour.read(); got != "" {
			t.Errorf("connection %q: a neighbour reads %q", id, got)
		}
	}
	phone.connection = named["connection"].(string)
	if got := phone.read(); got != "mine" {
		t.Errorf("under the id it was told the session reads %q", got)
	}
	phone.connection = "another"
	if got := phone.read(); got != "" {
		t.Errorf("another connection reads %q", got)
	}
}

func TestPollBringsWhatWasSent(t *testing.T) {
	w := newWorld(t, "realtime")
	phone, desk, _ := w.cast()
	phone.connection, desk.connection = "p", "p"
	if a := desk.send("GET", "/rt/poll?timeout=0", "", ""); a.status != http.StatusNoContent {
		t.Errorf("an empty poll: %d", a.status)
	}
	got := make(chan answer)
	go func() { got <- phone.send("GET", "/rt/poll?timeout=30", "", "") }()
	phone.json("POST", "/rt/send", map[string]string{"op": "note", "text": "hi"})
	var told struct{ Messages []map[string]any }
	a := <-got
	if err := json.Unmarshal(a.body, &told); err != nil || len(told.Messages) != 1 || told.Messages[0]["text"] != "hi" {
		t.Errorf("poll: %d %s", a.status, a.body)
	}
}

// Also when another process ends the session.
func TestOpenChannelsCloseWithTheirSession(t *testing.T) {
	w := newWorld(t, "realtime")
	phone, desk, _ := w.cast()
	socket, _ := dialSocket(t, phone, map[string]any{})
	polled := make(chan answer)
	go func() { polled <- phone.send("GET", "/rt/poll?timeout=30", "", "") }()
	bystander, _ := dialSocket(t, desk, map[string]any{})
	if code := w.admin("disable", "alice"); code != exitOK {
		t.Fatal("disable:", code)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, _, err := socket.Read(ctx)
	if websocket.CloseStatus(err) != 4401 {
		t.Errorf("the socket ended by %v, want close code 4401", err)
	}
	if a := <-polled; a.status != http.StatusUnauthorized {
		t.Errorf("the poll ended by %d, want 401", a.status)
	}
	if got := say(t, bystander, map[string]any{"op": "whoami"}); got["user"] != "bob" {
		t.Errorf("bystander: %v", got)
	}
}
