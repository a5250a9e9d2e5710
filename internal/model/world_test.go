package model

import (
	"fmt"
	"strings"
	"testing"
)

// people are the users who exist in every test.
var people = []string{"alice", "bob", "admin"}

// in signs a user in at a client; the credential is called after the client.
func in(client, user, cred string) Event {
	return Event{Op: "sign_in", Client: client, User: user, Outcome: "ok", Captured: cred}
}

// by is an operation of a client on a user that went well.
func by(client, op, user string) Event {
	return Event{Op: op, Client: client, User: user, Outcome: "ok"}
}

// self is by, through the client's own session.
func self(client, op, user string) Event {
	e := by(client, op, user)
	e.ByUser = true
	return e
}

// of names the second client.
func of(e Event, client string) Event { e.Of = client; return e }

// refused and broken are the same operation with another end.
func refused(e Event) Event { e.Outcome = "refused"; return e }
func broken(e Event) Event  { e.Outcome = "error"; return e }

// gets is the same operation, after which the client holds a new credential.
func gets(e Event, cred string) Event { e.Captured = cred; return e }

// half is a sign-in that waits for its last factor.
func half(client, user, cred string) Event {
	return Event{Op: "sign_in_partial", Client: client, User: user, Outcome: "pending", Captured: cred}
}

// everybody is the usual cast: alice at two clients, bob, an administrator.
var everybody = []Event{in("laptop", "alice", "laptop"), in("phone", "alice", "phone"), in("desk", "bob", "desk"), in("office", "admin", "office")}

// after plays events and returns the expectations after the last one.
func after(w *World, events ...Event) (last []Expect) {
	for _, e := range events {
		last = w.Apply(e)
	}
	return last
}

// said renders expectations as "credential want duty", one a line.
func said(xs []Expect) string {
	var out []string
	for _, x := range xs {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s", x.Credential, x.Want, x.Duty)))
	}
	return strings.Join(out, "\n")
}

// wants compares line by line; lines of want may be indented.
func wants(t *testing.T, xs []Expect, want string) {
	t.Helper()
	var lines []string
	for line := range strings.Lines(want) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	if got := said(xs); got != strings.Join(lines, "\n") {
		t.Errorf("got:\n%s\nwant:\n%s", got, strings.Join(lines, "\n"))
	}
	for _, x := range xs {
		if x.Want == Dead && x.Because == "" || x.Want == Live && (x.User == "" || x.Because == "") {
			t.Errorf("%+v: no owner or no reason", x)
		}
	}
}

func TestClientState(t *testing.T) {
	w := New(Declared{Disable: "suspend"}, people)
	see := func(want, because string) {
		t.Helper()
		if got := w.ClientState("laptop"); got != want {
			t.Errorf("state %q, want %q", got, want)
		}
		if got := w.Ended("laptop"); got != because {
			t.Errorf("ended %q, want %q", got, because)
		}
	}
	see("none", "")
	w.Apply(half("laptop", "alice", "half"))
	see("pending", "")
	w.Apply(in("laptop", "alice", "full"))
	see("live", "")
	w.Apply(by("office", "disable", "alice"))
	see("ended", "the account is disabled")
	w.Apply(by("office", "enable", "alice"))
	see("unspecified", "suspended, then enabled again")
	w.Apply(by("office", "delete_user", "alice"))
	see("ended", "the account was deleted")
	w.Apply(by("laptop", "sign_out", "alice"))
	see("none", "")
}

func TestOwnerHolderSameSession(t *testing.T) {
	w := New(Declared{}, people)
	after(w, in("laptop", "alice", "old"), in("desk", "bob", "desk"), gets(self("laptop", "change_password", "alice"), "new"))
	if w.Owner("new") != "alice" || w.Holder("new") != "laptop" || w.Owner("x") != "" || w.Holder("x") != "" {
		t.Error("owner or holder:", w.Owner("new"), w.Holder("new"), w.Owner("x"), w.Holder("x"))
	}
	for _, c := range []struct {
		a, b string
		want bool
	}{{"old", "new", true}, {"old", "desk", false}, {"old", "x", false}, {"x", "y", false}, {"x", "x", true}} {
		if got := w.SameSession(c.a, c.b); got != c.want {
			t.Errorf("SameSession(%s, %s) = %v", c.a, c.b, got)
		}
	}
}
