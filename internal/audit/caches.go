package audit

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/sites"
)

const (
	historyRule = "RFC 9111 6: a history may show what it has shown; HTML, “salvageable” documents"
	atOnce      = "shown again from memory"
	fromDisk    = "shown again from the HTTP cache"
	askedAgain  = "asked for again"
)

// shownJS tells the server how the page came to be shown. A page out of memory
// runs no script but this event.
const shownJS = `<p>private<script>addEventListener("pageshow", e => window.told = fetch("/shown?" + (e.persisted ? "memory" : "new") + "&" + Date.now(), {method: "POST", keepalive: true}))</script>`

// toldJS waits for the answer: a page with a request under way is not kept.
const toldJS = `window.told.then(() => true)`

// pageCache is what the way back shows after the next page was opened.
var pageCache = Probe{
	ID: "back", Title: "The way back to a private page",
	Rows: []Expect{
		{ID: "plain", What: "no Cache-Control", Source: historyRule},
		{ID: "no-cache", What: "Cache-Control: no-cache", Source: historyRule},
		{ID: "no-store", What: "Cache-Control: no-store", Source: historyRule},
		{ID: "no-store-signout", What: "no-store; form by POST, 303 that deletes the cookie", Source: historyRule},
		{ID: "no-store-deleted", What: "no-store; the next page deletes the cookie", Source: historyRule},
		{ID: "no-store-changed", What: "no-store; the next page changes the cookie", Source: historyRule},
		{ID: "no-store-cleared", What: "no-store; a third page sends Clear-Site-Data: \"cookies\"", Source: historyRule},
		{ID: "plain-cleared", What: "no Cache-Control; a third page sends Clear-Site-Data: \"cache\"", Want: []string{askedAgain}, Source: "Clear Site Data 3.1: “cache” means this memory too"},
		{ID: "no-store-fetch", What: "no-store; its script fetched a no-store answer", Source: historyRule},
		{ID: "no-store-unload", What: "no-store; the page has an unload handler", Source: historyRule},
	},
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.shared(ctx)
		if err != nil {
			return err
		}
		for _, c := range []struct {
			id, control string
			next, third http.Header
			body        string
		}{
			{id: "plain"},
			{id: "no-cache", control: "no-cache"},
			{id: "no-store", control: "no-store"},
			{id: "no-store-signout", control: "no-store", body: `<form method="post" action="/signout"><button id="go">sign out</button></form>`},
			{id: "no-store-deleted", control: "no-store", next: http.Header{"Set-Cookie": {"sid=; Path=/; Max-Age=0"}}},
			{id: "no-store-changed", control: "no-store", next: http.Header{"Set-Cookie": {"sid=2; Path=/; HttpOnly"}}},
			{id: "no-store-cleared", control: "no-store", third: http.Header{"Clear-Site-Data": {`"cookies"`}}},
			{id: "plain-cleared", third: http.Header{"Clear-Site-Data": {`"cache"`}}},
			{id: "no-store-fetch", control: "no-store", body: `<script>fetch("/answer").then(r => r.text())</script>`},
			{id: "no-store-unload", control: "no-store", body: `<script>addEventListener("unload", () => {})</script>`},
		} {
			got, err := wayBack(ctx, a, c.control, c.body, c.next, c.third)
			if err != nil {
				seen.cannot(c.id, err.Error())
				if ctx.Err() != nil {
					return err
				}
				continue
			}
			seen[c.id] = got
		}
		return nil
	},
}

// wayBack shows a page with that Cache-Control, then the next ones, and goes
// back to it.
func wayBack(ctx context.Context, a *actor, control, body string, next, third http.Header) (string, error) {
	s := a.s
	host := s.host("back")
	// By http and below localhost, where all is as by https, but for one thing:
	// Firefox keeps no page in memory whose certificate had to be excused.
	host = strings.Replace(host, ".test", ".localhost", 1)
	home := s.Web.HTTP(host)
	fill := func(w http.ResponseWriter, from http.Header) {
		for name, values := range from {
			w.Header()[name] = values
		}
	}
	s.Web.Handle(host, "/private", func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Cache-Control"] = nil // none at all
		if control != "" {
			w.Header().Set("Cache-Control", control)
		}
		sites.Page(w, shownJS+body+either(strings.Contains(body, `id="go"`), "", `<a id="go" href="/next">next</a>`))
	})
	s.Web.Handle(host, "/signout", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", "sid=; Path=/; Max-Age=0")
		http.Redirect(w, r, "/next", http.StatusSeeOther)
	})
	// Chrome keeps no page in memory whose script got a no-store answer.
	s.Web.Handle(host, "/shown", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	s.Web.Handle(host, "/next", func(w http.ResponseWriter, _ *http.Request) {
		fill(w, next)
		sites.Page(w, `<a id="go" href="/third">third</a>`)
	})
	s.Web.Handle(host, "/third", func(w http.ResponseWriter, _ *http.Request) {
		fill(w, third)
		sites.Page(w, "")
	})
	if err := a.set(ctx, home+"/signin", "sid=1; Path=/; HttpOnly"); err != nil {
		return "", err
	}
	if err := a.Open(ctx, home+"/private"); err != nil {
		return "", err
	}
	if _, err := s.shown(ctx, host, 1); err != nil {
		return "", err
	}
	if err := a.Eval(ctx, toldJS, nil); err != nil {
		return "", err
	}
	steps := 1
	if err := a.Click(ctx, "#go"); err != nil {
		return "", err
	}
	if third != nil {
		steps = 2
		if err := a.Click(ctx, "#go"); err != nil {
			return "", err
		}
	}
	before := s.asked(host, "/private")
	// Not awaited: the page that would answer goes away.
	if err := a.Eval(ctx, fmt.Sprintf("setTimeout(() => history.go(-%d), 0), true", steps), nil); err != nil {
		return "", err
	}
	how, err := s.shown(ctx, host, 2)
	switch {
	case err != nil:
		return "", err
	case how == "memory":
		return atOnce, nil
	case s.asked(host, "/private") > before:
		return askedAgain, nil
	}
	return fromDisk, nil
}

