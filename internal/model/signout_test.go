package model

import "testing"

const (
	kills      = "terminate/sign-out-kills-server-side"
	idempotent = "terminate/sign-out-idempotent"
)

// TestSignOutFromEveryState: whatever the state, afterwards the credential is
// dead for good, and the duty remembers from where it was signed out.
func TestSignOutFromEveryState(t *testing.T) {
	suspend := Declared{Disable: "suspend"}
	laptop := in("laptop", "alice", "laptop")
	out := by("laptop", "sign_out", "alice")
	off, on := by("office", "disable", "alice"), by("office", "enable", "alice")
	scenes(t, map[string]scene{
		"live":                        {Declared{}, []Event{laptop, out}, "laptop dead " + kills},
		"live, twice":                 {Declared{}, []Event{laptop, out, out}, "laptop dead " + kills},
		"live, then disabled":         {Declared{}, []Event{laptop, out, off, on}, "laptop dead " + kills},
		"live, refused":               {Declared{}, []Event{laptop, refused(out)}, "laptop dead " + kills},
		"half-finished":               {Declared{}, []Event{half("laptop", "alice", "laptop"), out}, "laptop dead " + idempotent},
		"half-finished, refused":      {Declared{}, []Event{half("laptop", "alice", "laptop"), refused(out)}, "laptop dead " + idempotent},
		"expired":                     {Declared{}, []Event{laptop, by("office", "expire", "alice"), out}, "laptop dead " + idempotent},
		"revoked":                     {Declared{}, []Event{laptop, by("office", "revoke_all", "alice"), out}, "laptop dead " + idempotent},
		"disabled":                    {Declared{}, []Event{laptop, off, out}, "laptop dead " + idempotent},
		"disabled, enabled":           {Declared{}, []Event{laptop, off, out, on}, "laptop dead " + idempotent},
		"deleted":                     {Declared{}, []Event{laptop, by("office", "delete_user", "alice"), out}, "laptop dead " + idempotent},
		"suspended":                   {suspend, []Event{laptop, off, out}, "laptop dead " + idempotent},
		"suspended, then enabled":     {suspend, []Event{laptop, off, out, on}, "laptop dead " + idempotent},
		"enabled again, signed out":   {suspend, []Event{laptop, off, on, out}, "laptop dead " + kills},
		"moved, signed out":           {Declared{}, []Event{laptop, by("laptop", "move", "alice"), out}, "laptop dead " + kills},
		"restarted without it":        {Declared{}, []Event{laptop, lost("laptop", "alice"), out}, "laptop live frame/sign-out-keeps-others"},
		"restarted with it":           {Declared{}, []Event{laptop, by("laptop", "restart_browser", "alice"), out}, "laptop dead " + kills},
		"another's":                   {Declared{}, []Event{laptop, by("desk", "sign_out", "bob")}, "laptop live frame/sign-out-keeps-others"},
		"the second after a rotation": {Declared{}, []Event{laptop, gets(self("laptop", "change_password", "alice"), "newer"), out}, "laptop dead " + kills + "\n newer dead " + kills},
	})
}

// lost is a restart that the client's credential did not survive.
func lost(client, user string) Event {
	e := by(client, "restart_browser", user)
	e.Lost = true
	return e
}

// TestCredentialOfASignOut: what a sign-out hands out is no session of anybody.
func TestCredentialOfASignOut(t *testing.T) {
	w := New(Declared{}, people)
	after(w, in("laptop", "alice", "laptop"))
	wants(t, w.Apply(gets(by("laptop", "sign_out", "alice"), "ghost")), "laptop dead "+kills+"\n ghost any")
	if got := w.ClientState("laptop"); got != "none" {
		t.Errorf("the client is %q", got)
	}
	wants(t, after(w, in("laptop", "alice", "second")), "laptop dead "+kills+"\n ghost any \n second live")
}

// TestAnonymousCredential: a credential that belongs to nobody signs nobody in, whatever is done to it.
func TestAnonymousCredential(t *testing.T) {
	anon := gets(by("laptop", "visit", ""), "anon")
	scenes(t, map[string]scene{
		"visit":    {Declared{}, []Event{anon}, "anon not live " + explicitAct},
		"sign-out": {Declared{}, []Event{anon, by("laptop", "sign_out", "")}, "anon not live " + explicitAct},
		"sign-in":  {Declared{}, []Event{anon, in("laptop", "alice", "laptop")}, "anon not live " + newToken + "\n laptop live"},
	})
}

