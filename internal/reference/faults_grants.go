package reference

// Faults of what is handed out beside a token, and of what leads to one.
const (
	faultFamilyLives    = "establish/refresh-reuse-revokes-family"
	faultRefreshIgnores = "establish/refresh-respects-account-state"
	faultArtefactsLive  = "terminate/all-artefacts-die"
	faultLinkTwice      = "establish/single-use-artefacts"
	faultHalfOpen       = "isolate/half-open-grants-nothing"
)

var (
	withRefresh = []string{dialectApp, dialectBearer}
	withLinks   = []string{dialectWeb, dialectTwoCookie, dialectApp, dialectRealtime}
)

var grantsFaults = []Fault{
	{ID: faultFamilyLives, Dialects: withRefresh,
		Title: "a spent refresh token is refused, and nothing more",
		How:   "A refresh token that comes a second time is refused, and what replaced it goes on: whoever of the two is the thief keeps the session."},
	{ID: faultRefreshIgnores, Dialects: withRefresh,
		Title: "a refresh never looks at the account",
		How:   "A refresh token of a session that has ended because its account was disabled, or because its time was over, is exchanged for a new session."},
	{ID: faultArtefactsLive, Dialects: []string{dialectWeb, dialectTwoCookie, dialectApp, dialectBearer},
		Title: "sign-out knows of the session token only",
		How:   "A remember-me cookie or a refresh token of a session that was signed out or revoked opens another."},
	{ID: faultLinkTwice, Dialects: withLinks,
		Title: "a link signs in as often as it is used",
		How:   "Redeeming a link or code opens a session and leaves the link in the store until its time is over."},
	{ID: faultHalfOpen, Dialects: withLinks,
		Title: "whoever asks for a link is taken for the account by the notes",
		How:   "Asking for a link notes the account in a session of whoever asks, as a first factor does, and the end points of notes take such a session for signed in. Whoami does not."},
}

// outlives is where planted faults let an artefact open one session more,
// although all of its family have ended.
func (c *core) outlives(st *state, a *artefact) bool {
	u := st.users[a.UID]
	if u == nil {
		return false
	}
	account, left := false, true
	for _, s := range st.family(a) {
		account = account || s.Ended == "account disabled" || s.Ended == expired
		left = left && (s.Ended == revoked || s.Ended == familyLeft)
	}
	if a.Kind == kindRefresh && account && c.faults.Fires(faultRefreshIgnores) {
		return true
	}
	return left && !u.Disabled && c.faults.Fires(faultArtefactsLive)
}
