package reference

import (
	"context"
	"net/http"
)

// faultFramed is about frames on pages of other sites.
const faultFramed = "browser/embedded-context"

// frame is what frames of other sites mean for one answer.
type frame struct {
	// dressed: its cookies are for use in a frame, partitioned: on this pair of
	// sites alone.
	dressed, partitioned bool
}

type frameKey struct{}

// framing lets pages be shown in frames of other sites where that is wanted, and
// answers what a frame asks for with cookies that belong to the pair of sites.
// What only a script in the frame asks for cannot be told from the rest, and
// sets none that a frame could use.
func framing(next http.Handler, rules Rules, faults *faultSet) http.Handler {
	if !rules.Embed && !faults.On(faultFramed) {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := frame{}
		switch {
		case !rules.Embed:
			f.dressed = faults.Fires(faultFramed)
		case r.Header.Get("Sec-Fetch-Dest") == "iframe":
			f = frame{dressed: true, partitioned: !faults.Fires(faultFramed)}
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), frameKey{}, f)))
	})
}

// ancestors is the part of a page's policy that says who may frame it.
func ancestors(r *http.Request) string {
	if _, ok := r.Context().Value(frameKey{}).(frame); ok {
		return ""
	}
	return "; frame-ancestors 'none'"
}

// forFrame gives a cookie what it needs to be used in a frame, if that is where
// the answer goes.
func forFrame(r *http.Request, c *http.Cookie) *http.Cookie {
	if f, ok := r.Context().Value(frameKey{}).(frame); ok && f.dressed {
		c.SameSite, c.Secure, c.Partitioned = http.SameSiteNoneMode, true, f.partitioned
	}
	return c
}
