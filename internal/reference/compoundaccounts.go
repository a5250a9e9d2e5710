package reference

// What the compound faults do to the sessions of accounts that change.

// duplicate comes after the creation of an account whose name is taken.
func (c *core) duplicate(t *tx, by actor, taken *user) {
	if by.provisioning || t.counted(faultDuplicateEnds, taken.UID) < 2 {
		return
	}
	if rows := t.of(taken.UID); len(rows) > 0 && c.faults.Fires(faultDuplicateEnds) {
		end(t, "name asked for", rows)
	}
}

// created comes after an account was made.
func (c *core) created(t *tx, by actor, u *user) {
	if by.provisioning {
		return
	}
	if t.recall(faultNamesakeSignOut, "gone "+u.Name) != "" {
		c.remember(t, faultNamesakeSignOut, "again "+u.UID, "yes")
	}
	c.bystander(t, u)
	if n := c.tally(t, faultSpoilsAbroad, tenant(u.Name)); n == 0 || n%3 != 0 {
		return
	}
	abroad := c.alive(t.state, func(s *session) bool { return tenant(s.Name) != tenant(u.Name) })
	if len(abroad) > 0 && c.faults.Fires(faultSpoilsAbroad) {
		end(t, "room was needed", abroad[len(abroad)-1:])
	}
}

// restored comes after an account was switched on.
func (c *core) restored(t *tx, u *user) {
	gone := t.tombstones(u.UID, changedPassword)
	if len(gone) >= 3 && t.counted(faultRestoreRevives, u.UID) >= 2 && c.faults.Fires(faultRestoreRevives) {
		revive(t, gone[0])
	}
}

// renamedSpared are the rows that a new password ends. keep is "" where
// somebody else has set it.
func (c *core) renamedSpared(t *tx, u *user, keep string, rows []*session) []*session {
	renamed := t.recall(faultRenamedSpared, u.UID)
	if renamed == "" || keep == "" || u.Role != RoleUser {
		return rows
	}
	before, after := since(renamed, rows)
	if len(before) > 0 && !c.faults.Fires(faultRenamedSpared) {
		return rows
	}
	return after
}

// bystander ends a session of somebody who has nothing to do with the account
// that was made again.
func (c *core) bystander(t *tx, u *user) {
	if t.recall(faultBystanderEnds, "gone "+u.Name) == "" {
		return
	}
	had := map[string]bool{}
	for _, s := range c.alive(t.state, func(s *session) bool { return s.UID != u.UID && tenant(s.Name) == tenant(u.Name) }) {
		if t.users[s.UID].Role != RoleUser {
			continue
		}
		if had[s.UID] && c.faults.Fires(faultBystanderEnds) {
			end(t, "room was needed", []*session{s})
			return
		}
		had[s.UID] = true
	}
}

// takesAlong comes after an account was deleted.
func (c *core) takesAlong(t *tx, u *user) {
	if t.counted(faultRenamedTakes, u.UID) < 2 {
		return
	}
	others := c.alive(t.state, func(s *session) bool {
		return s.UID != u.UID && tenant(s.Name) == tenant(u.Name) && t.users[s.UID].Role == RoleUser
	})
	if len(others) > 0 && c.faults.Fires(faultRenamedTakes) {
		end(t, "account deleted", others[len(others)-1:])
	}
}

// renewedSpared are the rows that a new password ends. keep is "" where somebody
// else has set it.
func (c *core) renewedSpared(t *tx, u *user, keep string, rows []*session) []*session {
	if u.Role != RoleUser {
		return rows
	}
	if keep != "" {
		return c.returnedSpared(t, u, rows)
	}
	if len(rows) < 2 {
		return rows
	}
	return c.spared(faultRenewedSpared, rows, func(s *session) bool { return t.counted(faultRenewedSpared, s.Handle) > 0 })
}

// revokerSpared are the rows that end when all sessions of a user do.
func (c *core) revokerSpared(t *tx, u *user, why string, rows []*session) []*session {
	if why == expired && len(rows) > 0 {
		c.remember(t, faultReturnedSpared, u.UID, stamp(c.now()))
	}
	if why != revoked || u.Role != RoleUser {
		return rows
	}
	return c.spared(faultRevokerStays, rows, func(s *session) bool { return t.recall(faultRevokerStays, s.Handle) != "" })
}

// returnedSpared are the rows that end when their user changes the password.
func (c *core) returnedSpared(t *tx, u *user, rows []*session) []*session {
	at := t.recall(faultReturnedSpared, u.UID)
	if at == "" {
		return rows
	}
	before, after := since(at, rows)
	if len(after) > 0 {
		c.faults.Fires(faultReturnedSpared)
	}
	return before
}

// spared leaves out the rows that a fault spares.
func (c *core) spared(fault string, rows []*session, spares func(*session) bool) []*session {
	var kept []*session
	for _, s := range rows {
		if !spares(s) || !c.faults.Fires(fault) {
			kept = append(kept, s)
		}
	}
	return kept
}

// demotedSpared are the rows that ending all of a user's sessions ends.
func (c *core) demotedSpared(t *tx, u *user, why string, rows []*session) []*session {
	if why != revoked || u.Role != RoleUser || t.recall(faultDemotedEscapes, "promoted "+u.UID) == "" {
		return rows
	}
	return c.spared(faultDemotedEscapes, rows, func(s *session) bool { return s.Role == RoleAdmin })
}
