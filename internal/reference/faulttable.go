package reference

import "slices"

// The dialects.
const (
	dialectWeb       = "web"
	dialectTwoCookie = "two-cookie"
	dialectApp       = "app"
	dialectBearer    = "bearer"
	dialectRealtime  = "realtime"
)

// spoken are all names that Options.Dialect may have.
func spoken() []string { return append(Dialects(), imitated()...) }

// Dialects returns the reference server's own dialects.
func Dialects() []string {
	return []string{dialectWeb, dialectTwoCookie, dialectApp, dialectBearer, dialectRealtime}
}

// imitated are the dialects that speak like a product and stand in for it.
func imitated() []string {
	return []string{
		dialectKanidm,
		dialectMailu,
		dialectWarehouse,
	}
}

func isDialect(name string) bool { return slices.Contains(spoken(), name) }

// A fault is named after the requirement it breaks.
const (
	faultCreateEndsSessions   = "frame/create-user-keeps-sessions"
	faultCreateSwitchesActor  = "frame/create-user-keeps-actor"
	faultAccountChangeScope   = "frame/account-change-scope"
	faultSignInEndsOthers     = "frame/sign-in-keeps-others"
	faultFailedSignInEnds     = "frame/failed-sign-in-changes-nothing"
	faultSignOutEndsOthers    = "frame/sign-out-keeps-others"
	faultGhost                = "hygiene/no-ghost-on-sign-out"
	faultSignOutRefused       = "terminate/sign-out-idempotent"
	faultClientKeepsToken     = "client/sign-out-clears-storage"
	faultSignOutClientOnly    = "terminate/sign-out-kills-server-side"
	faultAccountEndKeeps      = "terminate/account-end-kills-all"
	faultPasswordKeepsOthers  = "terminate/credential-change-ends-others"
	faultSignOutUnreachable   = "terminate/sign-out-reachable"
	faultRevokeTooMuch        = "multi/revoke-exact"
	faultKeyedByNetwork       = "isolate/not-keyed-by-network"
	faultKeyedByUser          = "isolate/session-data-per-session"
	faultNameOnly             = "isolate/no-identity-reuse"
	faultWrongIdentity        = "isolate/one-token-one-identity"
	faultUnequalLife          = "cookieset/same-life"
	faultClaimOutlivesSession = "browser/restart-without-restore"
	faultClaimDiesWithTab     = "browser/restart-with-restore"
)

var (
	allDialects = Dialects()
	withPages   = []string{dialectWeb, dialectTwoCookie}
	// withTLS are target files of the dialects web and two-cookie, served by https.
	withTLS = []string{"web-tls", "two-cookie-tls"}
)

var faultTable = slices.Concat(
	expiryFaults,
	sessionFaults,
	cookieFaults,
	transportFaults,
	grantsFaults,
	channelsFaults,
	corporaFaults,
	multiFaults,
	raceFaults,
	pageFaults,
)

