// Package cookie is a user agent's side of cookies after RFC 6265bis
// (draft-ietf-httpbis-rfc6265bis; section numbers in this package are that
// draft's): the Set-Cookie parser of section 5.6, the storage model of 5.7 and
// the retrieval of 5.8. The two newest name prefixes come from its successor,
// draft-ietf-httpbis-layered-cookies.
//
// It exists because net/http drops or alters what is under test here: nameless
// cookies, odd dates, duplicate attributes, values outside the server grammar.
// The package is pure: no I/O, and time is always handed in.
package cookie

import "time"

// SameSite is how a cookie restricts cross-site requests (section 5.6.7).
type SameSite string

// Default is both the missing attribute and an unknown value.
const (
	SameSiteDefault SameSite = "default"
	SameSiteNone    SameSite = "none"
	SameSiteLax     SameSite = "lax"
	SameSiteStrict  SameSite = "strict"
)

// The limits of section 5.6: lengths in octets, the longest life of a cookie.
const (
	MaxPair      = 4096 // name and value together; a longer cookie is refused
	MaxAttribute = 1024 // one attribute's value; a longer attribute is ignored
	MaxLife      = 400 * 24 * time.Hour
)

// Attribute is one attribute of a Set-Cookie line as written, surrounding white
// space removed. A flag such as Secure has an empty value.
type Attribute struct {
	Name  string `json:"name"`
	Value string `json:"value,omitempty"`
}

// SetCookie is what one Set-Cookie line says. It tells what the server asked
// for: nothing is capped at 400 days here (see Lifetime), and whether a user
// agent would store it depends on the URL (see Accept).
type SetCookie struct {
	Raw         string
	Name, Value string
	// Attributes are all attributes in order, the ignored ones included.
	Attributes []Attribute

	// The fields below follow from Attributes; the last usable one of a name wins.
	HasExpires  bool      // a date that could be read
	Expires     time.Time // UTC
	HasMaxAge   bool
	MaxAge      int64 // seconds, may be zero or negative
	HasDomain   bool
	Domain      string // lower case, without a leading dot; "" means host-only
	HasPath     bool
	Path        string // "" means the default path of the URL
	Secure      bool
	HttpOnly    bool
	SameSite    SameSite
	Partitioned bool

	// Refused says why a user agent ignores the whole line whatever its URL, ""
	// when it does not. The other fields are then filled as far as possible.
	Refused Reason
}

// Cookie is one stored cookie (section 5.7).
type Cookie struct {
	Name     string `json:"name"`
	Value    string `json:"value"`
	Domain   string `json:"domain"`
	HostOnly bool   `json:"host_only"`
	Path     string `json:"path"`
	Secure   bool   `json:"secure"`
	HttpOnly bool   `json:"http_only"`
	// SameSite is kept but never consulted on retrieval: a jar stands for
	// requests the user makes from the site itself.
	SameSite SameSite `json:"same_site"`
	// Partitioned is kept likewise; a jar has one top-level site only.
	Partitioned bool `json:"partitioned,omitempty"`
	// Persistent says whether the cookie survives the end of the browser
	// session; Expires is meaningful only then.
	Persistent bool      `json:"persistent"`
	Expires    time.Time `json:"expires,omitzero"`
	Created    time.Time `json:"created"`
	Accessed   time.Time `json:"accessed"`
	// Raw is the Set-Cookie line the cookie came from, "" if it came otherwise.
	Raw string `json:"raw,omitempty"`
}

// Key is what makes a cookie unique in a jar (section 5.7, step 23). Unlike in
// browsers the partition is no part of it, as a jar has only one.
type Key struct {
	Name     string `json:"name"`
	Domain   string `json:"domain"`
	Path     string `json:"path"`
	HostOnly bool   `json:"host_only"`
}

// Key returns the cookie's key.
func (c Cookie) Key() Key { return Key{c.Name, c.Domain, c.Path, c.HostOnly} }

// Expired says whether the cookie's life is over at now. A cookie that expires
// this very instant is over, as in Chromium; the draft leaves that instant open.
func (c Cookie) Expired(now time.Time) bool { return c.Persistent && !c.Expires.After(now) }

// Pair is the cookie as it stands in a Cookie header: name=value, or the value
// alone when it has no name (section 5.8.3, step 6).
func (c Cookie) Pair() string {
	if c.Name == "" {
		return c.Value
	}
	return c.Name + "=" + c.Value
}

// Lifetime tells how long a user agent keeps a cookie received at that time:
// whether it survives the browser session, when it ends, and whether the line is
// in truth a deletion (it ends no later than it came). Max-Age wins over Expires
// and the end is capped at 400 days (sections 5.5, 5.6.1, 5.6.2, 5.7 step 6). A
// non-persistent cookie has a zero end.
func Lifetime(c SetCookie, received time.Time) (persistent bool, end time.Time, deletion bool) {
	limit := received.Add(MaxLife)
	switch {
	case c.HasMaxAge && c.MaxAge <= 0:
		// "The earliest representable date"; any date before the receipt serves.
		return true, time.Unix(0, 0).UTC(), true
	case c.HasMaxAge:
		end = limit
		if c.MaxAge < int64(MaxLife/time.Second) { // compared in seconds: a Duration would overflow
			end = received.Add(time.Duration(c.MaxAge) * time.Second)
		}
	case c.HasExpires:
		end = c.Expires
		if end.After(limit) {
			end = limit
		}
	default:
		return false, time.Time{}, false
	}
	return true, end, !end.After(received)
}
