package reference

// What the compound faults are called.
const (
	faultThirdEvicts     = "fuzz/third-session-evicts-neighbour"
	faultRotatedAway     = "fuzz/twice-rotated-outlives-sign-out"
	faultDuplicateEnds   = "fuzz/duplicate-after-failures-ends"
	faultFreedSeat       = "fuzz/freed-seat-is-taken"
	faultSpoilsAbroad    = "fuzz/third-creation-ends-abroad"
	faultChecksThenActs  = "fuzz/sign-in-checks-then-acts"
	faultSignInRevives   = "fuzz/sign-in-after-enable-revives"
	faultFourthTooMany   = "fuzz/revoking-of-four-ends-oldest"
	faultRenamedSpared   = "fuzz/renamed-sessions-keep-old-password"
	faultLatecomers      = "fuzz/second-revoke-spares-latecomers"
	faultNamesakeSignOut = "fuzz/namesake-sign-out-ends-first"
	faultRestoreRevives  = "fuzz/enable-after-two-passwords-revives"
	faultNotesMoveUp     = "fuzz/notes-move-up-on-sign-out"
	faultRevokesFromList = "fuzz/revoking-works-from-a-list"
	faultDemotedEscapes  = "fuzz/demoted-session-escapes"
	faultExpiredReturns  = "fuzz/sign-out-returns-to-expired"
	faultRevokerStays    = "fuzz/revoker-escapes-end-all"
	faultBystanderEnds   = "fuzz/recreation-ends-a-bystander"
	faultRenewedSpared   = "fuzz/reset-spares-renewed-session"
	faultRenamedTakes    = "fuzz/renamed-account-takes-a-bystander"
	faultReturnedSpared  = "fuzz/password-spares-who-came-back"
)

// The requirements that they break.
const (
	breaksAccountEnd   = faultAccountEndKeeps
	breaksCreation     = faultCreateEndsSessions
	breaksDeadSignOut  = faultSignOutRefused // a client signs out of what is over, and then it is live
	breaksPassword     = faultPasswordKeepsOthers
	breaksRevocation   = faultRevokeTooMuch
	breaksSignOut      = faultSignOutClientOnly
	breaksSignOutScope = faultSignOutEndsOthers
)

var withoutConnections = []string{dialectWeb, dialectTwoCookie, dialectApp, dialectBearer}

