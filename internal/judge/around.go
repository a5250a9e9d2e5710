package judge

import "github.com/sessionspec/sessionspec/internal/history"

// neighbours: the good cookies say the same among foreign ones. Where the
// header itself is odd, nobody is an answer as well.
func (b *bench) neighbours(op *history.Op, s history.Shown) (breach, string) {
	return b.stays(op, s, neighboursOK)
}

// stays judges an answer that has to be the client's own user: it must be for
// what was shown whole and in its place; it may be nobody for the rest.
func (b *bench) stays(op *history.Op, s history.Shown, req string) (breach, string) {
	a, user := s.Answer, b.own(op)
	want := "live as " + user
	if !s.Good {
		want += ", or nobody"
	}
	if bad, silent := broke(s); silent {
		if bad.req != "" {
			bad.req, bad.want = req, want
		}
		return bad, ""
	}
	switch {
	case foreignTo(a, user):
		return breach{req: req, want: want, got: gotText(a), rank: 0}, ""
	case a.State != history.Live && s.Good:
		return breach{req: req, want: want, got: gotText(a), rank: 2}, ""
	case a.State != history.Live:
		return breach{}, ""
	}
	return breach{}, req
}

// lookalike: a name that only resembles that of the session cookie is another
// cookie. Beside it nothing changes, instead of it nobody is signed in.
func (b *bench) lookalike(op *history.Op, s history.Shown) (breach, string) {
	if s.Good {
		return b.stays(op, s, notSpoofable)
	}
	bad, tested := nobody(s, notSpoofable, b.own(op), 1)
	if bad.req == malformedAnon {
		bad.req = notSpoofable
	}
	return bad, tested
}

// elsewhere: the credential counts in its own place only. Beside it another's
// elsewhere changes nothing, or is refused.
func (b *bench) elsewhere(op *history.Op, s history.Shown) (breach, string) {
	if s.Case == "as-it-is" {
		return breach{}, ""
	}
	a, user := s.Answer, b.own(op)
	switch {
	case a.State == history.NoVerdict:
		return breach{}, "" // a place where nothing is expected may well be an error
	case s.Good && foreignTo(a, user):
		return breach{req: onlyDeclared, want: "live as " + user + ", or nobody", got: gotText(a), rank: 0}, ""
	case s.Good:
		return breach{}, onlyDeclared
	}
	return nobody(s, onlyDeclared, user, 1)
}
