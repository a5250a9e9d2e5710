// Package wire is a small HTTP/1.1 client for one purpose: to send exactly the
// header lines it is given, in order and spelling, from a chosen source address,
// and to record the header lines of the answer as they came. It follows no
// redirect, knows no cookie, asks for no compression and uses no proxy.
package wire

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
)

// Options of a client; the zero value is usable.
type Options struct {
	// Source is the local address to connect from, the zero Addr being the
	// system's choice. A request's own Source goes before it.
	Source netip.Addr
	// RootCAs are trusted for https; nil means the system's.
	RootCAs *x509.CertPool
	// Timeout bounds one exchange from dialing to the last byte; 0 means 30 s.
	Timeout time.Duration
	// BodyLimit is how many octets of a body are kept; 0 means 8 MiB.
	BodyLimit int64
	// MaxIdle is how many idle connections are kept per host; 0 means 4, a
	// negative number that every request gets a connection of its own.
	MaxIdle int
}

// idleLife is how long an unused connection is kept. It is short, since a new one
// costs next to nothing where this client works, while a server closing an idle
// one (some do after 2 s) races with the next request.
const idleLife = time.Second

// smallRequest is what surely fits the socket's buffers, in octets.
const smallRequest = 32 << 10

// Client sends requests; it may be used from several goroutines.
type Client struct {
	options Options
	pool    pool
}

// New makes a client. Call Close when it is no longer needed.
func New(o Options) *Client {
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.BodyLimit <= 0 {
		o.BodyLimit = 8 << 20
	}
	if o.MaxIdle == 0 {
		o.MaxIdle = 4
	}
	o.Source = o.Source.Unmap()
	return &Client{options: o, pool: pool{max: o.MaxIdle, life: idleLife}}
}

// Close closes the idle connections. The client still works, but keeps no more.
func (c *Client) Close() { c.pool.close() }

// Do sends a request and waits for its answer. The URL must be absolute, http or
// https. Added are Host when it is missing, and Content-Length when there is a body
// or the method is POST, PUT or PATCH, unless the request brings its own framing.
//
// The exchange has the request as it was sent, the added lines and the source
// address included, and either a Response or an Error, a text that begins with a
// Kind. A body beyond the limit is cut, marked as Truncated, and no error.
//
// A connection the server has closed is not used again. If it closes one just then,
// before any octet of an answer, the request goes out once more on a fresh
// connection, but only if it had not begun to be written or if its method is safe.
// RFC 9110, section 9.2.2, would allow all idempotent methods; here a DELETE
// carried out twice would be taken for the target's fault.
//
// A Raw request may hold octets that HTTP forbids in header values; its
// connection serves no other request, before or after.
func (c *Client) Do(ctx context.Context, r history.Request) history.Exchange {
	return c.do(ctx, r, func() {})
}

// DoMeanwhile is Do, and calls meanwhile while the server is at work: once, from
// the same goroutine, when the request is out, or at the end where it never was.
func (c *Client) DoMeanwhile(ctx context.Context, r history.Request, meanwhile func()) history.Exchange {
	called := false
	once := func() {
		if !called {
			called = true
			meanwhile()
		}
	}
	ex := c.do(ctx, r, once)
	once()
	return ex
}

// do calls meanwhile each time it has sent the request, which may be twice.
func (c *Client) do(ctx context.Context, r history.Request, meanwhile func()) history.Exchange {
	ex := history.Exchange{Request: r, Start: time.Now()}
	ctx, cancel := context.WithTimeout(ctx, c.options.Timeout)
	defer cancel()

	source, err := c.parseSource(r.Source)
	var p prepared
	if err == nil {
		p, err = prepare(r, source)
	}
	if err != nil {
		err = &Error{Op: "prepare request", Kind: Other, Err: err}
	} else {
		ex.Request = p.sent
		ex.Response, err = c.exchange(ctx, p, meanwhile)
	}
	if err != nil {
		ex.Response, ex.Error = nil, err.Error()
	}
	ex.End = time.Now()
	return ex
}

func (c *Client) exchange(ctx context.Context, p prepared, meanwhile func()) (*history.Response, error) {
	var pooled *conn
	if !p.sent.Raw { // what cannot be read as HTTP must not meet anybody else's connection
		pooled = c.pool.get(p.key)
	}
	if pooled != nil {
		answer, err := c.roundTrip(ctx, pooled, p, meanwhile)
		var dead *deadError
		if !errors.As(err, &dead) || dead.written && !isSafe(p.sent.Method) {
			return answer, err
		}
	}
	conn, err := c.connect(ctx, p.key)
	if err != nil {
		return nil, err
	}
	return c.roundTrip(ctx, conn, p, meanwhile)
}

// isSafe is RFC 9110, section 9.2.1.
func isSafe(method string) bool {
	return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE"
}

// deadError says that a reused connection ended before any octet of an answer, and
// whether anything of the request was written.
type deadError struct {
	cause   *Error
	written bool
}

func (e *deadError) Error() string { return e.cause.Error() }
func (e *deadError) Unwrap() error { return e.cause }

// roundTrip does one exchange on one connection and keeps or closes that.
func (c *Client) roundTrip(ctx context.Context, conn *conn, p prepared, meanwhile func()) (*history.Response, error) {
	if deadline, ok := ctx.Deadline(); ok {
		conn.SetDeadline(deadline) // an error here comes back at the first write
	}
	interrupt := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })

	written, err := send(conn, p.bytes)
	meanwhile()
	var answer *history.Response
	keep, begun := false, false
	// A server may answer before it has read everything, and hang up: what it
	// said counts more than that we could not finish.
	if err == nil || isBroken(err) {
		if _, peekErr := conn.reader.Peek(1); peekErr == nil {
			begun = true
			answer, keep, err = readAnswer(conn.reader, p.sent.Method, c.options.BodyLimit)
		} else if err == nil {
			err = peekErr
		}
	}
	whole, wrote := written.finish(conn)
	undisturbed := interrupt() // else a past deadline may be set at any moment
	switch {
	case err == nil && keep && p.keep && whole && undisturbed:
		c.pool.put(conn)
	case err == nil && whole:
		conn.Close()
	default:
		conn.abort()
	}
	if err == nil {
		return answer, nil
	}
	e := classify(ctx, operation(begun, err), err)
	if conn.reused && !begun && e.Kind == Reset {
		return nil, &deadError{e, wrote}
	}
	return nil, e
}

// operation says for an error's text how far the exchange had come.
func operation(begun bool, err error) string {
	var body *bodyError
	switch {
	case errors.As(err, &body):
		return fmt.Sprintf("read body of the %d answer", body.status)
	case begun:
		return "read answer"
	}
	return "await answer"
}
