package judge

import (
	"fmt"

	"github.com/sessionspec/sessionspec/internal/generate"
	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/model"
)

const anyOrder = "robust/any-order-safe"

// unansweredBy is the answer to an operation that is none: 5xx, or a connection that
// ended without one. "" where there is no such.
func unansweredBy(op *history.Op) string {
	for _, ev := range op.Events {
		switch x := ev.Exchange; {
		case x == nil:
		case x.Response == nil:
			return fmt.Sprintf("%s %s got no answer: %s", x.Request.Method, x.Request.URL, x.Error)
		case x.Response.Status >= 500:
			return fmt.Sprintf("%s %s -> %d", x.Request.Method, x.Request.URL, x.Response.Status)
		}
	}
	return ""
}

// anyOrder judges what only a generated story does: a session's own operation is
// answered, whatever came before, and whoever is entitled to gets in again. What
// an administrator's operation answers to the second time is not judged.
func (b *bench) anyOrder(op *history.Op, before string) {
	if !b.play.Generated {
		return
	}
	why := unansweredBy(op)
	if why != "" || op.Outcome == history.Failed {
		b.muddled = true
	}
	if !generate.Session(op.Step.Op) {
		return
	}
	f := Finding{Requirement: anyOrder, Op: op.Index, Probe: -1, Rank: 4}
	switch {
	case b.found(anyOrder):
	case why != "":
		f.Want, f.Got = "a defined answer, also when there is nothing to do", why
		f.Try = "let the handler look at the state itself, and answer plainly when there is nothing to do"
		b.find(f)
	case op.Outcome == history.Failed:
	case op.Step.Op == "sign_in" && !op.Step.Wrong && before == "none" && op.Outcome == history.Refused && !b.muddled && b.world.Able(op.User):
		f.Want, f.Got = op.User+" can sign in: the account is there and switched on, and the client has no session", "it was refused: "+op.Why
		b.find(f)
	default:
		b.check(anyOrder)
	}
}

// revived tells of a sign-in's credential that is not what it has to be, where a
// written story would only say that it rests on that.
func (b *bench) revived(op *history.Op, i int, p history.Probe, x model.Expect) bool {
	if !b.play.Generated || x.Duty != "" {
		return false
	}
	if !b.found(anyOrder) && !b.muddled {
		b.find(Finding{Requirement: anyOrder, Op: op.Index, Probe: i, Credential: p.Credential, Rank: 2,
			Want: fmt.Sprintf("%s is %s (%s)", p.Credential, wantText(x), x.Because),
			Got:  fmt.Sprintf("%s is %s", p.Credential, gotText(p.Answer))})
	}
	b.world.Resync(p.Credential)
	return true
}
