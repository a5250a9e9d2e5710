package judge

import (
	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
)

const (
	reuseEnds    = "establish/refresh-reuse-revokes-family"
	accountState = "establish/refresh-respects-account-state"
	allDie       = "terminate/all-artefacts-die"
)

// refreshed: what belongs to a session that is over brings no other, and a
// spent refresh credential brings none. before, duty and because are what the
// model said of the client before the operation.
func (b *bench) refreshed(op *history.Op, before, duty, because string) {
	if op.Step.Op != "refresh" || op.Outcome != history.OK && op.Outcome != history.Refused {
		return
	}
	spent := op.Step.With == story.Spent
	want, try := "a refresh is refused: "+because, "let refresh ask what sign-in asks, all but the password, and end it with its session"
	if duty == "" && spent && before == "live" && !b.terms.RefreshStays {
		if op.Outcome == history.Refused && !b.terms.ReuseRefused {
			return // what has to die now is asked by the panel
		}
		duty, want, try = reuseEnds, "a spent refresh credential is refused", "give a new one at every refresh and mark the old one as spent, in one step"
	}
	switch {
	case duty == "" || b.found(duty):
	case op.Outcome == history.Refused && op.Captured == "":
		b.check(duty)
	default:
		got := "it was accepted"
		if op.Outcome == history.Refused {
			got = "it was refused, and the answer hands out " + op.Captured
		}
		b.find(Finding{Requirement: duty, Op: op.Index, Probe: -1, Credential: op.Captured, Rank: 1, Want: want, Got: got, Try: try})
		b.world.Resync(op.Captured)
	}
}
