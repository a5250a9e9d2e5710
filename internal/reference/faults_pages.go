package reference

import (
	"net/http"
	"strings"
)

// Faults of pages and of what browsers do, which show in windows and tabs.
const (
	faultBackShows      = "browser/back-after-end"
	faultStaleFormsSent = "browser/tabs-agree"
	faultByDevice       = "browser/private-window-isolated"
	faultEntryShadows   = "browser/cross-site-entry"
	faultEndUnnoticed   = "client/remote-end-noticed"
)

var pageFaults = []Fault{
	{ID: faultBackShows, Dialects: []string{dialectWeb}, // the page cache keeps no page whose script was told no-store
		Title: "pages in the page cache are shown as they were",
		How:   "No script asks again when a page comes out of the browser's page cache, which keeps pages in spite of no-store; so Back shows the account after a revocation elsewhere."},
	{ID: faultStaleFormsSent, Dialects: withPages,
		Title: "a stale form is made fresh before it is sent",
		How:   "A script fetches the anti-forgery value of now when a form is sent, so a form that was filled in by one user in an old tab is accepted from the next one."},
	{ID: faultByDevice, Dialects: withPages,
		Title: "one session a device",
		How:   "A browser's sign-in and sign-out end every other session with the same User-Agent and address, and so that of the private window beside it."},
	{ID: faultEntryShadows, Dialects: withPages,
		Title: "visitors from other sites get a session at once",
		How:   "The session cookie is SameSite=Strict, and a request from another site, which therefore comes without one, is answered with a new empty one over it."},
	{ID: faultEndUnnoticed, Dialects: withPages,
		Title: "the form of an ended session is answered by nothing",
		How:   "A form that is sent by a session which was ended elsewhere gets status 200 and an empty page."},
}

// alone ends the other sessions of a browser's device.
func (c *core) alone(t *tx, m meta) {
	if !strings.HasPrefix(m.agent, "Mozilla/") || !c.faults.Fires(faultByDevice) {
		return
	}
	var rows []*session
	for _, s := range t.open() {
		if s.Agent == m.agent && s.Address == m.address && s.ID != idOf(m.token) {
			rows = append(rows, s)
		}
	}
	end(t, "another session on this device", rows)
}

// shadow sets an empty session over one that the browser kept to itself.
func (w *web) shadow(rw http.ResponseWriter, r *http.Request) {
	if w.carry.token(r) == "" && r.Header.Get("Sec-Fetch-Site") == "cross-site" && w.core.faults.Fires(faultEntryShadows) {
		w.carry.hand(rw, r, grant{token: randomHex(16)})
	}
}
