package play

import (
	"fmt"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/scenarios"
)

// harming are the operations after which an account is not what it was. All
// stories share the fixed ones (`users:` in the target file), and often they are
// what makes the others, so that no story may do that to them.
var harming = map[string]bool{"change_password": true, "reset_password": true, "disable": true, "delete_user": true, "rename": true, "set_role": true}

// harms tells whether an operation would change a fixed account.
func (e *Env) harms(op, role string) bool {
	_, fixed := e.Target.Users[role]
	return fixed && harming[op]
}

// spare leaves a step out that would change a fixed account. Whom it is about may
// show only now: whoever is at a device has signed in there.
func (p *player) spare(op *history.Op) bool {
	former := op.Step.Op == "rename" && p.env.harms("rename", op.Step.Former)
	if op.Step.Wrong || !former && !p.env.harms(op.Step.Op, op.User) {
		return false
	}
	op.Outcome, op.Why = history.Skipped, fixedReason(op.User)
	return true
}

func fixedReason(role string) string {
	return fmt.Sprintf("the account of %s is a fixed one (users: in the target file), which stories leave as it is", role)
}

// fixedGap is for scripted stories, which are about what they would do to it.
func (e *Env) fixedGap(sc *scenarios.Scenario) *Gap {
	for s := range story.Each(sc.Story.Steps) {
		role := s.User
		if c, ok := sc.Story.Client(s.Client); ok && role == "" {
			role = c.User
		}
		if e.harms(s.Op, role) && !s.Wrong {
			return &Gap{Missing: s.Op, Declared: true, Reason: fixedReason(role)}
		}
	}
	return nil
}
