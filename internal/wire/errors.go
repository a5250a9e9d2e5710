package wire

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
)

// Kind is the sort of a failed exchange; it leads the text of Exchange.Error.
type Kind string

// The kinds.
const (
	Refused  Kind = "refused"  // nobody listens there
	Timeout  Kind = "timeout"  // the client's or the context's time is up
	Canceled Kind = "canceled" // the context was cancelled
	Reset    Kind = "reset"    // the connection ended in the middle
	Garbage  Kind = "garbage"  // the answer is not HTTP/1.x
	TLS      Kind = "tls"      // no secure connection came about
	Other    Kind = "other"    // bad request, no such host, no such source address, ...
)

// Error is why an exchange has no answer. Op says what was being done.
type Error struct {
	Op   string
	Kind Kind
	Err  error
}

// Error gives "kind: op: reason", for example
// "refused: dial 127.0.0.1:9: connection refused".
func (e *Error) Error() string { return fmt.Sprintf("%s: %s: %s", e.Kind, e.Op, e.reason()) }

// Unwrap gives the underlying error.
func (e *Error) Unwrap() error { return e.Err }

// reason leaves out what errors of package net say twice: addresses and system
// call names; op has the address.
func (e *Error) reason() string {
	var number syscall.Errno
	var dns *net.DNSError
	switch {
	case e.Kind == Timeout:
		return "no time left"
	case e.Kind == Canceled:
		return "cancelled"
	case errors.As(e.Err, &number):
		return number.Error()
	case errors.As(e.Err, &dns):
		return dns.Err
	case errors.Is(e.Err, io.EOF):
		return "connection closed"
	case errors.Is(e.Err, io.ErrUnexpectedEOF):
		return "connection closed in the middle"
	}
	return e.Err.Error()
}

// KindOf reads the kind back from the text of Exchange.Error; "" for "".
func KindOf(text string) Kind {
	word, _, _ := strings.Cut(text, ":")
	switch k := Kind(word); k {
	case Refused, Timeout, Canceled, Reset, Garbage, TLS, "":
		return k
	}
	return Other
}

// errGarbage marks answers that are not HTTP/1.x.
type errGarbage string

func (e errGarbage) Error() string { return string(e) }

func garbage(format string, args ...any) error { return errGarbage(fmt.Sprintf(format, args...)) }

// classify makes an Error of whatever came up while op was done under ctx.
func classify(ctx context.Context, op string, err error) *Error {
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	return &Error{Op: op, Kind: kind(ctx, err), Err: err}
}

func kind(ctx context.Context, err error) Kind {
	var g errGarbage
	var netErr net.Error
	switch {
	case errors.As(err, &g):
		return Garbage
	case errors.Is(ctx.Err(), context.Canceled), errors.Is(err, context.Canceled):
		return Canceled
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded),
		errors.As(err, &netErr) && netErr.Timeout():
		return Timeout
	case errors.Is(err, syscall.ECONNREFUSED):
		return Refused
	case isBroken(err):
		return Reset
	case isTLS(err):
		return TLS
	}
	return Other
}

// isBroken says whether the other side, or something between, ended the connection.
func isBroken(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNABORTED)
}

func isTLS(err error) bool {
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var unknown x509.UnknownAuthorityError
	return errors.As(err, &certificate) || errors.As(err, &record) || errors.As(err, &alert) || errors.As(err, &unknown)
}
