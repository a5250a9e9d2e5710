package model

// Apply moves the world on by one event and says what the whole panel must
// answer now: one Expect per credential, in order of capture.
func (w *World) Apply(e Event) []Expect {
	before := w.current[e.Client]
	w.transition(e)
	out := make([]Expect, 0, len(w.order))
	for _, cred := range w.order {
		out = append(out, w.expect(e, cred, before))
	}
	return out
}

// transition changes the state; it returns the credential that was replaced by
// a new one in the same session, "" if none.
func (w *World) transition(e Event) {
	cur := w.current[e.Client]
	done := e.Outcome == "ok"
	if e.Outcome == "error" {
		w.unclear(e, cur)
		w.rotate(e, cur)
		return
	}
	switch e.Op {
	case "plant":
		w.plant(e)
		return
	case "refresh":
		w.refresh(e)
		return
	case "sign_in", "sign_in_partial", "redeem":
		if done || e.Outcome == "pending" {
			if b := w.borrowed[e.Client]; b != nil {
				w.leaveBorrowed(e, b)
			}
			w.signIn(e, cur)
			return
		}
	case "sign_out":
		if b := w.borrowed[e.Client]; b != nil && cur == nil {
			cur = b
			delete(w.borrowed, e.Client)
		}
		w.signOut(cur)
		w.signOutAll(cur)
		w.forget(e)
		return
	case "create_user":
		if done {
			w.setAccount(e)
		}
	case "change_password":
		if done {
			w.changePassword(e, cur)
		}
	case "reset_password":
		if done && w.declared.OthersAfterReset != "keep" {
			w.endFinished(e.User, nil, credentialChange, "the password was reset")
		}
	case "disable":
		if done {
			w.setAccount(e)
			for _, s := range w.of(e.User) {
				if w.declared.Disable == "suspend" {
					if s.state != ended {
						s.half = s.half || s.state == halfway
						s.state, s.because = suspended, "the account is disabled"
					}
				} else {
					s.fall("terminate/account-end-kills-all", "the account was disabled")
				}
			}
		}
	case "enable":
		if done {
			w.setAccount(e)
			for _, s := range w.of(e.User) {
				if s.state == suspended {
					s.state, s.because = unspecified, "suspended, then enabled again"
				}
			}
		}
	case "delete_user":
		if done {
			w.setAccount(e)
			w.endAll(e.User, nil, "terminate/account-end-kills-all", "the account was deleted")
		}
	case "expire":
		if done {
			w.endAll(e.User, nil, "", becauseExpired) // no duty: to expire is the story's set-up
		}
	case "revoke_session":
		if done {
			w.revoke(e)
		}
	case "revoke_others":
		if done {
			w.endFinished(e.User, cur, revokeExact, "all other sessions were revoked")
		}
	case "revoke_all":
		if done {
			w.endFinished(e.User, nil, "terminate/admin-can-end", "all sessions were revoked")
		}
	case "step_up":
		if done && cur != nil && cur.state == live && w.declared.StepUp == "rotate" {
			w.spend(e, cur, mark{rotateOnChange, "the step-up has replaced it"})
		}
	case "move":
		if cur != nil && cur.state == live && w.declared.AddressChange != "keep" {
			cur.state, cur.because = unspecified, "the client moved to another address"
		}
	case "restart_browser", "close_private_window":
		if e.Lost {
			delete(w.current, e.Client)
		}
		return
	}
	w.rotate(e, cur)
}

// signOut ends the client's session whatever the answer was: a refusal is a
// finding of its own, and the duty to be signed out afterwards stands.
func (w *World) signOut(cur *session) {
	if cur == nil {
		return
	}
	switch cur.state {
	case unspecified: // live or not, from now on it is over
		if cur.user != "" {
			cur.end("terminate/sign-out-kills-server-side", becauseSignedOut)
		}
	case live:
		cur.end("terminate/sign-out-kills-server-side", becauseSignedOut)
	case halfway:
		cur.end("terminate/sign-out-idempotent", "its client signed out before the last factor")
	case suspended:
		cur.end("terminate/sign-out-idempotent", "its client signed out while the account was disabled")
	case ended:
		cur.cause, cur.because = "terminate/sign-out-idempotent", cur.because+", then its client signed out"
	}
}

