package judge

import (
	"fmt"

	"github.com/sessionspec/sessionspec/internal/history"
)

const halfOpen = "isolate/half-open-grants-nothing"

// openings is what a play has shown about clients that have begun something
// and not finished it.
type openings struct {
	half    map[string]string // client -> what it has begun
	guarded map[string]bool   // operation and route that turned a plain stranger away
	out     map[string]bool   // pages that call a plain stranger signed out
}

// halfOpen: whoever has only asked for a link is nobody yet. Operations and
// pages count where a client that has begun nothing was turned away before.
// before is the client's state in the model.
func (b *bench) halfOpen(op *history.Op, before string) {
	if b.open == nil {
		b.open = &openings{map[string]string{}, map[string]bool{}, map[string]bool{}}
	}
	o, c := b.open, op.Step.Client
	begun := o.half[c]
	switch op.Step.Op {
	case "request_link":
		if op.Outcome == history.OK && before == "none" {
			o.half[c] = "has only asked for a link for " + op.User
		}
	case "sign_in", "sign_in_partial", "redeem", "sign_out", "plant":
		if op.Outcome != history.Refused {
			delete(o.half, c)
		}
	case "visit":
		b.halfSeen(op, begun)
	default:
		key := op.Step.Op + " " + op.Route
		switch {
		case !protectedOps[op.Step.Op] || !op.Acted:
		case begun == "" && before == "none":
			o.guarded[key] = op.Outcome == history.Refused
		case begun == "" || !o.guarded[key] || b.found(halfOpen):
		case op.Outcome == history.Refused:
			b.check(halfOpen)
		case op.Outcome == history.OK:
			b.find(Finding{Requirement: halfOpen, Op: op.Index, Probe: -1, Rank: 1,
				Want: fmt.Sprintf("%s, who %s, is refused as any stranger is", c, begun), Got: op.Step.Op + " was done",
				Try: "keep unfinished steps under names of their own, and set the user when the last step is done"})
		}
	}
}

// halfSeen judges what whoami and the pages say to a client with all it holds.
func (b *bench) halfSeen(op *history.Op, begun string) {
	if op.Self == nil || op.Self.State == history.NoVerdict {
		return
	}
	live := op.Self.State == history.Live
	for _, v := range op.Visits {
		switch {
		case begun == "" && !live:
			b.open.out[v.Path] = v.Claim == "out"
		case begun != "" && !live && v.Claim == "in" && b.open.out[v.Path] && !b.found(halfOpen):
			b.find(Finding{Requirement: halfOpen, Op: op.Index, Probe: -1, Rank: 3,
				Want: fmt.Sprintf("%s calls %s, who %s, signed out", v.Path, op.Step.Client, begun), Got: "it says signed in"})
		}
	}
	switch {
	case begun == "" || b.found(halfOpen):
	case !live:
		b.check(halfOpen)
	default:
		b.find(Finding{Requirement: halfOpen, Op: op.Index, Probe: -1, Rank: 1,
			Want: fmt.Sprintf("%s, who %s, is nobody", op.Step.Client, begun), Got: gotText(*op.Self)})
	}
}
