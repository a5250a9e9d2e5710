package judge

import (
	"fmt"
	"slices"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/model"
)

// signOutAnswer: signing out works from every state, and says so.
func (b *bench) signOutAnswer(op *history.Op, before, ended string) {
	if op.Step.Op != "sign_out" || op.Outcome == history.Failed {
		return
	}
	if op.Storage != nil {
		return // a client of its own words: its storage and the server's truth are judged, not its exit code
	}
	if before == "live" {
		if op.Outcome != history.OK {
			b.find(Finding{Requirement: kills, Op: op.Index, Probe: -1, Rank: 1,
				Want: "signing out of a live session succeeds", Got: "it was refused: " + op.Why})
		}
		return
	}
	state := map[string]string{"none": "no session", "pending": "a sign-in that is not finished",
		"unspecified": "a session that may be over (" + ended + ")"}[before]
	if state == "" {
		state = "a session that is over (" + ended + ")"
	}
	if op.Outcome == history.OK {
		b.check(idempotent)
		return
	}
	b.find(Finding{Requirement: idempotent, Op: op.Index, Probe: -1, Rank: 3,
		Want: "signing out with " + state + " succeeds",
		Got:  "it was refused: " + op.Why,
		Try:  "let the sign-out route run before, or without, the check that the session is good"})
}

// ghosts: a sign-out, the end of one's own session, and the news that it is
// over hand out nothing.
func (b *bench) ghosts(op *history.Op, held map[string]bool, expects []model.Expect) {
	if b.terms.AnonymousSessions {
		return
	}
	ends := op.Step.Op == "sign_out" || op.Step.Op == "revoke_session" && op.Step.Of == op.Step.Client
	if ends && op.Outcome != history.Failed && op.Outcome != history.Refused {
		last := lastExchange(op)
		found := false
		for _, o := range op.Offers {
			if o.Event == last && !held[o.Value] {
				found = true
				b.ghost(op, -1, "", "the answer to "+op.Step.Op+" hands out nothing new", o)
			}
		}
		if !found && last < 0 && op.Captured != "" { // a browser: its answers are not read, its jar is
			for _, c := range b.creds[op.Captured].Carriers { // what is left of a set is not new
				if !found && !held[c.Value] {
					found = true
					b.ghost(op, -1, "", "after "+op.Step.Op+" the browser holds nothing new", history.Offer{Kind: c.Kind, Name: c.Name, Value: c.Value})
				}
			}
		}
		if !found && (last >= 0 || op.Jar != nil || op.Journal != nil) {
			b.check(noGhost)
		}
	}
	over := map[string]bool{}
	for _, x := range expects {
		over[x.Credential] = x.Want == model.Dead
	}
	for i, p := range op.Probes {
		if !over[p.Credential] || p.Answer.State != history.Dead || b.ghosted[p.Credential] {
			continue
		}
		at := slices.IndexFunc(p.Answer.Offers, func(o history.Offer) bool { return !b.carries(p.Credential, o.Value) })
		if at < 0 {
			b.check(noGhost)
			continue
		}
		b.ghosted[p.Credential] = true
		b.ghost(op, i, p.Credential, "the answer that says a session is over hands out nothing new", p.Answer.Offers[at])
	}
}

// carries tells whether a value is part of a credential: an answer that repeats
// what was presented hands out nothing new.
func (b *bench) carries(cred, value string) bool {
	return slices.ContainsFunc(b.creds[cred].Carriers, func(c history.Carrier) bool { return c.Value == value })
}

func (b *bench) ghost(op *history.Op, probe int, cred, want string, o history.Offer) {
	b.find(Finding{Requirement: noGhost, Op: op.Index, Probe: probe, Credential: cred, Rank: 1, Want: want,
		Got: fmt.Sprintf("a new %s %q with value %s", o.Kind, o.Name, o.Value),
		Try: "do not save or expose a session that the request has just emptied"})
}

func lastExchange(op *history.Op) int {
	for i := len(op.Events) - 1; i >= 0; i-- {
		if op.Events[i].Exchange != nil {
			return i
		}
	}
	return -1
}

// storage: after a sign-out the client's own disk holds no credential, whatever
// the server said.
func (b *bench) storage(op *history.Op) {
	if op.Step.Op != "sign_out" || op.Storage == nil {
		return
	}
	if !op.Storage.Holds {
		if b.lastCred(op.Step.Client, op.Index-1) != "" { // a disk that never held anything proves nothing
			b.check(clearStorage)
		}
		return
	}
	if b.found(clearStorage) {
		return
	}
	b.find(Finding{Requirement: clearStorage, Op: op.Index, Probe: -1, Rank: 3,
		Want: "after signing out the client's storage holds no credential",
		Got:  fmt.Sprintf("%s still holds %s", op.Storage.File, op.Storage.Value),
		Try:  "forget the local credential first, then tell the server"})
}

// count: what the store holds goes back to where it was once everybody who
// came has signed out.
type count struct{ n, signIns, signOuts, looks, atOnce int }

func (b *bench) count(op *history.Op, before string) {
	if b.counted != nil && (op.Step.Op == "visit" || op.Step.Op == "sign_in" && op.Outcome == history.Refused) {
		b.counted.looks++
	}
	if b.counted != nil && (op.Outcome == history.OK || op.Outcome == history.Pending) {
		switch op.Step.Op {
		case "sign_in", "sign_in_partial", "redeem":
			b.counted.signIns += max(1, len(op.Arrivals))
			b.counted.atOnce += len(op.Arrivals)
		case "sign_out":
			if before == "live" || before == "pending" { // signing out of nothing empties no place
				b.counted.signOuts++
			}
		}
	}
	if op.Count == nil || b.terms.AnonymousSessions { // there our own questions leave sessions behind
		return
	}
	c := b.counted
	b.counted = &count{n: *op.Count}
	if c != nil && c.looks > 0 && c.signIns == 0 && c.signOuts == 0 {
		b.countReaders(op, c)
	}
	if c != nil && c.atOnce > 0 && c.signOuts == 0 && c.looks == 0 {
		b.countArrivals(op, c)
	}
	if c == nil || c.signOuts == 0 || b.found(kills) || b.found(idempotent) || b.found(noGhost) {
		return // a session that a sign-out left open is no ghost, and is reported already, as a ghost is that we saw
	}
	if most := c.n + c.signIns - c.signOuts; *op.Count > most {
		b.find(Finding{Requirement: noGhost, Op: op.Index, Probe: -1, Rank: 4,
			Want: fmt.Sprintf("the store holds at most %d sessions after %d sign-ins and %d sign-outs (%d before)", most, c.signIns, c.signOuts, c.n),
			Got:  fmt.Sprintf("%d sessions", *op.Count)})
		return
	}
	b.check(noGhost)
}
