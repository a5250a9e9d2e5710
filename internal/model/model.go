// Package model knows what has to happen. It is a pure function of state,
// operation and declarations: which sessions an operation may end, which
// credentials stay live and as whom, and which duty each of these rests on.
package model

import "fmt"

// Want is what whoami must say for a credential.
type Want string

// Any means that no duty fixes the answer; it is counted as unspecified. NotLive
// is for what may be known to the target, and must not sign anybody in.
const (
	Live    Want = "live"
	Dead    Want = "dead"
	Pending Want = "pending"
	NotLive Want = "not live"
	Any     Want = "any"
)

// Declared is what the target promises, with the strict default filled in.
type Declared struct {
	OthersAfterChange  string // "end" (default) or "keep"
	CurrentAfterChange string // "" not declared, "keep", "rotate" or "end"
	OthersAfterReset   string // "end" (default) or "keep"
	Disable            string // "end" (default) or "suspend"
	AddressChange      string // "" not declared, or "keep"
	SignInAgain        string // "" not declared, "replaces", "refused" or "adds"
	// RefreshStays: a refresh leaves the refresh credential as it is. ReuseRefused:
	// the reuse of a spent one is refused, and ends nothing.
	RefreshStays, ReuseRefused bool
	SignOut                    string // "this" (default) or "all": which sessions of the user a sign-out ends
	RevokeNeeds                string // "" not declared, "none", "password" or "fresh"
	StepUp                     string // "" not declared, "keep" or "rotate"
	Limit                      int    // parallel sessions of one account, 0 not declared
	AtLimit                    string // "refuse" or "end_oldest"
}

// Event is one operation as it happened.
type Event struct {
	Op string
	// How is what a `present` did.
	How string
	// Does is the operation that a form is for, or that is forged.
	Does string
	// Beside is the client in another window of the same browser, "" for none.
	Beside string
	// Client acts on User; Of is the second client.
	Client, User, Of string
	// Outcome is ok, refused, pending or error.
	Outcome string
	// Captured is the credential that the client holds since, "" if unchanged.
	Captured string
	// Lost tells that the client came out of a restart without its session,
	// which goes on at the server with nobody to sign it out.
	Lost bool
	// ByUser tells that the acting client's own session did it (a browser
	// form), not an anonymous sign-up or a command line.
	ByUser bool
	// Presented tells that the request carried what the client held before: only
	// then can the target know which session it may have to replace.
	Presented bool
	// Wrong tells that a wrong password was meant, Unanswered that none was given.
	Wrong, Unanswered bool
	// Times is how often a sign-in was repeated.
	Times int
	// AtOnce tells that the repeated sign-ins were made at the same time, for
	// several users.
	AtOnce bool
	// To is the role that was given.
	To string
	// Spent tells that a refresh was made with what had been used for one before.
	Spent bool
	// Holds is, among operations at once, the credential that the client held last.
	Holds string
	// Planted is the credential, captured before, that was put into the client;
	// "" for an invented one, which arrives as Captured.
	Planted string
}

// Expect is what whoami must say about one credential after an event.
type Expect struct {
	Credential string
	Want       Want
	// User is the role it must answer for, when live.
	User string
	// Duty is the requirement at stake, "" where nothing is judged.
	Duty string
	// Because says in a few words what the expectation rests on.
	Because string
}

type sessionState int

const (
	live sessionState = iota
	halfway
	ended
	suspended   // dead while the account is off, open afterwards
	stranger    // known to the target or not: it signs nobody in
	unspecified // the target may do as it likes
)

type session struct {
	user, client string
	generation   int // of the account: a re-created one is somebody else
	state        sessionState
	// cause is the duty that an ended session rests on, for ever after.
	cause, because string
	// settled: a difference was reported, nothing more is expected of it.
	settled bool
	creds   []string
	// half: it was a half-finished sign-in when something else ended it.
	half bool
	// spent are credentials that a declared rotation has replaced, with the duty.
	spent map[string]mark
}

// mark is a duty with what it rests on.
type mark struct{ duty, because string }

type account struct {
	exists, enabled bool
	generation      int
	// unclear: operations at once have left it open what it is.
	unclear bool
}

// World is the model's state. Make one per play.
type World struct {
	declared Declared
	accounts map[string]*account
	sessions []*session
	// current is the session each client believes to be in.
	current map[string]*session
	// grants is the session that each client has signed in to last, also when it
	// is over: what was handed out with it belongs to it for ever.
	grants map[string]*session
	// used is the session in which each client made its last good refresh: what it
	// has spent belongs there, whatever it has signed in to since.
	used map[string]*session
	// borrowed is the live session of somebody else's sign-in that was planted in a client.
	borrowed map[string]*session
	byCred   map[string]*session
	order    []string
	// uncounted: many have signed in at once, and nobody knows who came first.
	uncounted bool
}

