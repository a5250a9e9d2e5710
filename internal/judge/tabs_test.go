package judge

import (
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

// formSent is a form that alice filled in earlier, and what it comes to.
func formSent(s history.Sight) effect {
	return set(func(o *history.Op) { o.Sent = &history.Sent{Text: "draft", Person: "alice", Sight: &s} })
}

func reads(text string) effect {
	return set(func(o *history.Op) { o.Read, o.Found = text, text != "" })
}

func comes(again string, a history.Answer) effect {
	return set(func(o *history.Op) {
		o.Entries = append(o.Entries, history.Entry{How: "a link", Landed: &history.Sight{Claim: "out"}, Again: &history.Sight{Claim: again}, Answer: a})
	})
}

func keeps(names ...string) effect {
	return set(func(o *history.Op) { o.Kept = &history.Sight{Names: names} })
}

// names are on the page that was visited last.
func names(names ...string) effect {
	return set(func(o *history.Op) { o.Visits[len(o.Visits)-1].Names = names })
}

func beside(t *tale) *tale {
	t.client("guest").Private = "laptop"
	return t
}

func tabDuties() []duty {
	at := func(claim string, names ...string) history.Sight {
		return history.Sight{URL: "http://127.0.0.1/notes", Claim: claim, Names: names}
	}
	pick := func(bad bool, good, wrong history.Sight) effect {
		if bad {
			return formSent(wrong)
		}
		return formSent(good)
	}
	return []duty{
		{id: "browser/tabs-agree", name: "after the sign-out",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop").do("begin_form", "laptop").do("open_tab", "laptop").do("sign_out", "laptop").
					do("send_form", "laptop", pick(bad, at("out"), at("", "alice")))
			},
			op: 4, rank: 3, want: "a form that alice filled in does nothing after the sign-out", got: "/notes still names alice"},
		{id: "browser/tabs-agree", name: "stuck",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop").do("begin_form", "laptop").do("sign_out", "laptop").
					do("send_form", "laptop", pick(bad, at("out"), history.Sight{URL: "http://127.0.0.1/x", Blank: true}))
			},
			op: 3, rank: 3, want: "and says so", got: "/x is a blank page"},
		{id: "browser/tabs-agree", name: "as the next user",
			tale: func(bad bool) *tale {
				t := tell("laptop=alice").do("sign_in", "laptop").do("begin_form", "laptop").do("sign_in", "laptop", user("bob"), dies("alice.laptop#1")).
					do("send_form", "laptop", formSent(at("in", "bob")))
				if bad {
					return t.do("read_note", "laptop", reads("draft"))
				}
				return t.do("read_note", "laptop", reads(""))
			},
			op: 4, rank: 0, want: "does nothing as bob", got: "the session of bob holds what it said"},
		{id: "client/remote-end-noticed", name: "no way to the sign-in",
			tale: func(bad bool) *tale {
				return tell("laptop=alice", "desk=alice").do("sign_in", "laptop").do("sign_in", "desk").do("begin_form", "laptop").
					do("revoke_others", "desk", dies("alice.laptop#1")).do("send_form", "laptop", pick(bad, at("out"), at("")))
			},
			op: 4, rank: 3, want: "leads to the sign-in", got: "/notes does not offer to sign in"},
		{id: "browser/private-window-isolated", name: "sign-in beside",
			tale: func(bad bool) *tale {
				return beside(tell("laptop=alice", "guest=bob").do("sign_in", "laptop")).do("sign_in", "guest", when(bad, dies("alice.laptop#1")))
			},
			op: 1, rank: 2, credential: "alice.laptop#1", want: "a private one is apart", got: "is dead"},
		{id: "browser/private-window-isolated", name: "a new one",
			tale: func(bad bool) *tale {
				t := beside(tell("laptop=alice", "guest=bob")).do("sign_in", "guest")
				if bad {
					return t.do("close_private_window", "guest", self(dead), page("/", "in", false))
				}
				return t.do("close_private_window", "guest", self(dead), page("/", "out", false))
			},
			op: 1, rank: 3, want: "a new private window is nobody's", got: "/ says signed in"},
		{id: "client/no-stale-account-on-shared-device", name: "in storage",
			tale: func(bad bool) *tale {
				t := tell("laptop=alice").do("sign_in", "laptop").do("sign_out", "laptop").do("sign_in", "laptop", user("bob"))
				if bad {
					return t.do("visit", "laptop", self(liveAs("bob")), keeps("alice", "bob"))
				}
				return t.do("visit", "laptop", self(liveAs("bob")), keeps("bob"))
			},
			op: 3, rank: 3, want: "finds nothing of who was there before", got: "still holds the name of alice"},
		{id: "client/no-stale-account-on-shared-device", name: "on a page",
			tale: func(bad bool) *tale {
				t := tell("laptop=alice").do("sign_in", "laptop").do("sign_out", "laptop").do("sign_in", "laptop", user("bob"))
				if bad {
					return t.do("visit", "laptop", self(liveAs("bob")), keeps(), page("/", "in", true), names("alice"))
				}
				return t.do("visit", "laptop", self(liveAs("bob")), keeps(), page("/", "in", true), names("bob"))
			},
			op: 3, rank: 3, want: "finds nothing of who was there before", got: "/ shows the name of alice"},
		{id: "browser/cross-site-entry", name: "overwritten",
			tale: func(bad bool) *tale {
				t := tell("laptop=alice").do("sign_in", "laptop")
				if bad {
					return t.do("arrive", "laptop", comes("out", dead))
				}
				return t.do("arrive", "laptop", comes("in", liveAs("alice")))
			},
			op: 1, rank: 2, want: "by a link from another site is still signed in", got: "whoami says dead"},
		{id: "browser/cross-site-entry", name: "trapped",
			tale: func(bad bool) *tale {
				t := tell("laptop=alice").do("sign_in", "laptop")
				if bad {
					return t.do("arrive", "laptop", comes("out", liveAs("alice")))
				}
				return t.do("arrive", "laptop", comes("in", liveAs("alice")))
			},
			op: 1, rank: 3, want: "by a link from another site is still signed in", got: "loaded again, says signed out"},
	}
}

// A form that is sent while nothing has changed proves nothing.
func TestFreshFormIsNoCheck(t *testing.T) {
	r := Judge(tell("laptop=alice").do("sign_in", "laptop").do("begin_form", "laptop").
		do("send_form", "laptop", formSent(history.Sight{Claim: "in", Names: []string{"alice"}})).p, Terms{})
	silent(t, r)
	if r.Checks[tabsAgree]+r.Checks[remoteEnd] > 0 {
		t.Errorf("counted: %s", all(r))
	}
}
