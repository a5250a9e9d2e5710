package model

// shownDuty is what the life of a credential rests on after a `present`.
// Whoever sees odd values beside a client's credential may well end its session;
// the sessions of others are none of their business.
func shownDuty(how string, mine bool) (duty, because string) {
	switch {
	case mine:
		return nobodys, "its own values were only shown"
	case how == "mix", how == "twin":
		return nobodys, "its values may have been shown beside another's"
	case how == "handles":
		return foreignHandles, "its handle shown by somebody else changes nothing"
	case how == "injection":
		return "robust/injection-safe", "a value shown by somebody else reaches no other session"
	case how == "malformed":
		return "robust/malformed-is-anonymous", "a broken value shown by somebody else changes nothing"
	}
	return "isolate/one-token-one-identity", "somebody else's values were only shown"
}

// Over names the way in which a credential's session ended, as far as targets
// have to refuse all of them alike: "signed out", "revoked", "expired",
// "unknown" for an invented one; "" for everything else.
func (w *World) Over(cred string) string {
	s := w.byCred[cred]
	switch {
	case s == nil || s.settled:
		return ""
	case s.state == stranger && s.because == becauseInvented:
		return "unknown"
	case s.state != ended:
		return ""
	}
	return map[string]string{becauseSignedOut: "signed out", becauseRevoked: "revoked", becauseExpired: "expired"}[s.because]
}

// Why sessions are over, where Over has to know.
const (
	becauseInvented  = "a client invented it"
	becauseSignedOut = "its client signed out"
	becauseRevoked   = "it was revoked"
	becauseExpired   = "the session expired"
)
