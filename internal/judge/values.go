package judge

import (
	"fmt"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
)

// Requirements about values that no sign-in has made, or has made otherwise.
const (
	malformedAnon = "robust/malformed-is-anonymous"
	tamperRefused = "robust/tampering-refused"
	injectionSafe = "robust/injection-safe"
	neighboursOK  = "robust/neighbour-cookies-harmless"
	notSpoofable  = "cookie/prefix-not-spoofable"
	onlyDeclared  = "transport/only-declared-channel"
)

// breach is what is wrong with one answer; the zero breach is no breach.
type breach struct {
	req       string
	want, got string
	rank      int
}

// shownBy judges each thing shown by a live client with a rule. A rule returns
// what is wrong, or the requirement that was put to the test, "" for none. Of
// several breaches of a requirement in one step the gravest is reported.
func shownBy(rule func(*bench, *history.Op, history.Shown) (breach, string)) func(*bench, *history.Op, string) {
	return func(b *bench, op *history.Op, before string) {
		if before != "live" {
			return
		}
		worst, order := map[string]Finding{}, []string{}
		count := map[string]int{}
		for i, s := range op.Shown {
			if x := s.Answer.Exchange; x != nil && x.Response != nil && x.Response.Status == 429 {
				b.stop(true, "the target limits the rate (429) in %q", op.Step.Text())
				return
			}
			bad, tested := rule(b, op, s)
			if bad.req == "" {
				if tested != "" {
					b.check(tested)
				}
				continue
			}
			if count[bad.req]++; count[bad.req] == 1 {
				order = append(order, bad.req)
			} else if worst[bad.req].Rank <= bad.rank {
				continue
			}
			worst[bad.req] = Finding{Requirement: bad.req, Op: op.Index, Probe: -1, Shown: i + 1, Rank: bad.rank,
				Want: s.What + ": " + bad.want, Got: bad.got}
		}
		for _, req := range order {
			f := worst[req]
			if n := count[req] - 1; n > 0 {
				f.Got += fmt.Sprintf(" (and %d more of what was shown)", n)
			}
			if !b.found(req) {
				b.find(f)
			}
		}
	}
}

// own is the user of the client that shows.
func (b *bench) own(op *history.Op) string { return b.whose(op.Step.Client) }

// whose is the user of the session that a client is in, else whose client it is:
// at one device several people may sign in.
func (b *bench) whose(client string) string {
	if u := b.world.Who(client); u != "" {
		return u
	}
	return b.clients[client].User
}

// foreignTo tells whether an answer is live for somebody else than the user.
func foreignTo(a history.Answer, user string) bool {
	return a.State == history.Live && a.Name != "" && a.User != user
}

// broke is the breach of an answer that is none, and whether there is one.
// Where HTTP lets the server hang up, silence is an answer.
func broke(s history.Shown) (breach, bool) {
	a := s.Answer
	if a.State != history.NoVerdict {
		return breach{}, false
	}
	x := a.Exchange
	switch {
	case x != nil && x.Response != nil && x.Response.Status < 500:
		return breach{}, true // live by its status, and yet naming nobody
	case s.MayDrop && (x == nil || x.Response == nil):
		return breach{}, true
	}
	return breach{req: malformedAnon, want: "nobody, or a refusal", got: a.Why, rank: 3}, true
}

// nobody judges a value that signs nobody in.
func nobody(s history.Shown, req string, mine string, rank int) (breach, string) {
	if bad, silent := broke(s); silent {
		return bad, ""
	}
	if s.Answer.State != history.Live {
		return breach{}, req
	}
	if foreignTo(s.Answer, mine) {
		rank = 0
	}
	return breach{req: req, want: "nobody", got: gotText(s.Answer), rank: rank}, ""
}

