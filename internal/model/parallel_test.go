package model

import (
	"fmt"
	"testing"
)

// TestRevokeNeeds: without the declared factor a revocation ends nothing; where
// nothing is declared, nothing is demanded.
func TestRevokeNeeds(t *testing.T) {
	const needs, exact = "multi/revoke-needs-authentication", "multi/revoke-exact"
	start := []Event{in("laptop", "alice", "laptop"), in("phone", "alice", "phone"), in("desk", "bob", "desk")}
	silent := of(self("laptop", "revoke_session", "alice"), "phone")
	silent.Unanswered = true
	wrong := of(self("laptop", "revoke_session", "alice"), "phone")
	wrong.Wrong = true
	d := Declared{RevokeNeeds: "password"}
	scenes(t, map[string]scene{
		"no answer":            {d, append(start, silent), "laptop any \n phone live " + needs + "\n desk live " + exact},
		"no answer, refused":   {d, append(start, refused(silent)), "laptop any \n phone live " + needs + "\n desk live " + exact},
		"a wrong answer":       {d, append(start, wrong), "laptop any \n phone live " + needs + "\n desk live " + exact},
		"then the right one":   {d, append(start, refused(silent), of(self("laptop", "revoke_session", "alice"), "phone")), "laptop live " + exact + "\n phone dead " + exact + "\n desk live " + exact},
		"nothing declared":     {Declared{}, append(start, silent), "laptop any \n phone any \n desk live " + exact},
		"not declared, wrong":  {Declared{}, append(start, refused(wrong)), "laptop any \n phone any \n desk live " + exact},
		"fresh is good enough": {Declared{RevokeNeeds: "fresh"}, append(start, silent), "laptop any \n phone any \n desk live " + exact},
	})
}

// TestLimit: at the declared limit the oldest session ends, of that account only.
func TestLimit(t *testing.T) {
	const limit, keeps = "multi/limit-as-declared", "frame/sign-in-keeps-others"
	d := Declared{Limit: 2, AtLimit: "end_oldest"}
	desk, first, second, third := in("desk", "bob", "desk"), in("a", "alice", "a"), in("b", "alice", "b"), in("c", "alice", "c")
	series := in("b", "alice", "b")
	series.Times = 4
	crowd := in("b", "alice", "b")
	crowd.Times, crowd.AtOnce = 4, true
	scenes(t, map[string]scene{
		"below":        {d, []Event{desk, first, second}, "desk live " + keeps + "\n a live " + keeps + "\n b live"},
		"above":        {d, []Event{desk, first, second, third}, "desk live " + keeps + "\n a dead " + limit + "\n b live " + keeps + "\n c live"},
		"undeclared":   {Declared{}, []Event{first, second, third}, "a live " + keeps + "\n b live " + keeps + "\n c live"},
		"refuse":       {Declared{Limit: 2, AtLimit: "refuse"}, []Event{first, second, refused(by("c", "sign_in", "alice"))}, "a live frame/failed-sign-in-changes-nothing \n b live frame/failed-sign-in-changes-nothing"},
		"a series":     {d, []Event{desk, first, series}, "desk live hygiene/flooding-bounded \n a dead " + limit + "\n b live"},
		"after it":     {d, []Event{first, series, third}, "a dead " + limit + "\n b live " + keeps + "\n c live"},
		"at once":      {d, []Event{desk, first, crowd}, "desk any \n a any \n b live"},
		"one is over":  {d, []Event{first, second, by("a", "sign_out", "alice"), third}, "a dead terminate/sign-out-kills-server-side \n b live " + keeps + "\n c live"},
		"one may be":   {d, []Event{half("x", "alice", "x"), first, second}, "x pending " + firstFactor + "\n a any \n b live"},
		"more than it": {d, []Event{half("x", "alice", "x"), first, second, third}, "x pending " + firstFactor + "\n a any \n b any \n c live"},
	})
}

func TestFull(t *testing.T) {
	w := New(Declared{Limit: 2, AtLimit: "refuse"}, people)
	after(w, in("a", "alice", "a"), half("x", "alice", "x"))
	if w.Full("alice") {
		t.Error("one session and half a one")
	}
	after(w, in("b", "alice", "b"))
	if !w.Full("alice") || w.Full("bob") {
		t.Error("two sessions of two")
	}
	if w := New(Declared{}, people); w.Full("alice") {
		t.Error("no limit is never reached")
	}
}

