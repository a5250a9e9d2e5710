package model

import "testing"

func spent(client string) Event {
	e := refused(by(client, "refresh", "alice"))
	e.Spent = true
	return e
}

// TestRefresh: a refresh goes on in its session, and reuse ends that one only.
func TestRefresh(t *testing.T) {
	laptop, desk := in("laptop", "alice", "one"), in("desk", "bob", "desk")
	next := gets(by("laptop", "refresh", "alice"), "two")
	const nothing = "isolate/one-token-one-identity"
	scenes(t, map[string]scene{
		"good":              {Declared{}, []Event{laptop, desk, next}, "one any \n desk live " + nothing + "\n two live"},
		"spent":             {Declared{}, []Event{laptop, desk, next, spent("laptop")}, "one dead " + reuse + "\n desk live " + nothing + "\n two dead " + reuse},
		"spent, refused":    {Declared{ReuseRefused: true}, []Event{laptop, next, spent("laptop")}, "one any \n two live"},
		"the user's others": {Declared{}, []Event{laptop, in("phone", "alice", "phone"), next, spent("laptop")}, "one dead " + reuse + "\n phone any \n two dead " + reuse},
		"signed out before": {Declared{}, []Event{laptop, by("laptop", "sign_out", "alice"), next}, "one dead " + kills + "\n two any"},
		// Found by the fuzzer: what was spent belongs to the session of before.
		"spent before": {Declared{SignInAgain: "replaces"}, []Event{laptop, next, shown(in("laptop", "alice", "three")), spent("laptop")},
			"one dead " + noOrphan + "\n two dead " + noOrphan + "\n three any"},
		"broke off": {Declared{}, []Event{laptop, broken(next)}, "one any \n two any"},
	})
}

// TestRevival: why what was handed out brings nothing any more.
func TestRevival(t *testing.T) {
	laptop := in("laptop", "alice", "one")
	for name, c := range map[string]struct {
		declared Declared
		events   []Event
		want     string
	}{
		"live":               {Declared{}, nil, ""},
		"signed out":         {Declared{}, []Event{by("laptop", "sign_out", "alice")}, allDie},
		"revoked":            {Declared{}, []Event{of(by("phone", "revoke_session", "alice"), "laptop")}, allDie},
		"all revoked":        {Declared{}, []Event{by("office", "revoke_all", "alice")}, allDie},
		"disabled":           {Declared{}, []Event{by("office", "disable", "alice")}, accountState},
		"suspended":          {Declared{Disable: "suspend"}, []Event{by("office", "disable", "alice")}, accountState},
		"enabled again":      {Declared{Disable: "suspend"}, []Event{by("office", "disable", "alice"), by("office", "enable", "alice")}, ""},
		"deleted, made anew": {Declared{}, []Event{by("office", "delete_user", "alice"), by("office", "create_user", "alice")}, accountState},
		"expired":            {Declared{}, []Event{by("office", "expire", "alice")}, accountState},
		"password reset":     {Declared{}, []Event{by("office", "reset_password", "alice")}, othersEnd},
		"signed in again":    {Declared{}, []Event{by("laptop", "sign_out", "alice"), in("laptop", "alice", "two")}, ""},
	} {
		w := New(c.declared, people)
		after(w, append([]Event{laptop}, c.events...)...)
		other := c.want
		switch {
		case name == "expired":
			other = ""
		case name == "deleted, made anew":
			other = "isolate/no-identity-reuse"
		case c.want == accountState:
			other = accountEnd
		}
		if got, because := w.Outlived("laptop"); got != other || (got == "") != (because == "") {
			t.Errorf("%s: outlived %q (%s), want %q", name, got, because, other)
		}
		if got, because := w.Revival("laptop", false); got != c.want || (got == "") != (because == "") {
			t.Errorf("%s: %q (%s), want %q", name, got, because, c.want)
		}
	}
	if got, _ := New(Declared{}, people).Revival("laptop", false); got != "" {
		t.Errorf("nobody signed in: %q", got)
	}
}
