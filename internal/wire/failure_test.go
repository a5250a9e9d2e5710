package wire

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestRefused(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	listener.Close()
	ex := client(t, Options{}).Do(t.Context(), get("http://"+addr+"/"))
	fail(t, ex, Refused, "")
	if want := "refused: dial " + addr + ": connection refused"; ex.Error != want {
		t.Errorf("got %q, want %q", ex.Error, want)
	}
}

// However far the exchange has come, time and cancellation end it.
func TestTimeoutAndCancel(t *testing.T) {
	for name, begin := range map[string]string{
		"await answer":                "",
		"read answer":                 "HTTP/1.1 200 OK\r\nX: y\r\n",
		"read body of the 200 answer": "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
	} {
		said := make(chan bool, 10)
		base := rawServer(t, func(_ int, c *rawConn) {
			c.head()
			c.say(begin)
			said <- true
			c.wait()
		})
		c := client(t, Options{Timeout: 50 * time.Millisecond})
		fail(t, c.Do(t.Context(), get(base)), Timeout, "timeout: "+name)
		<-said

		patient := client(t, Options{})
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		fail(t, patient.Do(ctx, get(base)), Timeout, name)
		cancel()
		<-said

		ctx, cancel = context.WithCancel(t.Context())
		go func() {
			<-said
			cancel()
		}()
		fail(t, patient.Do(ctx, get(base)), Canceled, "canceled: ")
		fail(t, patient.Do(ctx, get(base)), Canceled, "canceled: dial") // already over
	}
}

// A cancelled exchange must not spoil the connection of the next one.
func TestCancelAfterTheAnswer(t *testing.T) {
	s := remote(t)
	c := client(t, Options{})
	for range 200 {
		ctx, cancel := context.WithCancel(t.Context())
		if ex := c.Do(ctx, get(s.URL)); ex.Error != "" {
			t.Fatal(ex.Error)
		}
		cancel()
	}
}

func TestTLS(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.Proto+" "+r.TLS.NegotiatedProtocol+" "+r.RemoteAddr)
	}))
	s.EnableHTTP2 = true
	s.TLS = &tls.Config{NextProtos: []string{"h2", "http/1.1"}} // the first is not to be taken
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())

	c := client(t, Options{RootCAs: pool})
	first := do(t, c, get(s.URL)).Body
	if !strings.HasPrefix(first, "HTTP/1.1 http/1.1 ") {
		t.Errorf("got %q", first)
	}
	if again := do(t, c, get(s.URL)).Body; again != first {
		t.Errorf("not reused: %q, %q", first, again)
	}
	fail(t, client(t, Options{}).Do(t.Context(), get(s.URL)), TLS, "unknown authority")
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	fail(t, c.Do(t.Context(), get("https://localhost:"+port)), TLS, "localhost") // no name in the certificate

	plain := remote(t)
	fail(t, c.Do(t.Context(), get("https"+plain.URL[len("http"):])), TLS, "handshake with ")
}

func TestKindOf(t *testing.T) {
	for text, want := range map[string]Kind{
		"": "", "reset: x": Reset, "garbage: a: b": Garbage, "something else": Other, "other: x": Other,
	} {
		if got := KindOf(text); got != want {
			t.Errorf("KindOf(%q) = %q", text, got)
		}
	}
}

// Ours and net/http's client side by side on the same server.
func BenchmarkDo(b *testing.B) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hello") }))
	defer s.Close()
	b.Run("wire", func(b *testing.B) {
		c := New(Options{})
		defer c.Close()
		b.ReportAllocs()
		for b.Loop() {
			if ex := c.Do(b.Context(), get(s.URL)); ex.Error != "" {
				b.Fatal(ex.Error)
			}
		}
	})
	b.Run("net/http", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			resp, err := s.Client().Get(s.URL)
			if err != nil {
				b.Fatal(err)
			}
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
	})
}
