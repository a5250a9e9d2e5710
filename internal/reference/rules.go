package reference

import (
	"cmp"
	"errors"
	"slices"
)

// Rules are what a server may be told to promise beyond the usual.
type Rules struct {
	// RevokeAsks: ending sessions from the list asks for the password.
	RevokeAsks bool
	// SessionLimit is how many sessions an account may have, 0 for any number.
	SessionLimit int
	// DisableSuspends keeps the sessions of a disabled account: they are dead until it is enabled again.
	DisableSuspends bool
	// RefuseAtLimit refuses the sign-in beyond the limit; else the oldest session ends.
	RefuseAtLimit bool
	// Embed: pages may be shown in frames of other sites, where they have sessions
	// of their own.
	Embed bool
	// PasswordKeepsToken: the session that changes the password goes on under the token it has.
	PasswordKeepsToken bool
}

var errFull = errors.New("the account has as many sessions as it may have")

// room makes room for one more session of an account, or refuses it. A session
// that the client brings along is about to go and does not count.
func (c *core) room(t *tx, u *user, m meta) error {
	if c.rules.SessionLimit == 0 {
		return nil
	}
	var rows []*session
	for _, s := range without(t.of(u.UID), idOf(m.token)) {
		if !s.Pending && !c.over(s) {
			rows = append(rows, s)
		}
	}
	over := len(rows) - c.rules.SessionLimit + 1
	if over <= 0 || c.faults.Fires(faultLimitPassed) {
		return nil
	}
	if c.rules.RefuseAtLimit {
		return errFull
	}
	slices.SortFunc(rows, func(a, b *session) int { return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID)) })
	end(t, "one session too many", rows[:over])
	return nil
}

// proven says whether the password that a revocation asks for was given.
func (c *core) proven(u *user, password string) bool {
	return !c.rules.RevokeAsks || checkPassword(u.Hash, password) || c.faults.Fires(faultRevokeUnproven)
}
