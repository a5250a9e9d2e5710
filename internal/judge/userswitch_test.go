package judge

import (
	"slices"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

// TestNoteReadOverTheSameSession: who signs in and goes on with the credential
// that was there must not read what another person wrote, and may what they did.
func TestNoteReadOverTheSameSession(t *testing.T) {
	over := func(who string) *tale {
		t := tell("laptop=alice", "desk=bob").do("sign_in", "laptop").do("note", "laptop", wrote("a")).do("read_note", "laptop", read("a")).
			do("sign_in", "laptop", user(who), answersAs("alice.laptop#1", who))
		// The answer brought nothing new.
		o := &t.p.Ops[3]
		delete(t.truth, o.Captured)
		o.Captured, o.Probes = "", slices.DeleteFunc(o.Probes, func(p history.Probe) bool { return p.Credential == o.Captured })
		t.p.Credentials = t.p.Credentials[:1]
		return t.do("read_note", "laptop", user(who), read("a"))
	}
	only(t, Judge(over("bob").p, Terms{}), userSwitch, newToken)
	only(t, Judge(over("alice").p, Terms{}), newToken)
}

// TestNoteCarriedOver: who signs in again without signing out may find their
// note in the new session; who signed out may not.
func TestNoteCarriedOver(t *testing.T) {
	start := func() *tale {
		return tell("laptop=alice").do("sign_in", "laptop").do("note", "laptop", wrote("a")).do("read_note", "laptop", read("a"))
	}
	silent(t, Judge(start().do("sign_in", "laptop", dies("alice.laptop#1")).do("read_note", "laptop", read("a")).p, Terms{}))
	only(t, Judge(start().do("sign_out", "laptop").do("sign_in", "laptop").do("read_note", "laptop", read("a")).p, Terms{}), dataPer)
}
