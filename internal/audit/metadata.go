package audit

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/internal/sites"
)

const metaRule = "Fetch Metadata 2"

// meta words the Sec-Fetch fields of a request.
func meta(r sites.Request) string {
	var all []string
	for _, name := range []string{"Site", "Mode", "Dest", "User"} {
		if v := r.Header.Get("Sec-Fetch-" + name); v != "" {
			all = append(all, strings.ToLower(name)+"="+visible(v))
		}
	}
	if all == nil {
		return nothing
	}
	return strings.Join(all, " ")
}

// fetchMetadata is what a request says about where it comes from.
var fetchMetadata = Probe{
	ID: "metadata", Title: "Sec-Fetch fields",
	Rows: []Expect{
		{ID: "typed", What: "address typed", Want: []string{"site=none mode=navigate dest=document user=?1"}, Source: metaRule},
		{ID: "link", What: "link of another site", Want: []string{"site=cross-site mode=navigate dest=document user=?1"}, Source: metaRule},
		{ID: "same-site", What: "link of another host of the site", Want: []string{"site=same-site mode=navigate dest=document user=?1"}, Source: metaRule},
		{ID: "same-origin", What: "link of the same origin", Want: []string{"site=same-origin mode=navigate dest=document user=?1"}, Source: metaRule},
		{ID: "frame", What: "frame of another site", Want: []string{"site=cross-site mode=navigate dest=iframe"}, Source: metaRule},
		{ID: "image", What: "image on another site", Want: []string{"site=cross-site mode=no-cors dest=image"}, Source: metaRule},
		{ID: "fetch", What: "fetch from the same origin", Want: []string{"site=same-origin mode=cors dest=empty"}, Source: metaRule},
		{ID: "http", What: "address typed, http://app.test", Want: []string{nothing}, Source: "Fetch Metadata 2: only to trustworthy addresses"},
		{ID: "loopback", What: "address typed, http://127.0.0.1", Want: []string{"site=none mode=navigate dest=document user=?1"}, Source: "Fetch Metadata 2; Secure Contexts 3.1"},
		{ID: "origin-post", What: "Origin field of a form by POST from another site", Want: []string{"that site"}, Source: "Fetch 3.2"},
		{ID: "origin-get", What: "Origin field of a link from another site", Want: []string{nothing}, Source: "Fetch 3.2"},
		{ID: "referer", What: "Referer field of a link from another site", Want: []string{"that site, without the path"}, Source: "Referrer Policy 4: strict-origin-when-cross-origin"},
	},
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.shared(ctx)
		if err != nil {
			return err
		}
		host, other := s.host("meta"), s.Web.HTTPS(s.host("other"))
		home := s.Web.HTTPS(host) + "/"
		look := func(id, host, mark string) (sites.Request, error) {
			r, ok := s.awaited(ctx, host, mark)
			if !ok {
				return r, fmt.Errorf("%s: no request came", id)
			}
			seen[id] = meta(r)
			return r, nil
		}
		for id, to := range map[string]string{"typed": home, "http": s.Web.HTTP(host) + "/", "loopback": s.Web.HTTP("127.0.0.1") + "/"} {
			to, mark := s.marked(to)
			if err := a.Open(ctx, to); err != nil {
				return err
			}
			if _, err := look(id, hostOf(to), mark); err != nil {
				return err
			}
		}
		for _, c := range []struct{ id, from, body string }{
			{"link", other, `<a id="go" href="%s">go</a>`},
			{"same-site", s.Web.HTTPS("www." + host), `<a id="go" href="%s">go</a>`},
			{"same-origin", s.Web.HTTPS(host), `<a id="go" href="%s">go</a>`},
			{"frame", other, `<iframe src="%s"></iframe>`},
			{"image", other, `<img src="%s" alt="">`},
			{"fetch", s.Web.HTTPS(host), `<script>fetch("%s")</script>`},
			{"post", other, `<form method="post" action="%s"><button id="go">go</button></form>`},
		} {
			to, mark := s.marked(home)
			s.Web.Handle(hostOf(c.from), "/"+c.id, func(w http.ResponseWriter, _ *http.Request) { sites.Page(w, fmt.Sprintf(c.body, to)) })
			if err := a.Open(ctx, c.from+"/"+c.id); err != nil {
				return err
			}
			if strings.Contains(c.body, `id="go"`) {
				if err := a.Click(ctx, "#go"); err != nil {
					return err
				}
			}
			r, err := look(c.id, host, mark)
			if err != nil {
				return err
			}
			switch c.id {
			case "post":
				delete(seen, "post")
				seen["origin-post"] = origin(r.Header.Get("Origin"), other)
			case "link":
				seen["origin-get"] = origin(r.Header.Get("Origin"), other)
				seen["referer"] = referer(r.Header.Get("Referer"), other, c.id)
			}
		}
		return nil
	},
}

