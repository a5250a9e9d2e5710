package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
)

// presented tells whether the operation's requests carried the credential that
// the client held before. A browser sends its cookies by itself.
func (b *bench) presented(op *history.Op) bool {
	held, ok := b.creds[b.lastCred(op.Step.Client, op.Index-1)]
	if op.Place != "" {
		held, ok = b.creds[op.Holds]
	}
	if !ok {
		return false
	}
	for _, ev := range op.Events {
		if ev.Browser != "" {
			return true
		}
		if ev.Exchange == nil {
			continue
		}
		for _, line := range ev.Exchange.Request.Header {
			if slices.ContainsFunc(held.Carriers, func(c history.Carrier) bool { return c.Value != "" && strings.Contains(line.Value, c.Value) }) {
				return true
			}
		}
	}
	return false
}

// newToken: a sign-in brings a credential that nobody had before.
func (b *bench) newToken(op *history.Op, before string) {
	if op.Step.Op != "sign_in" || op.Outcome != history.OK || b.found(newToken) {
		return
	}
	f := Finding{Requirement: newToken, Op: op.Index, Probe: -1, Rank: 1,
		Want: "a sign-in brings a credential that was never seen before",
		Try:  "make a new id at every sign-in, and delete the old session"}
	if op.Captured == "" {
		held := b.lastCred(op.Step.Client, op.Index-1)
		if held == "" || before == "ended" || b.planted(op) { // what was planted or over is in the panel, and judged there
			return
		}
		f.Credential, f.Got = held, fmt.Sprintf("%s goes on with %s, which it held before", op.Step.Client, held)
		b.find(f)
		return
	}
	seen := map[string]string{}
	for _, c := range b.play.Credentials {
		if c.ID == op.Captured {
			break
		}
		for _, v := range c.Carriers {
			seen[v.Value] = c.ID
		}
	}
	now := b.creds[op.Captured].Carriers
	if len(now) > 0 && !slices.ContainsFunc(now, func(c history.Carrier) bool { return seen[c.Value] == "" }) {
		f.Credential, f.Got = op.Captured, fmt.Sprintf("%s is the same as %s", op.Captured, seen[now[0].Value])
		b.find(f)
		return
	}
	b.check(newToken)
}

// planted tells whether what the client holds was put there by the story.
func (b *bench) planted(op *history.Op) bool {
	for i := op.Index - 1; i >= 0; i-- {
		o := b.play.Ops[i]
		if o.Step.Client == op.Step.Client && (o.Captured != "" || o.Planted != "") {
			return o.Step.Op == "plant"
		}
	}
	return false
}

// readers: whoever only looks, or fails to sign in, is handed no session.
func (b *bench) readers(op *history.Op, before string, held map[string]bool) {
	failed := op.Step.Op == "sign_in" && op.Outcome == history.Refused
	if failed && b.world.Disabled(op.User) {
		b.check(explicitAct) // refused, as it has to be
	}
	if b.terms.AnonymousSessions || before != "none" || !failed && (op.Step.Op != "visit" || op.Outcome != history.OK) || b.found(readersGetNo) {
		return
	}
	offers, what := op.Offers, "a page shown to a stranger"
	if failed { // a sign-in of several steps has to be kept somewhere until the last of them fails
		what, offers = "a failed sign-in", lastOffers(op)
	} else if op.Self != nil {
		offers = slices.Concat(offers, op.Self.Offers)
	}
	if i := slices.IndexFunc(offers, func(o history.Offer) bool { return !held[o.Value] }); i >= 0 {
		b.find(Finding{Requirement: readersGetNo, Op: op.Index, Probe: -1, Rank: 4,
			Want: what + " hands out no session",
			Got:  fmt.Sprintf("a new %s %q with value %s", offers[i].Kind, offers[i].Name, offers[i].Value),
			Try:  "make a session when there is something to keep in it, and not before"})
		return
	}
	b.check(readersGetNo)
}

// lastOffers are what the last answer hands out and none before it did.
func lastOffers(op *history.Op) (out []history.Offer) {
	last := lastExchange(op)
	for _, o := range op.Offers {
		if o.Event == last && !slices.ContainsFunc(op.Offers, func(x history.Offer) bool { return x.Event < last && x.Value == o.Value }) {
			out = append(out, o)
		}
	}
	return out
}

// countReaders: the store has not grown by those who only looked or failed.
func (b *bench) countReaders(op *history.Op, c *count) {
	if *op.Count <= c.n {
		b.check(readersGetNo)
		return
	}
	if !b.found(readersGetNo) {
		b.find(Finding{Requirement: readersGetNo, Op: op.Index, Probe: -1, Rank: 4,
			Want: fmt.Sprintf("the store holds %d sessions, as before %d visits and failed sign-ins of strangers", c.n, c.looks),
			Got:  fmt.Sprintf("%d sessions", *op.Count)})
	}
}
