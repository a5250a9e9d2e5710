package model

// Operations that read, or store a text: they are about no session but the one
// that makes them, and end none.
var readers = map[string]bool{"whoami": true, "read_note": true, "list_sessions": true, "note": true, "sensitive": true}

const afterMany = "it was found over after operations at once"

// Together moves the world on by operations that were made at once, each branch
// in its order. What every order allows is not known here: the sessions of the
// users concerned are taken for what they were seen to be afterwards, by the
// newest answer for each credential, and it is for others to judge whether some
// order explains that. The expectations are those of the bystanders.
func (w *World) Together(branches [][]Event, seen map[string]string) []Expect {
	concerned := w.concerned(branches)
	over := map[*session]bool{} // nothing that happens now brings it back
	for _, s := range w.sessions {
		over[s] = s.state == ended
	}
	signIns := 0
	for _, b := range branches {
		for _, e := range b {
			if w.born(e) {
				signIns++
			}
		}
	}
	w.uncounted = w.uncounted || signIns > 1
	for user := range concerned {
		w.settleAccount(user, branches)
	}
	for _, s := range w.sessions {
		if concerned[s.user] && s.user != "" && !s.settled && !over[s] {
			w.settle(s, seen)
		}
	}
	var out []Expect
	for _, cred := range w.order {
		if s := w.byCred[cred]; !concerned[s.user] || s.user == "" {
			out = append(out, w.expect(Event{Op: "parallel"}, cred, nil))
		}
	}
	return out
}

// Concerned tells which users' sessions and accounts operations made at once may
// have changed.
func (w *World) concerned(branches [][]Event) map[string]bool {
	out := map[string]bool{}
	for _, b := range branches {
		for _, e := range b {
			if readers[e.Op] && e.Captured == "" {
				continue
			}
			out[e.User] = true
			if s := w.current[e.Client]; s != nil && e.Op != "create_user" && !affairs[e.Op] {
				out[s.user] = true
			}
			if t := w.current[e.Of]; t != nil {
				out[t.user] = true
			}
			if e.Op != "create_user" && !affairs[e.Op] {
				out[w.Owner(e.Holds)] = true
			}
		}
	}
	delete(out, "")
	return out
}

// affairs are operations on an account that do not act on the session of the
// client that makes them.
var affairs = map[string]bool{"reset_password": true, "revoke_all": true, "expire": true, "disable": true, "enable": true, "delete_user": true, "set_role": true}

// born books the credential that an operation has brought, in the order of its
// client; true for a session that has begun.
func (w *World) born(e Event) bool {
	switch {
	case e.Op == "sign_out":
		w.forget(e)
	case e.Captured == "":
	case e.Op == "sign_in":
		s := &session{user: e.User, client: e.Client, generation: w.account(e.User).generation, state: unspecified}
		w.sessions = append(w.sessions, s)
		w.current[e.Client], w.grants[e.Client] = s, s
		w.adopt(s, e.Captured)
		return true
	case w.byCred[e.Holds] != nil && w.byCred[e.Holds] != w.current[e.Client]: // planted, or signed out and refreshed
		w.adopt(w.byCred[e.Holds], e.Captured)
		w.current[e.Client] = w.byCred[e.Holds]
	default:
		w.rotate(e, w.current[e.Client])
	}
	return false
}

// settle takes a session for what it was seen to be.
func (w *World) settle(s *session, seen map[string]string) {
	a := w.account(s.user)
	if len(s.creds) == 0 {
		s.state, s.because = unspecified, "many operations at once"
		return
	}
	s.generation = a.generation
	last := s.creds[len(s.creds)-1]
	suspends := w.declared.Disable == "suspend" && (a.unclear || !a.enabled)
	switch seen[last] {
	case string(Live):
		s.state, s.because = live, "it was found live after operations at once"
	case string(Dead):
		s.state, s.because, s.cause = ended, afterMany, staysDead
		if suspends {
			s.state, s.because = unspecified, "suspended, perhaps"
		}
	default:
		s.state, s.because = unspecified, "many operations at once"
	}
	for _, c := range s.creds[:len(s.creds)-1] {
		if seen[c] == string(Dead) && s.state == live {
			if s.spent == nil {
				s.spent = map[string]mark{}
			}
			if _, before := s.spent[c]; !before {
				s.spent[c] = mark{rotation, "a newer one has replaced it"}
			}
		}
	}
}

// settleAccount books what became of an account: known where one branch alone
// changed it.
func (w *World) settleAccount(user string, branches [][]Event) {
	a, busy, trouble := w.account(user), 0, false
	for _, b := range branches {
		n := 0
		for _, e := range b {
			if e.User != user || e.Outcome == "refused" {
				continue
			}
			switch e.Op {
			case "create_user", "delete_user", "disable", "enable":
				n++
				if e.Outcome == "error" {
					trouble = true
				} else {
					w.setAccount(e)
				}
			}
		}
		if n > 0 {
			busy++
		}
	}
	a.unclear = a.unclear || trouble || busy > 1
}

// setAccount books an operation on an account that went well.
func (w *World) setAccount(e Event) {
	a := w.account(e.User)
	switch e.Op {
	case "create_user":
		if !a.exists || a.unclear {
			a.generation++
			a.exists, a.enabled = true, true
		}
	case "delete_user":
		a.exists = false
	case "disable":
		a.enabled = false
	case "enable":
		a.enabled = true
	}
	a.unclear = false
}

// Standings are what each credential is to be just now: "live", "ended", or
// "open" where either is right.
func (w *World) Standings() map[string]string {
	out := map[string]string{}
	for _, cred := range w.order {
		s := w.byCred[cred]
		switch x := w.expect(Event{Op: "whoami"}, cred, nil); {
		case s.state == suspended, x.Want == Any, x.Want == Pending:
			out[cred] = "open"
		case x.Want == Live:
			out[cred] = "live"
		default:
			out[cred] = "ended"
		}
	}
	return out
}

// Sessions names the session of each credential.
func (w *World) Sessions() map[string]string {
	out := map[string]string{}
	for cred, s := range w.byCred {
		out[cred] = s.creds[0]
	}
	return out
}

// Account is what a user's account is: there, switched on; unclear where
// operations at once have left that open.
func (w *World) Account(user string) (exists, enabled, unclear bool) {
	a, ok := w.accounts[user]
	return ok && a.exists, ok && a.enabled, ok && a.unclear
}
