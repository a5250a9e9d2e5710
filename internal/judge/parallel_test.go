package judge

import (
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/model"
	"github.com/sessionspec/sessionspec/internal/story"
)

// called gives the newest credential of the operation's client a handle.
func called(handle string) effect {
	return func(t *tale, o *history.Op) {
		if o.Captured == "" {
			gets("")(t, o)
		}
		t.p.Credentials[len(t.p.Credentials)-1].Handle = handle
	}
}

func lists(current string, handles ...string) effect {
	return set(func(o *history.Op) {
		o.Listed = &history.Listed{Handles: handles}
		if current != "" {
			o.Listed.Current, o.Listed.Marked = []string{current}, true
		}
	})
}

// named is home with handles.
func named() *tale {
	return tell("laptop=alice", "phone=alice", "desk=bob", "tablet=alice").
		do("sign_in", "laptop", called("h1")).do("sign_in", "phone", called("h2")).do("sign_in", "desk", called("h3"))
}

func unanswered(o *history.Op) { o.Step.Unanswered = true }

// sends puts a text into the path of the operation's request.
func sends(text string) effect {
	return set(func(o *history.Op) { o.Events[0].Exchange.Request.URL += "/" + text })
}

func shown(what string, a history.Answer) effect {
	return set(func(o *history.Op) {
		o.Step.How = story.Handles
		o.Shown = append(o.Shown, history.Shown{What: what, Answer: a})
	})
}

func parallelDuties() []duty {
	limited := func(at string) Terms { return Terms{Declared: model.Declared{Limit: 2, AtLimit: at}} }
	pick := func(bad bool, good, wrong effect) effect {
		if bad {
			return wrong
		}
		return good
	}
	list := func(good, wrong effect) func(bool) *tale {
		return func(bad bool) *tale { return named().do("list_sessions", "laptop", pick(bad, good, wrong)) }
	}
	truth := lists("h1", "h1", "h2", "another session that the target knows")
	return []duty{
		{id: listTruthful, name: "one is missing", tale: list(truth, lists("h1", "h1")),
			op: 3, rank: 3, want: "shows every live session of alice", got: "does not show the session of phone (alice)"},
		{id: listTruthful, name: "empty", tale: list(truth, lists("")),
			op: 3, rank: 3, want: "every live session", got: "does not show the session of laptop"},
		{id: listTruthful, name: "twice", tale: list(truth, lists("h1", "h1", "h2", "h2")),
			op: 3, rank: 3, want: "every session once", got: "the session of phone (alice) 2 times"},
		{id: listTruthful, name: "somebody else's", tale: list(truth, lists("h1", "h1", "h2", "h3")),
			op: 3, rank: 0, want: "sessions of alice only", got: "the session of desk (bob)"},
		{id: listTruthful, name: "nothing marked", tale: list(truth, set(func(o *history.Op) {
			o.Listed = &history.Listed{Handles: []string{"h1", "h2"}, Marked: true}
		})), op: 3, rank: 3, want: "marks the session of laptop", got: "it marks none"},
		{id: listTruthful, name: "another marked", tale: list(truth, lists("h2", "h1", "h2")),
			op: 3, rank: 3, want: "marks the session of laptop", got: "it marks the session of phone (alice)"},
		{id: listTruthful, name: "over",
			tale: func(bad bool) *tale {
				return named().do("sign_out", "phone").do("list_sessions", "laptop", pick(bad, lists("h1", "h1"), lists("h1", "h1", "h2")))
			}, op: 4, rank: 3, want: "no session that is over", got: "phone (alice) (its client signed out)"},
		{id: listTruthful, name: "by the User-Agent",
			tale: func(bad bool) *tale {
				p := tell("laptop=alice", "phone=alice")
				p.client("laptop").Agent, p.client("phone").Agent = "a1", "a2"
				return p.do("sign_in", "laptop").do("sign_in", "phone").do("sign_out", "phone").
					do("list_sessions", "laptop", pick(bad, lists("", "a1"), lists("", "a1", "a2")))
			}, op: 3, rank: 3, want: "no session that is over", got: "phone (alice)"},
		{id: limitAsDeclared, name: "not refused", terms: limited("refuse"),
			tale: func(bad bool) *tale {
				p := tell("a=alice", "b=alice", "c=alice").do("sign_in", "a").do("sign_in", "b")
				if bad {
					return p.do("sign_in", "c")
				}
				return p.do("sign_in", "c", refused)
			}, op: 2, rank: 3, want: "declared limit of 2 sessions is refused", got: "it succeeded"},
		{id: limitAsDeclared, name: "refused", terms: limited("end_oldest"),
			tale: func(bad bool) *tale {
				p := tell("a=alice", "b=alice", "c=alice").do("sign_in", "a").do("sign_in", "b")
				if bad {
					return p.do("sign_in", "c", refused)
				}
				return p.do("sign_in", "c", dies("alice.a#1"))
			}, op: 2, rank: 3, want: "ends the oldest session", got: "it was refused: POST /x -> 403"},
		{id: limitAsDeclared, name: "the oldest lives", terms: limited("end_oldest"),
			tale: func(bad bool) *tale {
				return tell("a=alice", "b=alice", "c=alice").do("sign_in", "a").do("sign_in", "b").
					do("sign_in", "c", when(!bad, dies("alice.a#1")))
			}, op: 2, rank: 1, credential: "alice.a#1", want: "it was the oldest", got: "live as alice"},
		{id: "multi/revoke-needs-authentication", terms: Terms{Declared: model.Declared{RevokeNeeds: "password"}},
			tale: func(bad bool) *tale {
				return named().do("revoke_session", "laptop", of("phone"), set(unanswered), when(!bad, refused), when(bad, dies("alice.phone#1")))
			}, op: 3, rank: 2, credential: "alice.phone#1", want: "declared to need it", got: "is dead"},
		{id: foreignHandles, name: "ended by another",
			tale: func(bad bool) *tale {
				return named().do("revoke_session", "desk", of("phone"), sends("h2"), when(!bad, refused), when(bad, dies("alice.phone#1")))
			}, op: 3, rank: 2, credential: "alice.phone#1", want: "another user's handle ends nothing", got: "is dead"},
		{id: foreignHandles, name: "a credential",
			tale: func(bad bool) *tale {
				return named().do("present", "desk", of("phone"), shown("the handle h2 as credential", dead), shown("x", pick2(bad, dead, liveAs("alice"))))
			}, op: 3, rank: 0, want: "is no credential", got: "live as alice"},
		{id: rotateOnChange, name: "the copy is elevated",
			tale: func(bad bool) *tale {
				p := tell("laptop=alice", "thief=alice").do("sign_in", "laptop").do("plant", "thief", steals("alice.laptop#1")).
					do("sensitive", "thief", refused).do("step_up", "laptop").do("sensitive", "laptop")
				if bad {
					return p.do("sensitive", "thief")
				}
				return p.do("sensitive", "thief", refused)
			}, op: 5, rank: 1, credential: "alice.laptop#1", want: "has not the new right", got: "thief could use it"},
		{id: rotateOnChange, name: "the predecessor lives", terms: Terms{Declared: model.Declared{StepUp: "rotate"}},
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop").
					do("step_up", "laptop", gets(""), when(!bad, dies("alice.laptop#1"))).do("whoami", "laptop")
			}, op: 1, rank: 1, credential: "alice.laptop#1", want: "the step-up has replaced it", got: "live as alice"},
	}
}

