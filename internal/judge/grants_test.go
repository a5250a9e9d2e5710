package judge

import (
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/model"
	"github.com/sessionspec/sessionspec/internal/story"
)

// with sends something else than what the client holds.
func with(s string) effect { return set(func(o *history.Op) { o.Step.With = s }) }

var spent = with(story.Spent)

// either is an operation that may come to anything; a good server refuses it.
func either(bad bool, effects ...effect) effect {
	return func(t *tale, o *history.Op) {
		o.Step.Expect = "any"
		if !bad {
			refused(t, o)
		}
		for _, e := range effects {
			if bad {
				e(t, o)
			}
		}
	}
}

// grantDuties are those of what a sign-in hands out beside its credential.
func grantDuties() []duty {
	first := func() *tale { return tell("laptop=alice", "desk=bob", "office=admin").do("sign_in", "laptop") }
	again := func() *tale { return first().do("refresh", "laptop", gets(""), dies("alice.laptop#1")) }
	over := func(op string, effects ...effect) func(bool) *tale {
		return func(bad bool) *tale {
			return again().do(op, "office", append(effects, user("alice"), dies("alice.laptop#2"))...).
				do("refresh", "laptop", either(bad, gets("")))
		}
	}
	return []duty{
		{id: reuseEnds, name: "accepted",
			tale: func(bad bool) *tale {
				return again().do("refresh", "laptop", spent, either(bad, gets("")), when(!bad, dies("alice.laptop#2")))
			},
			op: 2, rank: 1, credential: "alice.laptop#3", want: "a spent refresh credential is refused", got: "it was accepted"},
		{id: reuseEnds, name: "the family lives",
			tale: func(bad bool) *tale {
				return again().do("refresh", "laptop", spent, refused, when(!bad, dies("alice.laptop#2")))
			},
			op: 2, rank: 1, credential: "alice.laptop#2", want: "is dead (its spent refresh credential was used again)", got: "live as alice"},
		{id: reuseEnds, name: "the next one is good",
			tale: func(bad bool) *tale {
				return again().do("refresh", "laptop", spent, refused, dies("alice.laptop#2")).do("refresh", "laptop", either(bad, gets("")))
			},
			op: 3, rank: 1, credential: "alice.laptop#3", want: "a refresh is refused: its spent", got: "it was accepted"},
		{id: reuseEnds, name: "refused is enough", terms: Terms{Declared: model.Declared{ReuseRefused: true}},
			tale: func(bad bool) *tale { return again().do("refresh", "laptop", spent, either(bad)) },
			op:   2, rank: 1, want: "a spent refresh credential is refused", got: "it was accepted"},
		{id: accountState, name: "disabled", tale: over("disable"),
			op: 3, rank: 1, credential: "alice.laptop#3", want: "a refresh is refused: the account was disabled", got: "it was accepted"},
		{id: accountState, name: "deleted", tale: over("delete_user"),
			op: 3, rank: 1, credential: "alice.laptop#3", want: "the account was deleted", got: "it was accepted"},
		{id: accountState, name: "over", tale: over("expire"),
			op: 3, rank: 1, credential: "alice.laptop#3", want: "the session expired", got: "it was accepted"},
		{id: accountState, name: "refused with a credential",
			tale: func(bad bool) *tale {
				return again().do("expire", "office", user("alice"), dies("alice.laptop#2")).do("refresh", "laptop", refused, when(bad, gets("")))
			},
			op: 3, rank: 1, credential: "alice.laptop#3", want: "the session expired", got: "hands out alice.laptop#3"},
	}
}

// TestRefreshWithoutFinding: what a good target may do.
func TestRefreshWithoutFinding(t *testing.T) {
	start := func() *tale {
		return tell("laptop=alice", "phone=alice").do("sign_in", "laptop").do("sign_in", "phone")
	}
	for name, c := range map[string]struct {
		terms Terms
		tale  *tale
	}{
		"the old access credential lives on": {Terms{}, start().do("refresh", "laptop", gets(""))},
		"declared to stay":                   {Terms{Declared: model.Declared{RefreshStays: true}}, start().do("refresh", "laptop", gets("")).do("refresh", "laptop", spent, gets(""))},
		"reuse ends the user's others too":   {Terms{}, start().do("refresh", "laptop", gets("")).do("refresh", "laptop", spent, refused, dies("alice.laptop#1", "alice.laptop#2", "alice.phone#1"))},
		"signed in again":                    {Terms{}, start().do("sign_out", "laptop").do("sign_in", "laptop").do("refresh", "laptop", gets(""))},
	} {
		t.Run(name, func(t *testing.T) { silent(t, Judge(c.tale.p, c.terms)) })
	}
}