// compoundTable has those for tuning first. The accounts of one play belong
// together: see tenant.
var compoundTable = []CompoundFault{
	{Minimal: 4, Breaks: []string{faultSignInEndsOthers}, Fault: Fault{ID: faultThirdEvicts, Dialects: allDialects,
		Title: "a third session evicts another user's oldest",
		How:   "The sign-in that gives a user three live sessions ends the oldest session of another user of the same tenant."}},
	{Minimal: 4, Breaks: []string{breaksSignOut}, Fault: Fault{ID: faultRotatedAway, Dialects: allDialects,
		Title: "a session that was rotated twice survives its sign-out",
		How:   "Signing out leaves a session live that has been given a new token twice, by a password change, a step-up or a refresh."}},
	{Minimal: 4, Breaks: []string{breaksCreation, faultCreateSwitchesActor}, Fault: Fault{ID: faultDuplicateEnds, Dialects: allDialects,
		Title: "a duplicate sign-up after two wrong passwords ends sessions",
		How:   "Creating an account whose name is taken is refused, and ends the sessions of the one who has it if the last two sign-ins to it had a wrong password."}},
	{Minimal: 4, Breaks: []string{faultWrongIdentity, faultInheritance}, Fault: Fault{ID: faultFreedSeat, Dialects: allDialects,
		Title: "a second sign-in takes the seat that a sign-out has freed",
		How:   "After a sign-out the next sign-in in the tenant that is not its user's first session, and not the same user's, signs in as the user who left."}},
	{Minimal: 4, Breaks: []string{}, Abroad: true, Fault: Fault{ID: faultSpoilsAbroad, Dialects: allDialects,
		Title: "every third account of a tenant ends a session of another tenant",
		How:   "Every third creation of an account in a tenant, by whatever route, ends the youngest live session of the other tenants."}},
	{Minimal: 3, Breaks: []string{breaksPassword, breaksAccountEnd}, Overlap: []int{1, 2}, Fault: Fault{ID: faultChecksThenActs, Dialects: allDialects,
		Title: "a sign-in checks the password, and opens the session later",
		How:   "A sign-in looks at password and account, and some 2 ms later stores the session without looking again: a password change, reset or disabling in between does not reach it."}},
	{Minimal: 5, ByCommand: 4, Breaks: []string{breaksAccountEnd, breaksDeadSignOut}, Fault: Fault{ID: faultSignInRevives, Dialects: allDialects,
		Title: "the first sign-in after switching on revives what switching off ended",
		How:   "A sign-in to an account that was disabled and enabled again brings the sessions back that disabling had ended."}},
	{Minimal: 5, Breaks: []string{breaksRevocation}, Fault: Fault{ID: faultFourthTooMany, Dialects: allDialects,
		Title: "revoking one of four sessions ends the oldest as well",
		How:   "Revoking a session by its handle ends the oldest other one too, if the user has four or more."}},
	{Minimal: 6, Breaks: []string{faultKeyedByUser}, Fault: Fault{ID: faultNotesMoveUp, Dialects: withoutConnections,
		Title: "when the first session signs out, notes move to the next one",
		How:   "Signing out of a user's oldest session copies what the second one stores into the third."}},
	{Minimal: 5, ByCommand: 4, Breaks: []string{faultRevokeAllInVain}, Fault: Fault{ID: faultDemotedEscapes, Dialects: allDialects,
		Title: "a session from a time as administrator escapes \"end all\"",
		How:   "Ending all sessions of a user spares those that began while the user, once an ordinary one and one again, was an administrator."}},
	{Minimal: 5, ByCommand: 4, Breaks: []string{breaksCreation}, Fault: Fault{ID: faultBystanderEnds, Dialects: allDialects,
		Title: "an account made again takes another's second session",
		How:   "Creating an account whose name was deleted before ends the youngest session of the first ordinary user of the tenant who has two."}},

	{Held: true, Minimal: 5, ByCommand: 4, Breaks: []string{breaksPassword}, Fault: Fault{ID: faultRenamedSpared, Dialects: allDialects,
		Title: "a password change spares the sessions from before a renaming",
		How:   "When an ordinary user changes the own password, other sessions that began before the account was renamed stay live."}},
	{Held: true, Minimal: 4, Breaks: []string{breaksRevocation}, Fault: Fault{ID: faultLatecomers, Dialects: allDialects,
		Title: "revoking the others a second time spares whoever came since the first",
		How:   "A session that ends the user's others once more ends only those that began before its first time."}},
	{Held: true, Minimal: 6, ByCommand: 5, Breaks: []string{breaksSignOutScope}, Fault: Fault{ID: faultNamesakeSignOut, Dialects: allDialects,
		Title: "in an account made again, signing out ends the first session",
		How:   "Where an account of that name was deleted before, signing out of a later session ends the oldest one as well."}},
	{Held: true, Minimal: 7, ByCommand: 6, Breaks: []string{breaksPassword, breaksDeadSignOut}, Fault: Fault{ID: faultRestoreRevives, Dialects: allDialects,
		Title: "switching an account on revives one of three sessions that passwords ended",
		How:   "Enabling an account brings the oldest of the sessions back that new passwords ended, if there are three or more of them and the password was changed or reset twice or more."}},
	{Held: true, Minimal: 4, Breaks: []string{breaksRevocation, faultRevokeAllInVain}, Overlap: []int{2, 3}, Fault: Fault{ID: faultRevokesFromList, Dialects: allDialects,
		Title: "revoking makes a list, and works it off later",
		How:   "Ending the other or all sessions of a user lists them, and ends the listed ones some 2 ms later: one that is given a new token in between goes on."}},
	{Held: true, Minimal: 5, ByCommand: 4, Breaks: []string{faultLateUse, breaksDeadSignOut}, Fault: Fault{ID: faultExpiredReturns, Dialects: allDialects,
		Title: "signing out goes back to a session that had expired",
		How:   "When an ordinary user signs out of the last live session, the youngest one that had expired is live again."}},
	{Held: true, Minimal: 5, ByCommand: 4, Breaks: []string{faultRevokeAllInVain}, Fault: Fault{ID: faultRevokerStays, Dialects: allDialects,
		Title: "a session that has ended others escapes \"end all\"",
		How:   "Ending all sessions of an ordinary user spares those that have ended the user's other ones before."}},
	{Held: true, Minimal: 5, ByCommand: 4, Breaks: []string{breaksPassword, breaksDeadSignOut}, Fault: Fault{ID: faultRenewedSpared, Dialects: allDialects,
		Title: "a reset of the password misses a session with a new token",
		How:   "Setting a user's password by somebody else spares, for an ordinary user, the sessions that have been given a new token, if the user has two or more."}},
	{Held: true, Minimal: 6, ByCommand: 5, Breaks: []string{breaksPassword, breaksDeadSignOut}, Fault: Fault{ID: faultReturnedSpared, Dialects: allDialects,
		Title: "a password change misses who came back after an expiry",
		How:   "When an ordinary user changes the own password, other sessions that began after some had expired stay live."}},
	{Held: true, Minimal: 5, ByCommand: 4, Breaks: []string{faultAccountChangeScope}, Fault: Fault{ID: faultRenamedTakes, Dialects: allDialects,
		Title: "an account that had three names takes another's session with it",
		How:   "Deleting an account that was renamed twice or more ends the youngest live session of the other ordinary users of the tenant."}},
}
