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

// shownAnswers adds answers to what was shown.
func shownAnswers(answers ...history.Answer) effect {
	return set(func(o *history.Op) {
		for _, a := range answers {
			o.Shown = append(o.Shown, history.Shown{What: "one of many", Answer: a})
		}
	})
}

const accountEnd = "terminate/account-end-kills-all"

// artefact is the answer to a remember-me cookie sent alone.
func artefact(a history.Answer) effect {
	return set(func(o *history.Op) {
		o.Step.How = story.Artefacts
		o.Shown = append(o.Shown, history.Shown{What: "the cookie remember alone", Case: "cookie remember", Answer: a})
	})
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
		{id: allDie, name: "a refresh after the sign-out",
			tale: func(bad bool) *tale {
				return again().do("sign_out", "laptop", dies("alice.laptop#2")).do("refresh", "laptop", with(story.Copied), either(bad, gets("")))
			},
			op: 3, rank: 1, credential: "alice.laptop#3", want: "a refresh is refused: its client signed out", got: "it was accepted"},
		{id: allDie, name: "a cookie after the sign-out",
			tale: func(bad bool) *tale {
				return tell("laptop=alice", "phone=alice").do("sign_in", "laptop").do("sign_in", "phone").do("present", "phone", artefact(liveAs("alice"))).
					do("sign_out", "laptop").do("present", "laptop", artefact(dead), when(bad, artefact(liveAs("alice"))))
			},
			op: 4, rank: 1, want: "the cookie remember alone opens nothing: its client signed out", got: "live as alice"},
		{id: accountEnd, name: "a cookie of a disabled account",
			tale: func(bad bool) *tale {
				return again().do("present", "laptop", artefact(liveAs("alice"))).do("disable", "office", user("alice"), dies("alice.laptop#2")).
					do("present", "laptop", artefact(dead), when(bad, artefact(liveAs("alice"))))
			},
			op: 4, rank: 1, want: "opens nothing: the account was disabled", got: "live as alice"},
		{id: singleUse, name: "again",
			tale: func(bad bool) *tale {
				return tell("laptop=alice", "phone=alice").do("request_link", "laptop").do("redeem", "laptop", gets("")).
					do("redeem", "phone", of("laptop"), either(bad, gets("")))
			},
			op: 2, rank: 1, credential: "alice.phone#1", want: "what was asked for in step 1 opens nothing any more", got: "it was accepted again"},
		{id: singleUse, name: "at once",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("request_link", "laptop").
					do("redeem", "laptop", gets(""), shownAnswers(liveAs("alice"), dead), when(bad, shownAnswers(liveAs("alice"))))
			},
			op: 1, rank: 1, credential: "alice.laptop#1", want: "one is signed in", got: "2 are, each in a session of its own"},
		{id: singleUse, name: "refused with a credential",
			tale: func(bad bool) *tale {
				return tell("laptop=alice", "phone=alice").do("request_link", "laptop").do("redeem", "laptop", gets("")).
					do("redeem", "phone", of("laptop"), refused, gets(""), when(!bad, dies("alice.phone#1")))
			},
			op: 2, rank: 1, credential: "alice.phone#1", want: "is not live (it comes from a link that was refused)", got: "live as alice"},
		{id: halfOpen, name: "asked for a link", tale: func(bad bool) *tale {
			return tell("laptop=alice", "stranger=bob").do("read_note", "stranger", acted, refused).
				do("request_link", "stranger", user("alice")).do("read_note", "stranger", acted, either(bad))
		},
			op: 2, rank: 1, want: "stranger, who has only asked for a link for alice, is refused", got: "read_note was done"},
		{id: halfOpen, name: "whoami with all it holds", tale: func(bad bool) *tale {
			return tell("stranger=bob").do("request_link", "stranger", user("alice")).do("visit", "stranger", self(dead), when(bad, self(liveAs("alice"))))
		},
			op: 1, rank: 1, want: "is nobody", got: "live as alice"},
		{id: halfOpen, name: "a page", tale: func(bad bool) *tale {
			p := tell("stranger=bob").do("visit", "stranger", self(dead), page("/", "out", false)).do("request_link", "stranger", user("alice"))
			if bad {
				return p.do("visit", "stranger", self(dead), page("/", "in", false))
			}
			return p.do("visit", "stranger", self(dead), page("/", "out", false))
		},
			op: 2, rank: 3, want: "/ calls stranger, who has only asked for a link for alice, signed out", got: "it says signed in"},
	}
}

// TestArtefactsWithoutFinding: what outlives a session that has only run out,
// or was never seen to be good for anything, proves nothing.
func TestArtefactsWithoutFinding(t *testing.T) {
	start := func() *tale { return tell("laptop=alice", "office=admin").do("sign_in", "laptop") }
	silent(t, Judge(start().do("expire", "office", user("alice"), dies("alice.laptop#1")).do("present", "laptop", artefact(liveAs("alice"))).p, Terms{}))
	r := Judge(start().do("sign_out", "laptop").do("present", "laptop", artefact(dead)).p, Terms{})
	silent(t, r)
	if r.Checks[allDie] != 0 {
		t.Errorf("a cookie of no known use counts: %s", all(r))
	}
}

// TestHalfOpenNeedsAGuard: what a plain stranger may do, or has not tried, is
// no sign of anything; nor is what somebody does who has finished since.
func TestHalfOpenNeedsAGuard(t *testing.T) {
	asked := func(before ...effect) *tale {
		p := tell("stranger=bob")
		if before != nil {
			p.do("read_note", "stranger", before...)
		}
		return p.do("request_link", "stranger", user("alice"))
	}
	for name, p := range map[string]*tale{
		"not tried":   asked().do("read_note", "stranger", acted),
		"open to all": asked(acted).do("read_note", "stranger", acted),
		"signed in":   asked(acted, refused).do("sign_in", "stranger").do("read_note", "stranger", acted),
		"by nobody":   asked(acted, refused).do("read_note", "stranger"),
	} {
		t.Run(name, func(t *testing.T) { silent(t, Judge(p.p, Terms{})) })
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
