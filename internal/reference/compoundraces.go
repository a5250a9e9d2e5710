package reference

import (
	"cmp"
	"slices"
	"time"
)

// The compound faults that look first and act later. One request after the
// other they do right.

// actDelay is the time between looking and acting: long enough for another
// request, far too short to be noticed.
const actDelay = 2 * time.Millisecond

// dawdle lets others go between looking and acting.
func (c *core) dawdle(fault string) {
	switch {
	case !c.faults.On(fault):
	case c.between != nil:
		c.between()
	default:
		time.Sleep(actDelay)
	}
}

// asChecked is the account that a sign-in goes by: as it is, or as it was when
// its password was checked.
func (c *core) asChecked(t *tx, now *user, checked user, right bool) *user {
	switch {
	case !right || checked.Disabled || t.users[checked.UID] == nil:
		return now
	case now != nil && now.Hash == checked.Hash && !now.Disabled:
		return now
	case !c.faults.Fires(faultChecksThenActs):
		return now
	}
	return &checked
}

// endListed lists sessions, and ends what it has listed later. What was given a
// new token in between is not under the name that the list has for it.
func (c *core) endListed(list func(*state) ([]*session, error)) error {
	var rows []*session
	var refusal error
	if err := c.store.view(func(st *state) { rows, refusal = list(st) }); err != nil || refusal != nil {
		return cmp.Or(err, refusal)
	}
	c.dawdle(faultRevokesFromList)
	return c.store.update(func(t *tx) error {
		for _, s := range rows {
			now := t.sessions[s.ID]
			switch {
			case now != nil && now.Ended == "":
				end(t, revoked, []*session{now})
			case now == nil && slices.ContainsFunc(t.of(s.UID), func(o *session) bool { return o.Handle == s.Handle }):
				c.faults.Fires(faultRevokesFromList)
			}
		}
		return nil
	})
}