func pick2(bad bool, good, wrong history.Answer) history.Answer {
	if bad {
		return wrong
	}
	return good
}

// What a list cannot be blamed for.
func TestListsThatProveNothing(t *testing.T) {
	for name, p := range map[string]*tale{
		"half a sign-in":              named().do("sign_in_partial", "tablet", pending, called("h4"), waits("alice.tablet#1")).do("list_sessions", "laptop", lists("h1", "h1", "h2", "h4")),
		"half a sign-in, left":        named().do("sign_in_partial", "tablet", pending, called("h4"), waits("alice.tablet#1")).do("list_sessions", "laptop", lists("h1", "h1", "h2")),
		"no handles at all":           home().do("list_sessions", "laptop", lists("", "x", "y")),
		"renamed with its credential": named().do("step_up", "laptop", gets(""), dies("alice.laptop#1")).do("list_sessions", "laptop", lists("h9", "h9", "h2")),
		"the same by a new one":       named().do("step_up", "laptop", gets(""), dies("alice.laptop#1")).do("list_sessions", "laptop", lists("h1", "h1", "h2")),
		"not signed in":               named().do("sign_out", "laptop").do("list_sessions", "laptop", lists("", "h9")),
		"reported before":             named().do("sign_out", "phone").do("list_sessions", "laptop", refused),
	} {
		t.Run(name, func(t *testing.T) {
			silent(t, Judge(p.p, Terms{}))
		})
	}
	// A session that should be over and is not is reported once, not by the list too.
	once := named().do("sign_out", "phone", lives("alice.phone#1")).do("list_sessions", "laptop", lists("h1", "h1", "h2"))
	only(t, Judge(once.p, Terms{}), kills)
	// User-Agents that the list shows in words of its own tell nothing.
	p := tell("laptop=alice")
	p.client("laptop").Agent = "a1"
	r := Judge(p.do("sign_in", "laptop").do("list_sessions", "laptop", lists("", "Chrome on Linux")).p, Terms{})
	only(t, r)
	if r.Stopped == "" || r.Error {
		t.Error(all(r))
	}
}

// Who has found no handle to send has not tried.
func TestForeignHandleNotSent(t *testing.T) {
	p := named().do("revoke_session", "desk", of("phone"), refused)
	if r := Judge(p.p, Terms{}); r.Checks[foreignHandles] != 0 {
		t.Error(all(r))
	}
}

// The copy is no test where nothing is guarded, where the step-up brought no
// right, or where it was refused.
func TestElevationProvesNothing(t *testing.T) {
	start := func() *tale {
		return tell("laptop=alice", "thief=alice").do("sign_in", "laptop").do("plant", "thief", steals("alice.laptop#1"))
	}
	for name, p := range map[string]*tale{
		"open to all":    start().do("sensitive", "thief").do("step_up", "laptop").do("sensitive", "laptop").do("sensitive", "thief"),
		"no right":       start().do("sensitive", "thief", refused).do("step_up", "laptop").do("sensitive", "laptop", refused).do("sensitive", "thief"),
		"not stepped up": start().do("sensitive", "thief", refused).do("step_up", "laptop", refused).do("sensitive", "laptop", refused).do("sensitive", "thief", refused),
	} {
		t.Run(name, func(t *testing.T) {
			r := Judge(p.p, Terms{})
			only(t, r)
			if r.Checks[rotateOnChange] != 0 {
				t.Error(all(r))
			}
		})
	}
}

// A client that brings a session, and an account that is off, are no test of a limit.
func TestLimitProvesNothing(t *testing.T) {
	terms := Terms{Declared: model.Declared{Limit: 1, AtLimit: "refuse"}}
	again := tell("a=alice").do("sign_in", "a").do("sign_in", "a", shows, dies("alice.a#1"), gets(""))
	only(t, Judge(again.p, terms))
	broken := tell("a=alice", "b=alice").do("sign_in", "a").do("sign_in", "b", failed)
	only(t, Judge(broken.p, terms))
}
