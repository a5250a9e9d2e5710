package judge

import (
	"fmt"
	"slices"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/model"
)

// Requirements that the judge itself attributes findings to.
const (
	oneIdentity  = "isolate/one-token-one-identity"
	noReuse      = "isolate/no-identity-reuse"
	byNetwork    = "isolate/not-keyed-by-network"
	dataPer      = "isolate/session-data-per-session"
	keepsActor   = "frame/create-user-keeps-actor"
	noGhost      = "hygiene/no-ghost-on-sign-out"
	idempotent   = "terminate/sign-out-idempotent"
	kills        = "terminate/sign-out-kills-server-side"
	reachable    = "terminate/sign-out-reachable"
	clearStorage = "client/sign-out-clears-storage"
	sameLife     = "cookieset/same-life"
	restartPlain = "browser/restart-without-restore"
	restartKept  = "browser/restart-with-restore"
	newToken     = "establish/new-token-on-sign-in"
	explicitAct  = "establish/explicit-act-only"
	entropyFloor = "establish/entropy-floor"
	rightsGone   = "terminate/privilege-loss-immediate"
	readersGetNo = "hygiene/no-session-for-readers"

	listTruthful    = "multi/list-truthful"
	limitAsDeclared = "multi/limit-as-declared"
	foreignHandles  = "isolate/foreign-handles-refused"
	rotateOnChange  = "establish/rotate-on-privilege-change"
)

// panel compares every credential's answer with its expectation.
func (b *bench) panel(op *history.Op, expects []model.Expect, row *Row) {
	byCred := map[string]model.Expect{}
	for _, x := range expects {
		byCred[x.Credential] = x
	}
	if b.unanswered(op) {
		return
	}
	for i, p := range op.Probes {
		if p.Credential == "" {
			b.stranger(op, i, p)
			continue
		}
		x, known := byCred[p.Credential]
		if !known {
			continue
		}
		bad := b.compare(op, i, p, x)
		cell := Cell{Credential: p.Credential, Want: wantText(x), Got: gotText(p.Answer), Bad: bad}
		if x.Want == model.Any {
			cell.Want = ""
		}
		row.Cells = append(row.Cells, cell)
	}
}

// unanswered stops the play where whoami gave no verdict: a target in trouble
// may well call the other credentials of the row dead, which proves nothing.
func (b *bench) unanswered(op *history.Op) bool {
	for _, p := range op.Probes {
		if p.Answer.State == history.NoVerdict && !b.plantBroke(op, p) {
			who := p.Credential
			if who == "" {
				who = "a stranger"
			}
			b.stop(true, "whoami gave no verdict for %s after %q: %s", who, op.Step.Text(), p.Answer.Why)
			return true
		}
	}
	return false
}

// compare judges one answer; it returns whether it differs.
func (b *bench) compare(op *history.Op, i int, p history.Probe, x model.Expect) bool {
	a := p.Answer
	if a.State == history.Live && a.Name != "" && x.User != "" && a.User != x.User {
		b.foreign(op, i, p, x)
		return true
	}
	if x.User != "" && slices.ContainsFunc(b.play.Ops[:op.Index+1], func(o history.Op) bool {
		return o.Step.Op == "rename" && o.Outcome == history.OK && o.Step.Former == x.User
	}) {
		b.check(noReuse) // somebody else has this user's former name, and does not get the session with it
	}
	switch {
	case b.world.Settled(p.Credential): // another credential of this session may be the one that was reported
		b.res.Unspecified++
		return x.Want != model.Any && string(x.Want) != a.State
	case x.Want == model.Any:
		b.res.Unspecified++
		b.world.Saw(p.Credential, a.State)
		return false
	case string(x.Want) == a.State, x.Want == model.NotLive && a.State != history.Live:
		if x.Duty != "" && (x.Duty != foreignHandles || b.tried(op)) {
			b.check(x.Duty)
		}
		if x.Want == model.Live && a.Name != "" {
			b.check(oneIdentity)
			if p.Credential == op.Captured && b.switchedFrom(op) != "" {
				b.check(userSwitch)
			}
		}
		return false
	case x.Want == model.Pending && a.State == history.Dead:
		return false // a target that has no answer of its own for half a sign-in
	case b.revived(op, i, p, x):
		return true
	case x.Duty == "":
		b.stop(false, "step %d (%s): %s must be %s because %s, yet it is %s; the story rests on that",
			op.Index+1, op.Step.Text(), p.Credential, x.Want, x.Because, a.State)
		return true
	}
	f := Finding{Requirement: x.Duty, Op: op.Index, Probe: i, Credential: p.Credential,
		Want: fmt.Sprintf("%s is %s (%s)", p.Credential, wantText(x), x.Because),
		Got:  fmt.Sprintf("%s is %s", p.Credential, gotText(a)) + suspect(op, x), Rank: 2}
	if x.Want == model.Dead || x.Want == model.NotLive {
		f.Rank = 1
	}
	b.find(f)
	b.world.Resync(p.Credential)
	return true
}

