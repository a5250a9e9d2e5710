package judge

import (
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/model"
	"github.com/sessionspec/sessionspec/internal/story"
)

// shows: the request carries the credential that the client holds.
func shows(t *tale, o *history.Op) {
	for _, c := range t.p.Credentials {
		if c.ID == t.holds[o.Step.Client] {
			o.Events[0].Exchange.Request.Header = history.Lines{{Name: "Cookie", Value: "sid=" + c.Carriers[0].Value}}
		}
	}
}

// invents puts a made-up credential into the client.
func invents(value string) effect {
	return func(t *tale, o *history.Op) {
		gets(value)(t, o)
		last := &t.p.Credentials[len(t.p.Credentials)-1]
		last.User, t.truth[last.ID] = "", dead
	}
}

func steals(cred string) effect { return set(func(o *history.Op) { o.Planted = cred }) }

// establishes are the duties of how a session comes to be.
func establishes() []duty {
	as := func(s string) Terms { return Terms{Declared: model.Declared{SignInAgain: s}} }
	strict := Terms{Declared: model.Declared{CurrentAfterChange: "rotate"}}
	return []duty{
		{id: newToken, name: "another's",
			tale: func(bad bool) *tale {
				return tell("laptop=alice", "phone=alice").do("sign_in", "laptop", gets("one")).
					do("sign_in", "phone", gets(map[bool]string{false: "two", true: "one"}[bad]))
			},
			op: 1, rank: 1, credential: "alice.phone#1", want: "never seen before", got: "alice.phone#1 is the same as alice.laptop#1"},
		{id: newToken, name: "held before",
			tale: func(bad bool) *tale {
				p := tell("laptop=alice").do("sign_in", "laptop")
				if bad {
					return p.do("whoami", "laptop", set(func(o *history.Op) { o.Step.Op = "sign_in" }))
				}
				return p.do("sign_in", "laptop")
			},
			op: 1, rank: 1, credential: "alice.laptop#1", want: "never seen before", got: "laptop goes on with alice.laptop#1"},
		{id: newToken, name: "anonymous before",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("visit", "laptop", gets("anon"), dies("alice.laptop#1"), self(dead)).
					do("sign_in", "laptop", when(bad, lives("alice.laptop#1")))
			}, terms: Terms{AnonymousSessions: true},
			op: 1, rank: 1, credential: "alice.laptop#1", want: "is not live (its client held it before it signed in)", got: "live as alice"},
		{id: "establish/foreign-token-not-adopted", name: "invented",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("plant", "laptop", invents("mine")).do("sign_in", "laptop", when(bad, lives("alice.laptop#1")))
			},
			op: 1, rank: 1, credential: "alice.laptop#1", want: "is not live (a client invented it)", got: "live as alice"},
		{id: "establish/foreign-token-not-adopted", name: "signed out",
			tale: func(bad bool) *tale {
				return tell("laptop=alice", "phone=alice").do("sign_in", "phone").do("sign_out", "phone").
					do("plant", "laptop", steals("alice.phone#1")).do("sign_in", "laptop", when(bad, lives("alice.phone#1")))
			},
			op: 3, rank: 1, credential: "alice.phone#1", want: "is dead (it was over, and a client brought it to its sign-in)", got: "live as alice"},
		{id: "establish/foreign-token-not-adopted", name: "its own, expired",
			tale: func(bad bool) *tale {
				p := tell("laptop=alice", "office=admin").do("sign_in", "laptop").do("expire", "office", user("alice"), dies("alice.laptop#1"))
				if !bad {
					return p.do("plant", "office", steals("alice.laptop#1")).do("sign_in", "laptop")
				}
				return p.do("whoami", "laptop", set(func(o *history.Op) { o.Step.Op = "sign_in" }), lives("alice.laptop#1"))
			},
			op: 2, rank: 1, credential: "alice.laptop#1", want: "its client goes on with it after a sign-in", got: "live as alice"},
		{id: "expiry/dead-stays-dead",
			tale: func(bad bool) *tale {
				return tell("laptop=alice", "office=admin").do("sign_in", "laptop").do("expire", "office", user("alice"), dies("alice.laptop#1")).
					do("note", "laptop", refused, when(bad, lives("alice.laptop#1")))
			},
			op: 2, rank: 1, credential: "alice.laptop#1", want: "is dead (the session expired)", got: "live as alice"},
		{id: "establish/rotation-kills-predecessor", name: "lives", terms: strict,
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop").
					do("change_password", "laptop", acted, gets(""), when(!bad, dies("alice.laptop#1")))
			},
			op: 1, rank: 1, credential: "alice.laptop#1", want: "is dead (the password change has replaced it)", got: "live as alice"},
		{id: "establish/explicit-act-only", name: "accepted",
			tale: func(bad bool) *tale {
				p := tell("laptop=alice", "office=admin").do("sign_in", "office").do("disable", "office", user("alice"))
				if !bad {
					return p.do("sign_in", "laptop", refused)
				}
				return p.do("sign_in", "laptop")
			},
			op: 2, rank: 1, credential: "alice.laptop#1", want: "is not live (it comes from a sign-in while the account was disabled)", got: "live as alice"},
		{id: "terminate/admin-can-end",
			tale: func(bad bool) *tale {
				return home().do("revoke_all", "office", user("bob"), dies("bob.desk#1"), when(bad, lives("bob.desk#1")))
			},
			op: 4, rank: 1, credential: "bob.desk#1", want: "all sessions were revoked", got: "live as bob"},
		{id: "hygiene/relogin-leaves-no-orphan", name: "shown",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop").do("sign_in", "laptop", shows, when(!bad, dies("alice.laptop#1")))
			},
			op: 1, rank: 1, credential: "alice.laptop#1", want: "is dead (its client signed in again)", got: "live as alice"},
		{id: "hygiene/relogin-leaves-no-orphan", name: "declared", terms: as("replaces"),
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop").do("sign_in", "laptop", when(!bad, dies("alice.laptop#1")))
			},
			op: 1, rank: 1, credential: "alice.laptop#1", want: "its client signed in again", got: "live as alice"},
		{id: "hygiene/relogin-leaves-no-orphan", name: "refused", terms: as("refused"),
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop").do("sign_in", "laptop", refused, when(bad, dies("alice.laptop#1")))
			},
			op: 1, rank: 2, credential: "alice.laptop#1", want: "declared as refused, so the first goes on", got: "is dead"},
		{id: readersGetNo, name: "failed sign-in",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop", refused, when(bad, offers("x")))
			},
			op: 0, rank: 4, want: "a failed sign-in hands out no session", got: "with value x"},
		{id: readersGetNo, name: "page",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("visit", "laptop", self(dead), when(bad, offers("x")))
			},
			op: 0, rank: 4, want: "a page shown to a stranger hands out no session", got: "with value x"},
		{id: readersGetNo, name: "count",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("count_sessions", "", counted(7)).do("sign_in", "laptop", refused).
					do("count_sessions", "", counted(map[bool]int{false: 7, true: 8}[bad]))
			},
			op: 2, rank: 4, want: "the store holds 7 sessions, as before 1 visits", got: "8 sessions"},
	}
}

