package judge

import (
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
)

// presents makes the step a `present` that showed these things.
func presents(how string, things ...history.Shown) effect {
	return set(func(o *history.Op) {
		o.Step.How = how
		for _, s := range things {
			if s.What == "" {
				s.What = "a thing"
			}
			o.Shown = append(o.Shown, s)
		}
	})
}

func plants(how string) effect {
	return func(t *tale, o *history.Op) {
		o.Step.How = how
		gets("broken-value-of-nobody-at-all")(t, o)
		t.truth[o.Captured] = dead
	}
}

func responds(status int, header ...history.Line) history.Answer {
	return history.Answer{State: history.Dead, Exchange: &history.Exchange{
		Request:  history.Request{Method: "GET", URL: "http://127.0.0.1/whoami"},
		Response: &history.Response{Status: status, Header: header}}}
}

func valueDuties() []duty {
	pair := func() *tale { return tell("laptop=alice", "desk=bob").do("sign_in", "laptop").do("sign_in", "desk") }
	alice, bob := liveAs("alice"), liveAs("bob")
	present := func(how string, things ...history.Shown) *tale {
		return pair().do("present", "laptop", of("desk"), presents(how, things...))
	}
	one := func(how string, rank int, want, got string, good history.Answer, bad history.Answer, s history.Shown) duty {
		id := map[string]string{story.Malformed: malformedAnon, story.Tampered: tamperRefused, story.Injection: injectionSafe,
			story.Neighbours: neighboursOK, story.Lookalike: notSpoofable, story.Elsewhere: onlyDeclared}[how]
		return duty{id: id, name: how + " " + got, op: 2, rank: rank, want: want, got: got, tale: func(faulty bool) *tale {
			x := s
			x.Answer = answerIf(faulty, bad, good)
			return present(how, x)
		}}
	}
	good, bystander, page := history.Shown{Good: true}, history.Shown{Kind: history.ShownBystander}, history.Shown{Kind: history.ShownPage}
	return []duty{
		one(story.Malformed, 3, "nobody, or a refusal", "badly", dead, breaks(500), history.Shown{}),
		one(story.Malformed, 0, "nobody", "live as alice", dead, alice, history.Shown{}),
		one(story.Malformed, 0, "nobody", "live as bob", alice, bob, history.Shown{MayPass: true}),
		one(story.Malformed, 3, "nobody", "reset", dead, history.Answer{State: history.NoVerdict, Why: "reset"}, history.Shown{}),
		one(story.Malformed, 2, "live as bob", "dead", bob, dead, bystander),
		one(story.Malformed, 2, "live as bob", "badly", bob, breaks(500), bystander),
		one(story.Malformed, 0, "a page for nobody", "shows #user", dead, history.Answer{State: history.Live, Why: "page / shows #user"}, page),
		one(story.Tampered, 1, "nobody", "live as alice", dead, alice, history.Shown{}),
		one(story.Tampered, 0, "nobody", "live as bob", dead, bob, history.Shown{}),
		one(story.Injection, 0, "nobody", "live as bob", dead, bob, history.Shown{}),
		one(story.Injection, 1, "no header line", "Injected: 1", responds(401), responds(401, history.Line{Name: "x-sessionspec-Injected", Value: "1"}), history.Shown{}),
		one(story.Neighbours, 2, "live as alice", "dead", alice, dead, good),
		one(story.Neighbours, 3, "live as alice", "badly", alice, breaks(502), good),
		one(story.Neighbours, 0, "or nobody", "live as bob", alice, bob, history.Shown{}),
		one(story.Lookalike, 1, "nobody", "live as alice", dead, alice, history.Shown{}),
		one(story.Lookalike, 2, "live as alice", "dead", alice, dead, good),
		one(story.Elsewhere, 1, "nobody", "live as alice", dead, alice, history.Shown{}),
		one(story.Elsewhere, 0, "or nobody", "live as bob", dead, bob, good),
		{id: malformedAnon, name: "no way back in", op: 1, rank: 2, want: "signs in with a broken value", got: "refused", tale: func(bad bool) *tale {
			return tell("laptop=alice").do("plant", "laptop", plants(story.Malformed)).do("sign_in", "laptop", when(bad, refused))
		}},
		{id: malformedAnon, name: "a bystander's end", op: 2, rank: 2, credential: "bob.desk#1", want: "changes nothing", got: "dead", tale: func(bad bool) *tale {
			return pair().do("present", "laptop", presents(story.Malformed, history.Shown{Answer: dead}), when(bad, dies("bob.desk#1")))
		}},
		{id: injectionSafe, name: "a bystander's end", op: 2, rank: 2, credential: "bob.desk#1", want: "reaches no other session", got: "dead", tale: func(bad bool) *tale {
			return pair().do("present", "laptop", presents(story.Injection, history.Shown{Answer: dead}), when(bad, dies("bob.desk#1")))
		}},
		{id: uniform, name: "revoked", op: 4, rank: 4, credential: "alice.phone#1", want: "revoked is refused like one that is signed out: 401, body empty", got: "410", tale: func(bad bool) *tale {
			return tell("laptop=alice", "phone=alice").do("sign_in", "laptop").do("sign_in", "phone").
				do("sign_out", "laptop", answer("alice.laptop#1", responds(401))).do("sign_in", "laptop").
				do("revoke_session", "laptop", of("phone"), answer("alice.phone#1", answerIf(bad, responds(410), responds(401))))
		}},
	}
}

