package model

import "testing"

const (
	change = "terminate/credential-change-ends-others"
	scope  = "frame/account-change-scope"
)

// scene is a short history and what the panel must say after it.
type scene struct {
	declared Declared
	events   []Event
	want     string
}

func (s scene) run(t *testing.T) {
	t.Helper()
	wants(t, after(New(s.declared, people), s.events...), s.want)
}

func scenes(t *testing.T, all map[string]scene) {
	t.Helper()
	for name, s := range all {
		t.Run(name, s.run)
	}
}

// TestChangePassword: others end or are kept; the current session is kept,
// rotated, ended, or any of these where nothing is declared.
func TestChangePassword(t *testing.T) {
	cast := []Event{in("laptop", "alice", "laptop"), in("phone", "alice", "phone"), in("desk", "bob", "desk")}
	plain := append(cast[:3:3], self("laptop", "change_password", "alice"))
	rotated := append(cast[:3:3], gets(self("laptop", "change_password", "alice"), "newer"))
	scenes(t, map[string]scene{
		"not declared, same credential": {Declared{}, plain,
			"laptop any \n phone dead " + change + "\n desk live " + scope},
		"not declared, rotated": {Declared{}, rotated,
			"laptop any \n phone dead " + change + "\n desk live " + scope + "\n newer live " + change},
		"keep": {Declared{CurrentAfterChange: "keep"}, plain,
			"laptop live " + change + "\n phone dead " + change + "\n desk live " + scope},
		"rotate": {Declared{CurrentAfterChange: "rotate"}, rotated,
			"laptop dead " + rotation + "\n phone dead " + change + "\n desk live " + scope + "\n newer live " + change},
		"rotate, signed out": {Declared{CurrentAfterChange: "rotate"}, append(rotated[:4:4], by("laptop", "sign_out", "alice")),
			"laptop dead " + kills + "\n phone dead " + change + "\n desk live frame/sign-out-keeps-others \n newer dead " + kills},
		"rotate, and nothing new came": {Declared{CurrentAfterChange: "rotate"}, plain,
			"laptop dead " + rotation + "\n phone dead " + change + "\n desk live " + scope},
		"end": {Declared{CurrentAfterChange: "end"}, plain,
			"laptop dead " + change + "\n phone dead " + change + "\n desk live " + scope},
		"end, yet a new credential": {Declared{CurrentAfterChange: "end"}, rotated,
			"laptop dead " + change + "\n phone dead " + change + "\n desk live " + scope + "\n newer dead " + change},
		"others keep": {Declared{OthersAfterChange: "keep", CurrentAfterChange: "keep"}, plain,
			"laptop live " + change + "\n phone live " + change + "\n desk live " + scope},
		"others keep, current ends": {Declared{OthersAfterChange: "keep", CurrentAfterChange: "end"}, plain,
			"laptop dead " + change + "\n phone live " + change + "\n desk live " + scope},
	})
}

// TestResetPassword: kept is a promise, as after a change of one's own.
func TestResetPassword(t *testing.T) {
	events := []Event{in("laptop", "alice", "laptop"), in("desk", "bob", "desk"), by("office", "reset_password", "alice")}
	scenes(t, map[string]scene{
		"end":  {Declared{}, events, "laptop dead " + change + "\n desk live " + scope},
		"keep": {Declared{OthersAfterReset: "keep"}, events, "laptop live " + change + "\n desk live " + scope},
		"keep does not revive": {Declared{OthersAfterReset: "keep"},
			[]Event{in("laptop", "alice", "laptop"), by("laptop", "sign_out", "alice"), by("office", "reset_password", "alice")},
			"laptop dead terminate/sign-out-kills-server-side"},
	})
}

// TestSuspend: where the account is only suspended, its sessions are dead while
// it is off and free afterwards; what was over before stays over.
func TestSuspend(t *testing.T) {
	const ends = "terminate/account-end-kills-all"
	d := Declared{Disable: "suspend"}
	off, on := by("office", "disable", "alice"), by("office", "enable", "alice")
	laptop := in("laptop", "alice", "laptop")
	scenes(t, map[string]scene{
		"off":                 {d, []Event{laptop, off}, "laptop dead " + ends},
		"off and on":          {d, []Event{laptop, off, on}, "laptop any"},
		"strictly off and on": {Declared{}, []Event{laptop, off, on}, "laptop dead " + ends},
		"off twice, then on":  {d, []Event{laptop, off, off, on}, "laptop any"},
		"off, on, off":        {d, []Event{laptop, off, on, off}, "laptop dead " + ends},
		"off, on, off, on":    {d, []Event{laptop, off, on, off, on}, "laptop any"},
		"half a sign-in":      {d, []Event{half("laptop", "alice", "laptop"), off, on}, "laptop any"},
		// Found by the fuzzer: half a sign-in may be pending for as long as it signs nobody in.
		"half a sign-in, off": {d, []Event{half("laptop", "alice", "laptop"), off}, "laptop not live terminate/account-end-kills-all"},
		"half, then a password": {Declared{}, []Event{in("phone", "alice", "phone"), half("laptop", "alice", "laptop"), by("phone", "revoke_others", "alice"),
			by("phone", "change_password", "alice")}, "phone any\n laptop not live " + credentialChange},
		"refused to switch on":   {d, []Event{laptop, off, refused(on)}, "laptop dead " + ends},
		"ended while off":        {d, []Event{laptop, off, by("office", "reset_password", "alice"), on}, "laptop dead " + change},
		"signed out before":      {d, []Event{laptop, by("laptop", "sign_out", "alice"), off, on}, "laptop dead terminate/sign-out-kills-server-side"},
		"somebody else's is off": {d, []Event{laptop, by("office", "disable", "bob"), by("office", "enable", "bob")}, "laptop live " + scope},
	})
}

// TestAddressChange: undeclared, a session may or may not follow its client.
func TestAddressChange(t *testing.T) {
	events := []Event{in("laptop", "alice", "laptop"), in("desk", "bob", "desk"), by("laptop", "move", "alice")}
	const network = "isolate/not-keyed-by-network"
	scenes(t, map[string]scene{
		"not declared": {Declared{}, events, "laptop any \n desk live " + network},
		"keep":         {Declared{AddressChange: "keep"}, events, "laptop live " + network + "\n desk live " + network},
	})
}
