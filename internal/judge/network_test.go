package judge

import (
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/model"
)

// What two clients have in common for the network decides whether a wrong name
// followed the network.
func TestSharesNetwork(t *testing.T) {
	type client = history.Client
	for name, c := range map[string]struct {
		a, b client
		want bool
	}{
		"nothing":           {client{Name: "a", Address: "127.64.0.1"}, client{Name: "b", Address: "127.64.0.2"}, false},
		"an address":        {client{Name: "a", Address: "127.64.0.1"}, client{Name: "b", Address: "127.64.0.1"}, true},
		"no known address":  {client{Name: "a"}, client{Name: "b"}, false},
		"a missing id":      {client{Name: "a", Address: "1", Connection: "missing"}, client{Name: "b", Address: "2"}, true},
		"a borrowed id":     {client{Name: "a", Address: "1"}, client{Name: "b", Address: "2", Connection: "a"}, true},
		"a stripped header": {client{Name: "a", Address: "1", Strip: []string{"X-Connection-Id"}}, client{Name: "b", Address: "2"}, true},
		"a forged header":   {client{Name: "a", Address: "1"}, client{Name: "b", Address: "2", Headers: map[string]string{"X-Forwarded-For": "1"}}, true},
		"itself":            {client{Name: "a", Address: "1", Connection: "missing"}, client{Name: "a", Address: "1", Connection: "missing"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			b := &bench{}
			if got := b.sharesNetwork(c.a, c.b); got != c.want {
				t.Errorf("got %v", got)
			}
			if b.sharesNetwork(c.a) {
				t.Error("shares with nobody")
			}
			// The same by a wrong name and by a note that crosses.
			if c.a.Name == c.b.Name {
				return
			}
			name, note := oneIdentity, dataPer
			if c.want {
				name, note = byNetwork, byNetwork
			}
			cast := func() *tale {
				p := tell("a=alice", "b=bob")
				ca, cb := c.a, c.b
				ca.User, cb.User = "alice", "bob"
				p.p.Clients = []history.Client{ca, cb}
				return p.do("sign_in", "a").do("sign_in", "b")
			}
			only(t, Judge(cast().do("whoami", "a", answersAs("bob.b#1", "alice")).p, Terms{}), name)
			only(t, Judge(cast().do("note", "a", wrote("x")).do("read_note", "b", read("x")).p, Terms{}), note)
		})
	}
}

// A name that belongs to nobody of the cast cannot have come over the network.
func TestUnknownName(t *testing.T) {
	p := tell("laptop=alice", "desk=bob")
	p.client("desk").Address = p.client("laptop").Address
	p.do("sign_in", "laptop").do("sign_in", "desk", unknown("alice.laptop#1"))
	only(t, Judge(p.p, Terms{}), oneIdentity)
}

// Strangers: pending is not live, and only the address of a live client is a test.
func TestStranger(t *testing.T) {
	half := tell("laptop=alice").do("sign_in", "laptop", strangerIs("laptop", history.Answer{State: history.HalfLive}))
	silent(t, Judge(half.p, Terms{}))
	p := tell("laptop=alice", "desk=bob").do("sign_in", "laptop").do("sign_out", "laptop")
	if r := Judge(p.p, Terms{}); r.Checks[byNetwork] != 1 {
		t.Errorf("%s", all(r))
	}
	r := Judge(tell("laptop=alice").do("whoami", "laptop", strangerIs("laptop", liveAs("bob"))).p, Terms{})
	only(t, r, byNetwork)
	if f := r.Findings[0]; f.Got != "the stranger is live as bob" || f.Probe != 0 || f.Credential != "" {
		t.Errorf("%s", all(r))
	}
}

// Who has moved away shares the address no more, and did before.
func TestMoved(t *testing.T) {
	play := func(crossed bool) *tale {
		p := tell("laptop=alice", "desk=bob", "phone=alice")
		p.client("phone").Address = p.client("desk").Address
		return p.do("sign_in", "phone").do("sign_in", "desk").
			do("whoami", "desk", when(crossed, answersAs("alice.phone#1", "bob"))).
			do("move", "phone", set(func(o *history.Op) { o.Address = "127.64.9.9" })).
			do("whoami", "desk", when(!crossed, answersAs("alice.phone#1", "bob")))
	}
	only(t, Judge(play(true).p, Terms{Declared: model.Declared{AddressChange: "keep"}}), byNetwork)
	only(t, Judge(play(false).p, Terms{Declared: model.Declared{AddressChange: "keep"}}), oneIdentity)
}

// Notes prove nothing unless somebody can read back an own one; one that
// crosses proves that they are kept.
func TestNotes(t *testing.T) {
	start := func() *tale { return home().do("note", "laptop", wrote("a")) }
	r := Judge(start().do("read_note", "phone").p, Terms{})
	only(t, r)
	if r.Stopped != "" || len(r.Notes) != 1 || r.Checks[dataPer] != 0 {
		t.Errorf("a target that forgets everything: %s", all(r))
	}
	r = Judge(start().do("read_note", "phone", read("something else")).do("read_note", "laptop", read("a")).p, Terms{})
	silent(t, r)
	if r.Checks[dataPer] != 1 {
		t.Errorf("%s", all(r))
	}
	r = Judge(start().do("read_note", "phone").do("read_note", "desk", read("a")).p, Terms{})
	only(t, r, dataPer)
	if r.Stopped != "" || r.Checks[dataPer] != 3 {
		t.Errorf("a note that crosses proves that notes are kept: %s", all(r))
	}
	// The same client, signed in anew: another session.
	again := start().do("sign_out", "laptop").do("sign_in", "laptop").do("read_note", "laptop", read("a"))
	only(t, Judge(again.p, Terms{}), dataPer)
	// A rotated credential is the same session.
	rotated := start().do("change_password", "laptop", acted, gets(""), dies("alice.phone#1")).do("read_note", "laptop", read("a"))
	silent(t, Judge(rotated.p, Terms{}))
	// Two strangers hold no credential; that makes them no one session.
	strangers := tell("laptop=", "desk=").do("note", "laptop", wrote("a")).do("read_note", "desk", read("a"))
	only(t, Judge(strangers.p, Terms{}), dataPer)
	silent(t, Judge(tell("laptop=").do("note", "laptop", wrote("a")).do("read_note", "laptop", read("a")).p, Terms{}))
}
