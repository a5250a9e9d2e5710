package audit

import (
	"context"
	"fmt"
	"net/http"

	"github.com/sessionspec/sessionspec/internal/sites"
)

const (
	retrieval = "RFC 6265bis 5.8.3 step 3"
	thirdRule = "RFC 6265bis 5.8.3 step 3; 7.1 lets browsers block the third party"
	unsafe    = "RFC 6265bis 5.6.7.2: young cookies without SameSite may go along"
)

// siteCookies are one cookie of each kind; the last three have values that
// count as none at all.
var siteCookies = []string{"default=1; Path=/; Secure", "lax=1; Path=/; Secure; SameSite=Lax", "strict=1; Path=/; Secure; SameSite=Strict",
	"none=1; Path=/; Secure; SameSite=None", "odd=1; Path=/; Secure; SameSite=Sometimes"}

func siteNames(header string) string { return names(header, "default", "lax", "strict", "none", "odd") }

// sameSite is which cookies go with a request that another site began.
var sameSite = Probe{
	ID: "samesite", Title: "Requests from another site, by https (default: no SameSite; odd: SameSite=Sometimes)",
	Rows: []Expect{
		{ID: "typed", What: "address typed", Want: []string{"default, lax, strict, none, odd"}, Source: "RFC 6265bis 5.2"},
		{ID: "link", What: "link", Want: []string{"default, lax, none, odd"}, Source: retrieval},
		{ID: "post", What: "form by POST, cookies just made", Want: []string{"none", "default, none, odd"}, Source: unsafe},
		{ID: "get-form", What: "form by GET", Want: []string{"default, lax, none, odd"}, Source: retrieval},
		{ID: "open", What: "window.open", Want: []string{"default, lax, none, odd"}, Source: retrieval},
		{ID: "frame", What: "frame", Want: []string{"none", nothing}, Source: thirdRule},
		{ID: "image", What: "image", Want: []string{"none", nothing}, Source: thirdRule},
		{ID: "fetch", What: "fetch with credentials", Want: []string{"none", nothing}, Source: thirdRule},
		{ID: "fetch-post", What: "fetch by POST with credentials", Want: []string{"none", nothing}, Source: thirdRule},
		{ID: "subdomain-post", What: "form by POST from another host of the site", Want: []string{"default, lax, strict, none, odd"}, Source: "RFC 6265bis 5.2"},
		{ID: "scheme", What: "link from the same host by http", Want: []string{"default, lax, none, odd"}, Source: "RFC 6265bis 5.2: the scheme is part of the site"},
		{ID: "redirect-back", What: "link to another site that redirects back", Want: []string{"default, lax, strict, none, odd"}, Source: "RFC 6265bis 5.2: the redirects between do not count"},
		{ID: "redirect-in", What: "typed address of another site that redirects here", Want: []string{"default, lax, strict, none, odd"}, Source: "RFC 6265bis 5.2"},
	},
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.shared(ctx)
		if err != nil {
			return err
		}
		host := s.host("target")
		// Another one for each row: a click or a window opens doors between two
		// sites in some browsers.
		other := func() string { return s.host("other") }
		home := s.Web.HTTPS(host) + "/"
		if err := a.set(ctx, home+"set", siteCookies...); err != nil {
			return err
		}
		header, err := a.cookies(ctx, home)
		if err != nil {
			return err
		}
		seen["typed"] = siteNames(header)

		for _, c := range []struct{ id, from, body string }{
			{"frame", s.Web.HTTPS(other()), `<iframe src="%s"></iframe>`},
			{"image", s.Web.HTTPS(other()), `<img src="%s" alt="">`},
			{"link", s.Web.HTTPS(other()), `<a id="go" href="%s">go</a>`},
			{"post", s.Web.HTTPS(other()), `<form method="post" action="%s"><button id="go">go</button></form>`},
			{"get-form", s.Web.HTTPS(other()), `<form action="%s"><input type="hidden" name="x"><button id="go">go</button></form>`},
			{"subdomain-post", s.Web.HTTPS("www." + host), `<form method="post" action="%s"><button id="go">go</button></form>`},
			{"scheme", s.Web.HTTP(host), `<a id="go" href="%s">go</a>`},
		} {
			got, err := a.from(ctx, c.id, c.from, home, c.body)
			if err != nil {
				return fmt.Errorf("%s: %w", c.id, err)
			}
			seen[c.id] = siteNames(got)
		}
		for _, c := range []struct{ id, js string }{
			{"fetch", `fetch(%q, {mode: "no-cors", credentials: "include"}).then(() => true, () => false)`},
			{"fetch-post", `fetch(%q, {method: "POST", mode: "no-cors", credentials: "include"}).then(() => true, () => false)`},
			{"open", `window.open(%q), true`},
		} {
			got, err := a.byScript(ctx, s.Web.HTTPS(other())+"/script", home, c.js)
			if err != nil {
				return fmt.Errorf("%s: %w", c.id, err)
			}
			seen[c.id] = siteNames(got)
		}
		return redirected(ctx, a, host, seen)
	},
}

