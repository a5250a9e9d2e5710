package wire

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
)

// remote answers with the address the request came from.
func remote(t *testing.T) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(r.RemoteAddr)) }))
	t.Cleanup(s.Close)
	return s
}

func TestSourceAddress(t *testing.T) {
	s := remote(t)
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	c := client(t, Options{Source: netip.MustParseAddr("127.0.0.5")})
	for _, test := range []struct{ host, source, want string }{
		{"127.0.0.1", "", "127.0.0.5"},
		{"127.0.0.1", "127.0.0.77", "127.0.0.77"},
		{"localhost", "", "127.0.0.5"}, // may resolve to ::1 first
		{"a.b.localhost", "", "127.0.0.5"},
	} {
		ex := c.Do(t.Context(), history.Request{Method: "GET", URL: "http://" + test.host + ":" + port + "/", Source: test.source})
		if ex.Response == nil || !strings.HasPrefix(ex.Response.Body, test.want+":") || ex.Request.Source != test.want {
			t.Errorf("%+v: %+v", test, ex)
		}
	}
	conn, err := c.DialContext(t.Context(), "tcp", "localhost:"+port)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got := conn.LocalAddr().String(); !strings.HasPrefix(got, "127.0.0.5:") {
		t.Errorf("dialled from %s", got)
	}
	// No address of this machine (TEST-NET-1): the text says who could not.
	fail(t, c.Do(t.Context(), history.Request{Method: "GET", URL: s.URL, Source: "192.0.2.1"}), Other, "from 192.0.2.1")
}

func TestConnectionsAreReused(t *testing.T) {
	s := remote(t)
	c := client(t, Options{})
	first := do(t, c, get(s.URL)).Body
	for _, r := range []history.Request{
		get(s.URL),
		{Method: "HEAD", URL: s.URL},
		{Method: "POST", URL: s.URL, Body: "x"},
		{Method: "POST", URL: s.URL, Body: strings.Repeat("x", 4*smallRequest)},
		{Method: "PUT", URL: s.URL, Body: "x", Header: history.Lines{{Name: "Content-Length", Value: "1"}}},
	} {
		do(t, c, r)
	}
	// The large one may, rightly, have cost the connection: its handler never reads.
	again := do(t, c, get(s.URL)).Body
	if again != do(t, c, get(s.URL)).Body {
		t.Error("a new connection without need")
	}
	if first == "" || do(t, c, history.Request{Method: "GET", URL: s.URL, Source: "127.0.0.9"}).Body == again {
		t.Error("another source on the same connection")
	}
	do(t, c, history.Request{Method: "GET", URL: s.URL, Header: history.Lines{{Name: "connection", Value: "Close"}}})
	if again == do(t, c, get(s.URL)).Body {
		t.Error("used on after Connection: close")
	}
	fresh := client(t, Options{MaxIdle: -1})
	one := do(t, fresh, get(s.URL)).Body
	if one == do(t, fresh, get(s.URL)).Body {
		t.Error("kept in spite of MaxIdle")
	}
}

const okay = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

// The server closes an idle connection: not even a POST notices.
func TestServerClosesIdleConnection(t *testing.T) {
	for _, goodbye := range []string{"", "HTTP/1.1 408 Request Timeout\r\n\r\n"} {
		closed := make(chan bool, 10)
		base := rawServer(t, func(_ int, c *rawConn) {
			c.head()
			c.say(okay)
			c.say(goodbye)
			c.Close()
			closed <- true
		})
		c := client(t, Options{})
		for range 3 {
			if got := do(t, c, history.Request{Method: "POST", URL: base}); got.Body != "ok" {
				t.Errorf("got %+v", got)
			}
			<-closed
		}
	}
}

// The server hangs up when the second request is already there.
func TestServerDropsRequestOnReusedConnection(t *testing.T) {
	for _, test := range []struct {
		method string
		heads  int32
		kind   Kind
	}{
		{"GET", 3, ""}, // once more, on a fresh connection
		{"POST", 2, Reset},
		{"DELETE", 2, Reset},
	} {
		var heads atomic.Int32
		base := rawServer(t, func(n int, c *rawConn) {
			for i := 1; c.head() != ""; i++ {
				heads.Add(1)
				if n == 1 && i == 2 {
					return
				}
				c.say(okay)
			}
		})
		c := client(t, Options{})
		do(t, c, get(base))
		ex := c.Do(t.Context(), history.Request{Method: test.method, URL: base})
		if KindOf(ex.Error) != test.kind || heads.Load() != test.heads {
			t.Errorf("%s: error %q after %d requests", test.method, ex.Error, heads.Load())
		}
	}
	// On a fresh connection nothing is ever sent twice.
	var heads atomic.Int32
	base := rawServer(t, func(_ int, c *rawConn) {
		if c.head() != "" {
			heads.Add(1)
		}
	})
	fail(t, client(t, Options{}).Do(t.Context(), get(base)), Reset, "await answer")
	if heads.Load() != 1 {
		t.Errorf("%d requests", heads.Load())
	}
}

// An answer cut short is not asked for again, reused connection or not.
func TestNoRetryOnceTheAnswerHasBegun(t *testing.T) {
	var heads atomic.Int32
	base := rawServer(t, func(_ int, c *rawConn) {
		for i := 1; c.head() != ""; i++ {
			heads.Add(1)
			if i == 2 {
				c.say("HTTP/1.1 2")
				return
			}
			c.say(okay)
		}
	})
	c := client(t, Options{})
	do(t, c, get(base))
	fail(t, c.Do(t.Context(), get(base)), Reset, "read answer")
	if heads.Load() != 2 {
		t.Errorf("%d requests", heads.Load())
	}
}

// After these requests the connection is not used again, even by a server that
// would let us.
func TestRequestsThatEndTheConnection(t *testing.T) {
	for _, line := range []history.Line{
		{Name: "Content-Length", Value: "5"}, // a lie
		{Name: "Transfer-Encoding", Value: "chunked"},
		{Name: "connection", Value: "x, Close"},
	} {
		var connections atomic.Int32
		base := rawServer(t, func(n int, c *rawConn) {
			connections.Add(1)
			for c.head() != "" {
				c.say(okay)
			}
		})
		c := client(t, Options{})
		do(t, c, history.Request{Method: "POST", URL: base, Header: history.Lines{line}})
		do(t, c, get(base))
		if connections.Load() != 2 {
			t.Errorf("%v: %d connections", line, connections.Load())
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	s := remote(t)
	c := client(t, Options{MaxIdle: 2})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 25 {
				if ex := c.Do(t.Context(), get(s.URL)); ex.Error != "" {
					t.Error(ex.Error)
				}
			}
		})
	}
	wg.Wait()
	c.pool.mu.Lock()
	defer c.pool.mu.Unlock()
	for key, list := range c.pool.idle {
		if len(list) > 2 {
			t.Errorf("%d idle connections to %v", len(list), key)
		}
	}
}

// Idle connections go by themselves and by Close; the server sees the end.
func TestIdleConnectionsEnd(t *testing.T) {
	for _, test := range []struct {
		life time.Duration
		end  func(*Client)
	}{
		{time.Hour, (*Client).Close},
		{time.Nanosecond, func(*Client) {}},
	} {
		over := make(chan bool)
		base := rawServer(t, func(_ int, c *rawConn) {
			c.head()
			c.say(okay)
			c.wait()
			over <- true
		})
		c := client(t, Options{})
		c.pool.life = test.life
		do(t, c, get(base))
		test.end(c)
		<-over
	}
}
