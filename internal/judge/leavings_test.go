package judge

import (
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

// What an answer offers is a ghost only if the client did not hold it.
func TestHeldOffersAreNoGhosts(t *testing.T) {
	held := "value-alice.laptop#1"
	silent(t, Judge(home().do("sign_out", "laptop", offers(held)).p, Terms{}))
	only(t, Judge(home().do("sign_out", "laptop", offers(held, "boo-boo")).p, Terms{}), noGhost)
	only(t, Judge(home().do("sign_out", "laptop", offers("value-bob.desk#1")).p, Terms{}), noGhost) // somebody else's is new to this client
	silent(t, Judge(home().do("delete_user", "office", user("bob"), offersWhenDead("bob.desk#1", "value-bob.desk#1")).p, Terms{}))
	r := Judge(home().do("delete_user", "office", user("bob"), offersWhenDead("bob.desk#1", "value-bob.desk#1", "boo-boo")).p, Terms{})
	only(t, r, noGhost)
	if got := r.Findings[0].Got; got != `a new cookie "sid" with value boo-boo` {
		t.Error(got)
	}
}

// Only the last answer of a sign-out counts, and only of an operation that ends
// the client's own session.
func TestWhereGhostsAreLookedFor(t *testing.T) {
	early := set(func(o *history.Op) {
		o.Events = append(o.Events, o.Events[0])
		o.Offers = []history.Offer{{Kind: "cookie", Name: "sid", Value: "form", Event: 0}}
	})
	silent(t, Judge(home().do("sign_out", "laptop", early).p, Terms{}))
	silent(t, Judge(home().do("revoke_session", "laptop", of("phone"), dies("alice.phone#1"), offers("new")).p, Terms{}))
	silent(t, Judge(home().do("change_password", "laptop", acted, dies("alice.phone#1"), offers("new")).p, Terms{}))
	silent(t, Judge(home().do("expire", "office", user("bob"), dies("bob.desk#1"), offers("new")).p, Terms{}))
	broken := tell("laptop=alice").do("sign_in", "laptop").do("sign_out", "laptop", failed, offers("boo-boo"))
	only(t, Judge(broken.p, Terms{}))
	// An answer of a live credential may hand out what it likes.
	renewed := liveAs("alice")
	renewed.Offers = []history.Offer{{Kind: "cookie", Name: "sid", Value: "new"}}
	silent(t, Judge(home().do("whoami", "laptop", answer("alice.laptop#1", renewed)).p, Terms{}))
}

// A browser's answers are not read, its jar is: what it holds after a sign-out
// and did not before is new. What is left of a set of cookies is not.
func TestGhostInABrowsersJar(t *testing.T) {
	shown := set(func(o *history.Op) { o.Events = []history.Event{{Browser: "click #sign-out"}} })
	silent(t, Judge(home().do("sign_out", "laptop", shown).p, Terms{}))
	left := home().do("sign_out", "laptop", shown, gets("value-alice.laptop#1"), dies("alice.laptop#2"))
	silent(t, Judge(left.p, Terms{}))
	bare := home().do("sign_out", "laptop", shown, gets("boo-boo"), dies("alice.laptop#2"))
	r := Judge(bare.p, Terms{})
	only(t, r, noGhost)
	if f := r.Findings[0]; f.Want != "after sign_out the browser holds nothing new" || f.Got != `a new cookie "sid" with value boo-boo` {
		t.Errorf("%s", all(r))
	}
	bare.p.Credentials[4].Carriers = nil
	silent(t, Judge(bare.p, Terms{}))
}

// Where strangers get sessions an answer may hand one out.
func TestAnonymousSessionsDeclared(t *testing.T) {
	terms := Terms{AnonymousSessions: true}
	silent(t, Judge(home().do("sign_out", "laptop", offers("boo-boo")).p, terms))
	silent(t, Judge(home().do("delete_user", "office", user("bob"), offersWhenDead("bob.desk#1", "boo-boo")).p, terms))
	silent(t, Judge(tell("laptop=alice").do("count_sessions", "", counted(0)).do("sign_in", "laptop").do("sign_out", "laptop").do("count_sessions", "", counted(5)).p, terms))
}

// The credential that a sign-out left in the jar is nobody's: it may live as nobody.
func TestCapturedBySignOut(t *testing.T) {
	p := home().do("sign_out", "laptop", gets("boo-boo"), offers("boo-boo"), answer("alice.laptop#2", dead))
	only(t, Judge(p.do("whoami", "laptop").p, Terms{}), noGhost)
}

func TestStoreCount(t *testing.T) {
	start := func() *tale { return tell("laptop=alice", "desk=bob").do("count_sessions", "", counted(3)) }
	in := func() *tale { return start().do("sign_in", "laptop").do("sign_in", "desk") }
	n := func(p *tale, n int) *history.Play { return p.do("count_sessions", "", counted(n)).p }
	both := func() *tale { return in().do("sign_out", "laptop").do("sign_out", "desk") }
	silent(t, Judge(n(both(), 3), Terms{}))
	silent(t, Judge(n(both(), 2), Terms{})) // something else ended meanwhile
	only(t, Judge(n(both(), 4), Terms{}), noGhost)
	silent(t, Judge(n(in().do("sign_out", "laptop"), 4), Terms{}))
	only(t, Judge(n(in().do("sign_out", "laptop"), 5), Terms{}), noGhost)
	// A second sign-out empties no second place.
	silent(t, Judge(n(start().do("sign_in", "laptop").do("sign_in", "desk").do("sign_out", "laptop").do("sign_out", "laptop"), 4), Terms{}))
	silent(t, Judge(n(start().do("sign_out", "laptop").do("sign_in", "laptop"), 4), Terms{}))
	// Half a sign-in takes a place, and gives it back.
	half := func() *tale {
		return start().do("sign_in_partial", "laptop", pending, gets(""), waits("alice.laptop#1")).do("sign_in", "desk").do("sign_out", "desk")
	}
	silent(t, Judge(n(half(), 4), Terms{}))
	only(t, Judge(n(half().do("sign_out", "laptop"), 4), Terms{}), noGhost)
	// A wrong password takes none.
	only(t, Judge(n(both().do("sign_in", "laptop", refused), 4), Terms{}), noGhost)
	// A session that a sign-out left open, and a ghost that was seen, are reported as that.
	only(t, Judge(n(in().do("sign_out", "laptop").do("sign_out", "desk", lives("bob.desk#1")), 4), Terms{}), kills)
	only(t, Judge(n(in().do("sign_out", "laptop").do("sign_out", "desk", offers("boo-boo")), 4), Terms{}), noGhost)
	// Each count is the ground of the next.
	only(t, Judge(n(both().do("count_sessions", "", counted(3)).do("sign_in", "laptop").do("sign_out", "laptop"), 4), Terms{}), noGhost)
}

// After a restart without the session nobody is there to sign it out.
func TestRestartLosesTheSession(t *testing.T) {
	p := tell("laptop=alice").do("sign_in", "laptop").do("restart_browser", "laptop", self(dead), page("/", "out", false)).
		do("sign_out", "laptop", lives("alice.laptop#1")).do("sign_in", "laptop")
	silent(t, Judge(p.p, Terms{}))
	kept := tell("laptop=alice").do("sign_in", "laptop").do("restart_browser", "laptop", self(liveAs("alice")), page("/", "in", true)).
		do("sign_out", "laptop", lives("alice.laptop#1"))
	only(t, Judge(kept.p, Terms{}), kills)
}

func TestRestart(t *testing.T) {
	at := func(terms Terms, es ...effect) *Result {
		return Judge(tell("laptop=alice").do("sign_in", "laptop").do("restart_browser", "laptop", es...).p, terms)
	}
	broken := set(func(o *history.Op) { o.Visits = []history.Visit{{Path: "/", Error: "no such page"}} })
	if r := at(Terms{}, self(dead), broken); !r.Error || len(r.Findings) > 0 {
		t.Errorf("a page that does not open is trouble: %s", all(r))
	}
	if r := at(Terms{}, self(liveAs("alice")), broken, set(func(o *history.Op) { o.Step.Op = "visit" })); !r.Error || len(r.Findings) > 0 {
		t.Errorf("a page that does not open is trouble: %s", all(r))
	}
	silent(t, at(Terms{}, self(liveAs("alice")), page("/", "in", true)))                                // wholly in
	silent(t, at(Terms{Persistence: "browser"}, restore, self(liveAs("alice")), page("/", "in", true))) // restored
	only(t, at(Terms{}, restore, self(dead), claims("in")), restartKept)
	only(t, at(Terms{}, self(dead), page("/", "out", false), page("/b", "in", true), page("/c", "in", true)), restartPlain)
	only(t, at(Terms{Persistence: "browser"}, self(liveAs("alice")), claims("in")), restartPlain)
}

// A client of its own words is judged by its disk and the server's truth, not by its exit code.
func TestSignOutOfACommand(t *testing.T) {
	p := tell("shell=alice").do("sign_in", "shell", stored(true)).do("sign_out", "shell", refused, stored(false))
	silent(t, Judge(p.p, Terms{}))
	p = tell("shell=alice").do("sign_in", "shell", stored(true)).do("sign_out", "shell", refused, stored(true), lives("alice.shell#1"))
	only(t, Judge(p.p, Terms{}), kills, clearStorage)
}

// A refused sign-out that left the session live is both: the answer, and what it meant.
func TestSignOutRefusedAndLive(t *testing.T) {
	r := Judge(home().do("sign_out", "laptop", refused, lives("alice.laptop#1")).do("whoami", "laptop").p, Terms{})
	only(t, r, kills, kills)
}
