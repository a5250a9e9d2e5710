package audit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/sites"
)

// Session is one engine at work. Most probes share one browser and keep out of
// each other's way by host names; what restarts or floods has a browser of its own.
type Session struct {
	Web    *sites.Server
	engine browsers.Engine
	main   *actor
	made   []browsers.Browser
	count  int // numbers requests and hosts
}

// actor is a browser and the few moves that probes are made of.
type actor struct {
	browsers.Browser
	s *Session
}

// shared returns the browser that probes share.
func (s *Session) shared(ctx context.Context) (*actor, error) {
	if s.main != nil {
		return s.main, nil
	}
	a, err := s.own(ctx, browsers.Options{})
	if err == nil {
		s.main = a
	}
	return a, err
}

// own starts a browser for one probe; end or the caller ends it.
func (s *Session) own(ctx context.Context, o browsers.Options) (*actor, error) {
	o.TrustSPKI = []string{s.Web.SPKI()}
	b, err := s.engine.Launch(ctx, o)
	if err != nil {
		return nil, err
	}
	s.made = append(s.made, b)
	return &actor{b, s}, nil
}

// done ends the browser early; end would report an error of it.
func (a *actor) done() { _ = a.Kill() }

// renew gives up the shared browser; the next probe starts another.
func (s *Session) renew() {
	if s.main != nil {
		_ = s.main.Kill()
		s.main = nil
	}
}

// end ends every browser. Their profiles are throw-away ones.
func (s *Session) end() error {
	var errs []error
	for _, b := range s.made {
		errs = append(errs, b.Kill())
	}
	return errors.Join(errs...)
}

// host returns a site that nobody else uses, such as "scope7.test".
func (s *Session) host(word string) string {
	s.count++
	return fmt.Sprintf("%s%d.test", word, s.count)
}

// set opens the URL, whose answer carries these Set-Cookie lines.
func (a *actor) set(ctx context.Context, to string, lines ...string) error {
	return a.answer(ctx, to, func(h http.Header) { h["Set-Cookie"] = lines })
}

// answer opens the URL, whose answer has the header that fill makes.
func (a *actor) answer(ctx context.Context, to string, fill func(http.Header)) error {
	u, err := url.Parse(to)
	if err != nil {
		return err
	}
	a.s.Web.Handle(u.Hostname(), u.EscapedPath(), func(w http.ResponseWriter, _ *http.Request) {
		fill(w.Header())
		sites.Page(w, "")
	})
	return a.Open(ctx, to)
}

// cookies opens the URL and returns the Cookie field that came with it.
func (a *actor) cookies(ctx context.Context, to string) (string, error) {
	to, mark := a.s.marked(to)
	if err := a.Open(ctx, to); err != nil {
		return "", err
	}
	if r, ok := a.s.came(to, mark); ok {
		return r.Cookie, nil
	}
	// A Cookie field with control octets, which WebKit sends, is refused by our
	// server before it is recorded; the proxy has seen it.
	for _, x := range slices.Backward(a.Journal()) {
		if strings.HasSuffix(x.Request.URL, mark) {
			return strings.Join(x.Request.Header.Values("Cookie"), "; "), nil
		}
	}
	return "", fmt.Errorf("no request for %s came", to)
}

// marked gives a URL a query by which its request is known.
func (s *Session) marked(to string) (marked, mark string) {
	s.count++
	mark = fmt.Sprintf("n=%d", s.count)
	return to + either(strings.Contains(to, "?"), "&", "?") + mark, mark
}

// came returns the request with the mark, if there was one.
func (s *Session) came(to, mark string) (sites.Request, bool) {
	u, err := url.Parse(to)
	if err != nil {
		return sites.Request{}, false
	}
	over := make(chan struct{})
	close(over)
	return s.Web.Await(over, strings.ToLower(u.Hostname()), hasMark(mark))
}

// awaited returns the request with the mark as soon as it comes.
func (s *Session) awaited(ctx context.Context, host, mark string) (sites.Request, bool) {
	return s.Web.Await(ctx.Done(), host, hasMark(mark))
}

func hasMark(mark string) func(sites.Request) bool {
	return func(r sites.Request) bool { return strings.HasSuffix(r.Query, mark) }
}

// has says whether a Cookie field holds the pair.
func has(header, pair string) bool {
	for p := range strings.SplitSeq(header, "; ") {
		if p == pair {
			return true
		}
	}
	return false
}

// names lists which of the cookies a Cookie field holds, in the given order.
func names(header string, of ...string) string {
	var found []string
	for _, name := range of {
		for p := range strings.SplitSeq(header, "; ") {
			if n, _, _ := strings.Cut(p, "="); n == name {
				found = append(found, name)
				break
			}
		}
	}
	if found == nil {
		return nothing
	}
	return strings.Join(found, ", ")
}

// hostOf is the host of a URL of ours.
func hostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}
