package reference

import (
	"crypto/subtle"
	"net/http"
	"strings"
)

// web is the dialects web and two-cookie: HTML forms with hidden anti-forgery
// fields, a session cookie, redirects by 303.
type web struct {
	*site
	// static serves the signed-out menu to everybody and lets a script replace
	// it (two-cookie); else the server renders the menu (web).
	static bool
}

func newWeb(s *site, static bool) *web {
	w := &web{site: s, static: static}
	s.form, s.wrap = w.adminFormCreate, w.remembered
	return w
}

func (w *web) routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", w.plain("home", "Reference", http.StatusOK))
	mux.HandleFunc("GET /help", w.plain("help", "Help", http.StatusOK))
	mux.HandleFunc("/", w.plain("message", "There is no such page", http.StatusNotFound))
	mux.HandleFunc("GET /signup", w.form("signup", "Make an account"))
	mux.HandleFunc("POST /signup", w.signUp)
	mux.HandleFunc("GET /login", w.form("login", "Sign in"))
	mux.HandleFunc("POST /login", w.login)
	mux.HandleFunc("GET /login/code", w.codeForm)
	mux.HandleFunc("POST /login/code", w.code)
	mux.HandleFunc("GET /recover", w.form("recover", "Have a link sent"))
	mux.HandleFunc("POST /recover", w.recover)
	mux.HandleFunc("GET /link", w.linkForm)
	mux.HandleFunc("POST /link", w.link)
	mux.HandleFunc("GET /logout", w.logoutForm)
	mux.HandleFunc("POST /logout", w.logout)
	mux.HandleFunc("GET /whoami", w.apiWhoami)
	mux.HandleFunc("GET /account", w.account)
	mux.HandleFunc("POST /account/password", w.password)
	mux.HandleFunc("POST /account/sessions/{id}/revoke", w.revoke)
	mux.HandleFunc("POST /account/sessions/revoke-others", w.revokeOthers)
	mux.HandleFunc("GET /notes", w.notes)
	mux.HandleFunc("POST /notes", w.keepNote)
	mux.HandleFunc("GET /admin/users/new", w.adminForm)
	if w.static {
		mux.HandleFunc("GET /app.js", script("app.js"))
		mux.HandleFunc("GET /_fragments/user", w.fragment)
		mux.HandleFunc("GET /claim.js", script("claim-two-cookie.js"))
	} else {
		mux.HandleFunc("GET /claim.js", script("claim-web.js"))
	}
	mux.HandleFunc("GET /back.js", script("back.js"))
	mux.HandleFunc("GET /recent.js", script("recent.js"))
	mux.HandleFunc("GET /stale.js", script("stale.js"))
	mux.HandleFunc("GET /tab.js", script("tab.js"))
}

// plain is a page without anything of its own.
func (w *web) plain(name, title string, status int) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		if who, ok := w.visitor(rw, r); ok {
			w.show(rw, r, status, name, who, page{Title: title})
		}
	}
}

// visitor finds out who is asking. It answers itself, and returns false, if that cannot be done.
func (w *web) visitor(rw http.ResponseWriter, r *http.Request) (identity, bool) {
	who, err := w.core.identify(w.meta(r))
	if err != nil {
		w.fail(rw, r, identity{}, err)
		return who, false
	}
	if r.Method == http.MethodGet && w.byGet(rw, r) {
		return who, false
	}
	w.deny(rw, r, who)
	w.stray(rw, r)
	w.shadow(rw, r)
	return who, true
}

// fail shows a refusal as a page.
func (w *web) fail(rw http.ResponseWriter, r *http.Request, who identity, err error) {
	w.show(rw, r, statusOf(err), "message", who, page{Title: "That did not work", Error: err.Error()})
}

// csrfCookie guards the forms of visitors without a session: field and cookie
// must be equal. It is no session and goes away at sign-in.
const csrfCookie = "csrf"

// form is a page with a form for people who are not signed in.
func (w *web) form(name, title string) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		if who, ok := w.visitor(rw, r); ok {
			w.show(rw, r, http.StatusOK, name, who, page{Title: title, FormCSRF: w.doubleSubmit(rw, r)})
		}
	}
}

func (w *web) doubleSubmit(rw http.ResponseWriter, r *http.Request) string {
	if found, err := r.Cookie(csrfCookie); err == nil && found.Value != "" {
		return found.Value
	}
	value := randomHex(16)
	http.SetCookie(rw, attributes(r, csrfCookie, value))
	return value
}