// shown waits until the page has told for the n-th time that it is shown, and
// returns how.
func (s *Session) shown(ctx context.Context, host string, n int) (string, error) {
	times := map[string]bool{} // the query has the time
	_, ok := s.Web.Await(ctx.Done(), host, func(r sites.Request) bool {
		if r.Path == "/shown" {
			times[r.Query] = true
		}
		return len(times) >= n
	})
	if !ok {
		return "", fmt.Errorf("the page did not come back: %w", ctx.Err())
	}
	var how string
	for _, r := range s.Web.Requests(host) {
		if r.Path == "/shown" {
			how = r.Query[:min(6, len(r.Query))]
		}
	}
	return how, nil
}

// asked counts the requests for a path.
func (s *Session) asked(host, path string) int {
	n := 0
	for _, r := range s.Web.Requests(host) {
		if r.Path == path {
			n++
		}
	}
	return n
}

// diskCache is whether the HTTP cache shows a page of one session to the next.
var diskCache = Probe{
	ID: "cache", Title: "The HTTP cache and a private page (https)",
	Rows: []Expect{
		{ID: "private", What: "private, max-age=600: address typed again, cookie the same", Want: []string{fromDisk}, Source: "RFC 9111 4.2"},
		{ID: "private-deleted", What: "the same after the cookie was deleted", Want: []string{fromDisk}, Source: "RFC 9111 4.1: a cookie is no part of the key"},
		{ID: "private-restart", What: "the same after the browser was ended and started", Want: []string{fromDisk, askedAgain}, Source: "RFC 9111 4.2; a cache may forget"},
		{ID: "vary", What: "with Vary: Cookie, after the cookie was deleted", Want: []string{askedAgain}, Source: "RFC 9111 4.1"},
		{ID: "no-store", What: "no-store: address typed again", Want: []string{askedAgain}, Source: "RFC 9111 5.2.2.5"},
		{ID: "no-cache", What: "no-cache: address typed again", Want: []string{askedAgain}, Source: "RFC 9111 5.2.2.4"},
		{ID: "plain", What: "no Cache-Control, no Last-Modified: address typed again", Want: []string{askedAgain, fromDisk}, Source: "RFC 9111 4.2.2"},
	},
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.own(ctx, browsers.Options{})
		if err != nil {
			return err
		}
		defer a.done()
		host := s.host("cache")
		// By http and below localhost, where all is as by https, but for one thing:
		// Firefox keeps no page in memory whose certificate had to be excused.
		host = strings.Replace(host, ".test", ".localhost", 1)
		home := s.Web.HTTP(host)
		pages := map[string]http.Header{
			"private":  {"Cache-Control": {"private, max-age=600"}},
			"vary":     {"Cache-Control": {"private, max-age=600"}, "Vary": {"Cookie"}},
			"no-store": {"Cache-Control": {"no-store"}},
			"no-cache": {"Cache-Control": {"no-cache"}},
			"plain":    {"Cache-Control": nil},
		}
		for id, header := range pages {
			s.Web.Handle(host, "/"+id, func(w http.ResponseWriter, _ *http.Request) {
				for name, values := range header {
					w.Header()[name] = values
				}
				sites.Page(w, "")
			})
		}
		again := func(id, page string) error {
			before := s.asked(host, "/"+page)
			// Another page between: the same address twice is a reload.
			if err := a.Open(ctx, home+"/between"); err != nil {
				return err
			}
			if err := a.Open(ctx, home+"/"+page); err != nil {
				return err
			}
			seen[id] = either(s.asked(host, "/"+page) > before, askedAgain, fromDisk)
			return nil
		}
		if err := a.set(ctx, home+"/set", "sid=1; Path=/; Max-Age=3600"); err != nil {
			return err
		}
		for id := range pages {
			if err := a.Open(ctx, home+"/"+id); err != nil {
				return err
			}
		}
		for _, id := range []string{"private", "no-store", "no-cache", "plain"} {
			if err := again(id, id); err != nil {
				return err
			}
		}
		if err := a.set(ctx, home+"/set", "sid=; Path=/; Max-Age=0"); err != nil {
			return err
		}
		if err := again("private-deleted", "private"); err != nil {
			return err
		}
		if err := again("vary", "vary"); err != nil {
			return err
		}
		if err := a.Restart(ctx, false); err != nil {
			seen.cannot("private-restart", err.Error())
			return nil
		}
		return again("private-restart", "private")
	},
}
