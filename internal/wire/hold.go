package wire

import (
	"context"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
)

// Hold is Do with a pause: all of the request is sent but its last byte, of the
// body or, without one, of the header; then wait is called, and when it returns the
// byte is let go. The time spent in wait does not count towards the time limit.
// The request has a connection of its own and is never sent again.
//
// Where the server answers or hangs up before it has read everything, wait is
// called all the same, and the exchange tells what came of it.
func (c *Client) Hold(ctx context.Context, r history.Request, wait func(context.Context)) history.Exchange {
	ex := history.Exchange{Request: r, Start: time.Now()}
	source, err := c.parseSource(r.Source)
	var p prepared
	if err == nil {
		p, err = prepare(r, source)
	}
	if err != nil {
		wait(ctx) // whoever counts on it is not left waiting
		err = &Error{Op: "prepare request", Kind: Other, Err: err}
	} else {
		ex.Request = p.sent
		ex.Response, err = c.holdBack(ctx, p, wait)
	}
	if err != nil {
		ex.Response, ex.Error = nil, err.Error()
	}
	ex.End = time.Now()
	return ex
}

func (c *Client) holdBack(ctx context.Context, p prepared, wait func(context.Context)) (*history.Response, error) {
	first, cancel := context.WithTimeout(ctx, c.options.Timeout)
	conn, err := c.connect(first, p.key)
	cancel()
	if err != nil {
		wait(ctx)
		return nil, err
	}
	defer conn.abort()
	interrupt := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer interrupt()
	last := len(p.bytes) - 1
	conn.SetDeadline(time.Now().Add(c.options.Timeout)) // an error here comes back at the write
	_, err = conn.Write(p.bytes[:last])
	wait(ctx)
	if err != nil && !isBroken(err) {
		return nil, classify(ctx, "send request", err)
	}
	conn.SetDeadline(time.Now().Add(c.options.Timeout))
	if ctx.Err() != nil { // the deadline that the interruption has set is gone
		return nil, classify(ctx, "send request", ctx.Err())
	}
	if err == nil {
		_, err = conn.Write(p.bytes[last:])
	}
	// As in roundTrip: what the server said counts more than that it did not listen.
	if err == nil || isBroken(err) {
		if _, peekErr := conn.reader.Peek(1); peekErr == nil {
			answer, _, err := readAnswer(conn.reader, p.sent.Method, c.options.BodyLimit)
			if err != nil {
				return nil, classify(ctx, operation(true, err), err)
			}
			return answer, nil
		} else if err == nil {
			err = peekErr
		}
	}
	return nil, classify(ctx, "await answer", err)
}
