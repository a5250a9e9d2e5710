package judge

import (
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

// arrived tells of sign-ins at once: "alice=a" brought value a.
func arrived(list ...[2]string) effect {
	return set(func(o *history.Op) {
		o.Step.Times, o.Step.AtOnce = len(list), true
		for _, x := range list {
			o.Arrivals = append(o.Arrivals, history.Arrival{User: x[0], Outcome: history.OK, Answer: liveAs(x[0]),
				Carriers: []history.Carrier{{Kind: "cookie", Name: "sid", Value: x[1]}}})
		}
	})
}

func arrivalIs(i int, a history.Answer) effect {
	return set(func(o *history.Op) { o.Arrivals[i].Answer = a })
}

func route(name string) effect { return set(func(o *history.Op) { o.Route = name }) }

func channelDuties() []duty {
	crowd := arrived([2]string{"alice", "a"}, [2]string{"bob", "b"}, [2]string{"alice", "c"})
	return []duty{
		{id: safeMethods, name: "ends a session",
			tale: func(bad bool) *tale {
				return home().do("crawl", "laptop", when(bad, dies("alice.laptop#1"), set(func(o *history.Op) { o.Suspect = "http://127.0.0.1/logout" })))
			},
			op: 4, rank: 2, credential: "alice.laptop#1", want: "reading a page changes nothing", got: "is dead; first seen after the safe requests to http://127.0.0.1/logout"},
		{id: safeMethods, name: "ends somebody else's",
			tale: func(bad bool) *tale { return home().do("crawl", "laptop", when(bad, dies("bob.desk#1"))) },
			op:   4, rank: 2, credential: "bob.desk#1", want: "reading a page changes nothing", got: "is dead"},
		{id: safeMethods, name: "signs a stranger in",
			tale: func(bad bool) *tale {
				return tell("kiosk=").do("crawl", "kiosk", self(dead), when(bad, self(liveAs("alice"))))
			},
			op: 0, rank: 1, want: "is nobody", got: "live as alice"},
		{id: userSwitch, name: "the old identity",
			tale: func(bad bool) *tale {
				return tell("laptop=alice", "desk=bob").do("sign_in", "laptop").
					do("sign_in", "laptop", user("bob"), gets(""), dies("alice.laptop#1"), when(bad, answersAs("bob.laptop#2", "alice")))
			},
			op: 1, rank: 0, credential: "bob.laptop#2", want: "answers for bob", got: "live as alice"},
		{id: userSwitch, name: "the old data",
			tale: func(bad bool) *tale {
				return tell("laptop=alice", "desk=bob").do("sign_in", "laptop").do("note", "laptop", wrote("a")).do("read_note", "laptop", read("a")).
					do("sign_out", "laptop").do("sign_in", "laptop", user("bob")).do("read_note", "laptop", user("bob"), when(bad, read("a")))
			},
			op: 5, rank: 0, want: "laptop reads its own note or none", got: "laptop reads the note of laptop (alice)"},
		{id: firstFactor, name: "an operation",
			tale: func(bad bool) *tale {
				return tell("laptop=alice", "kiosk=").do("note", "kiosk", acted, route("form"), refused).
					do("sign_in_partial", "laptop", pending, gets(""), waits("alice.laptop#1")).
					do("note", "laptop", acted, route("form"), wrote("a"), when(!bad, refused))
			},
			op: 2, rank: 1, want: "refused like a stranger", got: "note succeeds"},
		{id: firstFactor, name: "whoami",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in_partial", "laptop", pending, gets(""), waits("alice.laptop#1"), when(bad, lives("alice.laptop#1")))
			},
			op: 0, rank: 2, credential: "alice.laptop#1", want: "the sign-in is not finished", got: "live as alice"},
		{id: openChannels,
			tale: func(bad bool) *tale {
				return home().do("open_channel", "laptop").do("use_channel", "laptop", of("desk")).do("revoke_session", "phone", of("laptop"), dies("alice.laptop#1")).
					do("use_channel", "laptop", of("desk"), when(!bad, refused))
			},
			op: 7, rank: 1, credential: "alice.laptop#1", want: "carries nothing more (it was revoked)", got: "data still comes"},
		{id: anyOrder, name: "5xx",
			tale: func(bad bool) *tale {
				return atRandom(home().do("revoke_session", "laptop", of("phone"), dies("alice.phone#1")).
					do("revoke_session", "laptop", of("phone"), refused, when(bad, answered(500))))
			},
			op: 5, rank: 4, want: "a defined answer", got: "POST http://127.0.0.1/revoke_session -> 500"},
		{id: anyOrder, name: "stuck",
			tale: func(bad bool) *tale {
				return atRandom(home().do("disable", "office", user("bob"), dies("bob.desk#1")).do("enable", "office", user("bob")).
					do("sign_out", "desk").do("sign_in", "desk", when(bad, refused)))
			},
			op: 7, rank: 4, want: "bob can sign in", got: "it was refused"},
		{id: anyOrder, name: "a sign-in that brings nothing",
			tale: func(bad bool) *tale {
				return atRandom(home().do("sign_out", "desk").do("sign_in", "desk", gets(""), when(bad, dies("bob.desk#2"))))
			},
			op: 5, rank: 2, credential: "bob.desk#2", want: "it has just signed in", got: "is dead"},
		{id: parallelSignIn, name: "another's",
			tale: func(bad bool) *tale {
				return home().do("sign_in", "laptop", crowd, when(bad, arrivalIs(1, liveAs("alice"))))
			},
			op: 4, rank: 0, want: "sign-in 2 of 3 at once (bob) is live as bob", got: "live as alice"},
		{id: parallelSignIn, name: "dead",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop", crowd, arrivalIs(0, dead), when(bad, arrivalIs(1, dead)))
			},
			op: 0, rank: 2, want: "sign-in 2 of 3 at once (bob) is live as bob", got: "it is dead"},
		{id: parallelSignIn, name: "the same twice",
			tale: func(bad bool) *tale {
				again := arrived([2]string{"alice", "a"}, [2]string{"alice", "a"})
				if !bad {
					again = crowd
				}
				return tell("laptop=alice").do("sign_in", "laptop", again)
			},
			op: 0, rank: 1, want: "a credential of its own", got: "that of sign-in 1 (alice)"},
		{id: parallelSignIn, name: "counted",
			tale: func(bad bool) *tale {
				n := 7
				if bad {
					n = 8
				}
				return tell("laptop=alice").do("count_sessions", "", counted(4)).do("sign_in", "laptop", crowd).do("count_sessions", "", counted(n))
			},
			op: 2, rank: 4, want: "at most 3 sessions more", got: "8 sessions"},
	}
}