func origin(value, other string) string {
	switch value {
	case "":
		return nothing
	case other:
		return "that site"
	}
	return visible(value)
}

func referer(value, other, path string) string {
	switch value {
	case other + "/":
		return "that site, without the path"
	case other + "/" + path:
		return "that site, with the path"
	}
	return origin(value, other)
}

// prefetchWait bounds how long a browser may think before it fetches ahead.
const prefetchWait = 3 * time.Second

const aheadRule = "HTML, speculative loading: with credentials, as the navigation would be"

// prefetch is whether pages that nobody has opened are asked for with cookies.
var prefetch = Probe{
	ID: "prefetch", Title: "Fetched ahead, by https (default: no SameSite)",
	Rows: []Expect{
		{ID: "link", What: "link rel=prefetch of the same origin", Want: []string{"default, lax, strict, none", noRequest}, Source: "HTML, link type prefetch"},
		{ID: "link-purpose", What: "its Sec-Purpose field", Want: []string{"prefetch", noRequest}, Source: "Fetch 2.2.5: Sec-Purpose"},
		{ID: "link-other", What: "link rel=prefetch of another site", Want: []string{"none", nothing, noRequest}, Source: thirdRule},
		{ID: "rules", What: "speculation rules, prefetch, same origin", Want: []string{"default, lax, strict, none", noRequest}, Source: aheadRule},
		{ID: "rules-purpose", What: "its Sec-Purpose field", Want: []string{"prefetch", noRequest}, Source: "Prefetch: Sec-Purpose"},
		{ID: "prerender", What: "speculation rules, prerender, same origin", Want: []string{"default, lax, strict, none", noRequest}, Source: aheadRule},
		{ID: "prerender-purpose", What: "its Sec-Purpose field", Want: []string{"prefetch;prerender", noRequest}, Source: "Prerendering: Sec-Purpose"},
		{ID: "set", What: "Set-Cookie on the answer to link rel=prefetch", Want: []string{stored, noRequest}, Source: "RFC 6265bis 5.3"},
	},
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.shared(ctx)
		if err != nil {
			return err
		}
		host, other := s.host("ahead"), s.Web.HTTPS(s.host("other"))
		home := s.Web.HTTPS(host)
		if err := a.set(ctx, home+"/set", siteCookies[:4]...); err != nil {
			return err
		}
		s.Web.Handle(host, "/ahead-link", func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Set-Cookie"] = []string{"ahead=1; Path=/; Secure"}
			sites.Page(w, "")
		})
		for _, c := range []struct{ id, from, body string }{
			{"link", home, `<link rel="prefetch" href="%s">`},
			{"link-other", other, `<link rel="prefetch" href="%s">`},
			{"rules", home, `<script type="speculationrules">{"prefetch": [{"source": "list", "urls": ["%s"], "eagerness": "immediate"}]}</script>`},
			{"prerender", home, `<script type="speculationrules">{"prerender": [{"source": "list", "urls": ["%s"], "eagerness": "immediate"}]}</script>`},
		} {
			to, mark := s.marked(home + "/ahead-" + c.id)
			s.Web.Handle(hostOf(c.from), "/"+c.id, func(w http.ResponseWriter, _ *http.Request) { sites.Page(w, fmt.Sprintf(c.body, to)) })
			if err := a.Open(ctx, c.from+"/"+c.id); err != nil {
				return err
			}
			patience, stop := context.WithTimeout(ctx, prefetchWait)
			r, ok := s.awaited(patience, host, mark)
			stop()
			seen[c.id], seen[c.id+"-purpose"] = noRequest, noRequest
			if ok {
				seen[c.id] = names(r.Cookie, "default", "lax", "strict", "none")
				seen[c.id+"-purpose"] = visible(r.Header.Get("Sec-Purpose"))
			}
		}
		delete(seen, "link-other-purpose")
		header, err := a.cookies(ctx, home+"/")
		if err != nil {
			return err
		}
		seen["set"] = fate(header, "ahead=1")
		if seen["link"] == noRequest {
			seen["set"] = noRequest
		}
		return nil
	},
}
