package reference

import (
	"crypto/hmac"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// dialectMailu speaks like Mailu's admin app 2024.06.15: its paths, statuses,
// forms and cookies, over the sessions of this package. Where Mailu falls
// short it is well-behaved, but for what its protocol itself asks: it signs out by GET.
const dialectMailu = "mailu"

// mailuRules are what Mailu promises beyond the usual, to its server as to its command line.
var mailuRules = Rules{DisableSuspends: true}

// mailuLife is PERMANENT_SESSION_LIFETIME, mailuIdle is SESSION_TIMEOUT.
const (
	mailuLife = 30 * 24 * time.Hour
	mailuIdle = time.Hour
)

// mailuDevice is the cookie that spares a known device the rate limit of sign-ins.
const mailuDevice = "rate_limit"

type mailu struct {
	*site
	key []byte // of the forms' anti-forgery fields and of device cookies
}

func newMailu(s *site) *mailu {
	s.core.rules, s.core.idle, s.core.absolute = mailuRules, mailuIdle, mailuLife
	s.carry = cookies{name: "session", faults: s.core.faults, dress: mailuCookie}
	return &mailu{s, []byte(randomHex(16))}
}

// mailuCookie gives a session cookie Mailu's attributes. A deletion has its own date.
func mailuCookie(c *http.Cookie) {
	c.SameSite = http.SameSiteStrictMode
	if c.MaxAge == 0 {
		c.Expires = time.Now().Add(mailuLife)
	}
}

func (m *mailu) routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /ping", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /sso/login", m.page("login"))
	mux.HandleFunc("POST /sso/login", m.login)
	mux.HandleFunc("GET /sso/logout", m.logout)
	mux.HandleFunc("POST /sso/language/{language}", func(http.ResponseWriter, *http.Request) {}) // one language, nothing to remember
	mux.HandleFunc("GET /sso/pw_change", m.own("pw_change"))
	mux.HandleFunc("POST /sso/pw_change", m.changeAtSignIn)
	mux.HandleFunc("GET /internal/auth/user", m.gate)
	mux.HandleFunc("GET /admin/{$}", func(w http.ResponseWriter, _ *http.Request) { found(w, "/admin/user/settings") })
	mux.HandleFunc("GET /admin/client", m.page("client"))
	mux.HandleFunc("GET /admin/user/settings", m.own("settings"))
	mux.HandleFunc("GET /admin/user/password", m.own("password"))
	mux.HandleFunc("POST /admin/user/password", m.changePassword)
	mux.HandleFunc("GET /admin/user/signup/{domain}", m.page("signup"))
	mux.HandleFunc("POST /admin/user/signup/{domain}", m.signUp)
	m.adminPages(mux)
	m.api(mux)
}

//go:embed pages/mailu.html
var mailuFiles embed.FS

var mailuTemplates = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(mailuFiles, "pages/mailu.html"))
})

// mailuPage is what the templates see.
type mailuPage struct {
	User    string // whom the menu shows; "" shows the signed-out menu
	CSRF    string
	Flash   string // what the last post came to
	Address string // of the account or the domain that the page is about
}

// show renders a page for a visitor; asks is the path of the page.
func (m *mailu) show(w http.ResponseWriter, r *http.Request, status int, name string, who identity, flash string) {
	about := r.PathValue("email") + r.PathValue("domain")
	p := mailuPage{User: who.name(), CSRF: m.csrf(r), Flash: flash, Address: about}
	if name == "client" && who.live() && m.core.faults.Fires(faultSignOutUnreachable) {
		p.User = ""
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Vary", "Cookie")
	w.WriteHeader(status)
	_ = mailuTemplates().ExecuteTemplate(w, name, p) // a client that went away
}

// visitor finds out who is asking. It answers itself, and returns false, if
// that cannot be done. Mailu leaves the cookie of a dead session where it is.
func (m *mailu) visitor(w http.ResponseWriter, r *http.Request) (identity, bool) {
	who, err := m.core.whoami(m.meta(r))
	if err == nil {
		who, err = m.misread(r, who)
	}
	if err != nil {
		http.Error(w, "Internal Server Error", http.StatusInternalServerError)
		return who, false
	}
	if m.core.faults.On(faultGhost) {
		m.deny(w, r, who)
	}
	return who, true
}

// page is a page for everybody.
func (m *mailu) page(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if who, ok := m.visitor(w, r); ok {
			m.show(w, r, http.StatusOK, name, who, "")
		}
	}
}

