package play

import (
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
)

// answering answers every request with these header fields and counts.
type answering struct {
	asked  int
	status int
	header history.Lines
}

func (a *answering) ask(r history.Request) history.Exchange {
	a.asked++
	return history.Exchange{Request: r, Response: &history.Response{Status: a.status, Header: a.header, Body: "of " + r.Header.Get("Cookie")}, End: time.Now()}
}

func TestSharedCacheGivesWhatItMay(t *testing.T) {
	line := func(pairs ...string) (out history.Lines) {
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, history.Line{Name: pairs[i], Value: pairs[i+1]})
		}
		return out
	}
	for _, c := range []struct {
		name, path string
		status     int
		header     history.Lines
		shared     bool
	}{
		{"public", "/me", 200, line("Cache-Control", "public, max-age=60"), true},
		{"no-store", "/me.css", 200, line("Cache-Control", "no-store"), false},
		{"private", "/me", 200, line("Cache-Control", "private, max-age=60"), false},
		{"says nothing", "/me", 200, nil, false},
		{"says nothing and looks static", "/me/x.css", 200, nil, true},
		{"looks static, with a query", "/me/x.CSS?v=1", 200, nil, true},
		{"looks static and is not there", "/me/x.css", 404, nil, false},
		{"looks static and sets a cookie", "/me/x.css", 200, line("Set-Cookie", "a=b"), false},
		{"varies with the cookie", "/me", 200, line("Cache-Control", "max-age=60", "Vary", "Accept, cookie"), false},
		{"varies with something else", "/me", 200, line("Cache-Control", "max-age=60", "Vary", "Accept"), true},
	} {
		cache := &sharedCache{kept: map[string][]keptAnswer{}}
		target := &answering{status: c.status, header: c.header}
		req := func(cookie string) history.Request {
			return history.Request{Method: "GET", URL: "http://127.0.0.1" + c.path, Header: line("Cookie", cookie)}
		}
		if x, from := cache.do("laptop", req("a"), target.ask); from != "" || x.Response.Body != "of a" {
			t.Errorf("%s: the first answer is from %q: %s", c.name, from, x.Response.Body)
		}
		x, from := cache.do("desk", req("b"), target.ask)
		if shared := from == "laptop" && x.Response.Body == "of a" && target.asked == 1; shared != c.shared || !shared && (from != "" || x.Response.Body != "of b") {
			t.Errorf("%s: the second answer is from %q: %s", c.name, from, x.Response.Body)
		}
		if x.Request.Header.Get("Cookie") != "b" {
			t.Errorf("%s: the record shows another's request", c.name)
		}
	}
}

func TestSharedCacheKeepsNoNamedFields(t *testing.T) {
	cache := &sharedCache{kept: map[string][]keptAnswer{}}
	target := &answering{status: 200, header: history.Lines{{Name: "Cache-Control", Value: `max-age=60, no-cache="set-cookie"`}, {Name: "Set-Cookie", Value: "a=b"}}}
	req := history.Request{Method: "GET", URL: "http://127.0.0.1/"}
	first, _ := cache.do("laptop", req, target.ask)
	second, from := cache.do("desk", req, target.ask)
	if first.Response.Header.Get("Set-Cookie") != "a=b" || from != "laptop" || second.Response.Header.Get("Set-Cookie") != "" {
		t.Errorf("%v, then from %q %v", first.Response.Header, from, second.Response.Header)
	}
	post := req
	post.Method = "POST"
	if _, from := cache.do("desk", post, target.ask); from != "" {
		t.Error("a POST was answered out of the cache")
	}
}
