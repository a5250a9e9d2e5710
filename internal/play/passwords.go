package play

import (
	"context"
	"slices"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/targets"
)

// password is one that an account has or had, with its number.
type password struct {
	text   string
	number int
}

// passwordOps set a password.
var passwordOps = []string{"change_password", "reset_password", "create_user"}

// numbers are those of the passwords that the account may have now.
func (a *account) numbers() []int {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := []int{a.version}
	for _, m := range a.maybe {
		out = append(out, m.number)
	}
	return out
}

// setsPassword gives the password that an operation is about to set its number.
// It returns how many changes have gone well so far.
func (p *player) setsPassword(op *history.Op, a *account) int {
	if a == nil || !slices.Contains(passwordOps, op.Step.Op) {
		return 0
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if op.Step.Op != "create_user" { // which takes the one that the account has, or had
		a.versions++
		op.NewPassword = a.versions
	}
	return a.changes
}

// passwordSet books what an operation did to the password. Where another change
// went well since it began, nobody knows which of the two was first: the
// account may have either.
func (p *player) passwordSet(op *history.Op, a *account, given, fresh string, before int) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case op.Step.Op == "sign_in" && op.Place == "" && op.Outcome == history.OK:
		a.maybe = nil
	case !slices.Contains(passwordOps, op.Step.Op):
	case op.Outcome == history.Failed && op.Place != "" && op.NewPassword > 0:
		a.maybe = append(a.maybe, password{fresh, op.NewPassword})
	case op.Outcome != history.OK:
	default:
		now := password{fresh, op.NewPassword}
		if op.Step.Op == "create_user" {
			now = password{given, op.Password}
		}
		if a.changes != before {
			a.maybe = append(a.maybe, password{a.password, a.version})
		} else {
			a.maybe = nil
		}
		a.password, a.version = now.text, now.number
		a.changes++
	}
}

// passwordless tells whether a route signs in without the account's password. What
// a driver is told, it may use.
func passwordless(r targets.Route) bool {
	return !slices.Contains(r.Refs(), "password") && !slices.ContainsFunc(r.Steps, func(s targets.Step) bool { return s.Drive != "" })
}

// tryOthers makes a refused sign-in again with the other passwords that the
// account may have. The tally is that of the first that was not refused.
func (p *player) tryOthers(ctx context.Context, op *history.Op, c *client, r targets.Route, a *account, t *tally) *tally {
	if a == nil || op.Place != "" || op.Step.Op != "sign_in" || op.Step.Wrong || t.outcome != history.Refused || passwordless(r) {
		return t
	}
	for _, m := range a.maybe {
		vars := p.vars(op, a, "")
		vars["password"], op.Password = m.text, m.number
		again := c.run(ctx, r, vars)
		again.events = append(slices.Clone(t.events), again.events...)
		for i := range again.offers {
			again.offers[i].Event += len(t.events)
		}
		again.offers = append(slices.Clone(t.offers), again.offers...)
		if again.outcome != history.Refused {
			a.password, a.version = m.text, m.number
			return again
		}
		t = again
	}
	return t
}
