package reference

import "net/http"

// fragment is the signed-in menu that app.js puts into two-cookie's pages. 401
// says there is none; the claim cookie is deleted with it.
func (w *web) fragment(rw http.ResponseWriter, r *http.Request) {
	who, err := w.core.identify(w.meta(r))
	if err != nil {
		refuse(rw, err, nil)
		return
	}
	if !who.live() {
		refuse(rw, errNotSignedIn, w.deny(rw, r, who))
		return
	}
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = templates()["home"].ExecuteTemplate(rw, "signed-in", page{User: who.name(), CSRF: csrfOf(w.carry.token(r))})
}
