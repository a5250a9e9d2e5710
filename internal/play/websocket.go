package play

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/targets"
)

// websocketTimeout bounds one conversation: longer than the interval of 25
// seconds at which Engine.IO servers break their silence. closePatience is for
// the closing handshake.
const (
	websocketTimeout = 30 * time.Second
	closePatience    = 250 * time.Millisecond
)

// dialSocket makes the handshake. Without a connection the answer is the refusal,
// or there is none.
func (c *client) dialSocket(ctx context.Context, s targets.Step, vars targets.Vars) (*websocket.Conn, history.Event, error) {
	path, _, err := s.Websocket.Expand(vars)
	if err != nil {
		return nil, history.Event{}, err
	}
	own, err := fields(s.Headers, vars)
	if err != nil {
		return nil, history.Event{}, err
	}
	lines, err := c.header(c.url(path), own, "")
	if err != nil {
		return nil, history.Event{}, err
	}
	x := &history.Exchange{Request: history.Request{Method: "GET", URL: c.url(path), Header: lines, Source: c.address}, Start: time.Now()}
	dial := &http.Client{Transport: &http.Transport{DialContext: c.dialer(), DisableKeepAlives: true}}
	conn, res, err := websocket.Dial(ctx, strings.Replace(c.url(path), "http", "ws", 1), &websocket.DialOptions{HTTPClient: dial, HTTPHeader: httpHeader(lines)})
	x.End = time.Now()
	c.requests++
	x.Response = recorded(res)
	ev := history.Event{Exchange: x}
	if err != nil {
		x.Error = err.Error()
		if res == nil {
			return nil, ev, err
		}
		return nil, ev, nil // refused by an ordinary answer
	}
	return conn, ev, nil
}

func httpHeader(lines history.Lines) http.Header {
	h := http.Header{}
	for _, l := range lines {
		h.Add(l.Name, l.Value)
	}
	return h
}

// recorded is an answer of the standard library as evidence, without its body.
func recorded(res *http.Response) *history.Response {
	if res == nil {
		return nil
	}
	out := &history.Response{Status: res.StatusCode, Proto: res.Proto}
	for k, vs := range res.Header {
		for _, v := range vs {
			out.Header = append(out.Header, history.Line{Name: k, Value: v})
		}
	}
	return out
}

// websocket holds one conversation: connect, send, read until the condition
// holds (or until as many messages came as were sent), close. The last message
// becomes the answer's body, the handshake its status.
func (c *client) websocket(ctx context.Context, s targets.Step, vars targets.Vars) (history.Event, *targets.Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, websocketTimeout)
	defer cancel()
	conn, ev, err := c.dialSocket(ctx, s, vars)
	if err != nil {
		return ev, nil, err
	}
	x := ev.Exchange
	if conn == nil {
		return ev, answerOf(x, c.jarValue), nil
	}
	defer conn.CloseNow()
	a := answerOf(x, c.jarValue)
	talk := &strings.Builder{}
	messages, err := messages(s, vars)
	if err != nil {
		return ev, nil, err
	}
	for _, m := range messages {
		fmt.Fprintf(talk, "> %s\n", m)
		if err := conn.Write(ctx, websocket.MessageText, []byte(m)); err != nil {
			return ev, nil, fmt.Errorf("websocket: %w", err)
		}
	}
	for got := 0; ; got++ {
		if s.Until == nil && got >= len(messages) {
			break
		}
		_, msg, err := conn.Read(ctx)
		if err != nil {
			if code := websocket.CloseStatus(err); code != -1 {
				a.Exit = int(code) // the target closed: an answer, not an error
				fmt.Fprintf(talk, "< closed %d\n", code)
				break
			}
			return ev, nil, fmt.Errorf("websocket: %w", err)
		}
		fmt.Fprintf(talk, "< %s\n", msg)
		a = &targets.Answer{Status: a.Status, Header: a.Header, Body: string(msg), Cookie: c.jarValue}
		if s.Until != nil {
			ok, err := s.Until.Holds(a, vars)
			if err != nil {
				return ev, nil, err
			}
			if ok {
				break
			}
		}
	}
	x.Response.Body = talk.String()
	hangUp(conn)
	return ev, a, nil
}

// hangUp closes by the book where the other side answers; one that does not is
// not waited for.
func hangUp(conn *websocket.Conn) {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		_ = conn.Close(websocket.StatusNormalClosure, "")
	}()
	select {
	case <-closed:
	case <-time.After(closePatience):
		_ = conn.CloseNow()
	}
}

// messages are what the client sends, in order.
func messages(s targets.Step, vars targets.Vars) (out []string, err error) {
	for _, d := range s.Send {
		v, err := d.Expand(vars)
		if err != nil {
			return nil, err
		}
		b, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		out = append(out, string(b))
	}
	for _, f := range s.Frames {
		m, err := f.Expand(vars)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}
