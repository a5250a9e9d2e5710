package lin

import "github.com/sessionspec/sessionspec/internal/history"

// step is what the serial server does: whether the operation can have had its
// answer in this state, and the state afterwards.
func (m *machine) step(s state, o Op) (bool, state) {
	if o.What == "whoami" {
		return m.asked(s, o)
	}
	if o.Unknown {
		return true, m.broken(s, o)
	}
	if o.Open {
		next, ok := m.done(s, o)
		if !ok && o.Gets != "" {
			s.open.put(m.number[o.Gets])
		}
		if !ok {
			next = s
		}
		return true, next
	}
	if o.Refused {
		return true, m.refused(s, o)
	}
	next, ok := m.done(s, o)
	if o.Doubt {
		return true, m.doubted(s, next, o, ok)
	}
	return ok, next
}

// doubted: whose session it was that did it is open, and so is what became of it.
func (m *machine) doubted(s, next state, o Op, ok bool) state {
	if !ok {
		next = s
	}
	own := m.session[o.Cred]
	if o.Gets != "" {
		own.put(m.number[o.Gets])
	}
	had := s.live
	had.add(s.open)
	had.add(next.live)
	next.live.drop(own)
	next.open.add(had.and(own))
	return next
}

// asked: a credential is live or dead, whatever else is going on. An open one
// that was found dead stays so.
func (m *machine) asked(s state, o Op) (bool, state) {
	i, numbered := m.number[o.Cred]
	suspended := m.h.Declared.Disable == "suspend" && (!s.enabled || s.unclear)
	switch {
	case !numbered:
		return !o.Live, s
	case o.Live:
		return (s.live.has(i) || s.open.has(i)) && (!suspended || s.unclear), s
	case suspended:
		return true, s
	case s.live.has(i):
		return false, s
	}
	var one set
	one.put(i)
	s.open.drop(one)
	return true, s
}

// refused: nothing happens, but what an answer handed out all the same may be
// good, if it came of something that was. What was to end may have ended.
func (m *machine) refused(s state, o Op) state {
	switch {
	case o.What == "sign_out" && m.h.Declared.SignOut == "all", o.What == "refresh" && o.Spent && !m.h.Declared.ReuseRefused, affairs[o.What]:
		s = s.loosen(s.live)
	case o.What == "sign_out", o.What == "refresh":
		s = s.loosen(m.session[o.Cred])
	case o.What == "move":
		s = m.moved(s, o)
	case o.What == "revoke_session" && o.Vague:
		s = m.vague(s, o)
	default:
		if o.Offered {
			s = s.loosen(m.session[o.Cred])
		}
	}
	if o.Gets == "" {
		return s
	}
	switch {
	case o.What == "sign_in" && m.admits(s, o.Password):
		s.open.put(m.number[o.Gets])
	case o.What != "sign_in" && m.alive(s, o.Cred):
		s = s.loosen(m.session[o.Cred]) // it may go on under the new one alone
		s.open.put(m.number[o.Gets])
	}
	return s
}

// admits tells whether a password signs in; a way that asks for none always does.
func (m *machine) admits(s state, password int) bool {
	return (s.exists && s.enabled || s.unclear) && (s.password == password || s.password == anyPassword || password == history.NoPassword)
}

// alive tells whether the session of a credential may live.
func (m *machine) alive(s state, cred string) bool {
	of := m.session[cred]
	return !of.and(s.live).empty() || !of.and(s.open).empty()
}

func (s state) end(creds set) state {
	s.live.drop(creds)
	s.open.drop(creds)
	return s
}

// endAll ends all sessions but those of the credentials in except.
func (s state) endAll(except set) state {
	s.live, s.open = s.live.and(except), s.open.and(except)
	return s
}

