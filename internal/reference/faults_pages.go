package reference

import (
	"net/http"
	"strings"
	"sync"
)

// Faults of pages and of what browsers do, which show in windows and tabs.
const (
	faultBackShows      = "browser/back-after-end"
	faultStaleFormsSent = "browser/tabs-agree"
	faultByDevice       = "browser/private-window-isolated"
	faultEntryShadows   = "browser/cross-site-entry"
	faultEndUnnoticed   = "client/remote-end-noticed"
	faultRecentKept     = "client/no-stale-account-on-shared-device"
	faultNoteByGet      = "csrf/state-change-needs-proof"
	faultSignInByGet    = "csrf/sign-in-and-out-forgery"
	faultAnyToken       = "csrf/token-bound-to-session"
	faultLaxWindow      = "csrf/lax-window"
	faultOriginEchoed   = "csrf/cross-origin-reads-and-sockets"
)

var pageFaults = []Fault{
	{ID: faultBackShows, Dialects: []string{dialectWeb}, // the page cache keeps no page whose script was told no-store
		Title: "pages in the page cache are shown as they were",
		How:   "No script asks again when a page comes out of the browser's page cache, which keeps pages in spite of no-store; so Back shows the account after a revocation elsewhere."},
	{ID: faultStaleFormsSent, Dialects: withPages,
		Title: "a stale form is made fresh before it is sent",
		How:   "A script fetches the anti-forgery value of now when a form is sent, so a form that was filled in by one user in an old tab is accepted from the next one."},
	{ID: faultByDevice, Dialects: withPages,
		Title: "one session a device",
		How:   "A browser's sign-in and sign-out end every other session with the same User-Agent and address, and so that of the private window beside it.",
		AlsoBreaks: map[string]string{
			faultFramed: "a frame is on the same device as the page at the top, so a sign-in in it ends that session",
		}},
	{ID: faultEntryShadows, Dialects: withPages,
		Title: "visitors from other sites get a session at once",
		How:   "The session cookie is SameSite=Strict, and a request from another site, which therefore comes without one, is answered with a new empty one over it."},
	{ID: faultEndUnnoticed, Dialects: withPages,
		Title: "the form of an ended session is answered by nothing",
		How:   "A form that is sent by a session which was ended elsewhere gets status 200 and an empty page."},
	{ID: faultRecentKept, Dialects: withPages,
		Title: "the browser keeps who was signed in",
		How:   "A script keeps the names of all who were signed in in localStorage, and no sign-out clears it."},
	{ID: faultNoteByGet, Dialects: withPages,
		Title: "a note is taken by GET as well, without the token",
		How:   "GET /notes with a text stores it like the form does; the check of the anti-forgery field and of Sec-Fetch-Site is for POST only, and a SameSite=Lax cookie comes along."},
	{ID: faultSignInByGet, Dialects: withPages,
		Title: "the sign-in is taken by GET as well, without the token",
		How:   "GET /login with a name and a password signs in, and GET /logout with an anti-forgery field, whatever is in it, signs out."},
	{ID: faultAnyToken, Dialects: withPages,
		Title: "any anti-forgery token of the server is good",
		How:   "A form is accepted with the token of any session, not of its own alone."},
	{ID: faultFramed, Dialects: withPages,
		Title: "cookies in frames are everybody's",
		How:   "Where frames are declared (web), a sign-in in one sets its cookies without Partitioned, so that they are used in frames on every site and at the top; where they are not (two-cookie), pages may be framed and all cookies say SameSite=None, so that a foreign frame shows the session."},
	{ID: faultLaxWindow, Dialects: withPages,
		Title: "the default of one browser is the whole protection",
		How:   "The session cookie does not say SameSite, and the form of a note is taken from any site and without a token; Chrome sends such a cookie with foreign forms for two minutes.",
		AlsoBreaks: map[string]string{
			faultNoSameSite: "protection that rests on a default is a cookie that does not say SameSite",
			faultNoteByGet:  "what is open for two minutes is open: the form forged right after the sign-in arrives",
			faultAnyToken:   "where no token is asked for, anybody's is good",
		}},
	{ID: faultOriginEchoed, Dialects: withCookies,
		Title: "every origin may read with credentials",
		How:   "Origin is copied into Access-Control-Allow-Origin, null too, and Access-Control-Allow-Credentials says true."},
}

// echo lets the scripts of the request's origin read the answer.
func echo(w http.ResponseWriter, r *http.Request, faults *faultSet) {
	if origin := r.Header.Get("Origin"); origin != "" && faults.Fires(faultOriginEchoed) {
		w.Header().Set("Access-Control-Allow-Origin", origin)
		w.Header().Set("Access-Control-Allow-Credentials", "true")
	}
}

// alone ends the other sessions of a browser's device.
func (c *core) alone(t *tx, m meta) {
	if !strings.HasPrefix(m.agent, "Mozilla/") || !c.faults.Fires(faultByDevice) {
		return
	}
	var rows []*session
	for _, s := range t.open() {
		if s.Agent == m.agent && s.Address == m.address && s.ID != idOf(m.token) {
			rows = append(rows, s)
		}
	}
	end(t, "another session on this device", rows)
}

// byGet handles what only forms are meant to do where a link does it too.
func (w *web) byGet(rw http.ResponseWriter, r *http.Request) bool {
	q := r.URL.Query()
	switch {
	case r.URL.Path == "/notes" && q.Get("text") != "" && w.core.faults.Fires(faultNoteByGet):
		_ = w.core.writeNote(w.meta(r), "", q.Get("text")) // who has no session is refused
	case r.URL.Path == "/login" && q.Get("password") != "" && w.core.faults.Fires(faultSignInByGet):
		given, err := w.core.signIn(w.meta(r), q.Get("user"), q.Get("password"))
		if err != nil {
			return false
		}
		w.enter(rw, r, given)
		return true
	case r.URL.Path == "/logout" && q.Get("csrf") != "" && w.core.faults.Fires(faultSignInByGet):
		ghost, err := w.core.signOut(w.meta(r))
		if err != nil {
			return false
		}
		w.farewell(rw, r, ghost)
		see(rw, "/?signed-out")
		return true
	}
	return false
}

// fits says whether the anti-forgery field of a form is the session's.
func (w *web) fits(r *http.Request) bool {
	given := r.PostFormValue("csrf")
	if r.URL.Path == "/notes" && w.core.faults.Fires(faultLaxWindow) {
		return true
	}
	if same(given, csrfOf(w.carry.token(r))) {
		return true
	}
	if !w.core.faults.On(faultAnyToken) {
		return false
	}
	issued.Lock()
	defer issued.Unlock()
	return issued.tokens[given] && w.core.faults.Fires(faultAnyToken)
}

// issued is what pages had in their forms, which only a fault remembers.
var issued = struct {
	sync.Mutex
	tokens map[string]bool
}{tokens: map[string]bool{}}

func (w *web) issue(token string) {
	if token != "" && w.core.faults.On(faultAnyToken) {
		issued.Lock()
		issued.tokens[token] = true
		issued.Unlock()
	}
}

// shadow sets an empty session over one that the browser kept to itself.
func (w *web) shadow(rw http.ResponseWriter, r *http.Request) {
	if w.carry.token(r) == "" && r.Header.Get("Sec-Fetch-Site") == "cross-site" && w.core.faults.Fires(faultEntryShadows) {
		w.carry.hand(rw, r, grant{token: randomHex(16)})
	}
}
