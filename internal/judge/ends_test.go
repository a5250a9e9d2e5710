package judge

import (
	"time"

	"github.com/sessionspec/sessionspec/internal/model"
)

// ends are the duties about what must be over.
func ends() []duty {
	return []duty{
		{id: "terminate/sign-out-kills-server-side", name: "lives",
			tale: func(bad bool) *tale { return home().do("sign_out", "laptop", when(bad, lives("alice.laptop#1"))) },
			op:   4, rank: 1, credential: "alice.laptop#1", want: "alice.laptop#1 is dead (its client signed out)", got: "live as alice"},
		{id: "terminate/sign-out-kills-server-side", name: "refused",
			tale: func(bad bool) *tale { return home().do("sign_out", "laptop", when(bad, refused)) },
			op:   4, rank: 1, want: "signing out of a live session succeeds", got: "it was refused: POST /x -> 403"},
		{id: "terminate/sign-out-idempotent", name: "expired",
			tale: func(bad bool) *tale {
				return home().do("expire", "office", user("bob"), dies("bob.desk#1")).do("sign_out", "desk", when(bad, refused))
			},
			op: 5, rank: 3, want: "signing out with a session that is over (the session expired) succeeds", got: "it was refused"},
		{id: "terminate/sign-out-idempotent", name: "none",
			tale: func(bad bool) *tale { return tell("laptop=alice").do("sign_out", "laptop", when(bad, refused)) },
			op:   0, rank: 3, want: "no session", got: "it was refused"},
		{id: "terminate/sign-out-idempotent", name: "half-way, refused",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in_partial", "laptop", pending, gets(""), waits("alice.laptop#1")).do("sign_out", "laptop", when(bad, refused))
			},
			op: 1, rank: 3, want: "a sign-in that is not finished", got: "it was refused"},
		{id: "terminate/sign-out-idempotent", name: "half-way, survives",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in_partial", "laptop", pending, gets(""), waits("alice.laptop#1")).
					do("sign_out", "laptop", when(bad, waits("alice.laptop#1")))
			},
			op: 1, rank: 1, credential: "alice.laptop#1", want: "is dead (its client signed out before the last factor)", got: "is pending"},
		{id: "terminate/sign-out-idempotent", name: "back with the account",
			tale: func(bad bool) *tale {
				return home().do("disable", "office", user("bob"), dies("bob.desk#1")).do("sign_out", "desk").
					do("enable", "office", user("bob"), when(bad, lives("bob.desk#1")))
			},
			op: 6, rank: 1, credential: "bob.desk#1", want: "the account was disabled, then its client signed out", got: "live as bob"},
		{id: "terminate/sign-out-idempotent", name: "suspended account", terms: Terms{Declared: model.Declared{Disable: "suspend"}},
			tale: func(bad bool) *tale {
				return home().do("disable", "office", user("bob"), dies("bob.desk#1")).do("sign_out", "desk").
					do("enable", "office", user("bob"), when(bad, lives("bob.desk#1")))
			},
			op: 6, rank: 1, credential: "bob.desk#1", want: "its client signed out while the account was disabled", got: "live as bob"},
		{id: "terminate/sign-out-idempotent", name: "free to be either", terms: Terms{Declared: model.Declared{Disable: "suspend"}},
			tale: func(bad bool) *tale {
				return home().do("disable", "office", user("bob"), dies("bob.desk#1")).do("enable", "office", user("bob")).
					do("sign_out", "desk", when(bad, refused))
			},
			op: 6, rank: 3, want: "a session that may be over (suspended, then enabled again)", got: "it was refused"},
		{id: "terminate/account-end-kills-all", name: "disable",
			tale: func(bad bool) *tale {
				return home().do("disable", "office", user("bob"), dies("bob.desk#1"), when(bad, lives("bob.desk#1")))
			},
			op: 4, rank: 1, credential: "bob.desk#1", want: "the account was disabled", got: "live as bob"},
		{id: "terminate/account-end-kills-all", name: "delete, one of two",
			tale: func(bad bool) *tale {
				return home().do("delete_user", "office", user("alice"), dies("alice.laptop#1", "alice.phone#1"), when(bad, lives("alice.phone#1")))
			},
			op: 4, rank: 1, credential: "alice.phone#1", want: "the account was deleted", got: "live as alice"},
		{id: "terminate/credential-change-ends-others", name: "change",
			tale: func(bad bool) *tale {
				return home().do("change_password", "laptop", acted, dies("alice.phone#1"), when(bad, lives("alice.phone#1")))
			},
			op: 4, rank: 1, credential: "alice.phone#1", want: "the password was changed elsewhere", got: "live as alice"},
		{id: "terminate/credential-change-ends-others", name: "reset",
			tale: func(bad bool) *tale {
				return home().do("reset_password", "office", user("bob"), dies("bob.desk#1"), when(bad, lives("bob.desk#1")))
			},
			op: 4, rank: 1, credential: "bob.desk#1", want: "the password was reset", got: "live as bob"},
		{id: "terminate/credential-change-ends-others", name: "current as declared", terms: Terms{Declared: model.Declared{CurrentAfterChange: "rotate"}},
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop").
					do("change_password", "laptop", acted, gets(""), dies("alice.laptop#1"), when(bad, dies("alice.laptop#2")))
			},
			op: 1, rank: 2, credential: "alice.laptop#2", want: "declared as kept", got: "is dead"},
		{id: "terminate/sign-out-reachable", name: "denies",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop").
					do("visit", "laptop", self(liveAs("alice")), page("/", "in", true), page("/help", map[bool]string{false: "in", true: "out"}[bad], !bad))
			},
			op: 1, rank: 3, want: "/help: the page knows what whoami says (live as alice)", got: "it says that the visitor is signed out"},
		{id: "terminate/sign-out-reachable", name: "no way out",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop").
					do("visit", "laptop", self(liveAs("alice")), page("/", "in", true), page("/help", "", !bad))
			},
			op: 1, rank: 3, want: "/help: a page of a live session offers sign-out", got: "no sign-out on the page"},
		{id: "multi/revoke-exact", name: "too few",
			tale: func(bad bool) *tale {
				return home().do("revoke_session", "laptop", of("phone"), dies("alice.phone#1"), when(bad, lives("alice.phone#1")))
			},
			op: 4, rank: 1, credential: "alice.phone#1", want: "it was revoked", got: "live as alice"},
		{id: "multi/revoke-exact", name: "too many",
			tale: func(bad bool) *tale {
				return home().do("revoke_session", "laptop", of("phone"), dies("alice.phone#1"), when(bad, dies("alice.laptop#1")))
			},
			op: 4, rank: 2, credential: "alice.laptop#1", want: "another session was revoked", got: "is dead"},
	}
}

