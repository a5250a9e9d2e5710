package reference

// Faults of lists, handles, limits and elevation.
const (
	faultListTombstones = "multi/list-truthful"
	faultRevokeUnproven = "multi/revoke-needs-authentication"
	faultLimitPassed    = "multi/limit-as-declared"
	faultForeignHandles = "isolate/foreign-handles-refused"
	faultStepUpKeeps    = "establish/rotate-on-privilege-change"
)

var multiFaults = []Fault{
	{ID: faultListTombstones, Dialects: allDialects,
		Title: "the list shows sessions that were ended",
		How:   "A user's list of sessions also shows those that were revoked, expired or ended by a new password."},
	{ID: faultRevokeUnproven, Dialects: []string{dialectWeb, dialectApp},
		Title: "ending a session does not look at the password",
		How:   "The password that ending a session from the list asks for may be wrong or missing."},
	{ID: faultLimitPassed, Dialects: []string{dialectBearer, dialectRealtime},
		Title: "nobody counts the sessions",
		How:   "A sign-in beyond the limit of sessions is let in and ends none."},
	{ID: faultForeignHandles, Dialects: allDialects,
		Title: "a handle works for everybody",
		How:   "Revoking looks the handle up among everybody's sessions, and a handle is taken where a token is expected."},
	{ID: faultStepUpKeeps, Dialects: []string{dialectApp, dialectBearer, dialectRealtime},
		Title: "a step-up keeps the token",
		How:   "Giving the password once more elevates the session under the token that it has, and with it every copy of that token."},
}

// byHandle is the planted fault that takes a handle for a token.
func (c *core) byHandle(st *state, token string) *session {
	if !c.faults.On(faultForeignHandles) {
		return nil
	}
	for _, s := range st.sessions {
		if s.Handle == token && c.faults.Fires(faultForeignHandles) {
			return s
		}
	}
	return nil
}

// revocable are the sessions among which a handle is looked up: the user's own.
func (c *core) revocable(t *tx, uid, handle string) []*session {
	if c.faults.On(faultForeignHandles) {
		for _, s := range t.open() {
			if s.Handle == handle && s.UID != uid && c.faults.Fires(faultForeignHandles) {
				return []*session{s}
			}
		}
	}
	return t.of(uid)
}

// listable are the sessions that a user's list shows: those that nobody ended.
func (c *core) listable(st *state, uid string) []*session {
	rows := st.of(uid)
	if !c.faults.On(faultListTombstones) {
		return rows
	}
	for id := range st.byUser[uid] {
		if s := st.sessions[id]; s.Ended != "" && c.faults.Fires(faultListTombstones) {
			rows = append(rows, s)
		}
	}
	return rows
}