// done: the operation went well. false where it cannot have, in this state.
func (m *machine) done(s state, o Op) (state, bool) {
	d, own := m.h.Declared, m.session[o.Cred]
	switch o.What {
	case "sign_in":
		return m.signIn(s, o)
	case Leave:
		return m.leave(s, o), true
	case "sign_out":
		s = s.end(own)
		if d.SignOut == "all" {
			s = s.endAll(set{})
		}
		if o.Gets != "" { // of nobody: hygiene judges it
			s.open.put(m.number[o.Gets])
		}
		return s, true
	case "change_password":
		return m.change(s, o)
	case "reset_password":
		s.password = o.New
		if d.OthersAfterReset != "keep" {
			s = s.endAll(set{})
		}
	case "revoke_session":
		switch {
		case o.Vague:
			s = m.vague(s, o)
		case o.Target != "":
			s = s.end(m.session[o.Target])
		}
	case "revoke_others":
		if o.Vague {
			s = s.loosen(s.live.minus(own))
		} else {
			s = s.endAll(own)
		}
	case "revoke_all", "expire":
		s = s.endAll(set{})
	case "disable":
		s.enabled, s.unclear = false, false
		if d.Disable != "suspend" {
			s = s.endAll(set{})
		}
	case "enable":
		s.enabled, s.unclear = true, false
		s = s.loosen(s.live)
	case "rename", "set_role":
		s = s.loosen(s.live)
	case "move":
		s = m.moved(s, o)
	case "delete_user":
		s.exists, s.unclear = false, false
		s = s.endAll(set{})
	case "create_user":
		if !s.exists || s.unclear {
			s.exists, s.enabled, s.unclear, s.password = true, true, false, o.Password
		}
	case "refresh":
		return m.renew(s, o, d.RefreshStays)
	case "step_up":
		s = s.loosen(s.live)
		if d.StepUp == "rotate" && o.Acted {
			if !m.alive(s, o.Cred) {
				return s, o.Cred == ""
			}
			s = m.rotate(s, o)
			return s.loosen(s.live), true
		}
		return m.renew(s, o, false)
	}
	return m.renew(s, o, false)
}

// signIn: only the account's password opens a session, and only while the
// account is there and switched on. The session that the client had is left.
func (m *machine) signIn(s state, o Op) (state, bool) {
	if o.Gets == "" {
		return s, true // nothing new: nothing follows
	}
	if !m.admits(s, o.Password) {
		return s, false
	}
	s = m.leave(s, o)
	if m.h.Declared.Limit > 0 {
		s = s.loosen(s.live)
	}
	s.live.put(m.number[o.Gets])
	return s, true
}

// leave is what becomes of the session that a client had when it signed in again.
func (m *machine) leave(s state, o Op) state {
	switch own := m.session[o.Cred]; {
	case m.h.Declared.SignInAgain == "adds":
		return s
	case m.h.Declared.SignInAgain == "replaces" || o.Presented:
		return s.end(own)
	default:
		return s.loosen(own)
	}
}

// change: by a session of one's own, which is kept, rotated or ended.
func (m *machine) change(s state, o Op) (state, bool) {
	d, own := m.h.Declared, m.session[o.Cred]
	if o.Acted && o.Cred != "" && !m.alive(s, o.Cred) {
		return s, false
	}
	s.password = o.New
	if d.OthersAfterChange != "keep" {
		s = s.endAll(own)
	}
	switch d.CurrentAfterChange {
	case "rotate":
		return m.rotate(s, o), true
	case "end":
		return s.end(own), true
	case "":
		s = s.loosen(own)
	}
	return m.renew(s, o, false)
}

// rotate: the session goes on under the new credential alone.
func (m *machine) rotate(s state, o Op) state {
	s = s.end(m.session[o.Cred])
	if o.Gets != "" {
		s.live.put(m.number[o.Gets])
	}
	return s
}

// renew: a credential that comes in the course of a session belongs to it, and
// is dead if that is; what becomes of the one before is nobody's promise.
func (m *machine) renew(s state, o Op, stays bool) (state, bool) {
	if o.Gets == "" {
		return s, true
	}
	own := m.session[o.Cred]
	switch {
	case o.Cred == "": // out of nowhere: anonymous, perhaps
		s.open.put(m.number[o.Gets])
		return s, true
	case !m.alive(s, o.Cred): // what it brings is dead
		return s, true
	}
	certain := !own.and(s.live).empty()
	if !stays {
		s = s.loosen(own)
	}
	if certain {
		s.live.put(m.number[o.Gets])
	} else {
		s.open.put(m.number[o.Gets])
	}
	return s, true
}