var sessionFaults = []Fault{
	{ID: faultCreateEndsSessions, Dialects: allDialects,
		Title: "creating a user ends everybody's sessions",
		How:   "Creating an account by sign-up, form, API or command line, also when it is refused as a duplicate, prunes every session in the store but the actor's; the provisioning key is spared."},
	{ID: faultCreateSwitchesActor, Dialects: allDialects,
		Title: "creating a user signs the actor in as that user",
		How:   "An administrator who creates an account through a session is answered with a fresh credential of the new user, which a cookie jar takes in place of the administrator's."},
	{ID: faultAccountChangeScope, Dialects: allDialects,
		Title: "an account change ends everybody's sessions",
		How:   "Password change, password reset, disable and delete end the sessions of all users but the actor's own instead of those of the one account."},
	{ID: faultSignInEndsOthers, Dialects: allDialects,
		Title: "a sign-in ends the user's other sessions",
		How:   "A successful sign-in ends every other session of the same user, although no limit is declared."},
	{ID: faultFailedSignInEnds, Dialects: allDialects,
		Title: "a wrong password ends the named user's sessions",
		How:   "A refused sign-in ends all sessions of the account it named."},
	{ID: faultSignOutEndsOthers, Dialects: allDialects,
		Title: "sign-out ends the user's other sessions",
		How:   "Signing out of a live session ends every session of that user."},
	{ID: faultGhost, Dialects: allDialects,
		Title: "sign-out mints an empty session",
		How:   "Sign-out, revoking the current session, and the answer that first tells a client its session was ended elsewhere store a new empty session and hand out its token."},
	{ID: faultSignOutRefused, Dialects: allDialects,
		Title: "sign-out of a dead session is refused",
		How:   "Sign-out answers 401 before doing anything when the session is expired, revoked, disabled, deleted, pending or absent; nothing is ended and nothing cleared."},
	{ID: faultClientKeepsToken, Dialects: []string{dialectBearer},
		Title: "the command-line client keeps a dead token",
		How:   "The client asks first whether its session is valid; if it is not it says that there is nothing to do, and if the server cannot be told it gives up, in both cases with the token still in its cache."},
	{ID: faultSignOutClientOnly, Dialects: allDialects,
		Title: "sign-out only clears the client",
		How:   "Sign-out of a live session clears the client's copy and leaves the session live on the server."},
	{ID: faultAccountEndKeeps, Dialects: allDialects,
		Title: "disable and delete leave sessions live",
		How:   "Disabling or deleting an account ends none of its sessions, and requests do not look at the account's state."},
	{ID: faultPasswordKeepsOthers, Dialects: allDialects,
		Title: "a password change leaves other sessions live",
		How:   "Password change and reset end no session; the current one is still rotated."},
	{ID: faultSignOutUnreachable, Dialects: withPages,
		Title: "one page claims that a live visitor is signed out",
		How:   "The page /help always shows the signed-out menu, so it offers no sign-out and denies a live session."},
	{ID: faultRevokeTooMuch, Dialects: allDialects,
		Title: "revoking one session ends all of them",
		How:   "Revoking one session by its handle ends every session of the user, the one that asked included."},
	{ID: faultKeyedByNetwork, Dialects: allDialects,
		Title: "data and identity follow the address",
		How:   "Session data is kept by client address (in realtime only where the connection id is missing, empty or null), X-Forwarded-For counts as the address, and a request without credential that forges the address of a live session is taken for its user."},
	{ID: faultKeyedByUser, Dialects: allDialects,
		Title: "session data is kept by user",
		How:   "What one session stores is shared by all sessions of the same user; in realtime by all their connections."},
	{ID: faultNameOnly, Dialects: allDialects,
		Title: "a session knows its user by name only",
		How:   "Deleting an account leaves its sessions in the store, and they come alive again when an account of that name is created."},
	{ID: faultWrongIdentity, Dialects: allDialects,
		Title: "a credential sometimes answers as the latest user",
		How:   "Every third whoami of a session, counted from its first, is answered with the most recently signed-in other user, if that sign-in is younger than the session.",
		AlsoBreaks: map[string]string{
			faultKeyedByNetwork: "where the two users share an address or lack a connection id, a wrong name looks as if it had followed the network",
		}},
	{ID: faultUnequalLife, Dialects: []string{dialectTwoCookie},
		Title: "the session cookie is dated and the signal is not",
		How:   "session_id is set with Max-Age=43200 while signed_in ends with the browser.",
		AlsoBreaks: map[string]string{
			faultOverlongLife:         "the target declares that its session ends with the browser, and a dated session_id does not",
			faultClaimOutlivesSession: "after a restart session_id is still there and live while signed_in is gone, so the visitor is neither wholly in nor wholly out",
			faultSignOutUnreachable:   "after a restart every page shows the signed-out menu to a live session, because the pages believe signed_in",
		}},
	{ID: faultClaimOutlivesSession, Dialects: withPages,
		Title: "the page's claim is kept in local storage",
		How:   "A script keeps \"signed in as\" in localStorage and shows it while no credential is sent, so after a browser restart the page says signed in and the server says no."},
	{ID: faultClaimDiesWithTab, Dialects: withPages,
		Title: "the page's claim is kept in the tab",
		How:   "A script notes in window.name that this tab signed in and shows the signed-out menu without that note, so when a browser brings its session cookies back in a new tab the page says signed out and the server says live.",
		AlsoBreaks: map[string]string{
			faultSignOutUnreachable: "after the restore every page shows the signed-out menu to a live session",
			faultFramed:             "a frame is no tab of which the script has noted that it signed in",
		}},
}
