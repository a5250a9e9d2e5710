package judge

import (
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
)

// forges is an attempt of another site to do an operation.
func forges(does string, a history.Answer, read string) effect {
	return set(func(o *history.Op) {
		o.Step.Does, o.Note = does, "forged"
		o.Forged = append(o.Forged, history.Forgery{How: "a form", Request: "POST http://127.0.0.1/" + does, Answer: a, Read: read})
	})
}

// tries are the outcomes of a form by whose token it was sent with.
func tries(outcomes ...string) effect {
	return set(func(o *history.Op) {
		o.Step.Does, o.Step.Of = "note", "phone"
		for i := 0; i < len(outcomes); i += 2 {
			o.Tokens = append(o.Tokens, history.TokenTry{Whose: outcomes[i], Outcome: outcomes[i+1], Why: "POST /notes"})
		}
	})
}

// asOrigin is an answer to a script of an origin, which is allowed to read it or not.
func asOrigin(origin, allowed string) effect {
	return set(func(o *history.Op) {
		o.Step.How = "origins"
		a := liveAs("alice")
		a.Exchange = &history.Exchange{Response: &history.Response{Status: 200}}
		if allowed != "" {
			a.Exchange.Response.Header = history.Lines{{Name: "Access-Control-Allow-Origin", Value: allowed}, {Name: "Access-Control-Allow-Credentials", Value: "true"}}
		}
		o.Shown = append(o.Shown, history.Shown{What: "whoami", Case: origin, Good: true, Answer: a})
	})
}

func forgeryDuties() []duty {
	alice := func() *tale { return tell("laptop=alice", "phone=bob").do("sign_in", "laptop").do("sign_in", "phone") }
	either := func(bad bool, good, wrong history.Answer) history.Answer {
		if bad {
			return wrong
		}
		return good
	}
	text := map[bool]string{false: "own", true: "forged"}
	word := map[bool]string{false: history.Refused, true: history.OK}
	own := []string{history.OwnToken, history.OK, history.NoToken, history.Refused}
	return []duty{
		{id: "csrf/state-change-needs-proof", name: "stored",
			tale: func(bad bool) *tale { return alice().do("forge", "laptop", forges("note", liveAs("alice"), text[bad])) },
			op:   2, rank: 1, want: "note sent by a form of another site changes nothing", got: "the session of alice holds what the other site sent"},
		{id: "csrf/sign-in-and-out-forgery", name: "signed out",
			tale: func(bad bool) *tale {
				return alice().do("forge", "laptop", forges("sign_out", either(bad, liveAs("alice"), dead), ""))
			},
			op: 2, rank: 1, want: "sign_out sent by a form", got: "alice was signed out"},
		{id: "csrf/sign-in-and-out-forgery", name: "replaced",
			tale: func(bad bool) *tale {
				return alice().do("forge", "laptop", forges("sign_in", either(bad, liveAs("alice"), liveAs("bob")), ""))
			},
			op: 2, rank: 0, want: "sign_in sent by a form", got: "the browser of alice is live as bob"},
		{id: "csrf/sign-in-and-out-forgery", name: "signed in",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("forge", "laptop", forges("sign_in", either(bad, dead, liveAs("bob")), ""))
			},
			op: 0, rank: 0, want: "sign_in sent by a form", got: "where nobody was signed in, is live as bob"},
		{id: "csrf/lax-window", name: "new",
			tale: func(bad bool) *tale {
				return alice().do("forge", "laptop", forges("note", liveAs("alice"), text[bad]), set(func(o *history.Op) {
					o.Step.Window = true
					o.Forged[0].Age = 10 * time.Second
					o.Forged = append(o.Forged, history.Forgery{How: "a form", Age: 150 * time.Second, Answer: liveAs("alice")})
				}))
			},
			op: 2, rank: 1, want: "while the session's cookies are 10s old", got: "the session of alice holds what the other site sent"},
		{id: "csrf/cross-origin-reads-and-sockets", name: "null",
			tale: func(bad bool) *tale {
				t := tell("laptop=alice").do("sign_in", "laptop")
				if bad {
					return t.do("present", "laptop", asOrigin("null", "null"))
				}
				return t.do("present", "laptop", asOrigin("null", ""))
			},
			op: 1, rank: 1, want: "a script of null cannot read who is signed in", got: "Access-Control-Allow-Origin: null"},
		{id: "csrf/token-bound-to-session", name: "of another session",
			tale: func(bad bool) *tale {
				return alice().do("swap_token", "laptop", tries(append(own, history.OthersToken, word[bad])...))
			},
			op: 2, rank: 1, want: "refused with a token of the page of phone", got: "it was taken: POST /notes"},
		{id: "csrf/token-bound-to-session", name: "dies before the session",
			tale: func(bad bool) *tale {
				return alice().do("swap_token", "laptop", tries(append(own, history.OlderToken, word[!bad])...))
			},
			op: 2, rank: 3, want: "is taken from a page that was opened before another one", got: "it was refused"},
	}
}

// Where a form is taken without a token, whose it is proves nothing.
func TestTokenThatNobodyAsksForIsNoCheck(t *testing.T) {
	r := Judge(tell("laptop=alice", "phone=bob").do("sign_in", "laptop").do("sign_in", "phone").
		do("swap_token", "laptop", tries(history.OwnToken, history.OK, history.NoToken, history.OK, history.OthersToken, history.OK)).p, Terms{})
	silent(t, r)
	if r.Checks[boundToken] > 0 || len(r.Notes) != 1 {
		t.Errorf("counted, or not noted: %s", all(r))
	}
}
