package reference

import "net/http"

// The JSON handlers the dialects app, bearer and realtime share; each dialect
// gives them paths of its own.

type credentialsBody struct {
	User     string `json:"user"`
	Password string `json:"password"`
	Code     string `json:"code"`
}

// welcome answers a sign-in: 200, or 202 while the second factor is due.
func (s *site) welcome(w http.ResponseWriter, r *http.Request, g grant) {
	extra := s.carry.hand(w, r, g)
	if g.pending {
		reply(w, http.StatusAccepted, merge(map[string]any{"state": "pending"}, extra))
		return
	}
	extra = merge(extra, s.refreshField(g))
	reply(w, http.StatusOK, merge(map[string]any{"state": "live", "user": g.user, "handle": g.handle}, extra))
}

func (s *site) apiSignIn(w http.ResponseWriter, r *http.Request) {
	var body credentialsBody
	if !readJSON(w, r, &body) {
		return
	}
	given, err := s.core.signIn(s.meta(r), body.User, body.Password)
	if err != nil {
		refuse(w, err, s.stray(w, r))
		return
	}
	s.welcome(w, r, given)
}

func (s *site) apiCode(w http.ResponseWriter, r *http.Request) {
	var body credentialsBody
	if !readJSON(w, r, &body) {
		return
	}
	given, err := s.core.giveCode(s.meta(r), body.Code)
	if err != nil {
		refuse(w, err, nil)
		return
	}
	s.welcome(w, r, given)
}

// apiWhoami answers 200 with the user's name, 202 while pending, else 401.
func (s *site) apiWhoami(w http.ResponseWriter, r *http.Request) {
	who, err := s.core.whoami(s.meta(r))
	if err == nil {
		who, err = s.misread(r, who)
	}
	if err != nil {
		refuse(w, err, nil)
		return
	}
	fields := map[string]any{"state": who.standing.String(), "user": nil}
	switch who.standing {
	case standingLive:
		fields["user"], fields["handle"] = who.name(), who.session.Handle
		s.betray(w, r, fields)
		reply(w, http.StatusOK, fields)
	case standingPending:
		reply(w, http.StatusAccepted, fields)
	default:
		reply(w, s.refusalStatus(who), merge(fields, s.deny(w, r, who)))
	}
}

// apiSignOut succeeds whatever the session's state was.
func (s *site) apiSignOut(w http.ResponseWriter, r *http.Request) {
	ghost, err := s.core.signOut(s.meta(r))
	if err != nil {
		refuse(w, err, nil)
		return
	}
	done(w, s.farewell(w, r, ghost))
}

// apiSignUp makes an account for whoever asks. It signs nobody in.
func (s *site) apiSignUp(w http.ResponseWriter, r *http.Request) {
	var body credentialsBody
	if !readJSON(w, r, &body) {
		return
	}
	if _, err := s.core.create(actor{}, newUser{Name: body.User, Password: body.Password}); err != nil {
		refuse(w, err, nil)
		return
	}
	reply(w, http.StatusCreated, map[string]any{"user": body.User})
}

func (s *site) apiPassword(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Current string `json:"current"`
		New     string `json:"new"`
	}
	if !s.signedIn(w, r) || !readJSON(w, r, &body) {
		return
	}
	given, err := s.core.changePassword(s.meta(r), body.Current, body.New)
	if err != nil {
		refuse(w, err, nil)
		return
	}
	reply(w, http.StatusOK, merge(map[string]any{"user": given.user}, s.carry.hand(w, r, given)))
}

func (s *site) apiSessions(w http.ResponseWriter, r *http.Request) {
	if !s.signedIn(w, r) {
		return
	}
	rows, err := s.core.sessions(s.meta(r))
	if err != nil {
		refuse(w, err, nil)
		return
	}
	reply(w, http.StatusOK, map[string]any{"sessions": rows})
}

func (s *site) apiRevoke(w http.ResponseWriter, r *http.Request) {
	password, ok := s.factor(w, r)
	if !ok {
		return
	}
	current, ghost, err := s.core.revoke(s.meta(r), r.PathValue("id"), password)
	switch {
	case err != nil:
		refuse(w, err, nil)
	case current:
		done(w, s.farewell(w, r, ghost))
	default:
		done(w, nil)
	}
}

func (s *site) apiRevokeOthers(w http.ResponseWriter, r *http.Request) {
	password, ok := s.factor(w, r)
	if !ok {
		return
	}
	if err := s.core.revokeOthers(s.meta(r), password); err != nil {
		refuse(w, err, nil)
		return
	}
	done(w, nil)
}

// factor reads the password that a revocation asks for, where it does. ok is
// false for whoever is not signed in or sends something else; they are answered.
func (s *site) factor(w http.ResponseWriter, r *http.Request) (password string, ok bool) {
	var body credentialsBody
	if !s.signedIn(w, r) || s.core.rules.RevokeAsks && !readJSON(w, r, &body) {
		return "", false
	}
	return body.Password, true
}

func (s *site) apiWriteNote(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Text string `json:"text"`
	}
	if !s.signedIn(w, r) || !readJSON(w, r, &body) {
		return
	}
	if err := s.core.writeNote(s.meta(r), s.connection(w, r), body.Text); err != nil {
		refuse(w, err, nil)
		return
	}
	reply(w, http.StatusOK, map[string]any{"text": body.Text})
}

func (s *site) apiReadNote(w http.ResponseWriter, r *http.Request) {
	if !s.signedIn(w, r) {
		return
	}
	text, err := s.core.readNote(s.meta(r), s.connection(w, r))
	if err != nil {
		refuse(w, err, nil)
		return
	}
	reply(w, http.StatusOK, map[string]any{"text": text})
}

// signedIn answers and returns false for everybody without a live session.
// The core decides again under its lock; this is for the answer's form.
func (s *site) signedIn(w http.ResponseWriter, r *http.Request) bool {
	_, ok := s.live(w, r)
	return ok
}