// submitted checks an open form's double submit.
func (w *web) submitted(rw http.ResponseWriter, r *http.Request) bool {
	cookie, err := r.Cookie(csrfCookie)
	if err != nil || cookie.Value == "" || !same(cookie.Value, r.PostFormValue("csrf")) {
		w.show(rw, r, http.StatusForbidden, "message", identity{}, page{Title: "Please try again", Error: "The form is stale."})
		return false
	}
	return true
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func see(rw http.ResponseWriter, where string) {
	rw.Header().Set("Location", where)
	rw.WriteHeader(http.StatusSeeOther)
}

func (w *web) signUp(rw http.ResponseWriter, r *http.Request) {
	if !w.submitted(rw, r) {
		return
	}
	_, err := w.core.create(actor{}, newUser{Name: r.PostFormValue("user"), Password: r.PostFormValue("password")})
	if err != nil {
		who, _ := w.core.identify(w.meta(r))
		w.show(rw, r, statusOf(err), "signup", who, page{Title: "Make an account", Error: err.Error(), FormCSRF: w.doubleSubmit(rw, r)})
		return
	}
	see(rw, "/login")
}

func (w *web) login(rw http.ResponseWriter, r *http.Request) {
	if !w.submitted(rw, r) {
		return
	}
	given, err := w.core.signIn(w.meta(r), r.PostFormValue("user"), r.PostFormValue("password"))
	if err != nil {
		who, _ := w.core.identify(w.meta(r))
		w.stray(rw, r)
		w.show(rw, r, statusOf(err), "login", who, page{Title: "Sign in", Error: err.Error(), FormCSRF: w.doubleSubmit(rw, r)})
		return
	}
	w.enter(rw, r, given)
}

// enter answers a sign-in that went well, or waits for its second factor.
func (w *web) enter(rw http.ResponseWriter, r *http.Request, given grant) {
	spent := attributes(r, csrfCookie, "")
	spent.MaxAge = -1
	http.SetCookie(rw, spent)
	w.carry.hand(rw, r, given)
	w.remember(rw, r, given)
	if given.pending {
		see(rw, "/login/code")
		return
	}
	see(rw, "/account")
}

func (w *web) codeForm(rw http.ResponseWriter, r *http.Request) {
	who, ok := w.visitor(rw, r)
	switch {
	case !ok:
	case who.standing != standingPending:
		see(rw, "/login")
	default:
		w.show(rw, r, http.StatusOK, "code", who, page{Title: "Second step"})
	}
}

func (w *web) code(rw http.ResponseWriter, r *http.Request) {
	who, ok := w.guarded(rw, r, standingPending)
	if !ok {
		return
	}
	given, err := w.core.giveCode(w.meta(r), r.PostFormValue("code"))
	if err != nil {
		w.show(rw, r, statusOf(err), "code", who, page{Title: "Second step", Error: err.Error()})
		return
	}
	w.carry.hand(rw, r, given)
	see(rw, "/account")
}

// logoutForm asks before signing out. It looks and touches nothing: whatever
// the session's state, its cookies are still there for the sign-out to clear.
func (w *web) logoutForm(rw http.ResponseWriter, r *http.Request) {
	who, err := w.core.identify(w.meta(r))
	if err != nil {
		w.fail(rw, r, who, err)
		return
	}
	if w.byGet(rw, r) {
		return
	}
	w.show(rw, r, http.StatusOK, "logout", who, page{Title: "Sign out"})
}

// logout ends the session. The anti-forgery field is asked for while there is
// something to protect; a dead session signs out without.
func (w *web) logout(rw http.ResponseWriter, r *http.Request) {
	who, err := w.core.identify(w.meta(r))
	if err != nil {
		w.fail(rw, r, who, err)
		return
	}
	if who.standing >= standingPending && !same(r.PostFormValue("csrf"), csrfOf(w.carry.token(r))) {
		w.fail(rw, r, who, errForbidden)
		return
	}
	ghost, err := w.core.signOut(w.meta(r))
	if err != nil {
		w.fail(rw, r, who, err)
		return
	}
	w.farewell(rw, r, ghost)
	w.forget(rw, r)
	see(rw, "/?signed-out")
}

// guarded lets a form post through whose sender has the standing and whose
// anti-forgery field fits; everybody else is answered.
func (w *web) guarded(rw http.ResponseWriter, r *http.Request, need standing) (identity, bool) {
	who, ok := w.visitor(rw, r)
	switch {
	case !ok:
	case who.standing == standingDead && w.core.faults.Fires(faultEndUnnoticed):
		rw.WriteHeader(http.StatusOK) // and nothing on it
	case who.standing != need && !(need == standingLive && w.core.lets(who)):
		w.fail(rw, r, who, errNotSignedIn)
	case !w.fits(r):
		w.fail(rw, r, who, errForbidden)
	default:
		return who, true
	}
	return who, false
}

// isForm says whether a request comes from an HTML form.
func isForm(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}
