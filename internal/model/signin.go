package model

const (
	newToken    = "establish/new-token-on-sign-in"
	notAdopted  = "establish/foreign-token-not-adopted"
	explicitAct = "establish/explicit-act-only"
	rotation    = "establish/rotation-kills-predecessor"
	firstFactor = "stepup/first-factor-grants-nothing"
	safeMethods = "frame/safe-methods-are-pure"
	noOrphan    = "hygiene/relogin-leaves-no-orphan"
	staysDead   = "expiry/dead-stays-dead"

	rotateOnChange   = "establish/rotate-on-privilege-change"
	credentialChange = "terminate/credential-change-ends-others"
	oneIdentity      = "isolate/one-token-one-identity"
	singleUse        = "establish/single-use-artefacts"
	halfOpen         = "isolate/half-open-grants-nothing"
)

func (w *World) signIn(e Event, cur *session) {
	if cur != nil {
		w.leave(e, cur)
	}
	if e.Captured == "" {
		return
	}
	s := &session{user: e.User, client: e.Client, generation: w.account(e.User).generation}
	switch {
	case w.Disabled(e.User):
		s.state, s.cause, s.because = stranger, explicitAct, "it comes from a sign-in while the account was disabled"
	case e.Outcome == "pending" || e.Op == "sign_in_partial":
		s.state = halfway
	}
	w.uncounted = w.uncounted || e.AtOnce
	for range e.Times - 1 { // the rest of a series: live, and nobody holds their credentials
		w.sessions = append(w.sessions, &session{user: e.User, client: e.Client, generation: s.generation})
	}
	w.sessions = append(w.sessions, s)
	w.current[e.Client], w.grants[e.Client] = s, s
	w.adopt(s, e.Captured)
	w.limit(s)
}

// leave says what becomes of the session that a client had when it signed in.
// A target that was not shown the credential cannot end its session; there the
// first one ends only where that is declared.
func (w *World) leave(e Event, cur *session) {
	switch {
	case cur.state == ended && e.Captured == "":
		cur.cause, cur.because = notAdopted, "it was over, and its client goes on with it after a sign-in"
	case cur.state == stranger:
		if cur.cause == explicitAct || cur.cause == halfOpen {
			cur.cause, cur.because = newToken, "its client held it before it signed in"
		}
	case cur.state == halfway && e.Captured != "":
		cur.state, cur.cause, cur.because = stranger, newToken, "its client held it before it had signed in"
	case cur.state == live && e.Captured != "" && w.declared.SignInAgain == "adds":
	case cur.state == live && e.Captured != "" && (w.declared.SignInAgain == "replaces" || e.Presented):
		cur.end(noOrphan, "its client signed in again")
	case cur.state == live, cur.state == halfway:
		cur.state, cur.because = unspecified, "its client signed in again"
	}
}

// leaveBorrowed says what becomes of a session that was planted in a client which
// now signs in: the target was shown it, and may take it for the one to replace.
func (w *World) leaveBorrowed(e Event, b *session) {
	delete(w.borrowed, e.Client)
	if b.state == live && w.declared.SignInAgain != "adds" {
		b.state, b.because = unspecified, "a client that had a copy of it signed in"
	}
}

// plant puts a value into a client: an invented one, or one that was captured
// before. What was over before stays over.
func (w *World) plant(e Event) {
	delete(w.current, e.Client)
	delete(w.borrowed, e.Client)
	if s := w.byCred[e.Planted]; s != nil {
		switch s.state {
		case ended:
			s.cause, s.because = notAdopted, "it was over, and a client brought it to its sign-in"
		case live:
			w.borrowed[e.Client] = s
		}
		return
	}
	if e.Captured != "" {
		s := &session{client: e.Client, state: stranger, cause: notAdopted, because: becauseInvented}
		w.sessions = append(w.sessions, s)
		w.current[e.Client] = s
		w.adopt(s, e.Captured)
	}
}

// outOfNowhere is the session of a credential that arrives without a sign-in.
func outOfNowhere(e Event) *session {
	s := &session{client: e.Client, state: unspecified, because: "anonymous"}
	switch {
	case e.Op == "crawl":
		s.state, s.cause, s.because = stranger, safeMethods, "a safe request handed it to somebody who has not signed in"
	case e.Op == "visit":
		s.state, s.cause, s.because = stranger, explicitAct, "a page handed it to somebody who has not signed in"
	case e.Op == "request_link":
		s.state, s.cause, s.because = stranger, halfOpen, "its client has only asked for a link"
	case e.Op == "redeem" && e.Outcome == "refused":
		s.state, s.cause, s.because = stranger, singleUse, "it comes from a link that was refused"
	case e.Op == "sign_in" && e.Outcome == "refused":
		s.state, s.cause, s.because = stranger, explicitAct, "it comes from a sign-in that was refused"
	}
	return s
}

// spend books a rotation that is declared.
func (w *World) spend(e Event, cur *session, why mark) {
	if e.Captured == "" {
		cur.end(why.duty, "declared as rotated, and the client got no other")
		return
	}
	if cur.spent == nil {
		cur.spent = map[string]mark{}
	}
	for _, c := range cur.creds {
		if _, before := cur.spent[c]; !before {
			cur.spent[c] = why
		}
	}
}
