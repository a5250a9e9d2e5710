// Package story is the one language of sessionspec: who takes part, and what
// they do, step by step. Scenario files, the fuzzer and shrunk findings are all
// stories; play performs them, the model predicts them.
package story

import (
	"fmt"
	"strconv"
)

// Story is a cast and what it does. It makes no assertions: the model knows
// what has to happen.
type Story struct {
	Clients []Client
	Steps   []Step
}

// Client is one user agent with its own cookie jar, storage and source address.
type Client struct {
	Name string
	// User is the role name of the person at this client ("alice"); "admin" is
	// an administrator where the target has such; "" is nobody in particular.
	User string
	// In is the kind of client: "wire" (plain HTTP), "browser", or a kind that
	// the target file defines, such as "cli".
	In string
	// Engine is the browser it has to be ("chrome"), "" for any.
	Engine string
	// Address is the source address, or the name of another client to share
	// its address with. "" means an address of its own.
	Address string
	// World sets apart people who have nothing in common but the target: their
	// names end differently. "" is the world that needs no name.
	World string
	// Private is another client, a browser, whose private window this one is.
	Private string
	// ThirdParty is what a browser does with the cookies of frames: "allow",
	// "block", or "" for what the engine does by itself.
	ThirdParty string
	// Connection overrides ${connection}: "" own, "missing", "empty", "null",
	// or the name of another client to use the same one.
	Connection string
	// Strip names request headers that a proxy on the way removes.
	Strip []string
	// Headers are added by the client or a proxy on the way, such as X-Forwarded-For.
	Headers map[string]string
}

// Step is one operation of a story.
type Step struct {
	Op string
	// Client is who acts. For operations on accounts it may be an administrator's client.
	Client string
	// User is the account acted on; "" means the acting client's own.
	User string
	// Of is a second client: whose session is revoked, whose address is taken.
	Of string
	// Route fixes one of the target's routes; "" leaves the choice to the plan.
	Route string
	// Expect is "ok" (default), "refused" or "any".
	Expect string
	// Wrong asks for a wrong password.
	Wrong bool
	// Unanswered leaves out the password that the operation asks for once more.
	Unanswered bool
	// Times repeats a sign-in, each from an empty jar, or redeems one artefact so
	// often at once; 0 is once.
	Times int
	// AtOnce runs a repeated sign-in all at the same time, in turn for the
	// users of the story's clients.
	AtOnce bool
	// Fill repeats a sign-in until the account has as many sessions as the
	// target declares to be the most.
	Fill bool
	// Former is the user whose name of before a renamed account gets.
	Former string
	// To is the role that set_role gives: "user" or "admin".
	To string
	// Restore starts the browser with its last session restored.
	Restore bool
	// How says what a `present` does with what the client holds, see Hows; for a
	// `plant` what the invented value is: Malformed, or "" for one of good form.
	How string
	// With says which of the client's earlier holdings a `refresh` sends: Spent or
	// Copied; "" is what it holds now.
	With string
	// Does is the operation that a form is filled in for, or that is forged.
	Does string
	// Parallel are the branches of a parallel step: each is played in order, all
	// of them at once.
	Parallel [][]Step `json:",omitempty"`
	// Hold keeps back the last byte of the request that acts, in a branch, until
	// the branches without such a step are at their end.
	Hold bool `json:",omitempty"`
	// Window makes a forged form at two ages of the session's cookies, on either
	// side of the two minutes in which Chrome is lax with a new one.
	Window bool
	// Optional steps are left out where the target does not offer the operation.
	Optional bool
	// File and Line say where the step is written.
	File string
	Line int
}

// Text renders the step as one line of a scenario file.
func (s Step) Text() string {
	if s.Op == Parallel {
		return s.branches()
	}
	args := ""
	add := func(k, v string) {
		if v != "" {
			args += ", " + k + ": " + v
		}
	}
	add("by", s.Client)
	add("user", s.User)
	add("of", s.Of)
	add("route", s.Route)
	if s.Expect != "ok" {
		add("expect", s.Expect)
	}
	if s.Wrong {
		add("wrong", "true")
	}
	if s.Unanswered {
		add("unanswered", "true")
	}
	if s.Fill {
		add("fill", "true")
	} else if s.Times > 1 {
		add("times", strconv.Itoa(s.Times))
	}
	if s.AtOnce {
		add("at_once", "true")
	}
	add("former", s.Former)
	add("to", s.To)
	add("how", s.How)
	add("does", s.Does)
	add("with", s.With)
	if s.Window {
		add("window", "true")
	}
	if s.Restore {
		add("restore", "true")
	}
	if s.Hold {
		add("hold", "true")
	}
	if s.Client != "" && args == ", by: "+s.Client {
		return fmt.Sprintf("%s: %s", s.Op, s.Client)
	}
	if args == "" {
		return s.Op
	}
	return fmt.Sprintf("%s: {%s}", s.Op, args[2:])
}

// Client returns the cast member of that name.
func (s Story) Client(name string) (Client, bool) {
	for _, c := range s.Clients {
		if c.Name == name {
			return c, true
		}
	}
	return Client{}, false
}
