// Package caching reads from an answer who may keep it, after RFC 9111. It is
// pure: it stores nothing itself.
package caching

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
)

// Control is the directives of a message's Cache-Control lines, by name in
// small letters; a directive without an argument has "".
type Control map[string]string

// Parse reads all Cache-Control lines (RFC 9111, section 5.2). Of a directive
// that stands twice the first counts.
func Parse(h history.Lines) Control {
	c := Control{}
	for _, part := range splitQuoted(strings.Join(h.Values("Cache-Control"), ",")) {
		name, arg, _ := strings.Cut(strings.TrimSpace(part), "=")
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := c[name]; name != "" && !twice {
			c[name] = strings.Trim(strings.TrimSpace(arg), `"`)
		}
	}
	return c
}

// splitQuoted splits at commas outside of quoted strings.
func splitQuoted(s string) (out []string) {
	quoted, from := false, 0
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ',' && !quoted:
			out = append(out, s[from:i])
			from = i + 1
		}
	}
	return append(out, s[from:])
}

// Has tells whether the directive is there for the whole answer: with an
// argument, no-cache and private speak of the named fields only.
func (c Control) Has(name string) bool {
	arg, ok := c[name]
	return ok && (arg == "" || name != "no-cache" && name != "private")
}

// Fields are the header fields that no-cache and private name.
func (c Control) Fields() (out []string) {
	for _, d := range []string{"no-cache", "private"} {
		for f := range strings.SplitSeq(c[d], ",") {
			if f = strings.TrimSpace(f); f != "" {
				out = append(out, f)
			}
		}
	}
	return out
}

// Lifetime is the time for which the answer is fresh by its own word (RFC 9111,
// section 4.2.1); ok is false where it does not say. What cannot be read is stale.
func Lifetime(r *history.Response, shared bool, received time.Time) (life time.Duration, ok bool) {
	c := Parse(r.Header)
	for _, d := range []string{"s-maxage", "max-age"} {
		arg, there := c[d]
		if !there || d == "s-maxage" && !shared {
			continue
		}
		n, err := strconv.ParseUint(arg, 10, 31)
		if err != nil {
			return 0, true
		}
		return time.Duration(n) * time.Second, true
	}
	expires := r.Header.Get("Expires")
	if expires == "" {
		return 0, false
	}
	end, err := http.ParseTime(expires)
	if err != nil {
		return 0, true
	}
	if date, err := http.ParseTime(r.Header.Get("Date")); err == nil {
		received = date
	}
	return max(0, end.Sub(received)), true
}

// heuristic are the statuses that may be stored without a word about it (RFC 9110, section 15.1).
var heuristic = []int{200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501}

// Kept tells whether browsers keep the answer: it is to a GET, nothing forbids
// it, and its status is one that is kept, or it is fresh by its own word. A
// redirect that only says `private` may be stored by the letter of RFC 9111,
// section 3, and never is.
func Kept(x *history.Exchange) bool {
	if x.Request.Method != http.MethodGet || x.Response == nil || Parse(x.Response.Header).Has("no-store") {
		return false
	}
	life, _ := Lifetime(x.Response, false, x.End)
	return slices.Contains(heuristic, x.Response.Status) || life > 0
}

// Shared is for how long a shared cache may reuse the answer without asking; 0
// is not at all. An answer must say itself that it is fresh: caches that guess
// exist, and look at the request's cookies then, so guessing would prove nothing.
func Shared(x *history.Exchange) time.Duration {
	if x.Request.Method != http.MethodGet || x.Response == nil || x.Response.Status < 200 || x.Response.Status == http.StatusPartialContent ||
		x.Response.Status == http.StatusNotModified {
		return 0
	}
	c := Parse(x.Response.Header)
	if c.Has("no-store") || c.Has("private") || c.Has("no-cache") || strings.TrimSpace(x.Response.Header.Get("Vary")) == "*" {
		return 0
	}
	if x.Request.Header.Get("Authorization") != "" && !c.Has("public") && !c.Has("must-revalidate") && !c.Has("s-maxage") {
		return 0
	}
	life, _ := Lifetime(x.Response, true, x.End)
	age, _ := strconv.Atoi(x.Response.Header.Get("Age"))
	return max(0, life-time.Duration(age)*time.Second)
}
