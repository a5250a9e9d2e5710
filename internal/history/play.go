package history

import (
	"slices"
	"time"

	"github.com/sessionspec/sessionspec/internal/story"
)

// Play is the record of one story performed against one target.
type Play struct {
	// ID names the plan: scenario, target and routes.
	ID       string `json:"id"`
	Scenario string `json:"scenario"`
	Target   string `json:"target"`
	// Generated tells that nobody wrote the story: any outcome is expected.
	Generated bool              `json:"generated,omitempty"`
	Routes    map[string]string `json:"routes,omitempty"`
	// Browser is the engine that its browsers were of.
	Browser string   `json:"browser,omitempty"`
	File    string   `json:"file"`
	Line    int      `json:"line"`
	Clients []Client `json:"clients"`
	// Credentials in the order in which they were captured.
	Credentials []Credential `json:"credentials"`
	Ops         []Op         `json:"ops"`
	// Control is the proof, after something died, that the target still
	// answers truthfully: a fresh sign-in lives, a stranger does not.
	Control *Control `json:"control,omitempty"`
	// Aborted says why the story was not played to its end.
	Aborted string `json:"aborted,omitempty"`
	// Interrupted tells that the run was broken off meanwhile: the operation under
	// way is left out, and nothing is judged.
	Interrupted bool `json:"interrupted,omitempty"`
	// RetryAfter is what the target asked for, where its answer to the set-up was 429.
	RetryAfter string `json:"retry_after,omitempty"`
	// Unable says what the browser's engine cannot do, where that was in the way.
	Unable string    `json:"unable,omitempty"`
	Start  time.Time `json:"start"`
	End    time.Time `json:"end"`
	// Requests and SignIns are what the play cost the target.
	Requests int `json:"requests"`
	SignIns  int `json:"sign_ins"`
}

// Interrupt books that the run was broken off before the play had shown all.
func (p *Play) Interrupt() { p.Aborted, p.Interrupted = "interrupted", true }

// Client is a member of the cast as it really took part.
type Client struct {
	Name string `json:"name"`
	// Agent is its User-Agent, "" where the harness does not choose it.
	Agent string `json:"agent,omitempty"`
	// User is the role in the story, Account the name at the target.
	User    string `json:"user"`
	Account string `json:"account"`
	In      string `json:"in"`
	// Address is where it began.
	Address string `json:"address"`
	// Private is the client whose browser it is a private window of.
	Private string `json:"private,omitempty"`
	// Connection is the override from the story: "", "missing", "empty", "null", or a client's name.
	Connection string            `json:"connection,omitempty"`
	Strip      []string          `json:"strip,omitempty"`
	Headers    map[string]string `json:"headers,omitempty"`
}

// Credential is a set of values that present one session.
type Credential struct {
	// ID reads user.client#n.
	ID     string `json:"id"`
	Client string `json:"client"`
	// User is the role that the client signed in as.
	User string `json:"user"`
	// Op is the index of the operation after which it was captured.
	Op       int       `json:"op"`
	Carriers []Carrier `json:"carriers"`
	// Handle is what the client was told its session is called in lists, ""
	// where it was told nothing.
	Handle string `json:"handle,omitempty"`
}

// Carrier is one value of a credential: a cookie, or a value that a request
// template presents (a header token).
type Carrier struct {
	Kind     string `json:"kind"` // "cookie" or "value"
	Name     string `json:"name"`
	Value    string `json:"value"`
	Domain   string `json:"domain,omitempty"`
	Path     string `json:"path,omitempty"`
	HostOnly bool   `json:"host_only,omitempty"`
}

// Outcomes of an operation.
const (
	OK      = "ok"
	Refused = "refused"
	Pending = "pending"
	Failed  = "error"   // no answer, a 5xx, or a step that could not be made
	Skipped = "skipped" // optional and not offered
)

