package wire

import (
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

// What HTTP forbids goes out when it is meant, alone on its connection.
func TestRawValues(t *testing.T) {
	heads := make(chan string, 1)
	connections := make(chan int, 10)
	base := rawServer(t, func(n int, c *rawConn) {
		connections <- n
		for {
			head := c.head()
			if head == "" {
				return
			}
			heads <- head
			c.say("HTTP/1.1 204 No Content\r\n\r\n")
		}
	})
	c := client(t, Options{})
	raw := get(base)
	raw.Raw, raw.Header = true, history.Lines{{Name: "Cookie", Value: "s=a\x00b\rc"}}
	for i, r := range []history.Request{get(base), raw, get(base)} {
		do(t, c, r)
		head := <-heads
		if i == 1 && head != "GET / HTTP/1.1\r\nHost: "+base[len("http://"):]+"\r\nCookie: s=a\x00b\rc\r\n\r\n" {
			t.Errorf("sent %q", head)
		}
	}
	if n := len(connections); n != 2 {
		t.Errorf("%d connections, want one for the raw request and one for the rest", n)
	}
	r := raw
	r.Raw = false
	fail(t, c.Do(t.Context(), r), Other, "cannot be sent")
}
