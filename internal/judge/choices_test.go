package judge

import (
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
)

// showed makes the step a `present` with these answers.
func showed(how string, answers ...history.Answer) effect {
	return set(func(o *history.Op) {
		o.Step.How = how
		for _, a := range answers {
			o.Shown = append(o.Shown, history.Shown{What: "a choice", Answer: a})
		}
	})
}

// mixed is the answer to a mix, after those to the two parts alone.
func mixed(mine, theirs, whole history.Answer) effect {
	return func(t *tale, o *history.Op) {
		showed(story.Mix, mine, theirs, whole)(t, o)
		m, th := 0, 1
		o.Shown[2].Mine, o.Shown[2].Theirs = &m, &th
	}
}

func breaks(status int) history.Answer {
	return history.Answer{State: history.NoVerdict, Why: "whoami answered badly",
		Exchange: &history.Exchange{Request: history.Request{Method: "GET", URL: "http://127.0.0.1/whoami"}, Response: &history.Response{Status: status}}}
}

func answerIf(bad bool, faulty, good history.Answer) history.Answer {
	if bad {
		return faulty
	}
	return good
}

func choiceDuties() []duty {
	pair := func() *tale { return tell("laptop=alice", "desk=bob").do("sign_in", "laptop").do("sign_in", "desk") }
	half := func() *tale {
		return tell("laptop=alice").do("sign_in_partial", "laptop", pending, gets(""), waits("alice.laptop#1"))
	}
	alice, bob := liveAs("alice"), liveAs("bob")
	return []duty{
		{id: lossSafe, name: "breaks", op: 1, rank: 3, want: "a choice: an answer", got: "badly", tale: func(bad bool) *tale {
			return tell("laptop=alice").do("sign_in", "laptop").do("present", "laptop", showed(story.Loss, alice, answerIf(bad, breaks(500), dead), dead))
		}},
		{id: lossSafe, name: "somebody else", op: 2, want: "[alice]", got: "live as bob", tale: func(bad bool) *tale {
			return pair().do("present", "laptop", showed(story.Loss, dead, answerIf(bad, bob, alice)))
		}},
		{id: lossSafe, name: "half a sign-in", op: 1, rank: 1, want: "not finished", got: "live as alice", tale: func(bad bool) *tale {
			return half().do("present", "laptop", showed(story.Loss, answerIf(bad, alice, history.Answer{State: history.HalfLive}), dead))
		}},
		{id: noMix, name: "together only", op: 2, want: "neither part is enough for bob", got: "live as bob", tale: func(bad bool) *tale {
			return pair().do("present", "laptop", of("desk"), mixed(alice, dead, answerIf(bad, bob, alice)))
		}},
		{id: noMix, name: "nobody's parts", op: 2, want: "neither part", got: "live as alice", tale: func(bad bool) *tale {
			return pair().do("present", "laptop", of("desk"), mixed(dead, dead, answerIf(bad, alice, dead)))
		}},
		{id: noMix, name: "a third", op: 2, want: "[alice bob]", got: "unknown to the story", tale: func(bad bool) *tale {
			return pair().do("present", "laptop", of("desk"), mixed(alice, bob, answerIf(bad, history.Answer{State: history.Live, Name: "zoe"}, bob)))
		}},
		{id: twinSafe, name: "breaks", op: 2, rank: 3, want: "an answer", got: "badly", tale: func(bad bool) *tale {
			return pair().do("present", "laptop", of("desk"), showed(story.Twin, alice, answerIf(bad, breaks(502), bob)))
		}},
		{id: twinSafe, name: "the dead one's owner", op: 3, want: "[alice]", got: "live as bob", tale: func(bad bool) *tale {
			return pair().do("sign_out", "desk").do("present", "laptop", of("desk"), showed(story.Twin, dead, answerIf(bad, bob, alice)))
		}},
	}
}

// A client that is signed out has nothing to lose, and one without a choice shows nothing.
func TestNoChoiceNoCheck(t *testing.T) {
	for name, tl := range map[string]*tale{
		"signed out":     tell("laptop=alice").do("present", "laptop", showed(story.Loss, dead)),
		"nothing shown":  tell("laptop=alice").do("sign_in", "laptop").do("present", "laptop", showed(story.Loss)),
		"the parts only": tell("laptop=alice").do("sign_in", "laptop").do("present", "laptop", showed(story.Mix, dead)),
	} {
		r := Judge(tl.p, Terms{})
		silent(t, r)
		if r.Checks[lossSafe]+r.Checks[noMix] != 0 {
			t.Errorf("%s: %v", name, r.Checks)
		}
	}
}

// No answer at all, and a rate limit, are trouble and no breach.
func TestTroubleWithChoices(t *testing.T) {
	for _, a := range []history.Answer{breaks(429), {State: history.NoVerdict, Why: "connection reset"}} {
		r := Judge(tell("laptop=alice").do("sign_in", "laptop").do("present", "laptop", showed(story.Loss, a)).p, Terms{})
		if !r.Error || len(r.Findings) > 0 || !strings.Contains(r.Stopped, "no verdict") {
			t.Error(all(r))
		}
	}
}

// Whoever sees cookies that do not fit may end the session: no finding.
func TestShownSessionMayEnd(t *testing.T) {
	p := tell("laptop=alice", "desk=bob").do("sign_in", "laptop").do("sign_in", "desk").
		do("present", "laptop", of("desk"), mixed(liveAs("alice"), dead, dead), dies("alice.laptop#1")).p
	if r := Judge(p, Terms{}); len(r.Findings) > 0 || r.Error || r.Checks[noMix] != 1 {
		t.Error(all(r))
	}
}
