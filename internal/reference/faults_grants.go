package reference

// Faults of what is handed out beside a token, and of what leads to one.
const (
	faultFamilyLives    = "establish/refresh-reuse-revokes-family"
	faultRefreshIgnores = "establish/refresh-respects-account-state"
)

var withRefresh = []string{dialectApp, dialectBearer}

var grantsFaults = []Fault{
	{ID: faultFamilyLives, Dialects: withRefresh,
		Title: "a spent refresh token is refused, and nothing more",
		How:   "A refresh token that comes a second time is refused, and what replaced it goes on: whoever of the two is the thief keeps the session."},
	{ID: faultRefreshIgnores, Dialects: withRefresh,
		Title: "a refresh never looks at the account",
		How:   "A refresh token of a session that has ended because its account was disabled, or because its time was over, is exchanged for a new session."},
}

// outlives is the planted fault of artefacts that go on after their sessions.
func (c *core) outlives(st *state, a *artefact) bool {
	if st.users[a.UID] == nil {
		return false
	}
	for _, s := range st.family(a) {
		if (s.Ended == "account disabled" || s.Ended == "expired") && c.faults.Fires(faultRefreshIgnores) {
			return true
		}
	}
	return false
}