// foreign reports a credential that answers for somebody else.
func (b *bench) foreign(op *history.Op, i int, p history.Probe, x model.Expect) {
	if slices.ContainsFunc(b.foreigners, func(c string) bool { return b.world.SameSession(c, p.Credential) }) {
		return
	}
	b.foreigners = append(b.foreigners, p.Credential)
	req := oneIdentity
	holder := b.clients[b.world.Holder(p.Credential)]
	switch {
	case x.Duty == noReuse, b.hasNameOf(op, p.Answer.User, x.User):
		req = noReuse
	case len(op.Arrivals) > 0 && b.found(parallelSignIn): // reported with the sign-ins
		b.world.Resync(p.Credential)
		return
	case b.keptToken(op, p, holder):
		if b.found(newToken) { // judged by the answer to the sign-in already
			b.world.Resync(p.Credential)
			return
		}
		req = newToken
	case b.switchedFrom(op) == p.Answer.User && p.Answer.User != "" && p.Credential == op.Captured:
		req = userSwitch
	case op.Step.Op == "create_user" && op.Acted && holder.Name == op.Step.Client && p.Answer.User == op.User:
		req = keepsActor
	case b.sharesNetwork(holder, a2c(b, p.Answer.User)...):
		req = byNetwork
	}
	b.find(Finding{Requirement: req, Op: op.Index, Probe: i, Credential: p.Credential, Rank: 0,
		Want: fmt.Sprintf("%s answers for %s, or for nobody", p.Credential, x.User),
		Got:  fmt.Sprintf("%s is %s", p.Credential, gotText(p.Answer))})
	b.world.Resync(p.Credential)
}

// hasNameOf tells whether a user has got the former name of another by now.
func (b *bench) hasNameOf(op *history.Op, user, former string) bool {
	return user != "" && slices.ContainsFunc(b.play.Ops[:op.Index+1], func(o history.Op) bool {
		return o.Step.Op == "rename" && o.Outcome == history.OK && o.User == user && o.Step.Former == former
	})
}

// stranger judges a request without any credential from a client's address.
func (b *bench) stranger(op *history.Op, i int, p history.Probe) {
	switch p.Answer.State {
	case history.Live:
		if b.aired[p.Client] {
			return
		}
		b.aired[p.Client] = true
		b.find(Finding{Requirement: byNetwork, Op: op.Index, Probe: i, Rank: 0,
			Want: fmt.Sprintf("a stranger at the address of %s is nobody", p.Client),
			Got:  "the stranger is " + gotText(p.Answer)})
	default:
		if b.world.ClientState(p.Client) == "live" {
			b.check(byNetwork)
		}
	}
}

// a2c lists the clients of a role.
func a2c(b *bench, user string) (out []history.Client) {
	for _, c := range b.play.Clients {
		if c.User == user {
			out = append(out, b.clients[c.Name])
		}
	}
	return out
}

// moved takes note of where a client is from now on.
func (b *bench) moved(op *history.Op) {
	if c, ok := b.clients[op.Step.Client]; ok && op.Address != "" {
		c.Address = op.Address
		b.clients[c.Name] = c
	}
}

// sharesNetwork tells whether a client has with any of the others only in
// common what the network shows: an address, a missing identifier, a forged header.
func (b *bench) sharesNetwork(c history.Client, others ...history.Client) bool {
	odd := func(x history.Client) bool {
		return x.Connection != "" || len(x.Strip) > 0 || len(x.Headers) > 0
	}
	for _, o := range others {
		if o.Name != c.Name && (o.Address != "" && o.Address == c.Address || odd(c) || odd(o)) {
			return true
		}
	}
	return false
}

func wantText(x model.Expect) string {
	if x.Want == model.Live {
		return "live as " + x.User
	}
	return string(x.Want)
}

func gotText(a history.Answer) string {
	if a.State != history.Live {
		return a.State
	}
	switch {
	case a.User != "":
		return "live as " + a.User
	case a.Name != "":
		return "live as somebody unknown to the story (" + a.Name + ")"
	}
	return "live"
}
