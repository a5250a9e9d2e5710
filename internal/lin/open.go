package lin

// loosen leaves it open whether credentials go on.
func (s state) loosen(creds set) state {
	s.open.add(creds.and(s.live))
	s.live.drop(creds)
	return s
}

// affairs are operations of which no duty says that the sessions of the account
// outlive them, refused or not: the same as in the model's expectations.
var affairs = map[string]bool{"change_password": true, "reset_password": true, "disable": true, "enable": true, "delete_user": true,
	"rename": true, "set_role": true, "expire": true, "revoke_all": true, "step_up": true}

// switches are operations after which, where they break off, nobody knows whether
// the account is there and on.
var switches = map[string]bool{"create_user": true, "delete_user": true, "disable": true, "enable": true}

// abouts are operations about the session of whoever makes them: where they break
// off, nobody knows what became of it.
var abouts = map[string]bool{"sign_in": true, Leave: true, "sign_out": true, "refresh": true, "move": true, "revoke_session": true}

// broken: an operation that has broken off comes to nothing, or to all that it was
// to do, or to a part.
func (m *machine) broken(s state, o Op) state {
	next, ok := m.done(s, o)
	if !ok {
		next = s
	}
	next.unclear = next.unclear || switches[o.What]
	had, has := s.live, next.live
	had.add(s.open)
	has.add(next.open)
	next.open.add(had.minus(has))
	fresh := next.live.minus(had)
	next.open.add(fresh)
	next.live.drop(fresh)
	if o.Gets != "" && !next.live.has(m.number[o.Gets]) {
		next.open.put(m.number[o.Gets])
	}
	switch {
	case affairs[o.What], o.What == "revoke_others":
		return next.loosen(next.live)
	case abouts[o.What]:
		return next.loosen(m.session[o.Cred]).loosen(m.session[o.Target])
	}
	return next
}

// vague: a revocation without the right answer, or of somebody else's session,
// may count. Who tries may be shown the door.
func (m *machine) vague(s state, o Op) state {
	s = s.loosen(m.session[o.Target])
	switch {
	case o.Cred == "":
		return s
	case o.Target != "" && m.h.Declared.RevokeNeeds == "password":
		return s.loosen(m.session[o.Cred])
	}
	return s.loosen(s.live)
}

// moved: whether a session follows its client to another address is open where it
// is not declared.
func (m *machine) moved(s state, o Op) state {
	if m.h.Declared.AddressChange == "keep" {
		return s
	}
	return s.loosen(m.session[o.Cred])
}