// TestStepUp: a declared rotation spends what was held before.
func TestStepUp(t *testing.T) {
	const rotate = "establish/rotate-on-privilege-change"
	laptop, up := in("laptop", "alice", "laptop"), self("laptop", "step_up", "alice")
	scenes(t, map[string]scene{
		"declared":              {Declared{StepUp: "rotate"}, []Event{laptop, gets(up, "new")}, "laptop dead " + rotate + "\n new any"},
		"declared, and nothing": {Declared{StepUp: "rotate"}, []Event{laptop, up}, "laptop dead " + rotate},
		"not declared":          {Declared{}, []Event{laptop, gets(up, "new")}, "laptop any \n new any"},
		"refused":               {Declared{StepUp: "rotate"}, []Event{laptop, refused(up)}, "laptop any"},
	})
}

// TestSignOutScope: the others go with it only where that is declared.
func TestSignOutScope(t *testing.T) {
	const kills, keeps = "terminate/sign-out-kills-server-side", "frame/sign-out-keeps-others"
	events := append(everybody[:3:3], half("tablet", "alice", "tablet"), by("laptop", "sign_out", "alice"))
	scenes(t, map[string]scene{
		"not declared": {Declared{}, events, "laptop dead " + kills + "\n phone live " + keeps + "\n desk live " + keeps + "\n tablet pending " + firstFactor},
		"this":         {Declared{SignOut: "this"}, events, "laptop dead " + kills + "\n phone live " + keeps + "\n desk live " + keeps + "\n tablet pending " + firstFactor},
		"all":          {Declared{SignOut: "all"}, events, "laptop dead " + kills + "\n phone dead " + kills + "\n desk live " + keeps + "\n tablet any"},
		"nobody's":     {Declared{SignOut: "all"}, append(everybody[:3:3], by("stranger", "sign_out", "")), "laptop live " + keeps + "\n phone live " + keeps + "\n desk live " + keeps},
	})
}

// TestHalfASignIn: operations on sessions leave it open what becomes of a
// sign-in that is not finished; the end of the account lets it sign nobody in.
func TestHalfASignIn(t *testing.T) {
	start := []Event{in("laptop", "alice", "laptop"), half("tablet", "alice", "tablet")}
	for op, want := range map[string]string{
		"revoke_others": "any", "revoke_all": "any", "change_password": "any", "reset_password": "any",
		"disable": "not live terminate/account-end-kills-all", "delete_user": "not live terminate/account-end-kills-all", "expire": "not live",
	} {
		w := New(Declared{CurrentAfterChange: "keep"}, people)
		xs := after(w, append(start, self("laptop", op, "alice"))...)
		if got := fmt.Sprint(xs[1].Want, " ", xs[1].Duty); got != want && got != want+" " {
			t.Errorf("%s: %q, want %q", op, got, want)
		}
	}
	w := New(Declared{}, people)
	if xs := after(w, append(start, of(self("laptop", "revoke_session", "alice"), "tablet"))...); xs[1].Want != Any {
		t.Errorf("revoked: %+v", xs[1])
	}
}

// TestSaw: an answer that nothing fixed is remembered where it was an end.
func TestSaw(t *testing.T) {
	w := New(Declared{}, people)
	after(w, in("laptop", "alice", "laptop"), in("phone", "alice", "phone"), by("office", "set_role", "alice"))
	w.Saw("laptop", "dead")
	w.Saw("phone", "live")
	w.Saw("nobody", "dead")
	wants(t, w.Apply(by("laptop", "whoami", "alice")), "laptop any \n phone live "+safeMethods)
	if got := w.ClientState("laptop"); got != "unspecified" {
		t.Error(got)
	}
}

func TestKnown(t *testing.T) {
	w := New(Declared{}, people)
	series := in("phone", "alice", "phone")
	series.Times = 2
	after(w, in("laptop", "alice", "laptop"), series, in("desk", "bob", "desk"), half("tablet", "alice", "tablet"),
		by("desk", "sign_out", "bob"), gets(self("laptop", "step_up", "alice"), "laptop2"))
	got := ""
	for _, k := range w.Known() {
		got += fmt.Sprintln(k.User, k.Client, k.Credentials, k.State)
	}
	want := "alice laptop [laptop laptop2] live\nalice phone [] live\nalice phone [phone] live\nbob desk [desk] ended\nalice tablet [tablet] open\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
