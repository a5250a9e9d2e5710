package model

import "testing"

// shown is the same event, by a request that carried what the client held.
func shown(e Event) Event { e.Presented = true; return e }

// TestSignInAgain: the first session of a client that signs in twice ends, where
// the target was shown its credential or promises it; the second is judged.
func TestSignInAgain(t *testing.T) {
	first, again := in("laptop", "alice", "first"), in("laptop", "alice", "second")
	out := by("laptop", "sign_out", "alice")
	as := func(s string) Declared { return Declared{SignInAgain: s} }
	wrong := refused(by("laptop", "sign_in", "alice"))
	wrong.Wrong = true
	scenes(t, map[string]scene{
		"not shown":                {Declared{}, []Event{first, again}, "first any \n second live"},
		"shown":                    {Declared{}, []Event{first, shown(again)}, "first dead " + noOrphan + "\n second live"},
		"declared, not shown":      {as("replaces"), []Event{first, again}, "first dead " + noOrphan + "\n second live"},
		"adds":                     {as("adds"), []Event{first, shown(again)}, "first live frame/sign-in-keeps-others \n second live"},
		"adds, then out":           {as("adds"), []Event{first, again, out}, "first live frame/sign-out-keeps-others \n second dead " + kills},
		"declared as refused":      {as("refused"), []Event{first, refused(by("laptop", "sign_in", "alice"))}, "first live " + noOrphan},
		"declared, wrong password": {as("refused"), []Event{first, wrong}, "first live frame/failed-sign-in-changes-nothing"},
		"refused, yet done":        {as("refused"), []Event{first, shown(again)}, "first dead " + noOrphan + "\n second live"},
		"refused, not declared":    {Declared{}, []Event{first, refused(by("laptop", "sign_in", "alice"))}, "first live frame/failed-sign-in-changes-nothing"},
		"over half a one":          {Declared{}, []Event{half("laptop", "alice", "first"), again}, "first not live " + newToken + "\n second live"},
		"over an ended one":        {Declared{}, []Event{first, out, again}, "first dead " + kills + "\n second live"},
		"the second is signed out": {Declared{}, []Event{first, again, out}, "first any \n second dead " + kills},
		"on with an ended one":     {Declared{}, []Event{first, by("office", "expire", "alice"), in("laptop", "alice", "")}, "first dead " + notAdopted},
		"no new credential":        {Declared{}, []Event{first, in("laptop", "alice", "")}, "first any"},
	})
}

// TestSignInWhileDisabled: what such a sign-in hands out never signs anybody in.
func TestSignInWhileDisabled(t *testing.T) {
	off, on := by("office", "disable", "alice"), by("office", "enable", "alice")
	scenes(t, map[string]scene{
		"accepted":           {Declared{}, []Event{off, in("laptop", "alice", "new")}, "new not live " + explicitAct},
		"accepted, then on":  {Declared{}, []Event{off, in("laptop", "alice", "new"), on}, "new not live " + explicitAct},
		"refused with token": {Declared{}, []Event{off, gets(refused(by("laptop", "sign_in", "alice")), "new"), on}, "new not live " + explicitAct},
		"on again":           {Declared{}, []Event{off, on, in("laptop", "alice", "new")}, "new live"},
	})
	w := New(Declared{}, people)
	if w.Disabled("alice") || w.Disabled("nobody") {
		t.Error("disabled from the start")
	}
	after(w, off)
	if !w.Disabled("alice") || w.Disabled("bob") {
		t.Error("not disabled")
	}
}

// TestHalfSignInsThatAreOver: found by the fuzzer at django-allauth. What never
// signed anybody in need not be ended, only not become more.
func TestHalfSignInsThatAreOver(t *testing.T) {
	office := func(op string) Event { e := by("office", op, "alice"); e.Outcome = "ok"; return e }
	began := "first not live " + newToken + "\n "
	refusal := gets(refused(by("laptop", "sign_in", "alice")), "new")
	scenes(t, map[string]scene{
		"one after the other, reset":   {Declared{}, []Event{half("laptop", "alice", "first"), half("laptop", "alice", "second"), office("reset_password")}, began + "second any "},
		"one after the other, deleted": {Declared{}, []Event{half("laptop", "alice", "first"), half("laptop", "alice", "second"), office("delete_user")}, "first not live terminate/account-end-kills-all\n second not live terminate/account-end-kills-all"},
		"refused, after the end":       {Declared{}, []Event{in("laptop", "alice", "first"), office("delete_user"), refusal}, "first dead terminate/account-end-kills-all\n new not live " + explicitAct},
		"refused, beside a live one":   {Declared{}, []Event{in("laptop", "alice", "first"), refusal}, "first live frame/failed-sign-in-changes-nothing\n new not live " + explicitAct},
		"refused, shown a live one":    {Declared{}, []Event{in("laptop", "alice", "first"), shown(refusal)}, "first any \n new live frame/failed-sign-in-changes-nothing"},
	})
}

// TestPlant: an invented value is nobody's, and one that was over stays over.
func TestPlant(t *testing.T) {
	invent := gets(by("laptop", "plant", "alice"), "invented")
	steal := by("laptop", "plant", "alice")
	steal.Planted = "phone"
	phone, out := in("phone", "alice", "phone"), by("phone", "sign_out", "alice")
	laptop := in("laptop", "alice", "laptop")
	scenes(t, map[string]scene{
		"invented":           {Declared{}, []Event{invent}, "invented not live " + notAdopted},
		"invented, sign-in":  {Declared{}, []Event{invent, shown(laptop)}, "invented not live " + notAdopted + "\n laptop live"},
		"invented, kept":     {Declared{}, []Event{invent, in("laptop", "alice", "")}, "invented not live " + notAdopted},
		"over":               {Declared{}, []Event{phone, out, steal}, "phone dead " + notAdopted},
		"over, sign-in":      {Declared{}, []Event{phone, out, steal, laptop}, "phone dead " + notAdopted + "\n laptop live"},
		"a live one, shared": {Declared{}, []Event{phone, steal}, "phone live isolate/one-token-one-identity"},
		// Found by the fuzzer: the target was shown the copy, and may end what it replaces.
		"a live one, sign-in":  {Declared{SignInAgain: "replaces"}, []Event{phone, steal, shown(laptop)}, "phone any \n laptop live"},
		"a live one, adds":     {Declared{SignInAgain: "adds"}, []Event{phone, steal, shown(laptop)}, "phone live frame/sign-in-keeps-others\n laptop live"},
		"a live one, sign-out": {Declared{}, []Event{phone, steal, by("laptop", "sign_out", "alice")}, "phone dead " + kills},
	})
}