// signed lets live sessions through and sends others to sign in.
func (m *mailu) signed(w http.ResponseWriter, r *http.Request) (identity, bool) {
	who, ok := m.visitor(w, r)
	if ok && !who.live() {
		found(w, "/sso/login?url="+url.QueryEscape(r.URL.Path))
		return who, false
	}
	return who, ok
}

// own is a page for live sessions only.
func (m *mailu) own(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if who, ok := m.signed(w, r); ok {
			m.show(w, r, http.StatusOK, name, who, "")
		}
	}
}

// gate is what the front asks before it lets a request through to the webmail.
func (m *mailu) gate(w http.ResponseWriter, r *http.Request) {
	who, ok := m.visitor(w, r)
	switch {
	case !ok:
	case !who.live():
		w.WriteHeader(http.StatusForbidden)
	default:
		w.Header().Set("X-User", who.name())
	}
}

func found(w http.ResponseWriter, where string) {
	w.Header().Set("Location", where)
	w.WriteHeader(http.StatusFound)
}

// mac is a value that only this server can make.
func (m *mailu) mac(of string) []byte {
	h := hmac.New(sha256.New, m.key)
	h.Write([]byte(of))
	return h.Sum(nil)
}

// csrf is the anti-forgery value of a visitor's forms: it goes with the session, or with having none.
func (m *mailu) csrf(r *http.Request) string {
	return hex.EncodeToString(m.mac("form " + m.carry.token(r))[:16])
}

// device makes the cookie of a device that somebody has signed in from.
func (m *mailu) device(r *http.Request, email string) *http.Cookie {
	name := base64.RawURLEncoding.EncodeToString([]byte(email)) + "$" + randomHex(9)
	return &http.Cookie{Name: mailuDevice, Value: name + "$" + hex.EncodeToString(m.mac(name)[:12]), Path: "/sso/login",
		MaxAge: 365 * 24 * 3600, HttpOnly: true, Secure: r.TLS != nil}
}

func (m *mailu) login(w http.ResponseWriter, r *http.Request) {
	email := r.PostFormValue("email")
	given, err := m.core.signIn(m.meta(r), email, r.PostFormValue("pw"))
	if err != nil {
		who, _ := m.core.identify(m.meta(r))
		m.show(w, r, http.StatusOK, "login", who, "Wrong e-mail or password")
		return
	}
	m.carry.hand(w, r, given)
	http.SetCookie(w, m.device(r, email))
	found(w, "/admin")
}

// logout is a GET, and asks for nothing.
func (m *mailu) logout(w http.ResponseWriter, r *http.Request) {
	ghost, err := m.core.signOut(m.meta(r))
	switch {
	case err != nil:
		w.WriteHeader(http.StatusForbidden)
		return
	case m.carry.token(r) != "":
		m.farewell(w, r, ghost)
	}
	found(w, "/sso/login")
}

// posted checks the anti-forgery field of a form.
func (m *mailu) posted(r *http.Request) bool { return same(r.PostFormValue("csrf_token"), m.csrf(r)) }

// chosen is the new password of a form, "" where it has none that will do.
func chosen(r *http.Request) string {
	pw := r.PostFormValue("pw")
	if len(pw) < 8 || pw != r.PostFormValue("pw2") || strings.TrimLeft(r.PostFormValue("pwned"), "-0") != "" {
		return ""
	}
	return pw
}
