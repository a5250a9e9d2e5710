package reference

import "net/http"

// The pages of web and two-cookie that are about the visitor's own account.

// own is a page for live sessions only; others are sent to sign in.
func (w *web) own(rw http.ResponseWriter, r *http.Request) (identity, bool) {
	who, ok := w.visitor(rw, r)
	if ok && !w.core.lets(who) {
		w.core.late(w.meta(r), who)
		see(rw, "/login")
		return who, false
	}
	return who, ok
}

func (w *web) account(rw http.ResponseWriter, r *http.Request) {
	who, ok := w.own(rw, r)
	if !ok {
		return
	}
	rows, err := w.core.sessions(w.meta(r))
	if err != nil {
		w.fail(rw, r, who, err)
		return
	}
	w.renew(rw, r)
	w.show(rw, r, http.StatusOK, "account", who, page{Title: "Account", Sessions: rows, AskPassword: w.core.rules.RevokeAsks})
}

func (w *web) password(rw http.ResponseWriter, r *http.Request) {
	who, ok := w.guarded(rw, r, standingLive)
	if !ok {
		return
	}
	given, err := w.core.changePassword(w.meta(r), r.PostFormValue("current"), r.PostFormValue("new"))
	if err != nil {
		w.fail(rw, r, who, err)
		return
	}
	w.carry.hand(rw, r, given)
	see(rw, w.leaky("/account", given))
}

func (w *web) revoke(rw http.ResponseWriter, r *http.Request) {
	who, ok := w.guarded(rw, r, standingLive)
	if !ok {
		return
	}
	current, ghost, err := w.core.revoke(w.meta(r), r.PathValue("id"), r.PostFormValue("password"))
	switch {
	case err != nil:
		w.fail(rw, r, who, err)
	case current:
		w.farewell(rw, r, ghost)
		see(rw, "/?signed-out")
	default:
		see(rw, "/account")
	}
}

func (w *web) revokeOthers(rw http.ResponseWriter, r *http.Request) {
	who, ok := w.guarded(rw, r, standingLive)
	if !ok {
		return
	}
	if err := w.core.revokeOthers(w.meta(r), r.PostFormValue("password")); err != nil {
		w.fail(rw, r, who, err)
		return
	}
	see(rw, "/account")
}

func (w *web) notes(rw http.ResponseWriter, r *http.Request) {
	who, ok := w.own(rw, r)
	if !ok {
		return
	}
	text, err := w.core.readNote(w.meta(r), "")
	if err != nil {
		w.fail(rw, r, who, err)
		return
	}
	w.show(rw, r, http.StatusOK, "notes", who, page{Title: "Notes", Note: text})
}

func (w *web) keepNote(rw http.ResponseWriter, r *http.Request) {
	who, ok := w.guarded(rw, r, standingLive)
	if !ok {
		return
	}
	if err := w.core.writeNote(w.meta(r), "", r.PostFormValue("text")); err != nil {
		w.fail(rw, r, who, err)
		return
	}
	see(rw, "/notes")
}

// adminForm is the form to create users with; it posts to the admin API's path.
func (w *web) adminForm(rw http.ResponseWriter, r *http.Request) {
	who, ok := w.own(rw, r)
	switch {
	case !ok:
	case w.core.role(who) != RoleAdmin:
		w.fail(rw, r, who, errForbidden)
	default:
		w.show(rw, r, http.StatusOK, "admin", who, page{Title: "Create a user"})
	}
}

// adminFormCreate is POST /admin/users where it comes from the form.
func (w *web) adminFormCreate(rw http.ResponseWriter, r *http.Request) {
	who, ok := w.guarded(rw, r, standingLive)
	if !ok {
		return
	}
	if w.core.role(who) != RoleAdmin {
		w.fail(rw, r, who, errForbidden)
		return
	}
	by := actor{session: who.session.ID, meta: w.meta(r)}
	given, err := w.core.create(by, newUser{Name: r.PostFormValue("user"), Password: r.PostFormValue("password")})
	if err != nil {
		w.show(rw, r, statusOf(err), "admin", who, page{Title: "Create a user", Error: err.Error()})
		return
	}
	if given.token != "" { // only a fault gives anything here
		w.carry.hand(rw, r, given)
	}
	see(rw, "/admin/users/new")
}
