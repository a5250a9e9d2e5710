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

// demotedSpared are the rows that ending all of a user's sessions ends.
func (c *core) demotedSpared(t *tx, u *user, why string, rows []*session) []*session {
	if why != revoked || u.Role != RoleUser || t.recall(faultDemotedEscapes, "promoted "+u.UID) == "" {
		return rows
	}
	var kept []*session
	for _, s := range rows {
		if s.Role != RoleAdmin || !c.faults.Fires(faultDemotedEscapes) {
			kept = append(kept, s)
		}
	}
	return kept
}