// unclear leaves open what an operation without a proper answer did to the
// sessions that it was about. Bystanders are none of these.
func (w *World) unclear(e Event, cur *session) {
	var about []*session
	switch e.Op {
	case "sign_in", "sign_in_partial", "redeem", "sign_out", "move", "restart_browser":
		about = []*session{cur}
	case "refresh":
		about = []*session{w.grants[e.Client]}
	case "revoke_session":
		about = []*session{cur}
		if t := w.current[e.Of]; t != nil && !w.foreign(e, t) {
			about = append(about, t)
		}
	case "step_up":
		about = []*session{cur}
	case "change_password", "reset_password", "disable", "enable", "delete_user", "expire", "revoke_others", "revoke_all":
		about = w.of(e.User)
	}
	for _, s := range about {
		if s != nil && s.state != ended {
			s.state, s.because = unspecified, "the operation broke off"
		}
	}
}

// forget lets go of the session after a sign-out; a credential that arrives with
// the sign-out belongs to no session: hygiene judges it by its offer.
func (w *World) forget(e Event) {
	delete(w.current, e.Client)
	if e.Captured != "" {
		ghost := &session{user: "", client: e.Client, state: unspecified, because: "handed out by a sign-out"}
		w.sessions = append(w.sessions, ghost)
		w.adopt(ghost, e.Captured)
	}
}

func (w *World) changePassword(e Event, cur *session) {
	if w.declared.OthersAfterChange != "keep" {
		w.endFinished(e.User, cur, credentialChange, "the password was changed elsewhere")
	}
	if cur != nil && cur.state == live {
		switch w.declared.CurrentAfterChange {
		case "rotate":
			w.spend(e, cur, mark{rotation, "the password change has replaced it"})
		case "end":
			cur.end(credentialChange, "the password was changed")
		case "": // kept, rotated and ended are all legitimate
			if e.Captured == "" {
				cur.state, cur.because = unspecified, "the password was changed, and the target does not declare what becomes of this session"
			}
		}
	}
}

// rotate books a credential that arrived in the course of a session.
func (w *World) rotate(e Event, cur *session) {
	if e.Captured == "" {
		return
	}
	// A sign-in that was refused says nothing of a session that is over, or that the
	// target was not shown.
	apart := e.Outcome == "refused" && (e.Op == "sign_in" || e.Op == "redeem") && cur != nil && (cur.state == ended || !e.Presented)
	if cur == nil || apart {
		// A credential out of nowhere: an anonymous session, perhaps.
		cur = outOfNowhere(e)
		w.sessions = append(w.sessions, cur)
		w.current[e.Client] = cur
	}
	w.adopt(cur, e.Captured)
}

func (w *World) endAll(user string, except *session, duty, because string) {
	for _, s := range w.of(user) {
		if s != except {
			s.fall(duty, because)
		}
	}
}

// fall ends a session with its account; of half a sign-in no more is demanded
// than that it signs nobody in.
func (s *session) fall(duty, because string) {
	s.half = s.half || s.state == halfway || s.state == stranger
	s.end(duty, because)
}

// endFinished is endAll for operations on sessions: a half-finished sign-in is
// none yet, and may be forgotten or go on.
func (w *World) endFinished(user string, except *session, duty, because string) {
	for _, s := range w.of(user) {
		switch {
		case s == except:
		case s.state == halfway:
			s.half, s.state, s.because = true, unspecified, "half a sign-in, when "+because
		case s.state == stranger: // signs nobody in, before and after
		default:
			s.end(duty, because)
		}
	}
}
