package judge

import (
	"fmt"

	"github.com/sessionspec/sessionspec/internal/history"
)

const firstFactor = "stepup/first-factor-grants-nothing"

// protectedOps are the operations that a client does with its own session.
var protectedOps = map[string]bool{"note": true, "read_note": true, "change_password": true, "revoke_session": true,
	"revoke_others": true, "revoke_all": true, "create_user": true, "disable": true, "enable": true, "delete_user": true,
	"expire": true, "set_role": true, "reset_password": true, "list_sessions": true, "open_channel": true}

// protected: what is refused to strangers is refused to whoever has given the
// first factor only. Where a stranger was let through, or did not try, nothing
// is protected as far as this play knows.
func (b *bench) protected(op *history.Op, before string) {
	if !protectedOps[op.Step.Op] || !op.Acted || op.Outcome != history.OK && op.Outcome != history.Refused {
		return
	}
	key := op.Step.Op + " " + op.Route
	switch {
	case before == "none":
		if b.guarded == nil {
			b.guarded = map[string]bool{}
		}
		b.guarded[key] = op.Outcome == history.Refused
	case before != "pending" || !b.guarded[key]:
	case op.Outcome == history.Refused:
		b.check(firstFactor)
	case !b.found(firstFactor):
		b.find(Finding{Requirement: firstFactor, Op: op.Index, Probe: -1, Rank: 1,
			Want: fmt.Sprintf("%s, who has given the first factor only, is refused like a stranger", op.Step.Client),
			Got:  fmt.Sprintf("%s succeeds", op.Step.Op),
			Try:  "open the session after the last factor, and keep a half-finished sign-in in a record of its own"})
	}
}