// malformed: broken values make nobody, and no error; bystanders go on.
func (b *bench) malformed(op *history.Op, s history.Shown) (breach, string) {
	a := s.Answer
	switch {
	case s.Kind == history.ShownBystander:
		of := op.Step.Of
		if b.world.ClientState(of) != "live" {
			return breach{}, ""
		}
		if a.State != history.Live || foreignTo(a, b.clients[of].User) {
			return breach{req: malformedAnon, want: "live as " + b.clients[of].User, got: orWhy(a), rank: 2}, ""
		}
		return breach{}, malformedAnon
	case s.MayPass && a.State == history.Live && !foreignTo(a, b.own(op)):
		return breach{}, malformedAnon
	case a.State == history.Live && s.Kind == history.ShownPage:
		return breach{req: malformedAnon, want: "a page for nobody", got: a.Why, rank: 0}, ""
	}
	return nobody(s, malformedAnon, b.own(op), 0)
}

func orWhy(a history.Answer) string {
	if a.State == history.NoVerdict {
		return a.Why
	}
	return gotText(a)
}

// injected: values that mean something elsewhere reach no session and no header.
func (b *bench) injected(op *history.Op, s history.Shown) (breach, string) {
	if x := s.Answer.Exchange; x != nil && x.Response != nil {
		for _, l := range x.Response.Header {
			if strings.EqualFold(l.Name, "X-Sessionspec-Injected") || strings.EqualFold(l.Name, "Set-Cookie") && strings.HasPrefix(l.Value, "sessionspec-injected=") {
				return breach{req: injectionSafe, want: "no header line of the client's making", got: l.Name + ": " + l.Value, rank: 1}, ""
			}
		}
	}
	return nobody(s, injectionSafe, b.own(op), 0)
}

// tampered: whatever was changed is refused.
func (b *bench) tampered(op *history.Op, s history.Shown) (breach, string) {
	return nobody(s, tamperRefused, b.own(op), 1)
}

// recovers: with a broken value in its jar a client signs in as ever.
func (b *bench) recovers(op *history.Op) {
	if op.Step.Op != "sign_in" || op.Step.Wrong || !b.heldBroken(op) || b.found(malformedAnon) {
		return
	}
	switch {
	case op.Outcome == history.OK || op.Outcome == history.Pending:
		b.check(malformedAnon)
	case b.limited(op) || lastExchange(op) < 0:
	default:
		b.find(Finding{Requirement: malformedAnon, Op: op.Index, Probe: -1, Rank: 2,
			Want: op.Step.Client + " signs in with a broken value in its jar", Got: op.Outcome + ": " + op.Why,
			Try: "take what cannot be read for no session, and let the sign-in replace it"})
	}
}

// limited tells whether the rate of the target's answers was limited.
func (b *bench) limited(op *history.Op) bool {
	i := lastExchange(op)
	return i >= 0 && op.Events[i].Exchange.Response != nil && op.Events[i].Exchange.Response.Status == 429
}

// heldBroken tells whether the client came to the operation with a malformed
// value that the story gave it.
func (b *bench) heldBroken(op *history.Op) bool {
	for i := op.Index - 1; i >= 0; i-- {
		if o := b.play.Ops[i]; o.Step.Client == op.Step.Client && (o.Captured != "" || o.Planted != "") {
			return o.Step.Op == "plant" && o.Step.How == story.Malformed
		}
	}
	return false
}

// plantBroke reports a target that answers a planted malformed value with an
// error; true means that the missing answer is judged herewith.
func (b *bench) plantBroke(op *history.Op, p history.Probe) bool {
	cr, ok := b.creds[p.Credential]
	if !ok || cr.Op < 0 || cr.Op >= len(b.play.Ops) {
		return false
	}
	if o := b.play.Ops[cr.Op]; o.Step.Op != "plant" || o.Step.How != story.Malformed {
		return false
	}
	bad, _ := broke(history.Shown{Answer: p.Answer})
	if bad.req == "" {
		return false
	}
	if !b.found(malformedAnon) {
		b.find(Finding{Requirement: malformedAnon, Op: op.Index, Probe: -1, Credential: p.Credential, Rank: 3,
			Want: p.Credential + " is nobody, or refused", Got: p.Answer.Why})
	}
	return true
}
