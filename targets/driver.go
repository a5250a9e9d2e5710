package targets

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/words"
)

// Driver performs operations at a service where a target file cannot say how: a
// client library of the product's own, signed requests, no HTTP at all.
//
// The harness plays many clients at a time and makes clean copies of them to ask
// with just one credential, so everything that a client knows has to be with the
// client: its cookies, which HTTP keeps and sends, and the values that results
// keep. What a driver remembers by itself no copy has, and a session that lives
// on that is reported as dead.
type Driver interface {
	// Offers lists what the driver can do: sign_in and whoami at least, and a
	// way to make accounts, which is a create_user by nobody or Provision. It is
	// asked before anything is performed, and always says the same.
	Offers() []Offer

	// Perform does one operation as the client and says what it came to. It is
	// called from several goroutines at a time, each with a client of its own.
	//
	// An error says that the operation could not be tried: it is trouble, never a
	// verdict about the service. What the service refuses is a Result. A panic
	// is an error as well, and so is a call that outlasts ctx.
	Perform(ctx context.Context, c *Client, call Call) (Result, error)
}

// Offer is one way to do an operation.
type Offer struct {
	// Operation is a word of the story language, such as "sign_in" (see
	// docs/scenarios.md), or Provision.
	Operation string
	// Route tells the ways of one operation apart; "" for the only one. All are
	// played, because bugs hide in the second way.
	Route string
	// Nobody means that a clean client does it, which is thrown away: a sign-up.
	Nobody bool
}

// Provision is the operation of an Offer that makes the account of a Call by
// whatever means there is. It is never judged.
const Provision = "provision"

// Client is the user agent that acts.
type Client struct {
	// Name is what the story calls it, such as "laptop".
	Name string
	// HTTP sends requests as this client: with its cookies, its User-Agent, from
	// its address. It follows no redirect. Whatever goes through it is evidence.
	// A request that brings cookies of its own is refused. A URL without a host,
	// such as /login, is one of the service.
	HTTP *http.Client
	// Base is where the service answers, without a slash at the end. Some stories
	// ask another address, so that it is not always the same.
	Base string
	// Agent is the client's User-Agent, Address the source address of its
	// connections ("" where that cannot be chosen), Connection an id of its own.
	Agent, Address, Connection string
	// Kept are the values that earlier results kept. It is a copy.
	Kept map[string]string
}

// Call is what is asked of a driver. A field that is "" does not apply, or is to
// be left out: a story may sign in without a password.
type Call struct {
	// Operation and Route are those of an Offer, or of a step `drive:`.
	Operation string `json:"do"`
	Route     string `json:"route,omitempty"`
	// User is the account acted on, Actor the one that acts.
	User        string `json:"user,omitempty"`
	Actor       string `json:"actor,omitempty"`
	Password    string `json:"password,omitempty"`
	NewPassword string `json:"new_password,omitempty"`
	NewName     string `json:"new_name,omitempty"`
	Email       string `json:"email,omitempty"`
	Role        string `json:"role,omitempty"`
	// Text is for note, and for use_channel.
	Text string `json:"text,omitempty"`
	// Artefact is what request_link kept, for redeem.
	Artefact string `json:"artefact,omitempty"`
	// Of are the kept values of the second client: revoke_session ends the
	// session Of["handle"].
	Of map[string]string `json:"of,omitempty"`
}

// What an operation came to. Of whoami OK means live, and Refused dead.
const (
	OK      = "ok"
	Refused = "refused"
	// Pending waits for a further factor.
	Pending = "pending"
)

