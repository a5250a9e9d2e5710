package judge

import (
	"fmt"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/internal/cookie"
	"github.com/sessionspec/sessionspec/internal/history"
)

// Requirements about the lines that set and clear the session's cookies.
const (
	secure      = "cookie/secure"
	httpOnly    = "cookie/httponly"
	sameSite    = "cookie/samesite-explicit"
	scoped      = "cookie/prefix-and-scope"
	grammatical = "cookie/grammar"
	sized       = "cookie/size-and-count"
	saneLife    = "cookie/lifetime-sane"
	deletes     = "cookieset/delete-matches-set"
)

// setCookies judges every Set-Cookie line of an operation and of the questions
// after it. Attributes matter on lines that hand out a value: a deletion carries
// no secret, so it has only to reach its cookie.
func (b *bench) setCookies(op *history.Op) {
	for _, at := range b.wireExchanges(op) {
		ls := at.lines()
		b.grammar(op, at, ls)
		b.deletions(op, at, ls)
		for _, l := range ls {
			if !l.setting() {
				continue
			}
			if len(l.Name)+len(l.Value) > cookie.MaxPair {
				b.line(op, at, sized, l, fmt.Sprintf("name and value stay within %d octets", cookie.MaxPair), fmt.Sprintf("%d octets", len(l.Name)+len(l.Value)))
			}
			if at.url.Scheme == "https" && (b.book.session[l.Name] || b.book.claim[l.Name]) {
				b.judgeLine(op, at, secure, l, l.Secure, "every cookie of a session has Secure", "no Secure")
			}
			if b.book.session[l.Name] {
				b.sessionLine(op, at, l)
			}
		}
	}
}

func (b *bench) sessionLine(op *history.Op, at exchangeAt, l setLine) {
	b.judgeLine(op, at, httpOnly, l, l.HttpOnly, "a cookie that carries the session has HttpOnly", "no HttpOnly")
	stated := l.SameSite == cookie.SameSiteLax || l.SameSite == cookie.SameSiteStrict || l.SameSite == cookie.SameSiteNone && l.Secure
	got := "no SameSite that browsers know"
	if l.SameSite == cookie.SameSiteNone {
		got = "SameSite=None without Secure"
	}
	b.judgeLine(op, at, sameSite, l, stated, "SameSite is stated: Lax or Strict, or None with Secure", got)
	why := b.scope(at, l)
	b.judgeLine(op, at, scoped, l, why == "", "the cookie goes to its own host only, to all of it, and its name says so where it can", why)
	why = b.lifetime(l)
	b.judgeLine(op, at, saneLife, l, why == "", "the cookie lives no longer than declared and than 400 days, and its two dates agree", why)
}

// judgeLine counts a good line and reports a bad one, once per play.
func (b *bench) judgeLine(op *history.Op, at exchangeAt, req string, l setLine, good bool, want, got string) {
	if good {
		b.check(req)
		return
	}
	b.line(op, at, req, l, want, got)
}

func (b *bench) line(op *history.Op, at exchangeAt, req string, l setLine, want, got string) {
	if b.found(req) {
		return
	}
	b.find(Finding{Requirement: req, Op: op.Index, Probe: at.probe, Credential: at.credential, Rank: 4,
		Want: want, Got: fmt.Sprintf("%s: %s (%s %s)", got, l.quote(), at.x.Request.Method, at.url.Path), Marks: []Mark{l.mark(at, req)}})
}

// scope says what is wrong with name, Domain and Path, "" if nothing is. A
// prefix needs Secure, so plain http cannot have one.
func (b *bench) scope(at exchangeAt, l setLine) string {
	switch {
	case l.Domain != "":
		return "Domain hands it to other hosts"
	case !b.book.whole(l.key.Path) && l.refused == "":
		return "the path " + l.key.Path + " is a part of the application only"
	case at.url.Scheme == "https" && !prefixed(l.Name):
		return "the name has no prefix"
	}
	return ""
}

// prefixed tells whether browsers guard the name.
func prefixed(name string) bool {
	return strings.HasPrefix(name, "__Host-") || strings.HasPrefix(name, "__Secure-") ||
		strings.HasPrefix(name, "__Http-")
}

