package reference

import "net/http"

// stepUp takes the password once more and elevates the session, which goes on
// under a new token; the old one is dead.
func (c *core) stepUp(m meta, password string) (grant, error) {
	var out grant
	err := c.store.update(func(t *tx) error {
		who := c.resolve(t.state, m.token)
		if !who.live() {
			return errNotSignedIn
		}
		if !checkPassword(who.user.Hash, password) {
			return errBadCredentials
		}
		next := *who.session
		next.Elevated, next.Seen = true, c.now()
		if c.faults.Fires(faultStepUpKeeps) {
			t.do(change{Session: &next})
			out = grant{token: m.token, handle: next.Handle, user: who.user.Name, uid: who.user.UID}
			return nil
		}
		out = c.renew(t, &next, who.user)
		return nil
	})
	return out, err
}

// sensitive is for elevated sessions only. It does nothing.
func (c *core) sensitive(m meta) error {
	who, err := c.identify(m)
	switch {
	case err != nil:
		return err
	case !who.live():
		return errNotSignedIn
	case !who.session.Elevated:
		return errForbidden
	}
	return nil
}

func (s *site) apiStepUp(w http.ResponseWriter, r *http.Request) {
	var body credentialsBody
	if !s.signedIn(w, r) || !readJSON(w, r, &body) {
		return
	}
	given, err := s.core.stepUp(s.meta(r), body.Password)
	if err != nil {
		refuse(w, err, nil)
		return
	}
	reply(w, http.StatusOK, merge(map[string]any{"user": given.user}, s.carry.hand(w, r, given)))
}

func (s *site) apiSensitive(w http.ResponseWriter, r *http.Request) {
	if !s.signedIn(w, r) {
		return
	}
	if err := s.core.sensitive(s.meta(r)); err != nil {
		refuse(w, err, nil)
		return
	}
	done(w, nil)
}
