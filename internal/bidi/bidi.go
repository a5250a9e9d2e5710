// Package bidi is a client of the WebDriver BiDi protocol: commands with
// answers, and events. It knows nothing about what they mean.
// Source: https://www.w3.org/TR/webdriver-bidi/, section 3 "Protocol".
package bidi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/coder/websocket"
)

// Error is the refusal of a command.
type Error struct {
	Code    string // such as "no such frame"
	Message string
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// ErrClosed means that the connection has ended, with the browser as a rule.
var ErrClosed = errors.New("the connection to the browser has ended")

// Conn is one connection. It may be used by several goroutines.
type Conn struct {
	ws   *websocket.Conn
	on   func(method string, params json.RawMessage)
	done chan struct{}

	mu      sync.Mutex
	last    int64
	waiting map[int64]chan reply
}

type reply struct {
	Type    string          `json:"type"`
	ID      *int64          `json:"id"`
	Result  json.RawMessage `json:"result"`
	Error   string          `json:"error"`
	Message string          `json:"message"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
}

// Dial connects to a websocket address. on is called with every event in the
// order in which they came, before any command that was answered later
// returns; it must not call commands itself.
func Dial(ctx context.Context, url string, on func(method string, params json.RawMessage)) (*Conn, error) {
	ws, _, err := websocket.Dial(ctx, url, nil)
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(-1) // a screenshot is one message
	c := &Conn{ws: ws, on: on, done: make(chan struct{}), waiting: map[int64]chan reply{}}
	go c.read()
	return c, nil
}

// Done is closed when the connection has ended.
func (c *Conn) Done() <-chan struct{} { return c.done }

// Close ends the connection at once.
func (c *Conn) Close() {
	_ = c.ws.CloseNow()
	<-c.done
}

func (c *Conn) read() {
	defer close(c.done)
	for {
		_, text, err := c.ws.Read(context.Background())
		if err != nil {
			return
		}
		var r reply
		if json.Unmarshal(text, &r) != nil {
			continue
		}
		if r.Type == "event" {
			c.on(r.Method, r.Params)
			continue
		}
		if r.ID == nil {
			continue // the refusal of a message that was none
		}
		c.mu.Lock()
		answer := c.waiting[*r.ID]
		delete(c.waiting, *r.ID)
		c.mu.Unlock()
		if answer != nil {
			answer <- r
		}
	}
}

// Call sends a command and decodes its result into out, unless that is nil.
// params nil is the empty object. A refusal is an *Error. When ctx ends the
// command may still take effect.
func (c *Conn) Call(ctx context.Context, method string, params, out any) error {
	if params == nil {
		params = struct{}{}
	}
	answer := make(chan reply, 1)
	c.mu.Lock()
	c.last++
	id := c.last
	c.waiting[id] = answer
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.waiting, id)
		c.mu.Unlock()
	}()
	text, err := json.Marshal(map[string]any{"id": id, "method": method, "params": params})
	if err != nil {
		return err
	}
	// Not with ctx: a write that is cut off would break the connection.
	if err := c.ws.Write(context.Background(), websocket.MessageText, text); err != nil {
		return ErrClosed
	}
	var r reply
	select {
	case r = <-answer:
	case <-ctx.Done():
		return ctx.Err()
	case <-c.done:
		select { // the answer may have been the last that came
		case r = <-answer:
		default:
			return ErrClosed
		}
	}
	if r.Type == "error" {
		return fmt.Errorf("%s: %w", method, &Error{Code: r.Error, Message: r.Message})
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(r.Result, out)
}