// lifetime says what is wrong with the dates of a line, "" if nothing is. No
// limit of the server is declared, so none is compared.
func (b *bench) lifetime(l setLine) string {
	for _, p := range l.problems {
		if p.Code == cookie.ProblemLife {
			return p.Text
		}
	}
	if l.HasMaxAge && l.HasExpires && l.persists {
		// Both were read against one clock: Expires is moved by the answer's own Date.
		if apart := l.apart(); apart > sameLifeSlack {
			return "Max-Age and Expires are " + apart.Round(time.Second).String() + " apart"
		}
	}
	if l.persists && b.terms.Persistence == "browser" {
		return "it outlives the browser, and the session is declared to end with it"
	}
	return ""
}

// deletions: a line that clears a cookie which the request carried reaches it
// at one of the places where it was set.
func (b *bench) deletions(op *history.Op, at exchangeAt, ls []setLine) {
	for name := range b.book.scopes {
		if !b.book.session[name] && !b.book.claim[name] || !at.sends(name) {
			continue
		}
		var missed *setLine
		reached := false
		for i, l := range ls {
			if l.Name == name && l.deletion {
				hit := l.refused == "" && b.book.scopes[name][l.key]
				if reached = reached || hit; !hit {
					missed = &ls[i]
				}
			}
		}
		switch {
		case reached:
			b.check(deletes)
		case missed != nil:
			got := fmt.Sprintf("it is for path %s of %s, where none was ever set", missed.key.Path, missed.key.Domain)
			if missed.refused != "" {
				got = "browsers refuse it: " + string(missed.refused)
			}
			b.line(op, at, deletes, *missed, "the deletion of "+name+" has the name, domain and path with which it was set", got)
		}
	}
}

// breaches are the problems that are against the grammar of section 4.1.1 and
// change what a reader of the line understands. Dates with hyphens and a
// negative Max-Age, which all readers take as they are meant, are not among them.
var breaches = map[cookie.Code]bool{cookie.ProblemName: true, cookie.ProblemNameless: true, cookie.ProblemValue: true,
	cookie.ProblemDuplicate: true, cookie.ProblemYear: true, cookie.ProblemExpires: true, cookie.ProblemUnstoreable: true}

// grammar: every line of every answer, the session's or not.
func (b *bench) grammar(op *history.Op, at exchangeAt, ls []setLine) {
	seen := map[cookie.Key]bool{}
	for _, l := range ls {
		why := ""
		for _, p := range l.problems {
			if breaches[p.Code] && why == "" && l.refused != cookie.TooLong { // too long is of another requirement
				why = p.Text
			}
		}
		if why == "" && l.refused == "" && seen[l.key] {
			why = "the second line for this cookie in one answer"
		}
		seen[l.key] = true
		b.judgeLine(op, at, grammatical, l, why == "", "Set-Cookie keeps to the grammar, with one line a cookie", why)
	}
}

// growth: a jar that goes round the same circle levels off.
func (b *bench) growth(op *history.Op) {
	if op.Outcome == history.Failed || op.Step.Client == "" || op.Step.Op != "sign_in" && op.Step.Op != "sign_out" {
		return
	}
	now := jarSize{cookies: len(op.Jar)}
	for _, c := range op.Jar {
		now.octets += len(c.Name) + len(c.Value)
	}
	key := op.Step.Client + " " + op.Step.Op + " " + op.Route + " " + op.Outcome
	all := append(b.book.sizes[key], now)
	b.book.sizes[key] = all
	if len(all) < growthRounds {
		return
	}
	last := all[len(all)-growthRounds:]
	more, longer := true, true
	for i := 1; i < len(last); i++ {
		more = more && last[i].cookies > last[i-1].cookies
		longer = longer && last[i].octets >= last[i-1].octets+growthOctets
	}
	if !more && !longer {
		b.check(sized)
		return
	}
	if !b.found(sized) {
		b.find(Finding{Requirement: sized, Op: op.Index, Probe: -1, Rank: 4,
			Want: fmt.Sprintf("after %d times %s the jar of %s has levelled off", len(all), op.Step.Op, op.Step.Client),
			Got: fmt.Sprintf("it grew each time: from %d cookies of %d octets to %d of %d", last[0].cookies, last[0].octets,
				now.cookies, now.octets)})
	}
}

// A jar grows if it did so this many times running: by a cookie, or by this
// many octets, more than ids of changing length account for.
const (
	growthRounds = 4
	growthOctets = 8
)
