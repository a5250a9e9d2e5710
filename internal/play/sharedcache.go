package play

import (
	"net/url"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/sessionspec/sessionspec/internal/caching"
	"github.com/sessionspec/sessionspec/internal/history"
)

// sharedCache is a cache between several clients and the target. It keeps what
// RFC 9111 lets a shared cache keep, and besides, as networks that deliver
// content do unless an answer says otherwise, what looks like a static file.
type sharedCache struct {
	mu   sync.Mutex
	kept map[string][]keptAnswer // by URL
}

// keptAnswer is an answer, whose request brought it, and until when it is fresh.
type keptAnswer struct {
	x     history.Exchange
	by    string
	until time.Time
}

// staticLife is for how long a static file is kept that says nothing of it.
const staticLife = 2 * time.Hour

// staticEndings are those of files that such networks keep by default.
var staticEndings = map[string]bool{".css": true, ".js": true, ".png": true, ".jpg": true, ".gif": true, ".svg": true, ".ico": true, ".woff2": true, ".pdf": true}

// do answers from what is kept, or asks and keeps. from names the client whose
// request brought the answer, "" if it is fresh from the target.
func (s *sharedCache) do(by string, req history.Request, ask func(history.Request) history.Exchange) (x history.Exchange, from string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	for _, k := range s.kept[req.URL] {
		if req.Method == "GET" && now.Before(k.until) && fits(k.x, req) {
			out := k.x
			out.Request, out.Start, out.End = req, now, now
			return out, k.by
		}
	}
	x = ask(req)
	if life := keepFor(&x); life > 0 {
		copied := *x.Response
		copied.Header = without(copied.Header, caching.Parse(copied.Header).Fields())
		stored := x
		stored.Response = &copied
		s.kept[req.URL] = append(s.kept[req.URL], keptAnswer{stored, by, now.Add(life)})
	}
	return x, ""
}

// fits tells whether a kept answer may answer the request: the fields that it
// varies with are the same (RFC 9111, section 4.1).
func fits(kept history.Exchange, req history.Request) bool {
	for _, line := range kept.Response.Header.Values("Vary") {
		for field := range strings.SplitSeq(line, ",") {
			field = strings.TrimSpace(field)
			if field == "*" || strings.Join(kept.Request.Header.Values(field), ",") != strings.Join(req.Header.Values(field), ",") {
				return false
			}
		}
	}
	return true
}

// keepFor is how long the cache keeps an answer, 0 not at all.
func keepFor(x *history.Exchange) time.Duration {
	if life := caching.Shared(x); life > 0 {
		return life
	}
	if x.Response == nil || x.Response.Status != 200 || x.Request.Method != "GET" {
		return 0
	}
	u, err := url.Parse(x.Request.URL)
	h := x.Response.Header
	silent := len(h.Values("Cache-Control"))+len(h.Values("Expires"))+len(h.Values("Pragma"))+len(h.Values("Set-Cookie")) == 0
	if err != nil || !silent || !staticEndings[strings.ToLower(path.Ext(u.Path))] || x.Request.Header.Get("Authorization") != "" {
		return 0
	}
	return staticLife
}

// without leaves the named header fields out.
func without(h history.Lines, names []string) (out history.Lines) {
lines:
	for _, l := range h {
		for _, n := range names {
			if strings.EqualFold(n, l.Name) {
				continue lines
			}
		}
		out = append(out, l)
	}
	return out
}
