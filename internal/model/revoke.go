package model

import "strings"

const (
	revokeExact    = "multi/revoke-exact"
	revokeNeeds    = "multi/revoke-needs-authentication"
	foreignHandles = "isolate/foreign-handles-refused"
)

// revoke ends the session of the second client: only one of the same user, and
// only when the factor that is declared as needed was given.
func (w *World) revoke(e Event) {
	t := w.current[e.Of]
	switch {
	case t == nil, w.foreign(e, t):
	case (e.Unanswered || e.Wrong) && w.declared.RevokeNeeds == "password":
	case e.Unanswered, e.Wrong, t.state == halfway:
		if t.state != ended {
			t.state, t.because = unspecified, "it may have been revoked"
		}
	default:
		t.end(revokeExact, becauseRevoked)
	}
}

// foreign tells whether a session is none of the actor's business. What an
// administrator may do to other people's sessions nobody has declared.
func (w *World) foreign(e Event, t *session) bool {
	return t.user != "" && e.User != "" && t.user != e.User
}

func administrator(user string) bool { return strings.HasPrefix(user, "admin") }

// revokeDuty is keepDuty for a revoked session.
func (w *World) revokeDuty(e Event, s *session) (duty, because string) {
	t := w.current[e.Of]
	theirs := s.user == e.User
	switch {
	case t != nil && w.foreign(e, t):
		switch {
		case theirs, administrator(e.User) && s == t: // who tries may be shown the door
			return nobodys, "somebody else's session was to be revoked"
		case s.user == t.user && !administrator(e.User):
			return foreignHandles, "another user's handle ends nothing"
		}
	case (e.Unanswered || e.Wrong) && theirs && s == w.current[e.Client] && s != t:
		return nobodys, "its client gave no right answer"
	case (e.Unanswered || e.Wrong) && theirs && w.declared.RevokeNeeds == "password":
		return revokeNeeds, "no password was given, and revoking is declared to need it"
	case (e.Unanswered || e.Wrong) && theirs:
		return nobodys, "what a revocation needs is not declared"
	}
	return revokeExact, "another session was revoked"
}

// signOutAll ends the user's other sessions where that is declared. cur is the
// session that signed out, over by now.
func (w *World) signOutAll(cur *session) {
	if w.declared.SignOut != "all" || cur == nil || cur.user == "" {
		return
	}
	w.endFinished(cur.user, nil, "terminate/sign-out-kills-server-side", "a sign-out is declared to end all sessions of the user")
}
