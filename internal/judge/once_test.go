package judge

import (
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/model"
)

// Two faults in one operation are two findings, the graver first.
func TestTwoEffectsInOneOperation(t *testing.T) {
	r := Judge(home().do("change_password", "laptop", acted, dies("bob.desk#1"), answersAs("admin.office#1", "alice")).p, Terms{})
	only(t, r, oneIdentity, "terminate/credential-change-ends-others", "frame/account-change-scope")
	for i, rank := range []int{0, 1, 2} {
		if r.Findings[i].Rank != rank || r.Findings[i].Op != 4 {
			t.Errorf("finding %d: %s", i, all(r))
		}
	}
}

// What was reported is not reported again, whatever is done to it later.
func TestOneFaultOneReport(t *testing.T) {
	more := func(p *tale) *tale {
		return p.do("whoami", "office").do("disable", "office", user("alice"), dies("alice.phone#1")).do("enable", "office", user("alice")).
			do("delete_user", "office", user("alice")).do("create_user", "office", user("alice")).do("whoami", "office")
	}
	for name, c := range map[string]struct {
		tale *tale
		id   string
	}{
		"lives": {home().do("sign_out", "laptop", lives("alice.laptop#1")), kills},
		"died":  {home().do("sign_in", "office", refused, dies("alice.laptop#1")), "frame/failed-sign-in-changes-nothing"},
		"named": {home().do("whoami", "laptop", answersAs("alice.laptop#1", "bob")), oneIdentity},
	} {
		t.Run(name, func(t *testing.T) {
			r := Judge(more(c.tale).p, Terms{})
			only(t, r, c.id)
			for _, row := range r.Timeline[5:] {
				if c := row.Cells[0]; c.Credential != "alice.laptop#1" || c.Want != "" || c.Bad != (name == "named") {
					t.Errorf("step %d: nothing is wanted of it any more: %+v", row.Op, c)
				}
			}
		})
	}
}

// The administrator who became somebody is reported as that; that the credential
// goes on answering for the new user, or for the next one, is the same fault.
func TestActorStaysSomebodyElse(t *testing.T) {
	p := home().do("create_user", "office", user("carol"), acted, gets(""), answersAs("admin.office#2", "carol")).
		do("whoami", "laptop").do("create_user", "office", user("dave"), refused).
		do("whoami", "laptop", answersAs("admin.office#2", "dave"))
	r := Judge(p.p, Terms{})
	only(t, r, keepsActor)
	if f := r.Findings[0]; f.Op != 4 || f.Credential != "admin.office#2" {
		t.Errorf("where: %s", all(r))
	}
}

// Only the user just created is what create-user-keeps-actor speaks of.
func TestActorBecomesAThirdPerson(t *testing.T) {
	only(t, Judge(home().do("create_user", "office", user("carol"), acted, answersAs("admin.office#1", "bob")).p, Terms{}), oneIdentity)
	only(t, Judge(home().do("create_user", "office", user("carol"), acted, answersAs("bob.desk#1", "carol")).p, Terms{}), oneIdentity)
	only(t, Judge(home().do("create_user", "office", user("carol"), answersAs("admin.office#1", "carol")).p, Terms{}), oneIdentity)
}

// Whoever the old credential of a used name answers for, it is that name's fault.
func TestUsedNameAnswersForAnybody(t *testing.T) {
	p := home().do("delete_user", "office", user("bob"), dies("bob.desk#1")).do("create_user", "office", user("bob"), answersAs("bob.desk#1", "alice"))
	only(t, Judge(p.p, Terms{}), "isolate/no-identity-reuse")
}

// A credential that died without reason and comes back as somebody else is worse
// than what was reported: it is told.
func TestDeadThenSomebodyElse(t *testing.T) {
	r := Judge(home().do("sign_out", "desk", dies("alice.laptop#1")).do("whoami", "desk", answersAs("alice.laptop#1", "bob")).p, Terms{})
	only(t, r, oneIdentity, "frame/sign-out-keeps-others")
}

// Two credentials of one session that both outlive it are one fault.
func TestBothCredentialsOfASession(t *testing.T) {
	p := tell("laptop=alice").do("sign_in", "laptop").do("change_password", "laptop", acted, gets("")).
		do("sign_out", "laptop", lives("alice.laptop#1"), lives("alice.laptop#2"))
	r := Judge(p.p, Terms{})
	only(t, r, kills)
	if r.Unspecified != 2 { // the first one when it was replaced, the second one when it was no news
		t.Errorf("unspecified: %d", r.Unspecified)
	}
	for _, c := range r.Timeline[2].Cells {
		if !c.Bad || c.Want != "dead" {
			t.Errorf("both cells differ from what must be: %+v", c)
		}
	}
}

// A stranger who is somebody is one finding for each address, not for each step.
func TestStrangerOnce(t *testing.T) {
	p := home().do("whoami", "laptop", strangerIs("laptop", liveAs("alice"))).do("whoami", "laptop").do("whoami", "laptop", strangerIs("desk", liveAs("bob")))
	r := Judge(p.p, Terms{})
	only(t, r, byNetwork, byNetwork)
	if r.Findings[0].Op != 4 || r.Findings[1].Op != 6 {
		t.Errorf("where: %s", all(r))
	}
}

