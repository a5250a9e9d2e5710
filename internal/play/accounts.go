package play

import (
	"fmt"

	"github.com/sessionspec/sessionspec/internal/history"
)

// newName is the name that a renaming asks for: a fresh one, or the one that
// another user of the play had before.
func (p *player) newName(op *history.Op) string {
	if op.Step.Former == "" {
		return fmt.Sprintf("%s-%s-%d", op.User, p.ending(op.User), op.Index)
	}
	who := p.account(op.Step.Former)
	if who.former == "" {
		return who.name
	}
	return who.former
}

// fill says how often a sign-in is made so that the account has as many
// sessions as are declared to be the most; false where it has them already.
func (p *player) fill(op *history.Op) bool {
	n := 0
	if d := p.env.Target.Declares.Sessions; d != nil {
		n = d.Limit
	}
	for _, o := range p.rec.Ops {
		if o.Step.Op == "sign_in" && o.User == op.User && o.Outcome == history.OK {
			n -= max(1, o.Step.Times)
		}
	}
	op.Step.Times = n
	if n < 1 {
		op.Outcome, op.Why = history.Skipped, "the account has as many sessions as it may have"
	}
	return n >= 1
}