// What HTTP lets a server hang up on, and what a lenient reader takes for the
// good value, is no breach; neither is a place where nobody is expected.
func TestWhatMayBe(t *testing.T) {
	silence := history.Answer{State: history.NoVerdict, Why: "reset"}
	for name, effect := range map[string]effect{
		"hung up on":        presents(story.Malformed, history.Shown{MayDrop: true, Answer: silence}),
		"read leniently":    presents(story.Malformed, history.Shown{MayPass: true, Answer: liveAs("alice")}),
		"an odd header":     presents(story.Neighbours, history.Shown{Answer: dead}),
		"two credentials":   presents(story.Elsewhere, history.Shown{Good: true, Answer: dead}, history.Shown{Good: true, Answer: liveAs("alice")}),
		"an error there":    presents(story.Elsewhere, history.Shown{Answer: breaks(501)}),
		"its own place":     presents(story.Elsewhere, history.Shown{Case: "as-it-is", Good: true, Answer: liveAs("alice")}),
		"its session ended": presents(story.Tampered, history.Shown{Answer: dead}),
	} {
		tl := tell("laptop=alice", "desk=bob").do("sign_in", "laptop").do("sign_in", "desk").do("present", "laptop", of("desk"), effect)
		if r := Judge(tl.p, Terms{}); len(r.Findings) > 0 || r.Stopped != "" {
			t.Errorf("%s: %s", name, all(r))
		}
	}
}

// The gravest of many is reported, once, and a rate limit stops the play.
func TestOneFindingAStep(t *testing.T) {
	tl := tell("laptop=alice").do("sign_in", "laptop").do("present", "laptop", presents(story.Malformed,
		history.Shown{Answer: breaks(500)}, history.Shown{Answer: liveAs("alice")}, history.Shown{Answer: breaks(500)}))
	r := Judge(tl.p, Terms{})
	only(t, r, malformedAnon)
	if f := r.Findings[0]; f.Rank != 0 || f.Shown != 2 || !strings.Contains(f.Got, "2 more") {
		t.Error(all(r))
	}
	tl = tell("laptop=alice").do("sign_in", "laptop").do("present", "laptop", presents(story.Tampered, history.Shown{Answer: breaks(429)}))
	if r := Judge(tl.p, Terms{}); !r.Error || len(r.Findings) > 0 {
		t.Error(all(r))
	}
}

// An error in answer to a planted broken value is a finding, and nobody else's answer is.
func TestPlantBreaks(t *testing.T) {
	tl := tell("laptop=alice").do("plant", "laptop", plants(story.Malformed), answerLast(breaks(500)))
	r := Judge(tl.p, Terms{})
	only(t, r, malformedAnon)
	if r.Stopped != "" {
		t.Error(all(r))
	}
	tl = tell("laptop=alice").do("plant", "laptop", plants(""), answerLast(breaks(500)))
	if r := Judge(tl.p, Terms{}); !r.Error || len(r.Findings) > 0 {
		t.Error(all(r))
	}
}

func answerLast(a history.Answer) effect {
	return func(t *tale, o *history.Op) { t.truth[o.Captured] = a }
}

func aPage(status int) history.Answer {
	a := responds(status, history.Line{Name: "Content-Type", Value: "text/html"})
	a.Exchange.Response.Body = "<form>"
	return a
}

// An expired credential may be refused as if none were shown, a revoked one not.
func TestExpiredMayBeLikeAbsent(t *testing.T) {
	tl := func(op string) *tale {
		return tell("laptop=alice", "desk=bob").do("sign_in", "laptop", strangerIs("laptop", responds(401)), strangerIs("desk", responds(401))).do("sign_in", "desk").
			do("sign_out", "laptop", answer("alice.laptop#1", responds(410))).
			do(op, "", user("bob"), of("desk"), answer("bob.desk#1", responds(401)))
	}
	silent(t, Judge(tl("expire").p, Terms{}))
	only(t, Judge(tl("revoke_session").p, Terms{}), uniform)
}

// No answer leads back to itself, or is a page for a program.
func TestRefusalsThatAreNone(t *testing.T) {
	for want, a := range map[string]history.Answer{
		"where it came from": responds(302, history.Line{Name: "Location", Value: "/whoami?again"}),
		"a page, where":      aPage(200),
	} {
		live := liveAs("alice")
		live.Exchange = responds(200, history.Line{Name: "Content-Type", Value: "application/json"}).Exchange
		live.Exchange.Response.Body = "{}"
		tl := tell("laptop=alice").do("sign_in", "laptop", func(t *tale, o *history.Op) {
			gets("")(t, o)
			t.truth[o.Captured] = live
		}).do("whoami", "laptop", strangerIs("laptop", a))
		r := Judge(tl.p, Terms{})
		only(t, r, uniform)
		if !strings.Contains(r.Findings[0].Got, want) {
			t.Error(all(r))
		}
	}
	for _, a := range []history.Answer{responds(302, history.Line{Name: "Location", Value: "/login"}), aPage(401), aPage(403)} {
		tl := tell("laptop=alice").do("sign_in", "laptop").do("whoami", "laptop", strangerIs("laptop", a))
		silent(t, Judge(tl.p, Terms{}))
	}
}
