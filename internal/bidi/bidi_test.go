package bidi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// server answers each command by f; "" ends the connection.
func server(t *testing.T, f func(id int64, method string) []string) *Conn {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer ws.CloseNow()
		for {
			var m struct {
				ID     int64
				Method string
			}
			if wsjson.Read(context.Background(), ws, &m) != nil {
				return
			}
			for _, text := range f(m.ID, m.Method) {
				if text == "" {
					return
				}
				_ = ws.Write(context.Background(), websocket.MessageText, []byte(text))
			}
		}
	}))
	t.Cleanup(s.Close)
	var c *Conn
	c, err := Dial(t.Context(), strings.Replace(s.URL, "http", "ws", 1), func(method string, _ json.RawMessage) { events = append(events, method) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

var events []string

func TestCall(t *testing.T) {
	c := server(t, func(id int64, method string) []string {
		switch method {
		case "good":
			return []string{`not json`, `{"type":"event","method":"seen","params":{}}`, `{"type":"success","id":1,"result":{"n":7}}`}
		case "bad":
			return []string{`{"type":"error","id":2,"error":"no such frame","message":"gone"}`}
		case "never":
			return []string{`{"type":"error","id":null,"error":"invalid argument","message":"?"}`}
		}
		return []string{""}
	})
	var out struct{ N int }
	if err := c.Call(t.Context(), "good", nil, &out); err != nil || out.N != 7 {
		t.Errorf("good: %+v, %v", out, err)
	}
	if len(events) != 1 || events[0] != "seen" {
		t.Errorf("the event must be handled before the answer is: %v", events)
	}
	var refused *Error
	if err := c.Call(t.Context(), "bad", nil, nil); !errors.As(err, &refused) || refused.Code != "no such frame" {
		t.Errorf("bad: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := c.Call(ctx, "never", nil, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("never: %v", err)
	}
	if err := c.Call(t.Context(), "end", nil, nil); !errors.Is(err, ErrClosed) {
		t.Errorf("end: %v", err)
	}
	<-c.Done()
	if err := c.Call(t.Context(), "good", nil, nil); !errors.Is(err, ErrClosed) {
		t.Errorf("after the end: %v", err)
	}
}