// What the target was not shown it cannot end, what it declares it may do, and
// what a story planted is judged as that alone.
func TestEstablishNoOccasion(t *testing.T) {
	for name, c := range map[string]struct {
		tale  *tale
		terms Terms
		id    string
	}{
		"not shown":          {tell("laptop=alice").do("sign_in", "laptop").do("sign_in", "laptop"), Terms{}, "hygiene/relogin-leaves-no-orphan"},
		"adds":               {tell("laptop=alice").do("sign_in", "laptop").do("sign_in", "laptop", shows), Terms{Declared: model.Declared{SignInAgain: "adds"}}, "hygiene/relogin-leaves-no-orphan"},
		"strangers get some": {tell("laptop=alice").do("visit", "laptop", self(dead), offers("x")), Terms{AnonymousSessions: true}, readersGetNo},
		"a visit signed in":  {tell("laptop=alice").do("sign_in", "laptop").do("visit", "laptop", self(liveAs("alice")), offers("x")), Terms{}, readersGetNo},
		"undeclared rotate":  {tell("laptop=alice").do("sign_in", "laptop").do("change_password", "laptop", acted, gets("")), Terms{}, "establish/rotation-kills-predecessor"},
		"refused, enabled":   {tell("laptop=alice").do("sign_in", "laptop", refused), Terms{}, explicitAct},
		"no sign-in":         {tell("laptop=alice").do("visit", "laptop", self(dead)), Terms{}, newToken},
	} {
		t.Run(name, func(t *testing.T) {
			if r := Judge(c.tale.p, c.terms); r.Checks[c.id] != 0 {
				t.Errorf("%s was checked: %s", c.id, all(r))
			}
		})
	}
}

// A planted value that the client keeps is no matter of new tokens.
func TestPlantedIsNotHeldBefore(t *testing.T) {
	p := tell("laptop=alice").do("plant", "laptop", invents("mine"))
	p.do("whoami", "laptop", set(func(o *history.Op) { o.Step = story.Step{Op: "sign_in", Client: "laptop", Expect: "ok"} }), lives("alice.laptop#1"))
	only(t, Judge(p.p, Terms{}), "establish/foreign-token-not-adopted")
}

// A browser shows its cookies by itself; a command line shows nothing.
func TestPresented(t *testing.T) {
	for kind, c := range map[string]struct {
		event history.Event
		want  int
	}{"browser": {history.Event{Browser: "open /"}, 1}, "command": {history.Event{Exec: &history.Exec{}}, 0}} {
		r := Judge(tell("laptop=alice").do("sign_in", "laptop").
			do("sign_in", "laptop", set(func(o *history.Op) { o.Events = []history.Event{c.event} }), dies("alice.laptop#1")).p, Terms{})
		if got := r.Checks["hygiene/relogin-leaves-no-orphan"]; got != c.want || len(r.Findings) > 0 {
			t.Errorf("%s: %s", kind, all(r))
		}
	}
}
