package history

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
