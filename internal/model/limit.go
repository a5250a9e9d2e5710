package model

const limitAsDeclared = "multi/limit-as-declared"

// limit ends the oldest sessions of an account that has one too many now, where
// that is declared. Sessions of which nobody knows whether they count leave it
// open which other one is the oldest.
func (w *World) limit(newest *session) {
	if w.declared.Limit == 0 || w.declared.AtLimit != "end_oldest" || newest.state != live {
		return
	}
	if w.uncounted {
		for _, s := range w.sessions {
			if s != newest && s.state == live {
				s.state, s.because = unspecified, "many signed in at once, where sessions are limited"
			}
		}
		return
	}
	alive, perhaps := w.parallel(newest.user)
	over := alive - w.declared.Limit
	maybe := min(perhaps, alive+perhaps-w.declared.Limit)
	for _, s := range w.of(newest.user) {
		switch {
		case s == newest || s.state != live:
		case over > 0:
			s.end(limitAsDeclared, "it was the oldest when its user signed in beyond the declared limit")
			over--
		case maybe > 0:
			s.state, s.because = unspecified, "it may have been the oldest at the declared limit"
			maybe--
		}
	}
}

// parallel counts an account's sessions: those that are live for certain, and
// those that may count.
func (w *World) parallel(user string) (alive, perhaps int) {
	for _, s := range w.of(user) {
		switch s.state {
		case live:
			alive++
		case unspecified, halfway, suspended:
			perhaps++
		}
	}
	return alive, perhaps
}

// Full tells whether an account has as many sessions as it may have.
func (w *World) Full(user string) bool {
	alive, _ := w.parallel(user)
	return w.declared.Limit > 0 && !w.uncounted && alive >= w.declared.Limit
}
