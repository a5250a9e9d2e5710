package judge

import (
	"fmt"

	"github.com/sessionspec/sessionspec/internal/history"
)

const singleUse = "establish/single-use-artefacts"

// singleUse: what a link or code leads to is one session, however often it is
// sent and by whom.
func (b *bench) singleUse(op *history.Op) {
	if op.Step.Op != "redeem" || op.Outcome == history.Failed {
		return
	}
	at := b.requested(op)
	if at < 0 {
		return
	}
	again := b.used[at]
	if op.Outcome != history.Refused {
		if b.used == nil {
			b.used = map[int]bool{}
		}
		b.used[at] = true
	}
	f := Finding{Requirement: singleUse, Op: op.Index, Probe: -1, Rank: 1, Credential: op.Captured,
		Try: "delete it and look at what was deleted, in one step; only who deleted it goes on"}
	live := 0
	for i, s := range op.Shown {
		if s.Answer.State == history.Live {
			live++
			f.Shown = i + 1
		}
	}
	switch {
	case b.found(singleUse):
	case again && (op.Outcome != history.Refused || live > 0):
		f.Want, f.Got = fmt.Sprintf("what was asked for in step %d opens nothing any more: it has signed somebody in", at+1), "it was accepted again"
		b.find(f)
	case live > 1:
		f.Want = fmt.Sprintf("of %d who send the same at once, one is signed in", op.Step.Times)
		f.Got = fmt.Sprintf("%d are, each in a session of its own", live)
		b.find(f)
	case again || live == 1:
		b.check(singleUse)
	}
}

// requested is the index of the request for what the operation redeems, -1 if
// there is none.
func (b *bench) requested(op *history.Op) int {
	asker := op.Step.Client
	if op.Step.Of != "" {
		asker = op.Step.Of
	}
	for i := len(b.play.Ops) - 1; i >= 0; i-- {
		o := b.play.Ops[i]
		if o.Index < op.Index && o.Step.Op == "request_link" && o.Step.Client == asker && o.Outcome == history.OK {
			return o.Index
		}
	}
	return -1
}
