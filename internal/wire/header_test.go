package wire

import (
	"reflect"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

func TestRequestGoesOutAsGiven(t *testing.T) {
	heads := make(chan string, 1)
	base := rawServer(t, func(_ int, c *rawConn) {
		heads <- c.head()
		c.say("HTTP/1.1 204 No Content\r\n\r\n")
	})
	host := strings.TrimPrefix(base, "http://")
	for _, c := range []struct {
		request history.Request
		want    string
	}{
		{history.Request{Method: "GET", URL: base},
			"GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n"},
		{history.Request{Method: "GET", URL: base + "/a%2Fb/../c?q=1 2&r#frag", Header: history.Lines{
			{Name: "x-b", Value: "2"}, {Name: "COOKIE", Value: "a=1"}, {Name: "X-B", Value: "1"}, {Name: "cookie", Value: "b"}, {Name: "X-Empty"}}},
			"GET /a%2Fb/../c?q=1%202&r HTTP/1.1\r\nHost: " + host + "\r\nx-b: 2\r\nCOOKIE: a=1\r\nX-B: 1\r\ncookie: b\r\nX-Empty: \r\n\r\n"},
		{history.Request{Method: "GET", URL: base + "/", Header: history.Lines{{Name: "A", Value: "1"}, {Name: "host", Value: "evil.test"}}},
			"GET / HTTP/1.1\r\nA: 1\r\nhost: evil.test\r\n\r\n"},
		{history.Request{Method: "POST", URL: base + "/", Header: history.Lines{{Name: "A", Value: "1"}}},
			"POST / HTTP/1.1\r\nHost: " + host + "\r\nA: 1\r\nContent-Length: 0\r\n\r\n"},
		{history.Request{Method: "DELETE", URL: base + "/"},
			"DELETE / HTTP/1.1\r\nHost: " + host + "\r\n\r\n"},
		{history.Request{Method: "DELETE", URL: base + "/", Body: "é"},
			"DELETE / HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 2\r\n\r\n"},
		{history.Request{Method: "PUT", URL: base + "/", Body: "abc", Header: history.Lines{{Name: "content-length", Value: "3"}}},
			"PUT / HTTP/1.1\r\nHost: " + host + "\r\ncontent-length: 3\r\n\r\n"},
	} {
		ex := client(t, Options{}).Do(t.Context(), c.request)
		if got := <-heads; got != c.want || ex.Error != "" {
			t.Errorf("sent %q, want %q; error %q", got, c.want, ex.Error)
		}
		// The history has the lines that were sent, not the ones asked for.
		var lines strings.Builder
		for _, l := range ex.Request.Header {
			lines.WriteString(l.Name + ": " + l.Value + "\r\n")
		}
		if !strings.HasSuffix(c.want, "HTTP/1.1\r\n"+lines.String()+"\r\n") {
			t.Errorf("recorded %q, want %q", lines.String(), c.want)
		}
	}
}

func TestUsualPortStaysOutOfHost(t *testing.T) {
	for url, want := range map[string]string{
		"http://app.test:80/": "app.test", "https://app.test:443/": "app.test", "https://app.test:80/": "app.test:80",
		"http://[::1]/": "[::1]", "http://[::1]:8080/": "[::1]:8080", "http://bücher.test/": "xn--bcher-kva.test",
	} {
		p, err := prepare(get(url), New(Options{}).options.Source)
		if got := p.sent.Header.Get("Host"); got != want || err != nil {
			t.Errorf("%s: Host %q, %v; want %q", url, got, err, want)
		}
	}
}

func TestAnswerIsKeptAsItCame(t *testing.T) {
	base := saying(t, "HTTP/1.1 299 Very Odd\r\n"+
		"set-cookie: b=2; Path=/\r\n"+
		"X-B:\t 1 \t\r\n"+
		"Set-Cookie: a=1, c=3\r\n"+
		"SET-COOKIE: b=2; Path=/\r\n"+
		"X-Folded: one\r\n \ttwo \r\n\tthree\r\n"+
		"X-Empty:\n"+ // a bare LF ends a line, too
		"X-High: \xff\r\n"+
		"Content-Length: 5\r\n\r\nhello")
	got := do(t, client(t, Options{}), get(base))
	want := &history.Response{Status: 299, Proto: "HTTP/1.1", Body: "hello", Header: history.Lines{
		{Name: "set-cookie", Value: "b=2; Path=/"},
		{Name: "X-B", Value: "1"},
		{Name: "Set-Cookie", Value: "a=1, c=3"},
		{Name: "SET-COOKIE", Value: "b=2; Path=/"},
		{Name: "X-Folded", Value: "one two three"},
		{Name: "X-Empty", Value: ""},
		{Name: "X-High", Value: "\xff"},
		{Name: "Content-Length", Value: "5"},
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %+v\nwant %+v", got, want)
	}
}

func TestUnsendableRequests(t *testing.T) {
	line := func(name, value string) history.Request {
		return history.Request{Method: "GET", URL: "http://127.0.0.1:1/", Header: history.Lines{{Name: name, Value: value}}}
	}
	for _, c := range []struct {
		request history.Request
		want    string
	}{
		{line("X", "a\r\nY: b"), "cannot be sent"},
		{line("X", "a\nb"), "cannot be sent"},
		{line("X\r\nY", "a"), "cannot be sent"},
		{line("X: Y", "a"), "cannot be sent"},
		{line("", "a"), "cannot be sent"},
		{history.Request{Method: "GET /", URL: "http://127.0.0.1:1/"}, "method"},
		{history.Request{URL: "http://127.0.0.1:1/"}, "method"},
		{get("/relative"), "absolute"},
		{get("ftp://127.0.0.1/"), "absolute"},
		{get("http:///x"), "no host"},
		{get("http://127.0.0.1:1/%zz"), "invalid URL escape"},
		{get("http://127.0.0.1:1/\n"), "control character"},
		{get(""), "absolute"},
		{history.Request{Method: "GET", URL: "http://127.0.0.1:1/", Source: "here"}, "not an IP address"},
	} {
		fail(t, client(t, Options{}).Do(t.Context(), c.request), Other, c.want)
	}
}
