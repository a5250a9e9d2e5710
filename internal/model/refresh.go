package model

// Duties of what a sign-in hands out beside the credential.
const (
	reuse        = "establish/refresh-reuse-revokes-family"
	accountState = "establish/refresh-respects-account-state"
	allDie       = "terminate/all-artefacts-die"
	accountEnd   = "terminate/account-end-kills-all"
	othersEnd    = "terminate/credential-change-ends-others"
)

// refresh books an exchange of the refresh credential. What it brings goes on
// in the session that the client signed in to.
func (w *World) refresh(e Event) {
	s := w.granted(e.Client, e.Spent)
	if e.Spent && e.Outcome == "refused" && s != nil {
		w.reused(s)
	}
	if e.Captured == "" {
		return
	}
	open := s != nil && s.state == unspecified && e.Outcome != "refused"
	if s == nil || s.state != live && !open || e.Outcome == "refused" { // the judge has its say about that
		s = &session{user: e.User, client: e.Client, generation: w.account(e.User).generation,
			state: unspecified, because: "a refresh brought it that had to be refused"}
		w.sessions = append(w.sessions, s)
	}
	w.adopt(s, e.Captured)
	if !e.Spent {
		w.current[e.Client], w.used[e.Client] = s, s
	}
}

// granted is the session that a client's refresh credential belongs to, the one
// that it has now or the one that it has spent.
func (w *World) granted(client string, spent bool) *session {
	if spent {
		return w.used[client]
	}
	return w.grants[client]
}

// reused ends all that belongs to a spent refresh credential. Whether it also
// ends the user's other sessions is the target's own decision.
func (w *World) reused(s *session) {
	if w.declared.ReuseRefused {
		return
	}
	if s.state == live {
		s.end(reuse, "its spent refresh credential was used again")
	}
	for _, o := range w.of(s.user) {
		if o.state == live {
			o.state, o.because = unspecified, "a spent refresh credential of its user was used again"
		}
	}
}

// Revival says whether what a client was given at its last sign-in must bring
// no session any more by a refresh: the duty that this rests on, "" where
// nothing is judged, and the reason. It is asked before the event in question
// is applied.
//
// spent asks about the refresh credential that the client has used already.
func (w *World) Revival(client string, spent bool) (duty, because string) {
	s := w.granted(client, spent)
	switch cause, because := w.over(s); cause {
	case "ended", accountEnd, "isolate/no-identity-reuse": // to expire is no breach of anything, to go on after it is
		return accountState, because
	case allDie, reuse, othersEnd:
		return cause, because
	}
	return "", ""
}

// Outlived says the same of everything but a refresh: a session that has only
// run out may be followed by another, that is what being remembered is for.
func (w *World) Outlived(client string) (duty, because string) {
	if cause, because := w.over(w.grants[client]); cause != "ended" && cause != reuse {
		return cause, because
	}
	return "", ""
}

// over says why a session is over: a duty, "ended" where none is concerned, ""
// where it is not over or nothing is known.
func (w *World) over(s *session) (cause, because string) {
	switch {
	case s == nil || s.settled || s.user == "":
		return "", ""
	case w.account(s.user).generation != s.generation:
		return "isolate/no-identity-reuse", "it belonged to an earlier account of the same name"
	case s.state == suspended:
		return accountEnd, s.because
	case s.state != ended:
		return "", ""
	}
	switch s.cause {
	case "":
		return "ended", s.because
	case "terminate/sign-out-kills-server-side", "terminate/sign-out-idempotent", "multi/revoke-exact", "terminate/admin-can-end":
		return allDie, s.because
	case accountEnd, reuse, othersEnd:
		return s.cause, s.because
	}
	return "", ""
}
