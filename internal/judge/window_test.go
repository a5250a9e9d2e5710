package judge

import "github.com/sessionspec/sessionspec/internal/history"

// backTo is a page that somebody came back to.
func backTo(from string, atOnce, later history.Sight) effect {
	return func(_ *tale, op *history.Op) {
		op.Returns = append(op.Returns, history.Return{From: from, Known: true, AtOnce: &atOnce, Later: &later})
	}
}

func windowDuties() []duty {
	at := func(claim string, names ...string) history.Sight {
		return history.Sight{URL: "http://127.0.0.1/notes", Claim: claim, Names: names}
	}
	return []duty{
		{id: "browser/back-after-end", name: "after the sign-out",
			tale: func(bad bool) *tale {
				t := tell("laptop=alice").do("sign_in", "laptop").do("sign_out", "laptop")
				if bad {
					return t.do("back", "laptop", backTo("page cache", at("", "alice"), at("out")))
				}
				return t.do("back", "laptop", backTo("page cache", at(""), at("out")))
			},
			op: 2, rank: 3, want: "going back shows nothing", got: "/notes (from the page cache) shows at once, before any request, the name of alice"},
		{id: "browser/back-after-end", name: "revoked elsewhere",
			tale: func(bad bool) *tale {
				t := tell("laptop=alice", "desk=alice").do("sign_in", "laptop").do("sign_in", "desk").do("revoke_others", "desk", dies("alice.laptop#1"))
				if bad {
					return t.do("back", "laptop", backTo("HTTP cache", at("out"), at("in")))
				}
				return t.do("back", "laptop", backTo("HTTP cache", at("out"), at("out")))
			},
			op: 3, rank: 3, want: "going back shows nothing", got: "/notes (from the HTTP cache) shows in the end what only somebody signed in is shown"},
	}
}
