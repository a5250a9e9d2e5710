package reference

import (
	"net/http"
	"path"
	"slices"
	"strings"
)

// Faults of the ways by which a credential travels.
const (
	faultNotSecure        = "cookie/secure"
	faultServedPlain      = "transport/https-only"
	faultTokenInURL       = "transport/no-token-in-url"
	faultStoredByBrowser  = "transport/not-stored-by-browser"
	faultTokenTold        = "transport/single-source"
	faultSharedBySuffix   = "transport/shared-cache-safe"
	cacheableForEverybody = "public, max-age=3600"
)

var transportFaults = []Fault{
	{ID: faultNotSecure, Dialects: withTLS,
		Title: "the account page renews the cookies without Secure",
		How:   "The page /account sets the cookies of a live session again, with the values they have and without Secure; sign-in and password change set it."},
	{ID: faultServedPlain, Dialects: withTLS,
		Title: "whoami is answered without TLS",
		How:   "On the port without TLS, pages are redirected and requests for data are not: they are answered there as well."},
	{ID: faultTokenInURL, Dialects: []string{dialectWeb, dialectTwoCookie, dialectApp, dialectBearer},
		Title: "an answer links to a URL with the token in it",
		How:   "A password change redirects to /account with the new token in the query; where tokens are handed out in JSON, a link with the token stands beside it."},
	{ID: faultStoredByBrowser, Dialects: allDialects,
		Title: "whoami may be stored",
		How:   "The answer to whoami says Cache-Control: private, which lets the browser keep it, while all pages say no-store."},
	{ID: faultTokenTold, Dialects: withCookies,
		Title: "whoami repeats the cookie's value",
		How:   "The JSON answer to whoami contains the session's token, which otherwise travels in an HttpOnly cookie only."},
	{ID: faultSharedBySuffix, Dialects: allDialects,
		Title: "a made-up .css below a page is the page, and cacheable",
		How:   "A path that ends in .css is answered with what lies at the folder above it, and the answer says Cache-Control: " + cacheableForEverybody + "."},
}

// renew is the planted fault that sends a live session's cookies once more.
func (w *web) renew(rw http.ResponseWriter, r *http.Request) {
	c, ok := w.carry.(cookies)
	if !ok || r.TLS == nil || !w.core.faults.Fires(faultNotSecure) {
		return
	}
	for _, had := range r.Cookies() {
		if had.Name != c.name && had.Name != c.signal {
			continue
		}
		again := attributes(r, had.Name, had.Value)
		again.HttpOnly = had.Name == c.name
		again.Secure = false
		http.SetCookie(rw, again)
	}
}

// servesPlain says which requests the planted fault answers without TLS: those for data.
func servesPlain(r *http.Request) bool { return r.URL.Path == "/whoami" }

// leaky is the place that a password change leads to, for the planted fault
// with the token in it.
func (w *web) leaky(place string, g grant) string {
	if w.core.faults.Fires(faultTokenInURL) {
		return place + "?session=" + g.token
	}
	return place
}

// betray is the planted faults of a whoami answer to somebody signed in.
func (s *site) betray(w http.ResponseWriter, r *http.Request, fields map[string]any) {
	if _, ok := s.carry.(cookies); ok && s.core.faults.Fires(faultTokenTold) {
		fields["session"] = s.carry.token(r)
	}
	if s.core.faults.Fires(faultStoredByBrowser) {
		w.Header().Set("Cache-Control", "private")
	}
}

// bySuffix is the planted fault that takes what looks like a style sheet for one.
func bySuffix(w http.ResponseWriter, r *http.Request, faults *faultSet) *http.Request {
	above := path.Dir(r.URL.Path)
	if !strings.HasSuffix(r.URL.Path, ".css") || slices.Contains([]string{"/", "."}, above) || !faults.Fires(faultSharedBySuffix) {
		return r
	}
	w.Header().Set("Cache-Control", cacheableForEverybody)
	shown := r.Clone(r.Context())
	shown.URL.Path, shown.URL.RawPath = above, ""
	return shown
}
