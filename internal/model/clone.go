package model

import (
	"maps"
	"slices"
)

// Clone is a world of its own with the same past.
func (w *World) Clone() *World {
	out := *w
	same := map[*session]*session{}
	copied := func(s *session) *session {
		if s == nil {
			return nil
		}
		c, ok := same[s]
		if !ok {
			one := *s
			c = &one
			c.creds, c.spent = slices.Clone(s.creds), maps.Clone(s.spent)
			same[s] = c
		}
		return c
	}
	of := func(m map[string]*session) map[string]*session {
		to := make(map[string]*session, len(m))
		for k, s := range m {
			to[k] = copied(s)
		}
		return to
	}
	out.accounts = make(map[string]*account, len(w.accounts))
	for u, a := range w.accounts {
		one := *a
		out.accounts[u] = &one
	}
	out.sessions = make([]*session, len(w.sessions))
	for i, s := range w.sessions {
		out.sessions[i] = copied(s)
	}
	out.current, out.grants, out.used, out.borrowed, out.byCred = of(w.current), of(w.grants), of(w.used), of(w.borrowed), of(w.byCred)
	out.order = slices.Clone(w.order)
	return &out
}