// Op is one step performed.
type Op struct {
	Index int        `json:"index"`
	Step  story.Step `json:"step"`
	// User is the role acted on, Route the route taken.
	User    string  `json:"user,omitempty"`
	Route   string  `json:"route,omitempty"`
	Outcome string  `json:"outcome"`
	Why     string  `json:"why,omitempty"`
	Events  []Event `json:"events,omitempty"`
	// Acted tells that the acting client's own session did it: not a sign-up
	// by a stranger, not a command line.
	Acted bool `json:"acted,omitempty"`
	// Journal is what a browser exchanged meanwhile, evidence only: the player
	// did not make these requests.
	Journal []Exchange `json:"journal,omitempty"`
	// Captured is the credential that the client holds since this operation,
	// "" when it did not change.
	Captured string `json:"captured,omitempty"`
	// Planted is the credential of an earlier capture that the story put into the client.
	Planted string `json:"planted,omitempty"`
	// Series are the credentials of a repeated sign-in, in order.
	Series [][]Carrier `json:"series,omitempty"`
	// Arrivals are the sign-ins that were made at once.
	Arrivals []Arrival `json:"arrivals,omitempty"`
	// Branches are what the branches of a parallel step did. Place is where in them
	// an operation is, "2.1" being the first of the second; "" outside.
	Branches [][]Op `json:"branches,omitempty"`
	Place    string `json:"place,omitempty"`
	// Held tells that the last byte of its request was kept back.
	Held bool `json:"held,omitempty"`
	// Holds is, in a branch, the credential that the client held last when the
	// operation began, Target that of the client in `of`.
	Holds  string `json:"holds,omitempty"`
	Target string `json:"target,omitempty"`
	// Password numbers, per account, the password that was given, NewPassword the
	// one that was to be set; the account's first is 0, a wrong one -1,
	// and NoPassword where the way in asks for none.
	Password    int `json:"password,omitempty"`
	NewPassword int `json:"new_password,omitempty"`
	// Passwords are, for a parallel step, the numbers that the password of each
	// account may have had before it: several, where earlier changes crossed.
	Passwords map[string][]int `json:"passwords,omitempty"`
	// Suspect is the first request of a crawl after which whoami said something else.
	Suspect string `json:"suspect,omitempty"`
	// Shown are the answers to what a `present` showed.
	Shown []Shown `json:"shown,omitempty"`
	// Walks are the answers that a `through_cache` got, in order.
	Walks []Walk `json:"walks,omitempty"`
	// Offers are credentials seen in any answer of this operation.
	Offers []Offer `json:"offers,omitempty"`
	// Note is the text written, Read the text found; Found tells whether there was one.
	Note  string `json:"note,omitempty"`
	Read  string `json:"read,omitempty"`
	Found bool   `json:"found,omitempty"`
	Count *int   `json:"count,omitempty"`
	// Offered are the answers to what was offered since the sign-in and not
	// kept, each asked from a clean client after a sign-in and a sign-out.
	Offered []Offered `json:"offered,omitempty"`
	// Listed is the list of sessions that was read.
	Listed *Listed `json:"listed,omitempty"`
	// Address is where the client is since this operation, "" where it has not moved.
	Address string `json:"address,omitempty"`
	// Jar is the acting client's jar afterwards.
	Jar []JarCookie `json:"jar,omitempty"`
	// Console is what the acting client's browser wrote to its console meanwhile.
	Console []Console `json:"console,omitempty"`
	// Film is what that browser showed afterwards, as JPEG; taken in a play alone
	// only, and not part of the journal.
	Film    []byte   `json:"-"`
	Storage *Storage `json:"storage,omitempty"`
	Visits  []Visit  `json:"visits,omitempty"`
	// Kept is what a browser still had in store after a visit: local and session
	// storage, cookies, history state, fields and caches.
	Kept *Sight `json:"kept,omitempty"`
	// Returns are the pages that a `back` came to, in order.
	Returns []Return `json:"returns,omitempty"`
	// Sent is the form that was filled in earlier and sent now.
	Sent *Sent `json:"sent,omitempty"`
	// Entries are the ways in which the client came from another site.
	Entries []Entry `json:"entries,omitempty"`
	// Forged are the attempts of another site to act with the client's session.
	Forged []Forgery `json:"forged,omitempty"`
	// Framed is the target in frames of other sites, in order.
	Framed []Framed `json:"framed,omitempty"`
	// Tokens are the values with which a form was sent.
	Tokens []TokenTry `json:"tokens,omitempty"`
	// Self is what whoami says to the client with just what it holds now.
	Self *Answer `json:"self,omitempty"`
	// Claim is what the client believes by its signal cookie: "in", "out", "".
	Claim  string    `json:"claim,omitempty"`
	Probes []Probe   `json:"probes,omitempty"`
	Start  time.Time `json:"start"`
	End    time.Time `json:"end"`
}