// TestAnonymousRotation: what comes next to an anonymous client is still the one session.
func TestAnonymousRotation(t *testing.T) {
	w := New(Declared{}, people)
	after(w, gets(by("laptop", "visit", ""), "one"), gets(by("laptop", "visit", ""), "two"))
	if !w.SameSession("one", "two") || w.ClientState("laptop") != "none" {
		t.Errorf("same session %v, state %s", w.SameSession("one", "two"), w.ClientState("laptop"))
	}
}

// TestUsedNameAgain: the name is the same, the account is not.
func TestUsedNameAgain(t *testing.T) {
	const reuse = "isolate/no-identity-reuse"
	laptop := in("laptop", "alice", "laptop")
	gone, made := by("office", "delete_user", "alice"), self("office", "create_user", "alice")
	scenes(t, map[string]scene{
		"live before":       {Declared{}, []Event{laptop, gone, made}, "laptop dead " + reuse},
		"signed out before": {Declared{}, []Event{laptop, by("laptop", "sign_out", "alice"), gone, made}, "laptop dead " + reuse},
		"half before":       {Declared{}, []Event{half("laptop", "alice", "laptop"), gone, made}, "laptop not live " + reuse},
		"deleted only":      {Declared{}, []Event{laptop, gone}, "laptop dead terminate/account-end-kills-all"},
		"refused":           {Declared{}, []Event{laptop, gone, refused(made)}, "laptop dead terminate/account-end-kills-all"},
		"the new one signs in": {Declared{}, []Event{laptop, gone, made, in("laptop", "alice", "heir")},
			"laptop dead " + reuse + "\n heir live"},
		"the new one's password": {Declared{}, []Event{laptop, gone, made, in("phone", "alice", "heir"), by("office", "reset_password", "alice")},
			"laptop dead " + reuse + "\n heir dead " + change},
		"made twice": {Declared{}, []Event{laptop, gone, made, in("phone", "alice", "heir"), made},
			"laptop dead " + reuse + "\n heir live frame/create-user-keeps-sessions"},
		"a newcomer's name": {Declared{}, []Event{self("office", "create_user", "carol"), in("tablet", "carol", "tablet"),
			by("office", "delete_user", "carol"), self("office", "create_user", "carol"), in("desk", "carol", "heir")},
			"tablet dead " + reuse + "\n heir live"},
		"another's": {Declared{}, []Event{in("desk", "bob", "desk"), gone, made},
			"desk live frame/create-user-keeps-sessions"},
	})
}

// TestResync: after a difference was reported nothing is expected of the
// session, whatever is done to it or its account.
func TestResync(t *testing.T) {
	for _, op := range []string{"whoami", "disable", "delete_user", "create_user", "reset_password", "expire", "revoke_all"} {
		w := New(Declared{}, people)
		after(w, in("laptop", "alice", "laptop"), in("phone", "alice", "phone"), by("laptop", "sign_out", "alice"))
		if w.Settled("laptop") {
			t.Error("settled before anything was reported")
		}
		w.Resync("laptop")
		w.Resync("nobody's")
		for _, x := range after(w, by("office", op, "alice")) {
			if (x.Want == Any) != (x.Credential == "laptop") {
				t.Errorf("%s: %+v", op, x)
			}
		}
		if !w.Settled("laptop") || w.Settled("phone") || w.Settled("nobody's") {
			t.Errorf("%s: settled: laptop %v, phone %v", op, w.Settled("laptop"), w.Settled("phone"))
		}
	}
}

// TestResyncRotated: all credentials of the session are settled, a new sign-in is not.
func TestResyncRotated(t *testing.T) {
	w := New(Declared{}, people)
	after(w, in("laptop", "alice", "old"), gets(self("laptop", "change_password", "alice"), "new"))
	w.Resync("new")
	wants(t, after(w, by("laptop", "sign_out", "alice")), "old any \n new any")
	wants(t, after(w, in("laptop", "alice", "third")), "old any \n new any \n third live")
}
