package browsers

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
)

// talk sends raw bytes through a new proxy to a server and returns all that
// comes back until the connection closes, and the journal.
func talk(t *testing.T, source, request string, server http.Handler) (string, []history.Exchange) {
	t.Helper()
	s := httptest.NewServer(server)
	t.Cleanup(s.Close)
	return talkTo(t, source, strings.ReplaceAll(request, "HOST", s.Listener.Addr().String()))
}

func talkTo(t *testing.T, source, request string) (string, []history.Exchange) {
	t.Helper()
	p, err := newProxy(source, false)
	ok(t, err)
	defer p.close()
	conn, err := net.Dial("tcp", p.listener.Addr().String())
	ok(t, err)
	defer conn.Close()
	ok(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	_, err = io.WriteString(conn, strings.ReplaceAll(request, "\n", "\r\n"))
	ok(t, err)
	answer, err := io.ReadAll(conn)
	ok(t, err)
	return string(answer), p.journal.since(0)
}

// rawServer answers every connection with the same bytes after a request head.
func rawServer(t *testing.T, answer string) (addr string, heads chan string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ok(t, err)
	t.Cleanup(func() { l.Close() })
	heads = make(chan string, 10)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			r := bufio.NewReader(conn)
			text := ""
			for !strings.HasSuffix(text, "\r\n\r\n") {
				line, err := r.ReadString('\n')
				if err != nil {
					break
				}
				text += line
			}
			heads <- text
			_, _ = io.WriteString(conn, answer)
			conn.Close()
		}
	}()
	return l.Addr().String(), heads
}

func TestProxyKeepsHeaderLines(t *testing.T) {
	addr, heads := rawServer(t, "HTTP/1.1 103 Early\r\nLink: x\r\n\r\n"+
		"HTTP/1.1 200 Fine\r\nset-COOKIE: a=1\r\nX-Empty:\r\nSet-Cookie:  a=2 \r\nSet-Cookie: b=3;\r\n  folded\r\nTransfer-Encoding: chunked\r\n\r\n"+
		"3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nX-Trailer: t\r\n\r\n")
	answer, journal := talkTo(t, "127.0.0.8", "GET http://"+addr+"/p%zz/?q=\"x\" HTTP/1.1\nHost: "+addr+"\nx-ODD: 1\nX-odd: 2\nProxy-Connection: close\nConnection: close\n\n")
	if got, want := <-heads, "GET /p%zz/?q=\"x\" HTTP/1.1\r\nHost: "+addr+"\r\nx-ODD: 1\r\nX-odd: 2\r\nConnection: close\r\nConnection: close\r\n\r\n"; got != want {
		t.Errorf("the server got\n%q\nwant\n%q", got, want)
	}
	if !strings.HasPrefix(answer, "HTTP/1.1 103 Early\r\n") || !strings.Contains(answer, "\r\nset-COOKIE: a=1\r\nX-Empty:\r\nSet-Cookie:  a=2 \r\n") || !strings.HasSuffix(answer, "0\r\nX-Trailer: t\r\n\r\n") {
		t.Errorf("the browser got\n%q", answer)
	}
	x := journal[0]
	if got := fmt.Sprint(x.Response.Header); got != "[{set-COOKIE a=1} {X-Empty } {Set-Cookie a=2} {Set-Cookie b=3; folded} {Transfer-Encoding chunked}]" {
		t.Errorf("journal: %s", got)
	}
	if x.Response.Body != "abcde" || x.Response.Status != 200 || x.Request.Source != "127.0.0.8" || x.Request.URL != "http://"+addr+"/p%zz/?q=\"x\"" || x.Error != "" || x.End.Before(x.Start) {
		t.Errorf("journal: %+v %+v", x, x.Response)
	}
}