// All are the events of an operation, and of a parallel step those of its
// branches, questions to whoami included, in the order of their beginning.
func (o Op) All() []Event {
	if len(o.Branches) == 0 {
		return o.Events
	}
	var out []Event
	for _, b := range o.Branches {
		for _, one := range b {
			out = append(out, one.Events...)
			for _, p := range one.Probes {
				if p.Answer.Exchange != nil {
					out = append(out, Event{Exchange: p.Answer.Exchange})
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Event) int { return a.start().Compare(b.start()) })
	return out
}

func (e Event) start() time.Time {
	switch {
	case e.Exchange != nil:
		return e.Exchange.Start
	case e.Exec != nil:
		return e.Exec.Start
	}
	return time.Time{}
}

// NoPassword is the number of the password of a sign-in that takes none, such as
// one by a mailed code.
const NoPassword = -3

// Listed is a list of sessions as the target showed it.
type Listed struct {
	// Handles name the entries, in the order of the list.
	Handles []string `json:"handles"`
	// Current are the entries marked as the one that asks; Marked tells whether
	// the target file says where the mark is.
	Current []string `json:"current,omitempty"`
	Marked  bool     `json:"marked,omitempty"`
}

// Event is one thing that crossed a border: an exchange, a command, a browser
// action, or what a driver said.
type Event struct {
	Exchange *Exchange `json:"exchange,omitempty"`
	Exec     *Exec     `json:"exec,omitempty"`
	Browser  string    `json:"browser,omitempty"`
	// Driver is what a driver was asked and what it said.
	Driver string `json:"driver,omitempty"`
	// Screenshot is PNG data, not part of the journal.
	Screenshot []byte `json:"-"`
}

// Offer is a credential that an answer hands to the client.
type Offer struct {
	Kind  string `json:"kind"` // "cookie" or "value"
	Name  string `json:"name"`
	Value string `json:"value"`
	// Event is the index of the answer in Op.Events, -1 for one in Op.Journal.
	Event int `json:"event"`
}

// Offered is a value that an answer handed to the client, which did not keep it.
type Offered struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	// Op is the index of the operation in whose answers it was.
	Op     int    `json:"op"`
	Answer Answer `json:"answer"`
}

// JarCookie is what a client's jar holds.
type JarCookie struct {
	Name       string    `json:"name"`
	Value      string    `json:"value"`
	Domain     string    `json:"domain"`
	Path       string    `json:"path"`
	HostOnly   bool      `json:"host_only,omitempty"`
	Persistent bool      `json:"persistent"`
	Expires    time.Time `json:"expires,omitzero"`
	Secure     bool      `json:"secure,omitempty"`
	HTTPOnly   bool      `json:"http_only,omitempty"`
	// SameSite is "Strict", "Lax", "None", or "" where the cookie does not say.
	SameSite string `json:"same_site,omitempty"`
	// Partition is the site in whose frames alone a partitioned cookie is used,
	// "" for any other cookie.
	Partition string `json:"partition,omitempty"`
	// Session cookies flip whoami when dropped; Claim cookies flip what the client believes.
	Session bool `json:"session,omitempty"`
	Claim   bool `json:"claim,omitempty"`
}

// Storage is the client's own disk after an operation.
type Storage struct {
	File string `json:"file"`
	// Holds tells whether a credential is still in it.
	Holds bool   `json:"holds"`
	Value string `json:"value,omitempty"`
}
