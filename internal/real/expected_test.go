//go:build real

package real

// expectation is the truth about one release of one system.
type expectation struct {
	target string // as --target takes it
	exit   int
	// fails are the requirements that must fail, all of them and no other.
	fails []string
	// passes are requirements that must have been judged and passed: what another
	// release fails, so that "not judged" cannot be taken for mended.
	passes []string
}

const (
	noGhost    = "hygiene/no-ghost-on-sign-out"
	idempotent = "terminate/sign-out-idempotent"
	newToken   = "establish/new-token-on-sign-in"
	readers    = "hygiene/no-session-for-readers"
)

// The reasons are in targets/django-allauth/README.md: 64.0.0 turned away the
// sign-out of whoever was not fully signed in, and 64.1.0 mended that; no release
// ever had the ghost, so a session store of ours brings it. Before 65, and with
// that store, the refused sign-in of a disabled user stores a session and hands
// it out; 64.0.0 lets a browser that is signed in sign in again and keeps its cookie.
var expected = []expectation{
	{target: "django-allauth-app@latest", exit: 0, passes: []string{noGhost, idempotent}},
	{target: "django-allauth-app@64.1.0", exit: 1, fails: []string{readers}, passes: []string{noGhost, idempotent}},
	{target: "django-allauth-app@64.0.0", exit: 1, fails: []string{readers, idempotent}, passes: []string{noGhost}},
	{target: "django-allauth-app@latest+ghost", exit: 1, fails: []string{noGhost, readers}, passes: []string{idempotent}},
	{target: "django-allauth-browser@latest", exit: 0, passes: []string{noGhost, idempotent}},
	{target: "django-allauth-browser@64.1.0", exit: 1, fails: []string{readers}, passes: []string{noGhost, idempotent}},
	{target: "django-allauth-browser@64.0.0", exit: 1, fails: []string{newToken, readers, idempotent}, passes: []string{noGhost}},
	{target: "django-allauth-browser@latest+ghost", exit: 1, fails: []string{noGhost, readers}, passes: []string{idempotent}},
}
