package reference

import (
	"html/template"
	"net/http"
	"sync"
)

var warehouseTemplates = sync.OnceValue(func() map[string]*template.Template {
	all := map[string]*template.Template{}
	for _, name := range []string{"plain", "login", "two-factor", "register", "logout", "account", "admin"} {
		all[name] = template.Must(template.ParseFS(pageFiles, "pages/warehouse/layout.html", "pages/warehouse/"+name+".html"))
	}
	return all
})

// show renders a page, with the signed-out menu for everybody: the script puts
// the other one in.
func (w *warehouse) show(rw http.ResponseWriter, status int, name string, p page) {
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.Header().Set("Content-Security-Policy", "default-src 'none'; img-src data:; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	rw.WriteHeader(status)
	_ = warehouseTemplates()[name].ExecuteTemplate(rw, "layout", p) // a client that went away
}

// cached is a page without sessions: it looks at no cookie and sets none.
func (w *warehouse) cached(title string, status int) http.HandlerFunc {
	return func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Cache-Control", "public, max-age=60")
		w.show(rw, status, "plain", page{Title: title})
	}
}

func (w *warehouse) profile(rw http.ResponseWriter, r *http.Request) {
	known := false
	if err := w.core.store.view(func(st *state) { known = st.named(r.PathValue("name")) != nil }); err != nil {
		w.problem(rw, err)
		return
	}
	if !known {
		w.show(rw, http.StatusNotFound, "plain", page{Title: "Page not found"})
		return
	}
	w.cached("Profile of "+r.PathValue("name"), http.StatusOK)(rw, r)
}

// indicator is the menu that tells the truth.
func (w *warehouse) indicator(rw http.ResponseWriter, r *http.Request) {
	who, err := w.core.whoami(w.meta(r))
	if err == nil {
		who, err = w.misread(r, who)
	}
	if err != nil {
		w.problem(rw, err)
		return
	}
	p := page{}
	if who.live() {
		p.User, p.CSRF = who.name(), csrfOf(w.carry.token(r))
	} else {
		w.unsigned(rw, r)
	}
	rw.Header().Set("Vary", "Cookie")
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = warehouseTemplates()["plain"].ExecuteTemplate(rw, "menu", p) // a client that went away
}

// unsigned deletes a signal cookie that no session stands behind.
func (w *warehouse) unsigned(rw http.ResponseWriter, r *http.Request) { w.cookies.dropClaim(rw, r) }

// stranger is a page with a form for whoever is not signed in; others are sent on.
func (w *warehouse) stranger(name, title string) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		who, err := w.core.identify(w.meta(r))
		switch {
		case err != nil:
			w.problem(rw, err)
			return
		case who.live():
			see(rw, "/manage/account/")
			return
		}
		token := w.carry.token(r)
		if !w.marked(token) {
			token = w.mark()
			w.carry.hand(rw, r, grant{token: token})
		}
		rw.Header().Set("Vary", "Cookie")
		w.show(rw, http.StatusOK, name, page{Title: title, FormCSRF: csrfOf(token)})
	}
}

// admitted lets a stranger's form through that carries the value of the
// stranger's session; everybody else is answered.
func (w *warehouse) admitted(rw http.ResponseWriter, r *http.Request) bool {
	who, err := w.core.identify(w.meta(r))
	token := w.carry.token(r)
	switch {
	case err != nil:
		w.problem(rw, err)
	case who.live():
		see(rw, "/manage/account/")
	case !w.marked(token) || !same(r.PostFormValue("csrf_token"), csrfOf(token)):
		w.refused(rw)
	default:
		return true
	}
	return false
}

// refused is the answer to a form without its anti-forgery value.
func (w *warehouse) refused(rw http.ResponseWriter) {
	w.show(rw, http.StatusBadRequest, "plain", page{Title: "Bad request", Error: "Incorrect CSRF token"})
}

func (w *warehouse) problem(rw http.ResponseWriter, err error) {
	w.show(rw, statusOf(err), "plain", page{Title: "That did not work", Error: err.Error()})
}
