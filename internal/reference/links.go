package reference

import (
	"net/http"
	"time"
)

// linkLife is how long a link or code is good.
const linkLife = 10 * time.Minute

// requestLink makes a link for an account and puts it into its mailbox. A name
// that does not exist gets the same answer and no mail. The grant is empty
// unless a fault gives the one who asked a session.
func (c *core) requestLink(m meta, name string) (out grant, err error) {
	err = c.store.update(func(t *tx) error {
		u := t.named(name)
		if u == nil {
			return nil
		}
		secret := c.issue(t, kindLink, u.UID, "")
		c.mu.Lock()
		c.mail[u.UID] = secret
		c.mu.Unlock()
		if c.faults.Fires(faultHalfOpen) {
			out = c.fresh(t, u, m, true)
			s := *t.sessions[idOf(out.token)]
			s.Asked = true
			t.do(change{Session: &s})
		}
		return nil
	})
	return out, err
}

// mailTo is what the mailbox of an account holds.
func (c *core) mailTo(name string) (secret string, err error) {
	err = c.store.view(func(st *state) {
		if u := st.named(name); u != nil {
			c.mu.Lock()
			secret = c.mail[u.UID]
			c.mu.Unlock()
		}
	})
	return secret, err
}

// redeem opens a session for whoever brings a link's secret, once.
func (c *core) redeem(m meta, secret string) (out grant, err error) {
	err = c.store.update(func(t *tx) error {
		a := t.artefacts[idOf(secret)]
		if a == nil || a.Kind != kindLink || c.now().Sub(a.Created) > linkLife {
			return errBadCredentials
		}
		u := t.users[a.UID]
		if u == nil || u.Disabled {
			return errBadCredentials
		}
		if !c.faults.Fires(faultLinkTwice) {
			t.do(change{DropArtefact: a.ID})
		}
		c.leave(t, m)
		out = c.fresh(t, u, m, u.Code != "")
		return nil
	})
	return out, err
}

func (s *site) adminMail(w http.ResponseWriter, r *http.Request, _ actor) {
	secret, err := s.core.mailTo(r.PathValue("name"))
	switch {
	case err != nil:
		refuse(w, err, nil)
	case secret == "":
		refuse(w, errNoUser, nil)
	default:
		reply(w, http.StatusOK, map[string]any{"secret": secret})
	}
}

// apiRequestLink answers 202 to everybody.
func (s *site) apiRequestLink(w http.ResponseWriter, r *http.Request) {
	var body credentialsBody
	if !readJSON(w, r, &body) {
		return
	}
	half, err := s.core.requestLink(s.meta(r), body.User)
	if err != nil {
		refuse(w, err, nil)
		return
	}
	var extra map[string]any
	if half.token != "" { // only a fault gives anything here
		extra = s.carry.hand(w, r, half)
	}
	reply(w, http.StatusAccepted, merge(map[string]any{"state": "on its way"}, extra))
}

func (s *site) apiRedeem(w http.ResponseWriter, r *http.Request) {
	var body credentialsBody
	if !readJSON(w, r, &body) {
		return
	}
	given, err := s.core.redeem(s.meta(r), body.Code)
	if err != nil {
		refuse(w, err, nil)
		return
	}
	s.welcome(w, r, given)
}

func (w *web) recover(rw http.ResponseWriter, r *http.Request) {
	if !w.submitted(rw, r) {
		return
	}
	half, err := w.core.requestLink(w.meta(r), r.PostFormValue("user"))
	if err != nil {
		w.fail(rw, r, identity{}, err)
		return
	}
	if half.token != "" { // only a fault gives anything here
		w.carry.hand(rw, r, half)
	}
	see(rw, "/login")
}

// linkForm asks before it signs in: mail programs open links to look at them.
func (w *web) linkForm(rw http.ResponseWriter, r *http.Request) {
	if who, ok := w.visitor(rw, r); ok {
		w.show(rw, r, http.StatusOK, "link", who, page{Title: "Sign in by a link", FormCSRF: w.doubleSubmit(rw, r), Secret: r.URL.Query().Get("secret")})
	}
}

func (w *web) link(rw http.ResponseWriter, r *http.Request) {
	if !w.submitted(rw, r) {
		return
	}
	given, err := w.core.redeem(w.meta(r), r.PostFormValue("secret"))
	if err != nil {
		w.fail(rw, r, identity{}, err)
		return
	}
	w.enter(rw, r, given)
}
