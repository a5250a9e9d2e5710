package reference

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"

	"github.com/pquerna/otp/totp"
)

const dialectWarehouse = "warehouse"

// warehouse is the dialect of PyPI's web pages: a session cookie, beside it a
// signal cookie for scripts, cached pages with the signed-out menu, answers by
// 303, and anonymous sessions that hold a form's anti-forgery value.
type warehouse struct {
	*site
	cookies cookies
	// key marks the session cookies of strangers: they are stored nowhere.
	key [32]byte
}

func newWarehouse(s *site) *warehouse {
	w := &warehouse{site: s, cookies: cookies{name: "session_id", signal: "user_id__insecure", bareSignal: true, faults: s.core.faults}}
	rand.Read(w.key[:])
	s.carry = w.cookies
	s.core.rules.PasswordKeepsToken = true
	return w
}

func (w *warehouse) routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /_health/{$}", func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte("OK")) })
	mux.HandleFunc("GET /{$}", w.cached("Find, install and publish packages", http.StatusOK))
	mux.HandleFunc("GET /help/{$}", w.cached("Common questions", http.StatusOK))
	mux.HandleFunc("GET /sponsors/{$}", w.cached("Sponsors", http.StatusOK))
	mux.HandleFunc("/", w.cached("Page not found", http.StatusNotFound))
	mux.HandleFunc("GET /user/{name}/{$}", w.profile)
	mux.HandleFunc("GET /static/js/include.js", script("warehouse/include.js"))
	mux.HandleFunc("GET /_includes/authed/current-user-indicator/{$}", w.indicator)
	mux.HandleFunc("GET /account/login/{$}", w.stranger("login", "Log in"))
	mux.HandleFunc("POST /account/login/{$}", w.login)
	mux.HandleFunc("GET /account/two-factor/{$}", w.stranger("two-factor", "Two-factor authentication"))
	mux.HandleFunc("POST /account/two-factor/{$}", w.code)
	mux.HandleFunc("GET /account/register/{$}", w.stranger("register", "Create an account"))
	mux.HandleFunc("POST /account/register/{$}", w.register)
	mux.HandleFunc("GET /account/logout/{$}", w.logoutForm)
	mux.HandleFunc("POST /account/logout/{$}", w.logout)
	w.ownRoutes(mux)
}

// login answers a wrong password by the form again, with status 200.
func (w *warehouse) login(rw http.ResponseWriter, r *http.Request) {
	if !w.admitted(rw, r) {
		return
	}
	given, err := w.core.signIn(w.meta(r), r.PostFormValue("username"), r.PostFormValue("password"))
	switch {
	case err != nil:
		w.show(rw, http.StatusOK, "login", page{Title: "Log in", Error: err.Error(), FormCSRF: csrfOf(w.carry.token(r))})
	case given.pending: // the half-done sign-in travels in the address
		see(rw, "/account/two-factor/?userid="+url.QueryEscape(given.token))
	default:
		w.carry.hand(rw, r, given)
		see(rw, within(r.PostFormValue("next")))
	}
}

// within is where a sign-in leads to, on this site.
func within(next string) string {
	if strings.HasPrefix(next, "/") && !strings.HasPrefix(next, "//") && !strings.Contains(next, `\`) {
		return next
	}
	return "/manage/account/"
}

// code completes a sign-in by a one-time code; the account's factor is the secret.
func (w *warehouse) code(rw http.ResponseWriter, r *http.Request) {
	if !w.admitted(rw, r) {
		return
	}
	m := w.meta(r)
	m.token = r.URL.Query().Get("userid")
	who, err := w.core.identify(m)
	if err == nil && who.standing == standingPending {
		factor := ""
		if totp.Validate(strings.TrimSpace(r.PostFormValue("totp_value")), who.user.Code) {
			factor = who.user.Code
		}
		given, err := w.core.giveCode(m, factor)
		if err == nil {
			w.carry.hand(rw, r, given)
			see(rw, "/manage/account/")
			return
		}
	}
	w.show(rw, http.StatusOK, "two-factor", page{Title: "Two-factor authentication", Error: "Invalid code", FormCSRF: csrfOf(w.carry.token(r))})
}

// register makes an account and signs its owner in.
func (w *warehouse) register(rw http.ResponseWriter, r *http.Request) {
	if !w.admitted(rw, r) {
		return
	}
	name, password := r.PostFormValue("username"), r.PostFormValue("new_password")
	_, err := w.core.create(actor{}, newUser{Name: name, Password: password})
	if err != nil {
		w.show(rw, http.StatusOK, "register", page{Title: "Create an account", Error: err.Error(), FormCSRF: csrfOf(w.carry.token(r))})
		return
	}
	given, err := w.core.signIn(w.meta(r), name, password)
	if err != nil {
		w.problem(rw, err)
		return
	}
	carry := w.cookies
	if w.core.faults.Fires(faultSignOutUnreachable) {
		carry.signal = "" // the route was forgotten as the signal came
	}
	carry.hand(rw, r, given)
	see(rw, "/")
}

// logoutForm asks before; whoever is signed out already is sent on at once.
func (w *warehouse) logoutForm(rw http.ResponseWriter, r *http.Request) {
	who, err := w.core.identify(w.meta(r))
	switch {
	case err != nil:
		w.problem(rw, err)
	case !who.live():
		w.unsigned(rw, r)
		see(rw, "/")
	default:
		w.show(rw, http.StatusOK, "logout", page{Title: "Log out of " + who.name(), FormCSRF: csrfOf(w.carry.token(r))})
	}
}

func (w *warehouse) logout(rw http.ResponseWriter, r *http.Request) {
	who, err := w.core.identify(w.meta(r))
	switch {
	case err != nil:
		w.problem(rw, err)
		return
	case who.live() && !same(r.PostFormValue("csrf_token"), csrfOf(w.carry.token(r))):
		w.refused(rw)
		return
	}
	ghost, err := w.core.signOut(w.meta(r))
	if err != nil {
		w.problem(rw, err)
		return
	}
	w.farewell(rw, r, ghost)
	see(rw, "/")
}

// mark makes a stranger's session cookie, which only carries the value of forms.
func (w *warehouse) mark() string {
	value := randomHex(16)
	return value + "." + w.sign(value)
}

func (w *warehouse) sign(value string) string {
	mac := hmac.New(sha256.New, w.key[:])
	mac.Write([]byte(value))
	return hex.EncodeToString(mac.Sum(nil))
}

func (w *warehouse) marked(token string) bool {
	value, mac, ok := strings.Cut(token, ".")
	return ok && same(mac, w.sign(value))
}
