package reference

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"net/http"
	"sync"
)

//go:embed pages
var pageFiles embed.FS

// templates holds one template a page, each the layout with that page's body.
// They are parsed when first needed: the command lines never need them.
var templates = sync.OnceValue(func() map[string]*template.Template {
	all := map[string]*template.Template{}
	for _, name := range []string{"home", "help", "message", "login", "code", "signup", "logout", "account", "notes", "admin", "recover", "link"} {
		all[name] = template.Must(template.ParseFS(pageFiles, "pages/layout.html", "pages/"+name+".html"))
	}
	return all
})

// page is what the templates see.
type page struct {
	Title    string
	Error    string
	User     string // whom the menu shows; "" shows the signed-out menu
	CSRF     string // of the menu's sign-out form
	FormCSRF string // of the page's own form
	Standing string
	Script   string
	Extra    string // what a planted fault adds
	Back     bool   // the page looks after itself when it is gone back to
	Sessions []listed
	// AskPassword puts the question into the forms that end sessions.
	AskPassword bool
	Note        string
	Secret      string // of a link to sign in by
}

// csrfOf is the anti-forgery value of a session's forms. It follows from the
// token, which is secret and unguessable, so nothing need be stored.
func csrfOf(token string) string {
	sum := sha256.Sum256([]byte("anti-forgery: " + token))
	return hex.EncodeToString(sum[:16])
}

// show renders a page for a visitor.
func (w *web) show(rw http.ResponseWriter, r *http.Request, status int, name string, who identity, p page) {
	claims := w.core.faults.Fires(faultClaimOutlivesSession)
	if !w.static || claims { // a static page is the same for everybody
		p.Standing = who.standing.String()
	}
	token := w.carry.token(r)
	if p.FormCSRF == "" {
		p.FormCSRF = csrfOf(token)
	}
	w.issue(p.FormCSRF)
	hidden := name == "help" && (w.static || who.live()) && w.core.faults.Fires(faultSignOutUnreachable)
	switch {
	case w.static && hidden:
	case w.static && claims:
		p.Script = "/claim.js"
	case w.static:
		p.Script = "/app.js"
	default:
		if who.live() && !hidden {
			p.User, p.CSRF = who.name(), csrfOf(token)
		}
		if claims && !hidden {
			p.Script = "/claim.js"
		}
	}
	if w.core.faults.Fires(faultClaimDiesWithTab) {
		p.Script = "/tab.js"
	}
	if w.core.faults.Fires(faultStaleFormsSent) {
		p.Extra = "/stale.js"
	}
	if w.core.faults.Fires(faultRecentKept) {
		p.Extra = "/recent.js"
	}
	p.Back = !w.core.faults.Fires(faultBackShows)
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.Header().Set("Content-Security-Policy", "default-src 'none'; img-src data:; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"+ancestors(r))
	rw.WriteHeader(status)
	_ = templates()[name].ExecuteTemplate(rw, "layout", p) // a client that went away
}

// script serves one of the embedded scripts.
func script(file string) http.HandlerFunc {
	source, err := pageFiles.ReadFile("pages/" + file)
	if err != nil {
		panic(err) // the file is embedded
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		_, _ = w.Write(source)
	}
}
