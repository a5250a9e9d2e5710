package judge

import (
	"slices"

	"github.com/sessionspec/sessionspec/internal/history"
)

// elevation is what the play has shown about an operation that takes an
// elevated session.
type elevation struct {
	holds   map[string]string // client -> credential it presents
	guarded []string          // credentials that were turned away before any step-up
	before  []string          // credentials of sessions that stepped up, from before that
	gained  []string          // credentials by which the operation then worked
}

// elevate: a step-up gives its session a new credential, and the one from before
// has not the new right. It is judged only where the operation is known to
// refuse that session before, and to work after it. A new role is no test: who
// is given one out of band is in no position to be handed a credential.
func (b *bench) elevate(op *history.Op) {
	e := &b.elevated
	if e.holds == nil {
		e.holds = map[string]string{}
	}
	client, same := op.Step.Client, b.world.SameSession
	held := e.holds[client]
	of := func(list []string) bool {
		return slices.ContainsFunc(list, func(c string) bool { return same(c, held) })
	}
	switch {
	case held == "" || op.Step.Op != "sensitive":
	case op.Outcome == history.Refused && !of(e.before):
		e.guarded = append(e.guarded, held)
	case op.Outcome == history.OK && !slices.Contains(e.before, held):
		e.gained = append(e.gained, held)
	case op.Outcome == history.OK && b.clientOf(held) == client: // kept: the right came with the same credential
		e.gained = append(e.gained, held)
	case slices.Contains(e.before, held) && of(e.guarded) && of(e.gained) && op.Outcome == history.Refused:
		b.check(rotateOnChange)
	case slices.Contains(e.before, held) && of(e.guarded) && of(e.gained) && op.Outcome == history.OK && !b.world.Settled(held):
		b.find(Finding{Requirement: rotateOnChange, Op: op.Index, Probe: -1, Credential: held, Rank: 1,
			Want: held + ", from before the step-up, has not the new right",
			Got:  client + " could use it",
			Try:  "hand out a new credential at every step-up, and end the old one"})
	}
	if op.Step.Op == "step_up" && op.Outcome == history.OK && held != "" {
		e.before = append(e.before, held)
	}
	switch {
	case op.Planted != "":
		e.holds[client] = op.Planted
	case op.Captured != "":
		e.holds[client] = op.Captured
	case op.Step.Op == "sign_out":
		delete(e.holds, client)
	}
}

// clientOf is the client that a credential was captured at.
func (b *bench) clientOf(cred string) string { return b.creds[cred].Client }

// elevateAtOnce notes what a parallel step means for later uses of the right.
func (b *bench) elevateAtOnce(op *history.Op) {
	e := &b.elevated
	for _, branch := range op.Branches {
		for _, o := range branch {
			if o.Step.Op == "step_up" && o.Outcome == history.OK && o.Holds != "" {
				e.before = append(e.before, o.Holds)
			}
			if o.Captured != "" && e.holds != nil {
				e.holds[o.Step.Client] = o.Captured
			}
		}
	}
}
