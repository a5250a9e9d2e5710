package audit

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/sessionspec/sessionspec/internal/sites"
)

// httpOnly is what scripts see and may do.
var httpOnly = Probe{
	ID: "script", Title: "Scripts and HttpOnly",
	Rows: []Expect{
		{ID: "read", What: "document.cookie shows an HttpOnly cookie", Want: []string{"no"}, Source: "RFC 6265bis 5.8.3 step 3"},
		{ID: "read-plain", What: "document.cookie shows another", Want: []string{"yes"}, Source: "RFC 6265bis 5.8.2"},
		{ID: "overwrite", What: "document.cookie over an HttpOnly cookie", Want: []string{refused}, Source: "RFC 6265bis 5.7 step 23.2"},
		{ID: "delete", What: "document.cookie deletes an HttpOnly cookie", Want: []string{refused}, Source: "RFC 6265bis 5.7 step 23.2"},
		{ID: "shadow", What: "document.cookie sets the same name for a longer path", Want: []string{stored}, Source: "RFC 6265bis 8.6: another path is another cookie"},
		{ID: "make", What: "document.cookie makes an HttpOnly cookie", Want: []string{refused}, Source: "RFC 6265bis 5.7 step 15"},
		{ID: "fetch-header", What: "fetch shows the Set-Cookie field", Want: []string{"no"}, Source: "Fetch: forbidden response-header name"},
		{ID: "cookie-store", What: "window.cookieStore, by https", Source: "Cookie Store API: not every browser has it"},
		{ID: "fetch-omit", What: "Set-Cookie on an answer to fetch without credentials", Want: []string{refused}, Source: "Fetch: credentials “omit”"},
	},
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.shared(ctx)
		if err != nil {
			return err
		}
		host := s.host("script")
		at := s.Web.HTTPS(host) + "/page"
		s.Web.Handle(host, "/omit", func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Set-Cookie"] = []string{"omit=1; Path=/"}
			sites.Page(w, "")
		})
		if err := a.set(ctx, at, "h=1; Path=/; HttpOnly", "d=1; Path=/; HttpOnly", "p=1; Path=/"); err != nil {
			return err
		}
		var js struct {
			Cookie, Header string
			Store          bool
		}
		err = a.Eval(ctx, `(async () => {
			const out = {Cookie: document.cookie, Store: typeof cookieStore === "object"}
			document.cookie = "h=2; path=/"
			document.cookie = "h=3; path=/page"
			document.cookie = "d=; path=/; max-age=0"
			document.cookie = "m=1; path=/; httponly"
			const answer = await fetch("/omit", {credentials: "omit"})
			out.Header = answer.headers.get("set-cookie") ?? ""
			return out
		})()`, &js)
		if err != nil {
			return err
		}
		header, err := a.cookies(ctx, at)
		if err != nil {
			return err
		}
		seen["read"] = either(has(js.Cookie, "h=1"), "yes", "no")
		seen["read-plain"] = either(has(js.Cookie, "p=1"), "yes", "no")
		seen["overwrite"] = either(has(header, "h=2"), stored, refused)
		seen["delete"] = either(has(header, "d=1"), refused, "deleted")
		seen["shadow"] = either(has(header, "h=3"), stored, refused)
		seen["make"] = either(has(header, "m=1"), stored, refused)
		seen["fetch-header"] = either(js.Header != "", "yes", "no")
		seen["cookie-store"] = either(js.Store, "there", "not there")
		seen["fetch-omit"] = either(has(header, "omit=1"), stored, refused)
		return nil
	},
}

const anyStatus = "RFC 6265bis 5.3"

// statuses is on which answers Set-Cookie counts.
var statuses = Probe{
	ID: "status", Title: "Set-Cookie on other answers than 200",
	Rows: []Expect{
		{ID: "301", What: "301, followed", Want: []string{stored}, Source: anyStatus},
		{ID: "302", What: "302, followed", Want: []string{stored}, Source: anyStatus},
		{ID: "302-along", What: "the cookie of a 302, to where it leads", Want: []string{sent}, Source: anyStatus},
		{ID: "302-other-site", What: "302 to another site", Want: []string{stored}, Source: anyStatus},
		{ID: "204", What: "204, by fetch", Want: []string{stored}, Source: anyStatus},
		{ID: "304", What: "304, by fetch", Want: []string{stored}, Source: anyStatus},
		{ID: "400", What: "400", Want: []string{stored}, Source: anyStatus},
		{ID: "401", What: "401", Want: []string{stored}, Source: anyStatus},
		{ID: "403", What: "403", Want: []string{stored}, Source: anyStatus},
		{ID: "404", What: "404", Want: []string{stored}, Source: anyStatus},
		{ID: "500", What: "500", Want: []string{stored}, Source: anyStatus},
		{ID: "503", What: "503", Want: []string{stored}, Source: anyStatus},
		{ID: "103", What: "103, before a 200", Source: anyStatus + ": may be ignored"},
	},
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.shared(ctx)
		if err != nil {
			return err
		}
		host, other := s.host("status"), s.host("other")
		at := s.Web.HTTP(host) + "/"
		give := func(path string, status int, location string) {
			s.Web.Handle(host, "/"+path, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Set-Cookie", "c"+path+"=1; Path=/")
				if location != "" {
					w.Header().Set("Location", location)
				}
				final := status
				if status == http.StatusEarlyHints {
					w.WriteHeader(status)
					w.Header().Del("Set-Cookie")
					final = http.StatusOK
				}
				w.WriteHeader(final)
				if final >= 400 || final == http.StatusOK {
					_, _ = w.Write([]byte("<!doctype html><title>" + path + "</title><p>" + path))
				}
			})
		}
		along, mark := s.marked(at + "landed")
		give("301", 301, at+"landed")
		give("302", 302, along)
		give("302-other-site", 302, s.Web.HTTP(other)+"/")
		paths := []string{"301", "302", "302-other-site"}
		for _, status := range []int{400, 401, 403, 404, 500, 503, 103} {
			path := strconv.Itoa(status)
			give(path, status, "")
			paths = append(paths, path)
		}
		give("204", 204, "")
		give("304", 304, "")
		for _, path := range paths {
			if err := a.Open(ctx, at+path); err != nil {
				seen.cannot(path, err.Error())
			}
		}
		if r, ok := s.came(along, mark); ok {
			seen["302-along"] = either(has(r.Cookie, "c302=1"), sent, notSent)
		}
		if err := a.Open(ctx, at); err != nil {
			return err
		}
		for _, path := range []string{"204", "304"} {
			if err := a.Eval(ctx, fmt.Sprintf(`fetch(%q, {cache: "no-store"}).then(() => true, () => false)`, at+path), nil); err != nil {
				return err
			}
			paths = append(paths, path)
		}
		header, err := a.cookies(ctx, at)
		if err != nil {
			return err
		}
		for _, path := range paths {
			if _, ok := seen[path]; !ok {
				seen[path] = fate(header, "c"+path+"=1")
			}
		}
		return nil
	},
}
