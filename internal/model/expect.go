package model

// expect says what one credential must answer after an event.
func (w *World) expect(e Event, cred string, before *session) Expect {
	s := w.byCred[cred]
	x := Expect{Credential: cred, User: s.user, Because: s.because}
	if s.settled || s.user == "" && s.state == unspecified {
		x.Want = Any
		return x
	}
	if w.account(s.user).generation != s.generation && s.state != unspecified {
		x.Want, x.Duty = Dead, "isolate/no-identity-reuse"
		x.Because = "it belonged to an earlier account of the same name"
		if s.half || s.state == halfway {
			x.Want = NotLive
		}
		return x
	}
	if by, spent := s.spent[cred]; spent && s.state != ended {
		x.Want, x.Duty, x.Because = Dead, by.duty, by.because
		return x
	}
	switch s.state {
	case ended:
		x.Want, x.Duty = Dead, s.cause
		if s.because == becauseExpired && e.Op != "expire" { // it was seen dead when it expired
			x.Duty = staysDead
		}
		if s.half {
			x.Want = NotLive
		}
	case stranger:
		x.Want, x.Duty = NotLive, s.cause
	case suspended:
		x.Want, x.Duty = Dead, "terminate/account-end-kills-all"
		if s.half {
			x.Want = NotLive
		}
	case unspecified:
		x.Want = Any
	case halfway:
		x.Want, x.Duty, x.Because = Pending, firstFactor, "the sign-in is not finished"
	case live:
		if cred != s.creds[len(s.creds)-1] {
			// A predecessor of a rotation that nobody declared.
			x.Want, x.Because = Any, "replaced by a newer credential of the same session"
			return x
		}
		x.Want = Live
		x.Duty, x.Because = w.keepDuty(e, s, before)
		if x.Duty == nobodys {
			x.Want, x.Duty = Any, ""
		}
	}
	return x
}

// Duties that only browsers put to the test.
const (
	privateWindow = "browser/private-window-isolated"
	crossSite     = "browser/cross-site-entry"
	embedded      = "browser/embedded-context"
	stateProof    = "csrf/state-change-needs-proof"
	signForgery   = "csrf/sign-in-and-out-forgery"
)

// windowOps are the operations that begin or end something in a window.
var windowOps = map[string]bool{"sign_in": true, "sign_out": true, "close_private_window": true}

// nobodys is the duty of an operation that nobody promised anything about: the
// session may go on or end with it.
const nobodys = "nobody's"

// keepDuty is the attribution table for credentials that must go on living:
// which duty the operation has towards a bystander in this relation.
func (w *World) keepDuty(e Event, s *session, actor *session) (duty, because string) {
	now := w.current[e.Client]
	older := s.client == e.Client && now != nil && s != now // signing in again has added a session
	mine := !older && (s == actor || s.client == e.Client)
	theirs := s.user == e.User
	if e.Beside != "" && s.client == e.Beside && windowOps[e.Op] {
		return privateWindow, "it is in another window, and a private one is apart"
	}
	switch e.Op {
	case "create_user":
		if mine && e.ByUser {
			return "frame/create-user-keeps-actor", "it created an account for somebody else"
		}
		return "frame/create-user-keeps-sessions", "creating an account ends nobody's session"
	case "sign_in", "sign_in_partial", "redeem":
		if e.Outcome == "refused" && mine && !e.Wrong && w.declared.SignInAgain == "refused" {
			return noOrphan, "a second sign-in is declared as refused, so the first goes on"
		}
		if e.Outcome == "refused" { // not even to the session of whoever mistyped
			return "frame/failed-sign-in-changes-nothing", "a failed sign-in changes nothing"
		}
		if mine {
			return "", "it has just signed in"
		}
		switch {
		case e.Times > 1 && theirs: // a limit, a flood, one sign-in ending another: it does not show which
			return "", "a series of sign-ins of its own user should leave it"
		case e.Times > 1:
			return "hygiene/flooding-bounded", "one client's many sign-ins drive nobody else out"
		}
		return "frame/sign-in-keeps-others", "a sign-in ends no other session"
	case "refresh":
		if mine {
			return "", "it has just been refreshed"
		}
	case "sign_out":
		return "frame/sign-out-keeps-others", "signing out ends that one session only"
	case "change_password", "reset_password":
		switch {
		case theirs && e.Outcome == "refused":
			return nobodys, "its password did not change" // no duty says what a refusal may end
		case theirs:
			return credentialChange, "declared as kept"
		}
		return "frame/account-change-scope", "another user's password changed"
	case "disable", "enable", "delete_user", "rename", "set_role", "expire", "revoke_all":
		if theirs {
			return nobodys, "its own account changed"
		}
		return "frame/account-change-scope", "another user's account changed"
	case "revoke_session":
		return w.revokeDuty(e, s)
	case "revoke_others":
		return revokeExact, "another session was revoked"
	case "step_up":
		if theirs {
			return nobodys, "its own account proved itself once more"
		}
	case "move":
		if mine {
			return "isolate/not-keyed-by-network", "a session does not follow the address"
		}
		return "isolate/not-keyed-by-network", "somebody else moved"
	case "note", "open_channel", "use_channel", "send_form": // no frame duty names it: the credential has just stopped to resolve
		return oneIdentity, "storing data ends nothing"
	case "visit", "crawl", "leave", "back", "open_tab", "begin_form":
		return safeMethods, "reading a page changes nothing"
	case "parallel":
		return "frame/account-change-scope", "other people's sessions and accounts were changed, many at once"
	case "whoami", "read_note", "list_sessions", "count_sessions":
		return safeMethods, "asking changes nothing"
	case "forge":
		if e.Does == "sign_in" || e.Does == "sign_out" {
			return signForgery, "another site ends nobody's session"
		}
		return stateProof, "another site changes nothing"
	case "swap_token":
		return oneIdentity, "a refused form ends nothing"
	case "arrive":
		return crossSite, "coming from another site ends nothing"
	case "embed":
		return embedded, "what goes on in frames of other sites ends nothing elsewhere"
	case "present":
		return shownDuty(e.How, mine)
	}
	return oneIdentity, "nothing happened to it"
}
