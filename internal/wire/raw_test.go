package wire

import (
	"bufio"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

// rawServer runs serve for each connection, numbered from 1, and closes it after.
// It returns the base URL.
func rawServer(t *testing.T, serve func(n int, c *rawConn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for n := 1; ; n++ {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				serve(n, &rawConn{c, bufio.NewReader(c)})
			}()
		}
	}()
	return "http://" + listener.Addr().String()
}

type rawConn struct {
	net.Conn
	r *bufio.Reader
}

// head reads one request up to its empty line; "" when the client is gone.
func (c *rawConn) head() string {
	var b strings.Builder
	for {
		line, err := c.r.ReadString('\n')
		if err != nil {
			return ""
		}
		b.WriteString(line)
		if line == "\r\n" {
			return b.String()
		}
	}
}

func (c *rawConn) say(text string) { c.Write([]byte(text)) }

// wait returns when the client has closed the connection.
func (c *rawConn) wait() { c.r.WriteTo(discard{}) }

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// saying is a server that gives every request the same bytes and then hangs up.
func saying(t *testing.T, answer string) string {
	return rawServer(t, func(_ int, c *rawConn) {
		if c.head() != "" {
			c.say(answer)
		}
	})
}

func client(t *testing.T, o Options) *Client {
	c := New(o)
	t.Cleanup(c.Close)
	return c
}

func get(url string) history.Request { return history.Request{Method: http.MethodGet, URL: url} }

// do wants an answer.
func do(t *testing.T, c *Client, r history.Request) *history.Response {
	t.Helper()
	ex := c.Do(t.Context(), r)
	if ex.Response == nil || ex.Error != "" {
		t.Fatalf("%s %s: error %q", r.Method, r.URL, ex.Error)
	}
	return ex.Response
}

// fail wants an error of a kind that contains the text.
func fail(t *testing.T, ex history.Exchange, kind Kind, text string) {
	t.Helper()
	if ex.Response != nil || KindOf(ex.Error) != kind || !strings.Contains(ex.Error, text) {
		t.Errorf("got %q and answer %v, want kind %s with %q", ex.Error, ex.Response, kind, text)
	}
	if ex.End.Before(ex.Start) || ex.Start.IsZero() {
		t.Errorf("from %v to %v", ex.Start, ex.End)
	}
}
