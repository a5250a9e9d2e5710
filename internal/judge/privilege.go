package judge

import (
	"fmt"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
)

// rights is what the play has shown about an operation for administrators only:
// creating accounts.
type rights struct {
	guarded map[string]bool // routes that turned an ordinary user away
	used    map[string]bool // route and client that have made an account
	lost    map[string]bool // users who are administrators no more
}

// privilege: who has lost a right cannot use it from a session of before. It is
// judged only on a route that is known to refuse others and to have let this
// client through.
func (b *bench) privilege(op *history.Op) {
	if b.rights.guarded == nil {
		b.rights = rights{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	}
	r, actor := b.rights, b.clients[op.Step.Client].User
	switch {
	case op.Step.Op == "set_role" && op.Outcome == history.OK && op.Step.To != "":
		r.lost[op.User] = op.Step.To != "admin"
	case op.Step.Op != "create_user" || !op.Acted:
	case !strings.HasPrefix(actor, "admin"):
		r.guarded[op.Route] = op.Outcome == history.Refused
	case r.lost[actor] && r.guarded[op.Route] && r.used[op.Route+" "+op.Step.Client]:
		switch op.Outcome {
		case history.Refused:
			b.check(rightsGone)
		case history.OK:
			b.find(Finding{Requirement: rightsGone, Op: op.Index, Probe: -1, Rank: 1,
				Want: fmt.Sprintf("%s, who is no administrator any more, can create no account", actor),
				Got:  "the session from before could",
				Try:  "read rights from the account on every request"})
		}
	case op.Outcome == history.OK:
		r.used[op.Route+" "+op.Step.Client] = true
	}
}
