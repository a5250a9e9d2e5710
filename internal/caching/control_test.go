package caching

import (
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
)

func answer(status int, pairs ...string) *history.Exchange {
	x := &history.Exchange{Request: history.Request{Method: "GET"}, Response: &history.Response{Status: status}, End: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	for i := 0; i < len(pairs); i += 2 {
		x.Response.Header = append(x.Response.Header, history.Line{Name: pairs[i], Value: pairs[i+1]})
	}
	return x
}

func TestWhoKeepsWhat(t *testing.T) {
	for _, c := range []struct {
		name   string
		x      *history.Exchange
		kept   bool
		shared time.Duration
	}{
		{"nothing said", answer(200), true, 0},
		{"a redirect", answer(303, "Cache-Control", "private"), false, 0},
		{"a redirect with a lifetime", answer(303, "cache-control", "max-age=60"), true, time.Minute},
		{"a permanent redirect", answer(308), true, 0},
		{"refused", answer(401, "Cache-Control", "private"), false, 0},
		{"no-store", answer(200, "Cache-Control", "No-Store, max-age=60"), false, 0},
		{"no-store in a second line", answer(200, "Cache-Control", "public, max-age=60", "Cache-Control", "no-store"), false, 0},
		{"a word that is none", answer(200, "Cache-Control", `x="no-store", public, max-age=60`), true, time.Minute},
		{"no-cache", answer(200, "Cache-Control", "no-cache, max-age=60"), true, 0},
		{"no-cache for a field", answer(200, "Cache-Control", `no-cache="Set-Cookie", max-age=60`), true, time.Minute},
		{"private", answer(200, "Cache-Control", "private, max-age=60"), true, 0},
		{"s-maxage first", answer(200, "Cache-Control", "max-age=0, s-maxage=60"), true, time.Minute},
		{"unreadable is stale", answer(200, "Cache-Control", "max-age=soon"), true, 0},
		{"public alone", answer(200, "Cache-Control", "public"), true, 0},
		{"Vary: *", answer(200, "Cache-Control", "max-age=60", "Vary", "*"), true, 0},
		{"already old", answer(200, "Cache-Control", "max-age=60", "Age", "45"), true, 15 * time.Second},
		{"Expires", answer(200, "Date", "Fri, 02 Jan 2026 03:04:00 GMT", "Expires", "Fri, 02 Jan 2026 03:05:00 GMT"), true, time.Minute},
		{"Expires: 0", answer(303, "Expires", "0"), false, 0},
	} {
		if got := Kept(c.x); got != c.kept {
			t.Errorf("%s: kept by browsers: %v", c.name, got)
		}
		if got := Shared(c.x); got != c.shared {
			t.Errorf("%s: shared for %s, want %s", c.name, got, c.shared)
		}
		c.x.Request.Method = "POST"
		if Kept(c.x) || Shared(c.x) != 0 {
			t.Errorf("%s: the answer to a POST is kept", c.name)
		}
	}
}

func TestAuthorizationKeepsSharedCachesAway(t *testing.T) {
	for control, want := range map[string]time.Duration{"max-age=60": 0, "public, max-age=60": time.Minute, "s-maxage=60": time.Minute} {
		x := answer(200, "Cache-Control", control)
		x.Request.Header = history.Lines{{Name: "Authorization", Value: "Bearer x"}}
		if got := Shared(x); got != want {
			t.Errorf("%s: shared for %s", control, got)
		}
	}
}
