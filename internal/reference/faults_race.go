package reference

import (
	"net/http"
	"strings"
)

// Faults of two things at once: each is a real race, lost in a window of time.
const (
	faultSignInRaces   = "race/credential-change-vs-sign-in"
	faultRequestRaces  = "race/sign-out-vs-request"
	faultRefreshRaces  = "race/parallel-refresh"
	faultWritesClobber = "race/session-writes-merge"
)

var withNotes = []string{dialectWeb, dialectTwoCookie, dialectApp, dialectBearer}

var raceFaults = []Fault{
	{ID: faultSignInRaces, Dialects: allDialects,
		Title: "a sign-in checks, then acts",
		How:   "The password is checked, and two milliseconds later the session is stored without another look: also when the password was changed, the account disabled or its sessions ended meanwhile."},
	{ID: faultRequestRaces, Dialects: withNotes,
		Title: "a late request writes its session back",
		How:   "Storing a note loads the session at the head of the request and stores it again at its end, whether it is there or not."},
	{ID: faultRefreshRaces, Dialects: withRefresh,
		Title: "refreshes at once are taken for theft",
		How:   "A spent refresh token ends its family also within the grace, so that two tabs that refresh together sign their user out."},
	{ID: faultWritesClobber, Dialects: withRefresh,
		Title: "a late request writes all of its session",
		How:   "Storing a note loads the session at the head of the request and writes what it read over what the session has become, the elevation included."},
}

// checked tells whether a planted fault lets a sign-in act on what it has seen
// before: the account as it was, whose password was right.
func (c *core) checked(known user, right bool) bool {
	if !right || known.Disabled || !c.faults.On(faultSignInRaces) {
		return false
	}
	c.dawdle(faultSignInRaces)
	return true
}

// lateWrites sees every request first. Only faults make it do anything: it loads
// the session that a request shows, and stores it when the request is done.
func (c *core) lateWrites(next http.Handler) http.Handler {
	if !c.faults.On(faultRequestRaces) && !c.faults.On(faultWritesClobber) {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		row := c.shownBy(r)
		next.ServeHTTP(w, r)
		if row == nil || r.Method == http.MethodGet || !strings.Contains(r.URL.Path, "note") {
			return
		}
		_ = c.store.update(func(t *tx) error {
			now := t.sessions[row.ID]
			if (now == nil || now.Ended != "") && c.faults.Fires(faultRequestRaces) {
				old := *row
				t.do(change{Session: &old})
			}
			for _, s := range t.of(row.UID) {
				if s.Handle == row.Handle && s.Elevated && !row.Elevated && c.faults.Fires(faultWritesClobber) {
					read := *s
					read.Elevated = false
					t.do(change{Session: &read})
				}
			}
			return nil
		})
	})
}

// shownBy is the open session whose token is in a cookie or header of a request.
func (c *core) shownBy(r *http.Request) (row *session) {
	var values []string
	for _, k := range r.Cookies() {
		values = append(values, k.Value)
	}
	for _, lines := range r.Header {
		for _, v := range lines {
			values = append(values, strings.TrimPrefix(v, "Bearer "))
		}
	}
	_ = c.store.view(func(st *state) {
		for _, v := range values {
			if s := st.sessions[idOf(v)]; s != nil && s.Ended == "" {
				row = s
			}
		}
	})
	return row
}