func TestProxyBodies(t *testing.T) {
	big := strings.Repeat("x", maxBody+10)
	_, journal := talk(t, "", "POST http://HOST/big HTTP/1.1\nHost: h\nContent-Length: 2\n\nhi"+
		"HEAD http://HOST/head HTTP/1.1\nHost: h\n\n"+
		"POST http://HOST/echo HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n4\nbody\n0\n\n"+
		"GET http://HOST/gzip HTTP/1.1\nHost: h\n\n"+
		"GET http://HOST/br HTTP/1.1\nHost: h\n\n"+
		"GET http://HOST/png HTTP/1.1\nHost: h\nConnection: close\n\n",
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			switch r.URL.Path {
			case "/big":
				_, _ = io.WriteString(w, big)
			case "/echo":
				_, _ = io.Copy(w, r.Body)
			case "/gzip":
				w.Header().Set("Content-Encoding", "gzip")
				z := gzip.NewWriter(w)
				_, _ = io.WriteString(z, "plain")
				z.Close()
			case "/br":
				w.Header().Set("Content-Encoding", "br")
				_, _ = io.WriteString(w, "???")
			case "/png":
				w.Header().Set("Content-Type", "image/png")
				_, _ = io.WriteString(w, "PNG")
			}
		}))
	if len(journal) != 6 {
		t.Fatalf("%d exchanges on one connection, want 6", len(journal))
	}
	for i, want := range []struct {
		sent, got string
		truncated bool
	}{{"hi", big[:maxBody], true}, {"", "", false}, {"body", "body", false}, {"", "plain", false}, {"", "", true}, {"", "", true}} {
		x := journal[i]
		if x.Request.Body != want.sent || x.Response.Body != want.got || x.Response.Truncated != want.truncated {
			t.Errorf("%s: sent %q, got %.40q (%d bytes, truncated %v)", x.Request.URL, x.Request.Body, x.Response.Body, len(x.Response.Body), x.Response.Truncated)
		}
	}
}

func TestProxyErrors(t *testing.T) {
	silent, _ := rawServer(t, "")
	cut, _ := rawServer(t, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
	rubbish, _ := rawServer(t, "SSH-2.0\r\n\r\n")
	for _, c := range []struct{ host, answer, want string }{
		{silent, "502", "without an answer"},
		{cut, "200", "broke off"},
		{rubbish, "502", "not an HTTP answer"},
		{"far.example", "502", "not this machine"},
		{"10.0.0.1", "502", "not this machine"},
		{"test.example", "502", "not this machine"},
	} {
		answer, journal := talkTo(t, "", "GET http://"+c.host+"/ HTTP/1.1\nHost: h\nConnection: close\n\n")
		if !strings.HasPrefix(answer, "HTTP/1.1 "+c.answer) || len(journal) != 1 || !strings.Contains(journal[0].Error, c.want) {
			t.Errorf("%s: %.60q %+v", c.host, answer, journal)
		}
	}
	if _, journal := talkTo(t, "", "CONNECT update.googleapis.com:443 HTTP/1.1\n\n"); len(journal) != 0 {
		t.Errorf("Chrome's own request is in the journal: %+v", journal)
	}
}

// Chrome opens a tunnel for ws://; what passes is to be seen all the same.
func TestProxyUpgradeInTunnel(t *testing.T) {
	answer, journal := talk(t, "127.0.0.8", "CONNECT HOST HTTP/1.1\nHost: HOST\n\nGET /live HTTP/1.1\nHost: a.test\nConnection: Upgrade\nUpgrade: websocket\n\nping\n",
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			conn, rw, _ := w.(http.Hijacker).Hijack()
			defer conn.Close()
			_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nSet-Cookie: w=1\r\n\r\n")
			line, _ := rw.ReadString('\n')
			_, _ = io.WriteString(conn, "pong "+line+r.RemoteAddr)
		}))
	if !strings.HasPrefix(answer, "HTTP/1.1 200") || !strings.Contains(answer, "pong ping\r\n127.0.0.8:") {
		t.Errorf("the browser got %q", answer)
	}
	if len(journal) != 1 || !strings.HasPrefix(journal[0].Request.URL, "ws://") || journal[0].Response.Status != 101 || journal[0].Response.Header.Get("Set-Cookie") != "w=1" {
		t.Errorf("journal: %+v", journal)
	}
}

// A server must learn of a closed tab as it would without a proxy.
func TestProxyPassesOnTheEndOfTheBrowser(t *testing.T) {
	began, gone := make(chan bool), make(chan bool)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(began)
		<-r.Context().Done()
		close(gone)
	}))
	defer s.Close()
	p, err := newProxy("", false)
	ok(t, err)
	defer p.close()
	conn, err := net.Dial("tcp", p.listener.Addr().String())
	ok(t, err)
	fmt.Fprintf(conn, "GET %s/ HTTP/1.1\r\nHost: h\r\n\r\n", s.URL)
	<-began
	conn.Close()
	select {
	case <-gone:
	case <-time.After(5 * time.Second):
		t.Error("the server still waits")
	}
}