// from opens a page on the site from, whose body names home, presses what can
// be pressed, and returns the Cookie field that home got.
func (a *actor) from(ctx context.Context, id, from, home, body string) (string, error) {
	to, mark := a.s.marked(home)
	if id == "get-form" { // the form writes the query itself
		to, mark = home+id, "x="
	}
	page := from + "/" + id
	a.s.Web.Handle(hostOf(from), "/"+id, func(w http.ResponseWriter, _ *http.Request) { sites.Page(w, fmt.Sprintf(body, to)) })
	if err := a.Open(ctx, page); err != nil {
		return "", err
	}
	if id != "frame" && id != "image" {
		if err := a.Click(ctx, "#go"); err != nil {
			return "", err
		}
	}
	r, ok := a.s.awaited(ctx, hostOf(home), mark)
	if !ok {
		return "", fmt.Errorf("no request came")
	}
	return r.Cookie, nil
}

// byScript runs the script in the page; %q in it is where the request goes.
func (a *actor) byScript(ctx context.Context, page, home, js string) (string, error) {
	to, mark := a.s.marked(home)
	if err := a.Open(ctx, page); err != nil {
		return "", err
	}
	if err := a.Eval(ctx, fmt.Sprintf(js, to), nil); err != nil {
		return "", err
	}
	r, ok := a.s.awaited(ctx, hostOf(home), mark)
	if !ok {
		return "", fmt.Errorf("no request came")
	}
	return r.Cookie, nil
}

// redirected plays the two rows whose request comes by way of the other site.
func redirected(ctx context.Context, a *actor, host string, seen Observation) error {
	s := a.s
	home := s.Web.HTTPS(host) + "/"
	for id, begin := range map[string]func(string) error{
		"redirect-in": func(via string) error { return a.Open(ctx, via) },
		"redirect-back": func(via string) error {
			s.Web.Handle(host, "/leave", func(w http.ResponseWriter, _ *http.Request) {
				sites.Page(w, `<a id="go" href="`+via+`">go</a>`)
			})
			if err := a.Open(ctx, home+"leave"); err != nil {
				return err
			}
			return a.Click(ctx, "#go")
		},
	} {
		other := s.host("other")
		to, mark := s.marked(home)
		s.Web.Handle(other, "/"+id, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) })
		if err := begin(s.Web.HTTPS(other) + "/" + id); err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		r, ok := s.awaited(ctx, host, mark)
		if !ok {
			return fmt.Errorf("%s: no request came", id)
		}
		seen[id] = siteNames(r.Cookie)
	}
	return nil
}

var noneLines = []line{
	{Expect{ID: "insecure", What: "SameSite=None without Secure, by https", Want: []string{refused}, Source: "RFC 6265bis 5.7 step 19"}, "a=1; SameSite=None", "a=1"},
	{Expect{ID: "secure", What: "SameSite=None with Secure, by https", Want: []string{stored}, Source: "RFC 6265bis 5.7 step 19"}, "b=1; SameSite=None; Secure", "b=1"},
	{Expect{ID: "twice", What: "SameSite=None and then SameSite=Lax, without Secure", Want: []string{stored}, Source: "RFC 6265bis 5.7 step 17: the last one"}, "c=1; SameSite=None; SameSite=Lax", "c=1"},
	{Expect{ID: "empty", What: "SameSite without a value", Want: []string{stored}, Source: "RFC 6265bis 5.6.7"}, "d=1; SameSite", "d=1"},
}

// sameSiteNone is what SameSite=None asks for.
var sameSiteNone = Probe{
	ID: "none", Title: "SameSite=None",
	Rows: rows(noneLines),
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.shared(ctx)
		if err != nil {
			return err
		}
		at := s.Web.HTTPS(s.host("none"))
		return a.play(ctx, at+"/", at+"/", noneLines, seen)
	},
}
