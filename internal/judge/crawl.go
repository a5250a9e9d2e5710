package judge

import (
	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/model"
)

const safeMethods = "frame/safe-methods-are-pure"

// crawl: safe requests of a stranger sign nobody in. What they do to live
// sessions the panel shows.
func (b *bench) crawl(op *history.Op, before string) {
	if op.Step.Op != "crawl" || before != "none" || op.Self == nil {
		return
	}
	switch op.Self.State {
	case history.Live:
		if !b.found(safeMethods) {
			b.find(Finding{Requirement: safeMethods, Op: op.Index, Probe: -1, Rank: 1,
				Want: "whoever only sent safe requests is nobody", Got: gotText(*op.Self)})
		}
	case history.Dead, history.HalfLive:
		b.check(safeMethods)
	}
}

// suspect names the request after which a crawler's session was something else.
func suspect(op *history.Op, x model.Expect) string {
	if op.Suspect == "" || x.Duty != safeMethods {
		return ""
	}
	return "; first seen after the safe requests to " + op.Suspect
}
