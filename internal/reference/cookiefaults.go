package reference

import (
	"errors"
	"net"
	"net/http"
)

// Faults of the cookie code.
const (
	faultScriptsRead    = "cookie/httponly"
	faultNoSameSite     = "cookie/samesite-explicit"
	faultWideScope      = "cookie/prefix-and-scope"
	faultTwoLines       = "cookie/grammar"
	faultCookiesPileUp  = "cookie/size-and-count"
	faultOverlongLife   = "cookie/lifetime-sane"
	faultDeletionMisses = "cookieset/delete-matches-set"
	faultPartBreaks     = "cookieset/partial-loss-safe"
	faultSpliced        = "cookieset/no-mix"
	faultTwinsBreak     = "cookieset/twin-name-resilient"
)

var withCookies = []string{dialectWeb, dialectTwoCookie, dialectRealtime}

var cookieFaults = []Fault{
	{ID: faultScriptsRead, Dialects: withCookies,
		Title: "a rotated session cookie lacks HttpOnly",
		How:   "Sign-in sets the session cookie with HttpOnly; when a client that has one is given another, the attribute is forgotten."},
	{ID: faultNoSameSite, Dialects: withCookies,
		Title: "a rotated session cookie lacks SameSite",
		How:   "Sign-in states SameSite=Lax; when a client that has a session cookie is given another, the attribute is forgotten."},
	{ID: faultWideScope, Dialects: withCookies,
		Title: "a rotated session cookie has a Domain",
		How:   "When a client that has a session cookie is given another, the line names the host as Domain, so that every host below it gets the cookie too."},
	{ID: faultTwoLines, Dialects: withCookies,
		Title: "clear-then-set in one answer",
		How:   "An answer that hands out a session deletes the cookie in one Set-Cookie line and sets it in the next."},
	{ID: faultCookiesPileUp, Dialects: withCookies,
		Title: "every sign-in leaves a cookie behind",
		How:   "Each sign-in sets a state cookie under a name of its own and nothing ever deletes it."},
	{ID: faultOverlongLife, Dialects: withCookies,
		Title: "the session's cookies are dated ten years ahead",
		How:   "Every cookie of a session gets a Max-Age of ten years, over a server limit of hours.",
		AlsoBreaks: map[string]string{
			faultClaimOutlivesSession: "the target declares that its session ends with the browser, and dated cookies outlive a restart",
		}},
	{ID: faultDeletionMisses, Dialects: withCookies,
		Title: "the session cookie is deleted at another path",
		How:   "The line that clears the session cookie names Path=/session, where none was ever set, so browsers keep the dead one."},
	{ID: faultPartBreaks, Dialects: []string{dialectTwoCookie},
		Title: "the signal without the session is a 500",
		How:   "Whoami takes it for granted that session_id comes with signed_in, and answers 500 when only signed_in does."},
	{ID: faultSpliced, Dialects: []string{dialectTwoCookie},
		Title: "whoami believes the signal cookie",
		How:   "The session cookie is checked, and then the user is looked up by signed_in, which nothing binds to it."},
	{ID: faultTwinsBreak, Dialects: withCookies,
		Title: "two session cookies are a 500",
		How:   "Whoami answers 500 to a request with two cookies of the session's name."},
}

// misread is whoami with the faults of cookies that do not belong together.
func (s *site) misread(r *http.Request, who identity) (identity, error) {
	c, ok := s.carry.(cookies)
	if !ok {
		return who, nil
	}
	sessions, signal := r.CookiesNamed(c.name), []*http.Cookie(nil)
	if c.signal != "" {
		signal = r.CookiesNamed(c.signal)
	}
	switch {
	case len(sessions) > 1 && c.faults.Fires(faultTwinsBreak):
		return who, errors.New("more than one session cookie")
	case len(sessions) == 0 && len(signal) > 0 && c.faults.Fires(faultPartBreaks):
		return who, errors.New("no session cookie")
	case !who.live() || len(signal) == 0 || !c.faults.On(faultSpliced):
		return who, nil
	}
	err := s.core.store.view(func(st *state) {
		for _, u := range st.users {
			if u.UID != who.user.UID && signalOf(u.UID) == signal[0].Value {
				c.faults.Fires(faultSpliced)
				who.user = u
			}
		}
	})
	return who, err
}

// spoil is where planted faults get at a session cookie before it is set.
func (c cookies) spoil(w http.ResponseWriter, r *http.Request, session *http.Cookie) {
	again := c.token(r) != ""
	if again && c.faults.Fires(faultScriptsRead) {
		session.HttpOnly = false
	}
	if session.SameSite != http.SameSiteNoneMode && c.faults.Fires(faultEntryShadows) { // what is for frames stays so
		session.SameSite = http.SameSiteStrictMode
	}
	if c.faults.Fires(faultLaxWindow) {
		session.SameSite = 0
	}
	if again && c.faults.Fires(faultNoSameSite) {
		session.SameSite = 0
	}
	if again && c.faults.Fires(faultWideScope) {
		session.Domain = r.Host
		if host, _, err := net.SplitHostPort(r.Host); err == nil {
			session.Domain = host
		}
	}
	if !again && c.faults.Fires(faultCookiesPileUp) {
		http.SetCookie(w, attributes(r, "begun-"+randomHex(4), "1"))
	}
	if c.faults.Fires(faultTwoLines) {
		c.dropOne(w, r, c.name)
	}
	session.MaxAge = c.overlong(session.MaxAge)
}

// overlong is the Max-Age of a session's cookie: the given one, or ten years.
func (c cookies) overlong(maxAge int) int {
	if c.faults.Fires(faultOverlongLife) {
		return 10 * 365 * 24 * 3600
	}
	return maxAge
}
