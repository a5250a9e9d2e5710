package reference

// What the compound faults do when sessions begin and end.

// freedSeat is who really signs in: whoever has left a seat free.
func (c *core) freedSeat(t *tx, u *user) *user {
	if !c.faults.On(faultFreedSeat) || len(c.aliveOf(t.state, u.UID)) == 0 {
		return u
	}
	left := t.users[t.recall(faultFreedSeat, tenant(u.Name))]
	if left == nil || left.Disabled || left.UID == u.UID || !c.faults.Fires(faultFreedSeat) {
		return u
	}
	c.remember(t, faultFreedSeat, tenant(u.Name), "")
	return left
}

// signedIn comes after a session was opened.
func (c *core) signedIn(t *tx, u *user, g grant) {
	c.remember(t, faultDuplicateEnds, u.UID, "0")
	if g.pending {
		return
	}
	if c.faults.On(faultThirdEvicts) && len(c.aliveOf(t.state, u.UID)) == 3 {
		others := c.alive(t.state, func(s *session) bool { return s.UID != u.UID && tenant(s.Name) == tenant(u.Name) })
		if len(others) > 0 && c.faults.Fires(faultThirdEvicts) {
			end(t, "evicted", others[:1])
		}
	}
	if c.faults.On(faultSignInRevives) {
		for _, s := range t.tombstones(u.UID, switchedOff) {
			c.faults.Fires(faultSignInRevives)
			revive(t, s)
		}
	}
}

// failed comes after a sign-in was refused.
func (c *core) failed(t *tx, u *user, right bool) {
	if u != nil && !right {
		c.tally(t, faultDuplicateEnds, u.UID)
	}
}

// rotatedAway says whether a sign-out misses the session: what it would end is
// the token of before.
func (c *core) rotatedAway(t *tx, who identity) bool {
	return t.counted(faultRotatedAway, who.session.Handle) >= 2 && c.faults.Fires(faultRotatedAway)
}

// signedOut comes after a session was left.
func (c *core) signedOut(t *tx, who identity) {
	if !who.live() {
		return
	}
	left := who.session
	rest := c.aliveOf(t.state, who.user.UID)
	first := len(rest) == 0 || left.Created.Before(rest[0].Created)
	c.remember(t, faultFreedSeat, tenant(who.user.Name), who.user.UID)
	if !first && t.recall(faultNamesakeSignOut, "again "+who.user.UID) != "" && c.faults.Fires(faultNamesakeSignOut) {
		end(t, "signed out as the first", rest[:1])
	}
	if c.faults.On(faultNotesMoveUp) && first && len(rest) > 1 {
		for connection, text := range t.notes[rest[0].ID] {
			c.faults.Fires(faultNotesMoveUp)
			t.do(change{Note: &note{rest[1].ID, connection, text}})
		}
	}
	if gone := t.tombstones(who.user.UID, expired); len(gone) > 0 && len(rest) == 0 && who.user.Role == RoleUser && c.faults.Fires(faultExpiredReturns) {
		revive(t, gone[len(gone)-1])
	}
}

// fourth ends the oldest of four sessions with the one that is revoked.
func (c *core) fourth(t *tx, who identity, named *session) {
	if !c.faults.On(faultFourthTooMany) {
		return
	}
	rows := c.aliveOf(t.state, who.user.UID)
	others := without(rows, who.session.ID, named.ID)
	if len(rows) >= 4 && len(others) > 0 && c.faults.Fires(faultFourthTooMany) {
		end(t, "revoked with another", others[:1])
	}
}

// latecomersSpared are the rows that a session ends when it ends all others:
// at the second time those that it knew at the first.
func (c *core) latecomersSpared(t *tx, who identity, rows []*session) []*session {
	if !c.faults.On(faultLatecomers) {
		return rows
	}
	first := t.recall(faultLatecomers, who.session.Handle)
	if first == "" {
		c.remember(t, faultLatecomers, who.session.Handle, stamp(c.now()))
		return rows
	}
	known, late := since(first, rows)
	if len(late) > 0 {
		c.faults.Fires(faultLatecomers)
	}
	return known
}
