//go:build real

package real

// expectation is the truth about one release of one system.
type expectation struct {
	target string // as --target takes it
	exit   int
	// only selects scenarios, "" all: a release that is there for what it breaks
	// need not be played through for all that it does not.
	only string
	// fails are the requirements that must fail, all of them and no other.
	fails []string
	// mayFail are requirements whose verdict hangs on the clock: whether two
	// sign-ins come within the same second.
	mayFail []string
	// passes are requirements that must have been judged and passed: what another
	// release fails, so that "not judged" cannot be taken for mended.
	passes []string
}

const (
	entropy    = "establish/entropy-floor"
	grammar    = "cookie/grammar"
	inFlight   = "race/sign-out-vs-request"
	idempotent = "terminate/sign-out-idempotent"
	kills      = "terminate/sign-out-kills-server-side"
	network    = "isolate/not-keyed-by-network"
	newToken   = "establish/new-token-on-sign-in"
	noGhost    = "hygiene/no-ghost-on-sign-out"
	noOrphan   = "hygiene/relogin-leaves-no-orphan"
	readers    = "hygiene/no-session-for-readers"
	renewed    = "establish/rotate-on-privilege-change"
	origins    = "csrf/cross-origin-reads-and-sockets"
	parallel   = "race/parallel-sign-in"
	lookalike  = "cookie/prefix-not-spoofable"
	rights     = "terminate/privilege-loss-immediate"
	stored     = "transport/not-stored-by-browser"
	uniform    = "robust/uniform-refusal"
	userSwitch = "isolate/user-switch-leaves-nothing"
)

// byLuck are requirements that only luck can show to be broken where nothing in a
// target is held back: an application that checks the password and signs in later
// (the apps here around express-session and scs do) is caught in some runs and not
// in others. What one run says is logged, and expected only where a held request
// shows it each time: scs and tower-sessions save what a request had loaded, also
// when the session was ended meanwhile.
var byLuck = []string{"race/credential-change-vs-sign-in", "race/sign-out-vs-request"}

// ends selects what is known of releases that differ in how sessions begin and end.
const ends = "establish/*,terminate/*,hygiene/*"

// The reasons are in the README.md of each folder in targets. Where the session
// is a signed cookie (flask-login, sinatra, django-auth with signed cookies) no
// sign-out can end it; and where the cookie says nothing but who and when, two
// sign-ins within a second are one.
//
// django-allauth: 64.0.0 turned away the
// sign-out of whoever was not fully signed in, and 64.1.0 mended that; no release
// ever had the ghost, so a session store of ours brings it. Before 65, and with
// that store, the refused sign-in of a disabled user stores a session and hands
// it out; 64.0.0 lets a browser that is signed in sign in again and keeps its cookie.
// Where the site asks for the password again, a copy of the credential from before
// gains what the session gains; by default it asks for nothing.
var expected = []expectation{
	{target: "django-allauth-app@latest", exit: 0, passes: []string{noGhost, idempotent}},
	{target: "django-allauth-app@latest+reauth", exit: 1, only: ends, fails: []string{renewed}, passes: []string{noGhost, idempotent}},
	{target: "django-allauth-app@64.1.0", exit: 1, only: ends, fails: []string{readers}, passes: []string{noGhost, idempotent}},
	{target: "django-allauth-app@64.0.0", exit: 1, only: ends, fails: []string{readers, idempotent}, passes: []string{noGhost}},
	{target: "django-allauth-app@latest+ghost", exit: 1, only: ends, fails: []string{noGhost, readers, uniform}, passes: []string{idempotent}},
	{target: "django-allauth-browser@latest", exit: 0, passes: []string{noGhost, idempotent}},
	{target: "django-allauth-browser@latest+reauth", exit: 1, only: ends, fails: []string{renewed}, passes: []string{noGhost, idempotent}},
	{target: "django-allauth-browser@64.1.0", exit: 1, only: ends, fails: []string{readers}, passes: []string{noGhost, idempotent}},
	{target: "django-allauth-browser@64.0.0", exit: 1, only: ends, fails: []string{newToken, readers, idempotent}, passes: []string{noGhost}},
	{target: "django-allauth-browser@latest+ghost", exit: 1, only: ends, fails: []string{noGhost, readers}, passes: []string{idempotent}},

	// The token of Chainlit says who and until which second: sign-ins of one
	// second bring one token. Without the header, 1.3.2 has one session for all.
	{target: "chainlit-app@2.11.1", exit: 1, fails: []string{origins, kills, stored}, mayFail: []string{newToken, entropy, parallel}, passes: []string{network, userSwitch}},
	{target: "chainlit-app@1.3.2", exit: 1, only: "isolate/*", fails: []string{kills, network, userSwitch}, mayFail: []string{newToken}},
	{target: "axum-login-app", exit: 1, fails: []string{lookalike, newToken, userSwitch, inFlight}, passes: []string{noGhost, kills, idempotent}},
	{target: "django-auth-app@latest", exit: 1, fails: []string{newToken}, passes: []string{noGhost, kills, idempotent, entropy}},
	{target: "django-auth-app@latest+signed-cookies", exit: 1, only: ends, fails: []string{newToken, kills, idempotent, entropy}, mayFail: []string{noOrphan, parallel}},
	{target: "express-session-app@latest", exit: 1, fails: []string{noGhost}, passes: []string{kills, newToken, entropy}},
	{target: "express-session-app@latest+destroy", exit: 0, passes: []string{noGhost, kills, newToken, entropy}},
	{target: "flask-login-app", exit: 1, fails: []string{newToken, userSwitch, kills, idempotent, entropy}, mayFail: []string{noOrphan}},
	{target: "php-native-app", exit: 1, fails: []string{grammar}, passes: []string{kills, newToken, entropy}},
	{target: "scs-app", exit: 1, fails: []string{inFlight}, passes: []string{noGhost, kills, newToken, noOrphan, rights, entropy}},
	{target: "sinatra-app@latest", exit: 1, fails: []string{noOrphan, kills, idempotent}},
	{target: "sinatra-app@latest+pool", exit: 0, passes: []string{noOrphan, kills, idempotent}},
	{target: "spring-security-app", exit: 1, fails: []string{rights, userSwitch}, passes: []string{kills, newToken, entropy}},
}
