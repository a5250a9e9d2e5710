package judge

import (
	"fmt"

	"github.com/sessionspec/sessionspec/internal/history"
)

// full: a sign-in to an account that has as many sessions as it may have comes
// out as declared. What it ends is for the model to say. A client that brings a
// session may well exchange it, so it is no test.
func (b *bench) full(op *history.Op, before string, full bool) {
	if op.Step.Op != "sign_in" || op.Step.Wrong || !full || before != "none" || b.world.Disabled(op.User) {
		return
	}
	if op.Outcome != history.OK && op.Outcome != history.Refused {
		return
	}
	refuse := b.terms.AtLimit == "refuse"
	if refuse == (op.Outcome == history.Refused) {
		if refuse { // else it counts once the oldest session is seen to be over
			b.check(limitAsDeclared)
		}
		return
	}
	want, got := "is refused", "it succeeded"
	if !refuse {
		want, got = "succeeds and ends the oldest session", "it was refused: "+op.Why
	}
	b.find(Finding{Requirement: limitAsDeclared, Op: op.Index, Probe: -1, Rank: 3, Got: got,
		Want: fmt.Sprintf("a sign-in beyond the declared limit of %d sessions %s", b.terms.Limit, want),
		Try:  "count and store in one step, by account"})
}
