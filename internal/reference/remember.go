package reference

import (
	"net/http"
	"time"
)

// rememberCookie signs a client in again that has lost its session cookie, as a
// browser does at its end. It belongs to its sign-in and dies with it.
const (
	rememberCookie = "remember"
	rememberLife   = 30 * 24 * time.Hour
)

// remember hands the cookie to a client that asked for it as it signed in.
func (w *web) remember(rw http.ResponseWriter, r *http.Request, given grant) {
	if r.PostFormValue("remember") == "" || given.pending {
		return
	}
	secret, err := w.core.handOut(kindRemember, given.token)
	if err != nil {
		return
	}
	c := attributes(r, rememberCookie, secret)
	c.MaxAge = int(rememberLife / time.Second)
	http.SetCookie(rw, c)
}

// revive opens a session for a remember cookie whose own family is not ended.
func (c *core) revive(m meta, secret string) (out grant, err error) {
	err = c.store.update(func(t *tx) error {
		a := t.artefacts[idOf(secret)]
		if a == nil || a.Kind != kindRemember || c.now().Sub(a.Created) > rememberLife {
			return errNotSignedIn
		}
		u := t.users[a.UID]
		good := u != nil && !u.Disabled
		open := false
		for _, s := range t.family(a) {
			open = open || s.Ended == ""
		}
		if !(good && open) && !c.outlives(t.state, a) {
			return errNotSignedIn
		}
		out = c.join(t, a, m)
		return nil
	})
	return out, err
}

// remembered signs a client in that comes with a remember cookie and without a
// session cookie, and then lets the request through. A cookie that is good for
// nothing is deleted.
func (w *web) remembered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		found, err := r.Cookie(rememberCookie)
		carry, ok := w.carry.(cookies)
		if err != nil || !ok || carry.token(r) != "" || r.URL.Path == "/logout" || r.URL.Path == "/login" {
			next.ServeHTTP(rw, r)
			return
		}
		if given, err := w.core.revive(w.meta(r), found.Value); err == nil {
			carry.hand(rw, r, given)
			r.AddCookie(&http.Cookie{Name: carry.name, Value: given.token})
		} else {
			carry.dropOne(rw, r, rememberCookie)
		}
		next.ServeHTTP(rw, r)
	})
}

// forget deletes the remember cookie at a sign-out, and what it stands for.
func (w *web) forget(rw http.ResponseWriter, r *http.Request) {
	found, err := r.Cookie(rememberCookie)
	carry, ok := w.carry.(cookies)
	if err != nil || !ok {
		return
	}
	carry.dropOne(rw, r, rememberCookie)
	if w.core.faults.On(faultArtefactsLive) {
		return
	}
	_ = w.core.store.update(func(t *tx) error { // the sign-out has ended its family already
		if id := idOf(found.Value); t.artefacts[id] != nil {
			t.do(change{DropArtefact: id})
		}
		return nil
	})
}