// ofClients are the duties about what a client is handed, keeps and believes.
func ofClients() []duty {
	return []duty{
		{id: "hygiene/no-ghost-on-sign-out", name: "sign-out",
			tale: func(bad bool) *tale { return home().do("sign_out", "laptop", when(bad, offers("boo-boo"))) },
			op:   4, rank: 1, want: "the answer to sign_out hands out nothing new", got: `a new cookie "sid" with value boo-boo`},
		{id: "hygiene/no-ghost-on-sign-out", name: "revoking the own session",
			tale: func(bad bool) *tale {
				return home().do("revoke_session", "laptop", of("laptop"), dies("alice.laptop#1"), when(bad, offers("boo-boo")))
			},
			op: 4, rank: 1, want: "the answer to revoke_session hands out nothing new", got: "value boo-boo"},
		{id: "hygiene/no-ghost-on-sign-out", name: "ended elsewhere",
			tale: func(bad bool) *tale {
				return home().do("change_password", "laptop", dies("alice.phone#1"), when(bad, offersWhenDead("alice.phone#1", "boo-boo")))
			},
			op: 4, rank: 1, credential: "alice.phone#1", want: "the answer that says a session is over hands out nothing new", got: "value boo-boo"},
		{id: "hygiene/no-ghost-on-sign-out", name: "count",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("count_sessions", "", counted(7)).do("sign_in", "laptop").do("sign_out", "laptop").
					do("count_sessions", "", counted(map[bool]int{false: 7, true: 8}[bad]))
			},
			op: 3, rank: 4, want: "at most 7 sessions after 1 sign-ins and 1 sign-outs (7 before)", got: "8 sessions"},
		{id: "client/sign-out-clears-storage",
			tale: func(bad bool) *tale {
				return tell("shell=alice").do("sign_in", "shell", stored(true)).do("sign_out", "shell", stored(bad))
			},
			op: 1, rank: 3, want: "the client's storage holds no credential", got: "~/token still holds old"},
		{id: "cookieset/same-life", name: "class",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop", cookies(time.Hour, time.Hour), when(bad, cookies(time.Hour, 0)))
			},
			op: 0, rank: 3, want: "cookies a and b live and die together", got: "a lives for 1h0m0s; b ends with the browser"},
		{id: "cookieset/same-life", name: "end",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop", cookies(time.Hour, time.Hour+sameLifeSlack), when(bad, cookies(time.Hour, time.Hour+sameLifeSlack+1)))
			},
			op: 0, rank: 3, want: "cookies a and b", got: "b lives for 1h1m0s"},
		{id: "browser/restart-without-restore", name: "page",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop").
					do("restart_browser", "laptop", self(dead), page("/", map[bool]string{false: "out", true: "in"}[bad], false))
			},
			op: 1, rank: 3, want: "after the restart / agrees with whoami", got: "/ says signed in, whoami says dead"},
		{id: "browser/restart-without-restore", name: "signal cookie",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop").
					do("restart_browser", "laptop", self(liveAs("alice")), claims(map[bool]string{false: "in", true: "out"}[bad]))
			},
			op: 1, rank: 3, want: "the signal cookie agrees with whoami", got: "the signal cookie says signed out, whoami says live as alice"},
		{id: "browser/restart-without-restore", name: "declared", terms: Terms{Persistence: "browser"},
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop").do("restart_browser", "laptop", self(dead), when(bad, self(liveAs("alice"))))
			},
			op: 1, rank: 3, want: "a session that is declared to be browser", got: "after the restart the visitor is signed in"},
		{id: "browser/restart-without-restore", name: "declared to last", terms: Terms{Persistence: "persistent"},
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop").do("restart_browser", "laptop", self(liveAs("alice")), when(bad, self(dead)))
			},
			op: 1, rank: 3, want: "a session that is declared to be persistent", got: "after the restart the visitor is signed out"},
		{id: "browser/restart-with-restore",
			tale: func(bad bool) *tale {
				return tell("laptop=alice").do("sign_in", "laptop").
					do("restart_browser", "laptop", restore, self(liveAs("alice")), page("/", map[bool]string{false: "in", true: "out"}[bad], true))
			},
			op: 1, rank: 3, want: "after the restart / agrees", got: "/ says signed out"},
	}
}
