package model

// Known is a session that the play has seen begin.
type Known struct {
	User, Client string
	// Credentials in the order in which they were captured; none for the inner
	// sign-ins of a series.
	Credentials []string
	// State is "live", "ended", or "open" where either is right.
	State string
	// Because says why it ended.
	Because string
	// Held tells that its client believes to be in it.
	Held bool
}

// Known lists the sessions of everybody, in the order of their beginning.
func (w *World) Known() []Known {
	var out []Known
	for _, s := range w.sessions {
		if s.user == "" {
			continue
		}
		k := Known{User: s.user, Client: s.client, Credentials: s.creds, State: "open", Because: s.because, Held: w.current[s.client] == s}
		switch {
		case s.settled || s.half:
		case w.account(s.user).generation != s.generation, s.state == ended:
			k.State = "ended"
		case s.state == live:
			k.State = "live"
		}
		out = append(out, k)
	}
	return out
}
