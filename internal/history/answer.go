package history

// Visit is one page class as the client saw it.
type Visit struct {
	Path string `json:"path"`
	// Claim is what the page says: "in", "out", "" unknown.
	Claim   string `json:"claim"`
	SignOut bool   `json:"sign_out"`
	// Names are the roles whose account is named in the text of the page, Notes
	// the texts of notes in it; only browsers tell.
	Names []string `json:"names,omitempty"`
	Notes []string `json:"notes,omitempty"`
	// CanSignOut tells whether the target file says where sign-out stands.
	CanSignOut bool   `json:"can_sign_out"`
	Error      string `json:"error,omitempty"`
}

// Answers to whoami.
const (
	Live      = "live"
	Dead      = "dead"
	HalfLive  = "pending"
	NoVerdict = "error"
)

// Answer is what whoami said.
type Answer struct {
	State string `json:"state"`
	// Name is what it said; User the role it belongs to, "" unknown.
	Name string `json:"name,omitempty"`
	User string `json:"user,omitempty"`
	Why  string `json:"why,omitempty"`
	// Offers are credentials that the answer hands out.
	Offers   []Offer   `json:"offers,omitempty"`
	Exchange *Exchange `json:"exchange,omitempty"`
}

// Probe is one credential asked from a clean client after an operation. An
// empty credential is a stranger at the address of a client.
type Probe struct {
	Credential string `json:"credential"`
	// Client whose address it was asked from.
	Client string `json:"client"`
	Answer Answer `json:"answer"`
}

// Kinds of what was asked with something shown; "" is whoami.
const (
	ShownPage      = "page"      // a page of the target file, asked with the same
	ShownBystander = "bystander" // whoami by another client's good credential meanwhile
)

// Shown is one thing that a `present` showed, and what was answered to it.
type Shown struct {
	// What it was, in words.
	What string `json:"what"`
	// Case is the id of the entry in its corpus, "" for choices of cookies.
	Case string `json:"case,omitempty"`
	// Kind says what was asked: "" for whoami, else one of the Shown constants.
	Kind string `json:"kind,omitempty"`
	// Good tells that the client's own credential was shown too, whole and in
	// its place.
	Good bool `json:"good,omitempty"`
	// MayPass tells that a lenient reader may still find the good credential in it.
	MayPass bool `json:"may_pass,omitempty"`
	// MayDrop tells that HTTP itself lets a server hang up on it unanswered.
	MayDrop bool `json:"may_drop,omitempty"`
	// Mine and Theirs are, for a mix, the indexes of the answers to each
	// client's part of it alone; nil for everything else.
	Mine   *int   `json:"mine,omitempty"`
	Theirs *int   `json:"theirs,omitempty"`
	Answer Answer `json:"answer"`
}

// Walk is one answer that came through a shared cache.
type Walk struct {
	// Client asked; From is the client whose request had brought the answer
	// into the cache, "" where it came from the target.
	Client   string    `json:"client"`
	From     string    `json:"from,omitempty"`
	Exchange *Exchange `json:"exchange"`
	// Direct is what the client gets without the cache, asked where the answer was somebody else's.
	Direct *Exchange `json:"direct,omitempty"`
}

// Arrival is one of several sign-ins made at the same time, and what whoami
// said to its credential once all were done.
type Arrival struct {
	// User is the role that signed in.
	User     string    `json:"user"`
	Outcome  string    `json:"outcome"`
	Why      string    `json:"why,omitempty"`
	Carriers []Carrier `json:"carriers,omitempty"`
	Answer   Answer    `json:"answer"`
}

// Control proves the measurement, see Play.Control.
type Control struct {
	Fresh    Answer `json:"fresh"`
	Stranger Answer `json:"stranger"`
	Error    string `json:"error,omitempty"`
}

// OK tells whether the target still told the truth.
func (c *Control) OK() bool {
	return c != nil && c.Error == "" && c.Fresh.State == Live && c.Stranger.State == Dead
}
