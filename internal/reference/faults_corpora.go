package reference

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Faults of how what clients send is read.
const (
	faultPercentBreaks  = "robust/malformed-is-anonymous"
	faultForeignBreaks  = "robust/neighbour-cookies-harmless"
	faultPrefixCompared = "robust/tampering-refused"
	faultWildcard       = "robust/injection-safe"
	faultRevokedDiffers = "robust/uniform-refusal"
	faultNamesDecoded   = "cookie/prefix-not-spoofable"
	faultQueryAccepted  = "transport/only-declared-channel"
)

var corporaFaults = []Fault{
	{ID: faultPercentBreaks, Dialects: allDialects,
		Title: "a token with a percent sign is a 500",
		How:   "Tokens are percent-decoded before they are looked up, and where that fails every page and every call answers 500."},
	{ID: faultForeignBreaks, Dialects: withCookies,
		Title: "a foreign cookie hides the others",
		How:   "When the value of any cookie has a percent sign that begins no octet, the whole Cookie header is dropped."},
	{ID: faultPrefixCompared, Dialects: allDialects,
		Title: "only the first 30 characters of a token count",
		How:   "A token is found by its first 30 characters of 40, whatever stands behind them."},
	{ID: faultWildcard, Dialects: allDialects,
		Title: "a star in a token matches any session",
		How:   "A token that ends with a star is taken for a pattern, and the youngest session that fits is opened."},
	{ID: faultRevokedDiffers, Dialects: allDialects,
		Title: "a revoked session is answered with 410",
		How:   "Whoami answers 410 to the credential of a session that was revoked, and 401 to all other dead ones."},
	{ID: faultNamesDecoded, Dialects: slices.Concat(withCookies, withTLS),
		Title: "cookie names are percent-decoded",
		How:   "A cookie whose name is the session cookie's only after percent-decoding is taken for it."},
	{ID: faultQueryAccepted, Dialects: allDialects,
		Title: "the session is also read from the query",
		How:   "A request without a credential in its place may name one in the query parameter session."},
}

// undecodable is the planted fault of a token that is decoded carelessly.
func (c *core) undecodable(token string) error {
	if _, err := url.PathUnescape(token); err != nil && c.faults.Fires(faultPercentBreaks) {
		return errors.New("the token cannot be decoded")
	}
	return nil
}

// comparedLength is how much of a token the planted fault looks at.
const comparedLength = 30

// mint notes a new token for the fault that compares beginnings only.
func (c *core) mint(token string) string {
	if c.faults.On(faultPrefixCompared) && len(token) > comparedLength {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.begins == nil {
			c.begins = map[string]string{}
		}
		c.begins[token[:comparedLength]] = token
	}
	return token
}

// find returns the row of a token, nil if there is none.
func (c *core) find(st *state, token string) *session {
	if s := st.sessions[idOf(token)]; s != nil {
		return s
	}
	if len(token) >= comparedLength && c.faults.On(faultPrefixCompared) {
		c.mu.Lock()
		full := c.begins[token[:comparedLength]]
		c.mu.Unlock()
		if s := st.sessions[idOf(full)]; s != nil && c.faults.Fires(faultPrefixCompared) {
			return s
		}
	}
	if strings.HasSuffix(token, "*") && c.faults.Fires(faultWildcard) {
		return c.latest(st, func(*session) bool { return true })
	}
	return c.byHandle(st, token)
}

// refusalStatus is what whoever is not signed in is answered with.
func (s *site) refusalStatus(who identity) int {
	if who.session != nil && strings.HasPrefix(who.session.Ended, revoked) && s.core.faults.Fires(faultRevokedDiffers) {
		return http.StatusGone
	}
	return http.StatusUnauthorized
}

// readable says whether a request's cookies are looked at, which is always
// unless the fault is planted that a foreign one spoils them.
func (c cookies) readable(r *http.Request) bool {
	if !c.faults.On(faultForeignBreaks) {
		return true
	}
	for _, k := range r.Cookies() {
		if _, err := url.PathUnescape(k.Value); err != nil && k.Name != c.name && c.faults.Fires(faultForeignBreaks) {
			return false
		}
	}
	return true
}

// misnamed finds a token under a name that is only the right one when decoded.
func (c cookies) misnamed(r *http.Request) string {
	if !c.faults.On(faultNamesDecoded) {
		return ""
	}
	for _, k := range r.Cookies() {
		if name, err := url.PathUnescape(k.Name); err == nil && name == c.name && k.Name != c.name && c.faults.Fires(faultNamesDecoded) {
			return k.Value
		}
	}
	return ""
}

// fromQuery is the planted fault of a token in the address.
func fromQuery(r *http.Request, faults *faultSet) string {
	if token := r.URL.Query().Get("session"); token != "" && faults.Fires(faultQueryAccepted) {
		return token
	}
	return ""
}
