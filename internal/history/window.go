package history

import "time"

// Sight is what a browser showed.
type Sight struct {
	URL string `json:"url"`
	// Claim is what the page says by the target file's selectors: "in", "out", "" unknown.
	Claim string `json:"claim,omitempty"`
	// Names are the roles whose account is named in the text that is shown,
	// Notes the texts of notes in it.
	Names []string `json:"names,omitempty"`
	Notes []string `json:"notes,omitempty"`
	// Blank tells that nothing at all can be read.
	Blank bool `json:"blank,omitempty"`
}

// Return is one page that a `back` came to.
type Return struct {
	// From is where the page came from: "page cache", "HTTP cache" or "server".
	From string `json:"from"`
	// Why is the engine's word for why the page cache did not have the page.
	Why string `json:"why,omitempty"`
	// Known tells that the client saw this page before as somebody signed in.
	Known bool `json:"known,omitempty"`
	// AtOnce is what was shown before any request was answered, nil where the
	// page was still to come; Later is the page at its end.
	AtOnce *Sight `json:"at_once,omitempty"`
	Later  *Sight `json:"later,omitempty"`
}

// Sent is a form that was filled in, left, and sent later.
type Sent struct {
	// Text is what was to be stored, Person the role that was signed in when it
	// was filled in.
	Text   string `json:"text"`
	Person string `json:"person"`
	// Sight is what the page shows afterwards; Error says that it came to nothing.
	Sight *Sight `json:"sight,omitempty"`
	Error string `json:"error,omitempty"`
}

// Entry is one way in which a client came from another site.
type Entry struct {
	How string `json:"how"`
	// Landed is the page as it came, Again the same one loaded by its address.
	Landed *Sight `json:"landed,omitempty"`
	Again  *Sight `json:"again,omitempty"`
	Answer Answer `json:"answer"`
}

// Forgery is one attempt of another site to act with the client's session.
type Forgery struct {
	// How it was sent, and what.
	How     string `json:"how"`
	Request string `json:"request"`
	// Age is how old the session's cookies were for the browser, 0 for just made.
	Age time.Duration `json:"age,omitempty"`
	// Answer is whoami afterwards; Read what the session's note holds then.
	Answer Answer `json:"answer"`
	Read   string `json:"read,omitempty"`
}

// Whose the value was that a form was sent with.
const (
	OwnToken    = "own"     // the page's own, of just now
	OlderToken  = "older"   // the page's own, from another tab
	NoToken     = "none"    // the field left out
	MadeToken   = "made up" // an invention of the same form
	OthersToken = "other"   // of another session's page
	EarlyToken  = "early"   // of a page from before a sign-in
)

// TokenTry is a form sent with somebody's value in it.
type TokenTry struct {
	Whose   string `json:"whose"`
	Outcome string `json:"outcome"`
	Why     string `json:"why,omitempty"`
}

// When a frame was looked at.
const (
	FrameBefore  = "before"     // nobody has signed in in a frame
	FrameIn      = "signed in"  // the second person has, in the frame of the first site
	FrameOut     = "signed out" // and out again
	FrameCopyOut = "copy"       // the credential of that sign-in, from a clean client after the sign-out
)

// Framed is the target as one place in a browser showed it.
type Framed struct {
	// Site is the other site whose page the frame was in, "" for the top level.
	Site string `json:"site,omitempty"`
	// When is one of the constants above.
	When string `json:"when"`
	// Refused tells that the browser did not show the target in the frame.
	Refused bool   `json:"refused,omitempty"`
	Sight   *Sight `json:"sight,omitempty"`
	// Answer is whoami as the page in that place asks it.
	Answer Answer `json:"answer"`
	// Error says why a sign-in or sign-out there came to nothing.
	Error string `json:"error,omitempty"`
}
