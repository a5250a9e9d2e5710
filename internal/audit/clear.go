package audit

import (
	"context"
	"fmt"
	"net/http"

	"github.com/sessionspec/sessionspec/internal/sites"
)

const clearRule = "Clear Site Data 3.1"

// clearSiteData is what the header takes away.
var clearSiteData = Probe{
	ID: "clear", Title: "Clear-Site-Data",
	Rows: []Expect{
		{ID: "cookies", What: "\"cookies\": cookies of the host", Want: []string{gone}, Source: clearRule},
		{ID: "cookies-domain", What: "\"cookies\" from www.: cookies with Domain of the site", Want: []string{gone}, Source: clearRule + ": the whole registrable domain"},
		{ID: "cookies-below", What: "\"cookies\": host-only cookies of a host below", Want: []string{gone}, Source: clearRule + ": the whole registrable domain"},
		{ID: "cookies-http-only", What: "\"cookies\": HttpOnly cookies", Want: []string{gone}, Source: clearRule},
		{ID: "cookies-storage", What: "\"cookies\": localStorage", Want: []string{kept}, Source: clearRule},
		{ID: "storage", What: "\"storage\": localStorage", Want: []string{gone}, Source: clearRule},
		{ID: "storage-tab", What: "\"storage\": sessionStorage", Want: []string{gone}, Source: clearRule},
		{ID: "storage-cookies", What: "\"storage\": cookies", Want: []string{kept}, Source: clearRule},
		{ID: "star", What: "\"*\": cookies", Want: []string{gone}, Source: clearRule},
		{ID: "bare", What: "cookies without quotes: cookies", Want: []string{kept}, Source: clearRule + ": no such type"},
		{ID: "fetch", What: "\"cookies\" on an answer to fetch: cookies", Want: []string{gone}, Source: clearRule},
		{ID: "beside-set", What: "\"cookies\" beside Set-Cookie on one answer: the new cookie", Source: "Clear Site Data says no order"},
		{ID: "http", What: "\"cookies\" by http: cookies", Want: []string{kept}, Source: "Clear Site Data 4.1: secure contexts only"},
	},
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.shared(ctx)
		if err != nil {
			return err
		}
		for _, c := range []struct{ what, header string }{{"cookies", `"cookies"`}, {"storage", `"storage"`}, {"star", `"*"`}, {"bare", "cookies"}, {"fetch", `"cookies"`}, {"http", `"cookies"`}} {
			if err := cleared(ctx, a, c.what, c.header, seen); err != nil {
				return fmt.Errorf("%s: %w", c.what, err)
			}
		}
		at := s.Web.HTTPS(s.host("clear")) + "/"
		err = a.answer(ctx, at, func(h http.Header) {
			h.Set("Clear-Site-Data", `"cookies"`)
			h.Set("Set-Cookie", "n=1; Path=/")
		})
		if err != nil {
			return err
		}
		header, err := a.cookies(ctx, at)
		seen["beside-set"] = either(has(header, "n=1"), kept, gone)
		return err
	},
}

// cleared fills a site, has www. of it clear something, and looks what is left.
func cleared(ctx context.Context, a *actor, what, types string, seen Observation) error {
	s := a.s
	host := s.host("clear")
	origin := s.Web.HTTPS
	if what == "http" {
		origin = s.Web.HTTP
	}
	www := origin("www."+host) + "/"
	below := origin("below.www."+host) + "/"
	if err := a.set(ctx, below+"set", "b=1; Path=/"); err != nil {
		return err
	}
	if err := a.set(ctx, www+"set", "c=1; Path=/", "d=1; Path=/; Domain="+host, "h=1; Path=/; HttpOnly"); err != nil {
		return err
	}
	if err := a.Eval(ctx, `localStorage.setItem("k", "1"), sessionStorage.setItem("k", "1"), true`, nil); err != nil {
		return err
	}
	s.Web.Handle("www."+host, "/clear", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Clear-Site-Data", types)
		sites.Page(w, "")
	})
	var err error
	if what == "fetch" {
		err = a.Eval(ctx, `fetch("/clear").then(r => r.text()).then(() => true)`, nil)
	} else {
		err = a.Open(ctx, www+"clear")
	}
	if err != nil {
		return err
	}
	header, err := a.cookies(ctx, www)
	if err != nil {
		return err
	}
	left := func(pair string) string { return either(has(header, pair), kept, gone) }
	switch what {
	case "cookies":
		seen["cookies"], seen["cookies-domain"], seen["cookies-http-only"] = left("c=1"), left("d=1"), left("h=1")
		var local bool
		if err := a.Eval(ctx, `localStorage.getItem("k") === "1"`, &local); err != nil {
			return err
		}
		seen["cookies-storage"] = either(local, kept, gone)
		if header, err = a.cookies(ctx, below); err != nil {
			return err
		}
		seen["cookies-below"] = left("b=1")
	case "storage":
		seen["storage-cookies"] = left("c=1")
		var js struct{ Local, Tab bool }
		if err := a.Eval(ctx, `({Local: localStorage.getItem("k") === "1", Tab: sessionStorage.getItem("k") === "1"})`, &js); err != nil {
			return err
		}
		seen["storage"], seen["storage-tab"] = either(js.Local, kept, gone), either(js.Tab, kept, gone)
	default:
		seen[what] = left("c=1")
	}
	return nil
}
