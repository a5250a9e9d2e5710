package reference

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
)

// carrier is how a dialect moves credentials: the only code that knows whether
// they are cookies or header fields.
type carrier interface {
	// token is what the request presents, "" if nothing.
	token(r *http.Request) string
	// hand gives the client a credential. What it returns belongs into the
	// JSON body of the answer, if the answer is JSON.
	hand(w http.ResponseWriter, r *http.Request, g grant) map[string]any
	// drop makes the client forget its credential, where the server can.
	drop(w http.ResponseWriter, r *http.Request)
}

// cookies carries the token in a session cookie, and beside it, if signal is
// set, a second cookie that scripts may read to see that somebody is signed in.
type cookies struct {
	name   string
	signal string
	faults *faultSet
	// dress, where set, gives the session cookie attributes of the dialect's own.
	dress func(*http.Cookie)
	// bareSignal sets the signal without SameSite.
	bareSignal bool
}

func (c cookies) token(r *http.Request) string {
	if !c.readable(r) {
		return ""
	}
	if found, err := r.Cookie(c.name); err == nil {
		return found.Value
	}
	return cmp.Or(c.misnamed(r), fromQuery(r, c.faults))
}

func (c cookies) hand(w http.ResponseWriter, r *http.Request, g grant) map[string]any {
	session := attributes(r, c.name, g.token)
	if c.dress != nil {
		c.dress(session)
	}
	if c.signal != "" && c.faults.Fires(faultUnequalLife) {
		session.MaxAge = 43200
	}
	c.spoil(w, r, session)
	http.SetCookie(w, session)
	// A pending session and a ghost are nobody's: no claim goes with them.
	if c.signal == "" {
		return nil
	}
	if g.uid != "" && !g.pending {
		claim := attributes(r, c.signal, signalOf(g.uid))
		claim.HttpOnly = false
		if c.bareSignal {
			claim.SameSite = 0
		}
		claim.MaxAge = c.overlong(0)
		http.SetCookie(w, claim)
	} else {
		c.dropClaim(w, r)
	}
	return nil
}

// signalOf is the signal's value: the same for all sessions of a user.
func signalOf(uid string) string {
	sum := sha256.Sum256([]byte("signed in: " + uid))
	return hex.EncodeToString(sum[:12])
}

// dropClaim deletes the signal if the client has it.
func (c cookies) dropClaim(w http.ResponseWriter, r *http.Request) {
	if c.signal == "" {
		return
	}
	if _, err := r.Cookie(c.signal); err == nil {
		c.dropOne(w, r, c.signal)
	}
}

func (c cookies) drop(w http.ResponseWriter, r *http.Request) {
	c.dropOne(w, r, c.name)
	if c.signal != "" {
		c.dropOne(w, r, c.signal)
	}
}

// dropOne deletes a cookie with the attributes it was set with: a deletion with
// another path or domain deletes nothing.
func (c cookies) dropOne(w http.ResponseWriter, r *http.Request, name string) {
	gone := attributes(r, name, "")
	gone.HttpOnly = name != c.signal
	gone.MaxAge = -1
	if name == c.name && c.dress != nil {
		c.dress(gone)
	}
	if name == c.name && c.faults.Fires(faultDeletionMisses) {
		gone.Path = "/session"
	}
	http.SetCookie(w, gone)
}

// attributes is a cookie that ends with the browser session.
func attributes(r *http.Request, name, value string) *http.Cookie {
	return forFrame(r, &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil})
}

// header carries the token in a request header and, to the client, in JSON.
type header struct {
	name   string
	prefix string
	faults *faultSet
}

func (h header) token(r *http.Request) string {
	value := r.Header.Get(h.name)
	if len(value) < len(h.prefix) || value[:len(h.prefix)] != h.prefix {
		return fromQuery(r, h.faults)
	}
	return cmp.Or(value[len(h.prefix):], fromQuery(r, h.faults))
}

func (h header) hand(_ http.ResponseWriter, _ *http.Request, g grant) map[string]any {
	fields := map[string]any{"token": g.token}
	if h.faults.Fires(faultTokenInURL) {
		fields["next"] = "/account?session=" + g.token
	}
	return fields
}

func (h header) drop(http.ResponseWriter, *http.Request) {}
