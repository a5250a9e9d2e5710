// Package browsers drives real browsers for stories about sessions. One
// Browser is one actor: a process with a profile, or, from a Pool, a window
// apart from all others in a process that it shares. Every request it makes
// passes through a proxy of this package, which writes the journal, gives the
// actor its source address and keeps the traffic on this machine.
package browsers

import (
	"context"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
)

// Time limits used when the caller's context has no deadline of its own. They
// are far above what a quiet machine needs (a start 0.3 s, Firefox 1.5 s; a step 0.05 s),
// because continuous integration machines are often short of processor time.
const (
	// StepTimeout is the limit of one step: Open, Click, Wait and so on.
	StepTimeout = 15 * time.Second
	// StartTimeout is the limit of one start of a browser.
	StartTimeout = 120 * time.Second
)

// Engine starts browsers of one kind.
type Engine interface {
	// Name is the word users write, such as "chrome".
	Name() string
	// Probe returns what the installed browser says its version is, or one
	// line that tells what to install.
	Probe(ctx context.Context) (version string, err error)
	// Launch starts a browser and returns once it has an empty page. A ctx
	// without a deadline gets StartTimeout. The browser outlives ctx.
	Launch(ctx context.Context, o Options) (Browser, error)
}

// Options say how one browser is started. The zero value is a throw-away,
// invisible browser that reaches this machine only.
type Options struct {
	// Profile is the profile directory, made when missing and kept at Close.
	// Empty: a throw-away one, removed by Close and Kill.
	Profile string
	// Source is the IPv4 loopback address that requests come from, such as
	// "127.0.0.7". Empty: the system chooses. Not used for remote hosts.
	Source string
	// Restore starts with "continue where you left off": tabs and session
	// cookies of the last run of the profile come back.
	Restore bool
	// Headful shows the window; needs a display.
	Headful bool
	// UserAgent replaces the User-Agent header and navigator.userAgent.
	UserAgent string
	// Bin is the program to start. Empty: see Find.
	Bin string
	// AllowRemote permits connections to other machines than this one. Set it
	// only when the user's target itself is elsewhere (its base address is
	// not a loopback one); otherwise a stray link or a page's third-party
	// script would carry test traffic out of the machine.
	AllowRemote bool
	// TrustSPKI lists base64 SHA-256 hashes of public keys (SPKI). A server
	// certificate whose chain, as sent by the server, has one of them is
	// accepted, and HSTS and secure contexts work as with a real one.
	TrustSPKI []string
	// Clock is the browser's wall clock. nil: the machine's.
	Clock *Clock
	// Shared permits a Pool to make the browser a window in a process that it
	// shares: quicker, with a jar, caches and a proxy of its own, but without a
	// profile on disk, so that Restart, Crash and OpenPrivate are errors. A page
	// in it may find third-party cookies treated as in a private window.
	Shared bool
	// ThirdParty says what becomes of the cookies of frames: AllowThirdParty,
	// BlockThirdParty, or "" for what the engine does by itself, which differs
	// from build to build. An engine that cannot be told returns an ErrUnable.
	ThirdParty ThirdParty
}

// Browser is one process with one profile (but see Options.Shared). Steps run one at a time: a second
// one waits for the first. A step whose ctx has no deadline gets StepTimeout.
// An error names the step; a timeout is a *TimeoutError.
//
// A css argument is a CSS selector. Where it matches several elements, the
// first visible one is meant. JavaScript dialogs are accepted as they appear.
type Browser interface {
	// Open shows url in the tab and waits until it, and what it redirects to
	// by script while it loads, is loaded. HTTP error statuses are no errors.
	Open(ctx context.Context, url string) error
	// Fill replaces the text of a field, as typing does (input and change
	// events), or chooses the option of a select by value or label.
	Fill(ctx context.Context, css, text string) error
	// Click waits until the element can be clicked (visible, enabled, still,
	// not covered), clicks its middle and waits for what the click started:
	// navigations to their end, fetches of the page for up to 2 s. A click
	// that starts nothing returns at once.
	Click(ctx context.Context, css string) error
	// Wait returns when an element is visible.
	Wait(ctx context.Context, css string) error
	// Visible says whether an element is visible now.
	Visible(ctx context.Context, css string) (bool, error)
	// Text waits for an element and returns its text as shown.
	Text(ctx context.Context, css string) (string, error)
	// Fetch makes the page that is open send a request to its own origin with
	// its cookies; url may be a path. Redirects are not followed and caches
	// not used. The answer is the one on the wire, Set-Cookie included.
	Fetch(ctx context.Context, method, url string, header map[string]string, body string) (history.Exchange, error)
	// Jar returns all cookies the browser holds, of all sites.
	Jar(ctx context.Context) ([]Cookie, error)
	// SetCookies puts cookies into the jar, as if a server had set them.
	SetCookies(ctx context.Context, cookies ...Cookie) error
	// ClearCookies empties the jar.
	ClearCookies(ctx context.Context) error
	// Eval runs an expression in the page, awaits it when it is a promise,
	// and decodes its JSON into out (a pointer, or nil). It counts as a user
	// gesture, so that window.open works.
	Eval(ctx context.Context, js string, out any) error
	// Screenshot returns the visible part of the page as PNG.
	Screenshot(ctx context.Context) ([]byte, error)
	// Journal returns every exchange so far in the order of the requests,
	// those of popups and of earlier runs (Restart) included. Headers are the
	// raw lines. Requests by https are not in it: they pass encrypted. An
	// exchange with neither Response nor Error was still waiting.
	Journal() []history.Exchange
	// Close quits as a user does, so that cookies reach the disk, waits until
	// no process is left, and removes a throw-away profile.
	Close(ctx context.Context) error
	// Kill ends the browser at once; what is not on disk is lost. It may be
	// called at any time, also after Close and during a step.
	Kill() error
	// Restart quits as Close does and starts again on the same profile.
	// restore false: session cookies are gone. true: "continue where you left
	// off", they are kept. All tabs are emptied before, because a restored
	// tab would load its page again at some moment of the next steps.
	Restart(ctx context.Context, restore bool) error
	// Crash starts the browser again as after a crash of which everything had
	// reached the disk. Session cookies are kept, with default settings too.
	Crash(ctx context.Context) error
}

// Cookie is one cookie as it lies in the jar.
type Cookie struct {
	Name  string
	Value string
	// Domain is the host, or the domain of a domain cookie, without a dot.
	Domain string
	// HostOnly is true when only Domain itself gets the cookie. nil: the
	// engine does not tell.
	HostOnly *bool
	Path     string
	// Session is true for a cookie without an end of life; Expires is then
	// the zero time.
	Session  bool
	Expires  time.Time
	HTTPOnly bool
	Secure   bool
	// SameSite is "Strict", "Lax", "None", or "" when the cookie does not say
	// or says something the engine does not know.
	SameSite string
	// PartitionKey is the site a partitioned cookie belongs to. nil: not
	// partitioned, or the engine does not tell.
	PartitionKey *string
	// Size is the length of name and value in bytes. nil: not told.
	Size *int
}