// Result is what an operation came to. The zero value is an error: a driver has
// to say so.
type Result struct {
	// Outcome is OK, Refused or Pending.
	Outcome string `json:"outcome"`
	// Why says in a few words what the service answered, for the report.
	Why string `json:"why,omitempty"`
	// Name is who the client is, of whoami: the account's name, or name@domain.
	Name string `json:"name,omitempty"`
	// Keep are values that the client keeps from now on; "" lets go of one. Some
	// have a meaning: `credential` presents the session, `refresh` exchanges it,
	// `handle` names it in lists, `artefact` comes of request_link, `note` of
	// read_note, `count` of count_sessions.
	Keep map[string]string `json:"keep,omitempty"`
	// Sessions is the list that list_sessions read.
	Sessions []Listed `json:"sessions,omitempty"`
}

// Listed is one entry of a list of sessions.
type Listed struct {
	// Handle names it: what the sign-in kept as `handle`, or, where sign-ins keep
	// none, a text with the client's User-Agent.
	Handle string `json:"handle"`
	// Current marks the session that asks.
	Current bool `json:"current,omitempty"`
}

// Check complains about a result that says nothing, or contradicts itself.
func (r Result) Check() error {
	switch r.Outcome {
	case OK, Refused, Pending:
		return nil
	case "":
		return errors.New("the result has no outcome")
	}
	return fmt.Errorf("the outcome %q is none of %s, %s and %s", r.Outcome, OK, Refused, Pending)
}

// Driven makes a target of a driver: a service that answers at base, with the
// operations that the driver offers and no others. Promises, pages and what else
// a target file may say is set in the Target that comes back. An error is a
// UsageError about what is offered.
func Driven(name, base string, d Driver) (*Target, error) {
	t := &Target{Name: name, Base: base, Driver: d, Vars: map[string]string{}, Operations: Operations{}, File: name}
	if err := t.offered(); err != nil {
		return nil, err
	}
	for _, need := range []string{"whoami", "sign_in"} {
		if len(t.Operations[need]) == 0 {
			return nil, usage("%s: the driver does not offer %s", name, need)
		}
	}
	return t, nil
}

// offered adds what the driver offers and the file does not say.
func (t *Target) offered() error {
	own := slices.Collect(maps.Keys(t.Operations))
	provision := len(t.Provision) > 0
	known := append(operationNames(), Provision)
	for _, o := range t.Driver.Offers() {
		if !slices.Contains(known, o.Operation) {
			return usage("%s: the driver offers %q, which is no operation%s", t.Name, o.Operation, words.DidYouMean(o.Operation, known))
		}
		step := Step{Drive: o.Operation}
		if o.Route != "" {
			step.Drive += "/" + o.Route
		}
		if o.Operation == Provision {
			if !provision {
				t.Provision = append(t.Provision, step)
			}
			continue
		}
		if slices.Contains(own, o.Operation) {
			continue
		}
		r := Route{Name: o.Route, By: "self", Steps: Steps{step}}
		if r.Name == "" {
			r.Name = step.kind()
		}
		if o.Nobody {
			r.By = "nobody"
		}
		if slices.Contains(t.Operations[o.Operation].Names(), r.Name) {
			return usage("%s: the driver offers %s by %q twice", t.Name, o.Operation, r.Name)
		}
		t.Operations[o.Operation] = append(t.Operations[o.Operation], r)
	}
	return nil
}

// driven splits the word of a `drive:` step: the operation, and the route.
func (s Step) driven() (operation, route string) {
	operation, route, _ = strings.Cut(s.Drive, "/")
	return operation, route
}

// Call is what a `drive:` step asks, with the variables at hand.
func (s Step) Call(vars Vars) Call {
	text := func(name string) string { v, _ := vars[name].(string); return v }
	c := Call{User: text("user"), Actor: text("actor"), Password: text("password"), NewPassword: text("new_password"), NewName: text("new_name"),
		Email: text("email"), Role: text("role"), Text: text("text"), Artefact: text("artefact")}
	c.Operation, c.Route = s.driven()
	for name, v := range vars {
		if of, ok := strings.CutPrefix(name, "of."); ok {
			if v, ok := v.(string); ok && v != "" {
				if c.Of == nil {
					c.Of = map[string]string{}
				}
				c.Of[of] = v
			}
		}
	}
	return c
}