// A page that lies is reported when it first does, in a visit or after a restart.
func TestPageOnce(t *testing.T) {
	visit := func(p *tale) *tale {
		return p.do("visit", "laptop", self(liveAs("alice")), page("/help", "out", false))
	}
	p := visit(visit(tell("laptop=alice").do("sign_in", "laptop"))).
		do("restart_browser", "laptop", self(liveAs("alice")), page("/help", "out", false))
	only(t, Judge(p.p, Terms{}), reachable)
	closed := func(p *tale) *tale { return p.do("visit", "laptop", self(liveAs("alice")), page("/help", "in", false)) }
	only(t, Judge(closed(closed(tell("laptop=alice").do("sign_in", "laptop"))).p, Terms{}), reachable)
	two := tell("laptop=alice").do("sign_in", "laptop").
		do("visit", "laptop", self(liveAs("alice")), page("/help", "out", false), page("/about", "out", false), page("/plain", "in", false))
	r := Judge(two.p, Terms{})
	only(t, r, reachable, reachable) // those that deny, and the one that has no way out
	if got := r.Findings[0].Want; got != "/help, /about: the page knows what whoami says (live as alice)" {
		t.Error(got)
	}
}

// Cookies, storage and ghosts are told once, too.
func TestSmellsOnce(t *testing.T) {
	p := tell("laptop=alice").do("sign_in", "laptop", cookies(3600, 0)).do("change_password", "laptop", cookies(3600, 0))
	only(t, Judge(p.p, Terms{}), sameLife)
	p = tell("shell=alice").do("sign_in", "shell").do("sign_out", "shell", stored(true)).do("sign_out", "shell", stored(true))
	only(t, Judge(p.p, Terms{}), clearStorage)
	p = home().do("delete_user", "office", user("bob"), offersWhenDead("bob.desk#1", "boo-boo")).do("whoami", "office", offersWhenDead("bob.desk#1", "boo-two"))
	only(t, Judge(p.p, Terms{}), noGhost)
}

// A ghost does not end the judgement of the credential it came with.
func TestGhostThenRevival(t *testing.T) {
	p := home().do("delete_user", "office", user("bob"), offersWhenDead("bob.desk#1", "boo-boo")).do("create_user", "office", user("bob"), lives("bob.desk#1"))
	only(t, Judge(p.p, Terms{}), noGhost, "isolate/no-identity-reuse")
}

// An answer that no duty fixes is still somebody's: a wrong name is a finding.
func TestWrongNameWhereAnyAnswerGoes(t *testing.T) {
	any := home().do("move", "laptop") // undeclared: dead or live
	r := Judge(any.p, Terms{})
	silent(t, r)
	if r.Unspecified != 1 || r.Timeline[4].Cells[0].Want != "" {
		t.Errorf("unspecified %d, cell %+v", r.Unspecified, r.Timeline[4].Cells[0])
	}
	silent(t, Judge(home().do("move", "laptop", dies("alice.laptop#1")).p, Terms{}))
	only(t, Judge(home().do("move", "laptop", answersAs("alice.laptop#1", "bob")).p, Terms{}), oneIdentity)
}

// Half a sign-in that is live already needs no second factor. One that no answer
// shows is fine.
func TestHalfASignIn(t *testing.T) {
	at := func(a history.Answer) *Result {
		return Judge(tell("laptop=alice").do("sign_in_partial", "laptop", pending, gets(""), answer("alice.laptop#1", a)).do("whoami", "laptop").p, Terms{})
	}
	silent(t, at(history.Answer{State: history.HalfLive}))
	silent(t, at(dead))
	r := at(liveAs("alice"))
	only(t, r, firstFactor)
	if !r.Timeline[0].Cells[0].Bad {
		t.Error(all(r))
	}
	only(t, at(liveAs("bob")), oneIdentity)
}

// A wrong password in the client's own jar: the sign-in's ground is not the
// duty, and a credential that came with the refusal must serve its holder.
func TestWrongPasswordInTheOwnJar(t *testing.T) {
	id := "frame/failed-sign-in-changes-nothing"
	shown := set(func(o *history.Op) { o.Events = []history.Event{{Browser: "click #sign-in"}} })
	only(t, Judge(tell("laptop=alice").do("sign_in", "laptop").do("sign_in", "laptop", refused, shown, gets(""), dies("alice.laptop#2")).p, Terms{}), id)
	// A target that was not shown the first cannot mean to replace it.
	silent(t, Judge(tell("laptop=alice").do("sign_in", "laptop").do("sign_in", "laptop", refused, gets(""), answer("alice.laptop#2", history.Answer{State: history.HalfLive})).p, Terms{}))
	r := Judge(tell("laptop=alice").do("sign_in", "laptop", dies("alice.laptop#1"), gets(""), dies("alice.laptop#1")).p, Terms{Declared: model.Declared{}})
	only(t, r)
	if r.Stopped == "" || r.Error {
		t.Errorf("a sign-in that is not live is the story's ground: %s", all(r))
	}
}
