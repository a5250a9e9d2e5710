package wire

import (
	"bufio"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

func TestBodies(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	for _, c := range []struct {
		name, method, answer string
		limit                int64
		status               int
		body                 string
		truncated            bool
		keep                 bool
	}{
		{"length", "GET", ok + "Content-Length: 3\r\n\r\nabc", 9, 200, "abc", false, true},
		{"no body", "GET", ok + "Content-Length: 0\r\n\r\n", 9, 200, "", false, true},
		{"same length twice", "GET", ok + "Content-Length: 3, 3\r\nContent-Length: 3\r\n\r\nabc", 9, 200, "abc", false, true},
		{"to the end", "GET", ok + "\r\nabc", 9, 200, "abc", false, false},
		{"exactly the limit", "GET", ok + "Content-Length: 3\r\n\r\nabc", 3, 200, "abc", false, true},
		{"beyond the limit", "GET", ok + "Content-Length: 4\r\n\r\nabcd", 3, 200, "abc", true, false},
		{"beyond the limit, to the end", "GET", ok + "\r\nabcd", 3, 200, "abc", true, false},
		{"chunked", "GET", ok + "Transfer-Encoding: Chunked\r\n\r\n2;x=y\r\nab\r\n1\r\nc\r\n0\r\nTrailer: x\r\n\r\n", 9, 200, "abc", false, true},
		{"chunked beyond the limit", "GET", ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n", 3, 200, "abc", true, false},
		{"chunked and length", "GET", ok + "Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", 9, 200, "a", false, false},
		{"HEAD", "HEAD", ok + "Content-Length: 3\r\n\r\n", 9, 200, "", false, true},
		{"204", "GET", "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n", 9, 204, "", false, true},
		{"304", "GET", "HTTP/1.1 304 Not Modified\r\n\r\n", 9, 304, "", false, true},
		{"without reason", "GET", "HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n", 9, 404, "", false, true},
		{"1xx", "GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok + "Content-Length: 1\r\n\r\na", 9, 200, "a", false, true},
		{"101", "GET", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n??", 9, 101, "", false, false},
		{"close", "GET", ok + "Connection: x, CLOSE\r\nContent-Length: 1\r\n\r\na", 9, 200, "a", false, false},
		{"1.0", "GET", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", 9, 200, "a", false, false},
		{"1.0 kept", "GET", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na", 9, 200, "a", false, true},
	} {
		got, keep, err := readAnswer(bufio.NewReader(strings.NewReader(c.answer)), c.method, c.limit)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got.Status != c.status || got.Body != c.body || got.Truncated != c.truncated || keep != c.keep {
			t.Errorf("%s: got %+v, keep %v", c.name, got, keep)
		}
	}
}

func TestGarbage(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	for _, c := range []struct {
		answer string
		kind   Kind
		want   string
	}{
		{"SSH-2.0-OpenSSH_9.6\r\n", Garbage, `read answer: malformed status line "SSH-2.0-OpenSSH_9.6"`},
		{"hello", Garbage, `malformed status line "hello"`},
		{"\r\n" + ok, Garbage, `malformed status line ""`},
		{"HTTP/2 200 OK\r\n\r\n", Garbage, "malformed status line"},
		{"HTTP/1.1 20 OK\r\n\r\n", Garbage, "malformed status line"},
		{"HTTP/1.1 -20 OK\r\n\r\n", Garbage, "malformed status line"},
		{"HTTP/1.1 abc\r\n\r\n", Garbage, "malformed status line"},
		{ok + "no colon\r\n\r\n", Garbage, `malformed header line "no colon"`},
		{ok + "Name : x\r\n\r\n", Garbage, "malformed header line"},
		{ok + ": x\r\n\r\n", Garbage, "malformed header line"},
		{ok + " x: y\r\n\r\n", Garbage, "begins with a blank"},
		{ok + "X: " + strings.Repeat("x", headLimit) + "\r\n\r\n", Garbage, "a header of more than 256 KiB"},
		{ok + strings.Repeat("X: y\r\n", headLimit/6) + "\r\n", Garbage, "a header of more than 256 KiB"},
		{strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", headLimit/25+1), Garbage, "a header of more than 256 KiB"},
		{ok + "Content-Length: x\r\n\r\n", Garbage, "malformed Content-Length"},
		{ok + "Content-Length: +1\r\n\r\na", Garbage, "malformed Content-Length"},
		{ok + "Content-Length: -1\r\n\r\n", Garbage, "malformed Content-Length"},
		{ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", Garbage, "two lengths, 1 and 2"},
		{ok + "Transfer-Encoding: gzip, chunked\r\n\r\n", Garbage, "only chunked"},
		{ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", Garbage, "read body of the 200 answer: malformed chunked body"},
		{ok + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", Garbage, "malformed chunked body"},
		{"", Reset, "await answer: connection closed"},
		{"HTTP/1.1 20", Reset, "read answer: connection closed in the middle"},
		{ok + "X: y\r\n", Reset, "read answer: connection closed in the middle"},
		{ok + "Content-Length: 5\r\n\r\nabc", Reset, "read body of the 200 answer: connection closed in the middle"},
		{ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nabc", Reset, "connection closed in the middle"},
		{ok + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n", Reset, "connection closed"},
	} {
		fail(t, client(t, Options{}).Do(t.Context(), get(saying(t, c.answer))), c.kind, c.want)
	}
}

func TestLargeRequestAndEarlyAnswer(t *testing.T) {
	large := strings.Repeat("x", 20<<20) // more than the socket's buffers
	hung := make(chan bool)
	base := rawServer(t, func(_ int, c *rawConn) {
		c.head()
		c.say("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")
		<-hung // never reads the body
	})
	defer close(hung)
	got := do(t, client(t, Options{}), history.Request{Method: "POST", URL: base, Body: large})
	if got.Status != 413 || got.Body != "no" {
		t.Errorf("got %+v", got)
	}
}

func FuzzReadAnswer(f *testing.F) {
	for _, seed := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
		"HTTP/1.1 100 x\r\n\r\nHTTP/1.0 200\nTransfer-Encoding: chunked\n\n1\r\na\r\n0\r\nX: y\r\n\r\n",
		"HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\nabc", "\n", "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, _, err := readAnswer(bufio.NewReader(strings.NewReader(text)), "GET", 10)
		if (got == nil) != (err != nil) {
			t.Fatalf("%+v and %v", got, err)
		}
		if got == nil {
			return
		}
		if len(got.Body) > 10 || got.Status < 101 {
			t.Errorf("%+v", got)
		}
		for _, l := range got.Header {
			if !isToken(l.Name) || strings.ContainsAny(l.Value, "\n") {
				t.Errorf("line %q", l)
			}
		}
	})
}