// New starts a world in which the given users exist.
func New(d Declared, users []string) *World {
	w := &World{declared: d, accounts: map[string]*account{}, current: map[string]*session{}, grants: map[string]*session{}, used: map[string]*session{}, borrowed: map[string]*session{}, byCred: map[string]*session{}}
	for _, u := range users {
		w.accounts[u] = &account{exists: true, enabled: true}
	}
	return w
}

func (w *World) account(user string) *account {
	a, ok := w.accounts[user]
	if !ok {
		a = &account{}
		w.accounts[user] = a
	}
	return a
}

// ClientState is a client's session as the model sees it: "live", "pending", "ended", "none".
func (w *World) ClientState(client string) string {
	s := w.current[client]
	switch {
	case s == nil, s.state == stranger:
		return "none"
	case s.state == live:
		return "live"
	case s.state == halfway:
		return "pending"
	case s.state == unspecified:
		return "unspecified"
	}
	return "ended"
}

// Who is the user of the session that a client believes to be in, "" for none.
func (w *World) Who(client string) string {
	if s := w.current[client]; s != nil {
		return s.user
	}
	return ""
}

// Exists tells whether an account is there, and how often it came into being
// in the course of the play.
func (w *World) Exists(user string) (there bool, times int) {
	a, ok := w.accounts[user]
	if !ok {
		return false, 0
	}
	return a.exists, a.generation
}

// Ended says why the client's session is over, in a few words; "" if it is not.
func (w *World) Ended(client string) string {
	if s := w.current[client]; s != nil && s.state != live && s.state != stranger {
		return s.because
	}
	return ""
}

// Standing is what a credential's session has come to, "live", "ended" or "open"
// for everything else, and why.
func (w *World) Standing(cred string) (state, because string) {
	s := w.byCred[cred]
	switch {
	case s == nil:
		return "open", ""
	case w.account(s.user).generation != s.generation && s.state != unspecified:
		return "ended", "it belonged to an earlier account of the same name"
	case s.state == live:
		return "live", s.because
	case s.state == ended, s.state == suspended:
		return "ended", s.because
	}
	return "open", s.because
}

// SameSession tells whether two credentials present one session.
func (w *World) SameSession(a, b string) bool {
	return a == b || (w.byCred[a] != nil && w.byCred[a] == w.byCred[b])
}

// Owner returns the user a credential was issued to.
func (w *World) Owner(cred string) string {
	if s := w.byCred[cred]; s != nil {
		return s.user
	}
	return ""
}

// Holder returns the client that a credential was issued to.
func (w *World) Holder(cred string) string {
	if s := w.byCred[cred]; s != nil {
		return s.client
	}
	return ""
}

// Resync accepts what was observed after a difference was reported, so that one
// fault is reported once: nothing is judged of this credential's session any more.
func (w *World) Resync(cred string) {
	if s := w.byCred[cred]; s != nil {
		s.state, s.because, s.settled = unspecified, "differed before", true
	}
}

// Disabled tells whether an account is there and switched off.
func (w *World) Disabled(user string) bool {
	a, ok := w.accounts[user]
	return ok && a.exists && !a.enabled && !a.unclear
}

// Able tells whether an account is there and switched on.
func (w *World) Able(user string) bool {
	a, ok := w.accounts[user]
	return ok && a.exists && a.enabled && !a.unclear
}

// Settled tells whether a difference in a credential's session was reported already.
func (w *World) Settled(cred string) bool {
	s := w.byCred[cred]
	return s != nil && s.settled
}

func (w *World) adopt(s *session, cred string) {
	s.creds = append(s.creds, cred)
	w.byCred[cred] = s
	w.order = append(w.order, cred)
}

func (w *World) of(user string) (out []*session) {
	for _, s := range w.sessions {
		if s.user == user && s.generation == w.account(user).generation {
			out = append(out, s)
		}
	}
	return out
}

// Saw takes note of an answer that no duty fixed: a session that turned out to
// be over is not expected to live later on.
func (w *World) Saw(cred, state string) {
	s := w.byCred[cred]
	if s != nil && s.state == live && cred == s.creds[len(s.creds)-1] && state != string(Live) {
		s.state, s.because = unspecified, "it was found over after an operation that may end it"
	}
}

func (s *session) end(duty, because string) {
	if s.state == ended {
		return
	}
	s.state, s.cause, s.because = ended, duty, because
}

func (s *session) String() string { return fmt.Sprintf("%s at %s", s.user, s.client) }