// TestNotProtected: where a stranger was let through, or took another route,
// half a sign-in may as well.
func TestNotProtected(t *testing.T) {
	for _, first := range []effect{outcome(history.OK), route("other")} {
		r := Judge(tell("laptop=alice", "kiosk=").do("note", "kiosk", acted, route("form"), refused, first).
			do("sign_in_partial", "laptop", pending, gets(""), waits("alice.laptop#1")).
			do("note", "laptop", acted, route("form"), wrote("a")).p, Terms{})
		silent(t, r)
	}
}

// TestTokenKeptAtUserSwitch: the token that a sign-in went on under is reported
// once, although it also answers for somebody else now.
func TestTokenKeptAtUserSwitch(t *testing.T) {
	p := tell("laptop=alice", "desk=bob").do("sign_in", "laptop").
		do("sign_in", "laptop", user("bob"), gets(""), answersAs("alice.laptop#1", "bob"), set(func(o *history.Op) { o.Captured = "" })).p
	p.Credentials = p.Credentials[:1]
	p.Ops[1].Captured = ""
	p.Ops[1].Probes = p.Ops[1].Probes[:1]
	only(t, Judge(p, Terms{}), newToken)
}

func TestArrivalRefused(t *testing.T) {
	r := Judge(home().do("sign_in", "laptop", arrived([2]string{"alice", "a"}, [2]string{"bob", "b"}), set(func(o *history.Op) { o.Arrivals[1].Outcome = history.Refused })).p, Terms{})
	if len(r.Findings) > 0 || r.Stopped == "" || r.Error {
		t.Error(all(r))
	}
}

// TestSilentChannel: a channel that never carried anything proves nothing.
func TestSilentChannel(t *testing.T) {
	r := Judge(home().do("open_channel", "laptop").do("revoke_session", "phone", of("laptop"), dies("alice.laptop#1")).
		do("use_channel", "laptop", of("desk"), refused).p, Terms{})
	silent(t, r)
	if r.Checks[openChannels] != 0 {
		t.Error(all(r))
	}
}

// atRandom makes a tale one that nobody wrote.
func atRandom(t *tale) *tale {
	t.p.Generated = true
	return t
}

func answered(status int) effect {
	return set(func(o *history.Op) { o.Events[0].Exchange.Response.Status = status })
}

// TestAnyOrderLenience: what an administrator's operation answers the second
// time, and what a written story sees, is not judged here.
func TestAnyOrderLenience(t *testing.T) {
	silent(t, Judge(atRandom(home().do("delete_user", "office", user("bob"), dies("bob.desk#1")).do("delete_user", "office", user("bob"), refused, answered(500)).
		do("sign_in", "desk", refused)).p, Terms{}))
	silent(t, Judge(home().do("note", "laptop", refused, answered(500)).p, Terms{}))
}
