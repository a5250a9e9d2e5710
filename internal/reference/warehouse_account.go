package reference

import (
	"net/http"
	"net/url"
)

func (w *warehouse) ownRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /manage/account/{$}", w.account)
	mux.HandleFunc("POST /manage/account/{$}", w.password)
	mux.HandleFunc("GET /admin/users/{name}/{$}", w.office(w.adminPage))
	mux.HandleFunc("POST /admin/users/{name}/{$}", w.office(w.adminSave))
	mux.HandleFunc("POST /admin/users/{name}/delete/{$}", w.office(w.adminDelete))
}

// own finds out who is asking, sends strangers to sign in, and refuses a form
// without its value.
func (w *warehouse) own(rw http.ResponseWriter, r *http.Request) (identity, bool) {
	who, err := w.core.identify(w.meta(r))
	switch {
	case err != nil:
		w.problem(rw, err)
	case !w.core.lets(who):
		w.unsigned(rw, r)
		see(rw, "/account/login/?next="+url.QueryEscape(r.URL.Path))
	case r.Method == http.MethodPost && !same(r.PostFormValue("csrf_token"), csrfOf(w.carry.token(r))):
		w.refused(rw)
	default:
		rw.Header().Set("Vary", "Cookie")
		return who, true
	}
	return who, false
}

func (w *warehouse) account(rw http.ResponseWriter, r *http.Request) {
	if _, ok := w.own(rw, r); ok {
		w.show(rw, http.StatusOK, "account", page{Title: "Account settings", FormCSRF: csrfOf(w.carry.token(r))})
	}
}

// password changes it and leaves the session its cookie.
func (w *warehouse) password(rw http.ResponseWriter, r *http.Request) {
	if _, ok := w.own(rw, r); !ok {
		return
	}
	next := r.PostFormValue("new_password")
	err := errBadInput
	if next == r.PostFormValue("password_confirm") {
		_, err = w.core.changePassword(w.meta(r), r.PostFormValue("password"), next)
	}
	if err != nil {
		w.show(rw, http.StatusOK, "account", page{Title: "Account settings", Error: err.Error(), FormCSRF: csrfOf(w.carry.token(r))})
		return
	}
	see(rw, "/manage/account/")
}

// office lets administrators through.
func (w *warehouse) office(next func(http.ResponseWriter, *http.Request, actor)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		who, ok := w.own(rw, r)
		switch {
		case !ok:
		case w.core.role(who) != RoleAdmin:
			w.problem(rw, errForbidden)
		default:
			next(rw, r, actor{session: who.session.ID, meta: w.meta(r)})
		}
	}
}

func (w *warehouse) adminPage(rw http.ResponseWriter, r *http.Request, _ actor) {
	w.show(rw, http.StatusOK, "admin", page{Title: r.PathValue("name"), FormCSRF: csrfOf(w.carry.token(r))})
}

// adminSave takes the form's word for everything about the account: a box that
// is not ticked is taken away.
func (w *warehouse) adminSave(rw http.ResponseWriter, r *http.Request, by actor) {
	name, role := r.PathValue("name"), RoleUser
	if r.PostFormValue("is_superuser") != "" {
		role = RoleAdmin
	}
	var is user
	err := w.core.change(name, func(_ *tx, u *user) { is = *u })
	if frozen := r.PostFormValue("is_frozen") != ""; err == nil && frozen != is.Disabled {
		if frozen {
			err = w.core.disable(by, name)
		} else {
			err = w.core.enable(name)
		}
	}
	if err == nil && role != is.Role {
		err = w.core.setRole(name, role)
	}
	w.saved(rw, r, err, r.URL.Path)
}

func (w *warehouse) adminDelete(rw http.ResponseWriter, r *http.Request, by actor) {
	name, err := r.PathValue("name"), errBadInput
	if r.PostFormValue("username") == name {
		err = w.core.remove(by, name)
	}
	w.saved(rw, r, err, "/admin/users/")
}

func (w *warehouse) saved(rw http.ResponseWriter, _ *http.Request, err error, where string) {
	if err != nil {
		w.problem(rw, err)
		return
	}
	see(rw, where)
}
