package model

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
)

var allOps = []string{"sign_in", "sign_in_partial", "sign_out", "create_user", "change_password", "reset_password",
	"revoke_session", "revoke_others", "revoke_all", "expire", "disable", "enable", "delete_user", "rename", "set_role",
	"note", "read_note", "visit", "whoami", "move", "restart_browser", "count_sessions"}

var atClient = map[string]string{"laptop": "alice", "phone": "alice", "desk": "bob", "tablet": "bob", "office": "admin"}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// draw makes one declaration and a random history. Operations on accounts may
// hit anybody, as an administrator's do.
func draw(seed uint64) (Declared, []Event) {
	r := rand.New(rand.NewPCG(seed, 7))
	d := Declared{OthersAfterChange: pick(r, "", "end", "keep"), CurrentAfterChange: pick(r, "", "keep", "rotate", "end"),
		OthersAfterReset: pick(r, "", "keep"), Disable: pick(r, "", "suspend"), AddressChange: pick(r, "", "keep", "end")}
	clients := []string{"laptop", "phone", "desk", "tablet", "office"}
	var out []Event
	for n := range 40 {
		e := Event{Op: pick(r, allOps...), Client: pick(r, clients...), Outcome: pick(r, "ok", "ok", "ok", "refused", "pending", "error"), ByUser: r.IntN(2) == 0}
		if n < 8 || r.IntN(4) == 0 {
			e.Op = "sign_in"
		}
		e.User = atClient[e.Client]
		if r.IntN(3) == 0 && e.Op != "sign_in" {
			e.User = pick(r, people...)
		}
		if e.Op == "revoke_session" {
			e.Of = pick(r, clients...)
		}
		e.Lost = e.Op == "restart_browser" && r.IntN(2) == 0
		if e.Op == "sign_in" || e.Op == "sign_in_partial" || r.IntN(8) == 0 {
			e.Captured = fmt.Sprintf("%s#%d", e.Client, n)
		}
		out = append(out, e)
	}
	return d, out
}

// histories runs a property over many drawn histories.
func histories(t *testing.T, property func(t *testing.T, d Declared, events []Event)) {
	for seed := range uint64(400) {
		d, events := draw(seed)
		property(t, d, events)
		if t.Failed() {
			t.Fatalf("seed %d, declared %+v, events:\n%+v", seed, d, events)
		}
	}
}

// A credential whose session was over is never expected to be live again.
func TestOverIsOver(t *testing.T) {
	deaths := 0
	histories(t, func(t *testing.T, d Declared, events []Event) {
		w, dead := New(d, people), map[string]int{}
		for i, e := range events {
			for _, x := range w.Apply(e) {
				if at, was := dead[x.Credential]; was && (x.Want == Live || x.Want == Pending) {
					t.Errorf("%s was dead after event %d and must be %s after event %d (%+v)", x.Credential, at, x.Want, i, e)
				}
				if x.Want == Dead {
					dead[x.Credential] = i
					deaths++
				}
			}
		}
	})
	if deaths == 0 {
		t.Error("nothing ever died: the property was not put to the test")
	}
}

// The same events give the same expectations: Apply reads nothing but them.
func TestReplay(t *testing.T) {
	histories(t, func(t *testing.T, d Declared, events []Event) {
		one, two := New(d, people), New(d, people)
		for i, e := range events {
			a, b := one.Apply(e), two.Apply(e)
			for _, x := range b { // asking changes nothing
				two.ClientState(e.Client)
				two.Ended(e.Client)
				two.SameSession(x.Credential, e.Captured)
				two.Owner(x.Credential + two.Holder(x.Credential))
				two.Settled(x.Credential)
			}
			if !reflect.DeepEqual(a, b) {
				t.Errorf("event %d (%+v):\n%v\n%v", i, e, a, b)
			}
		}
	})
}

// One expectation for each credential, in order of capture, and no other.
func TestWholePanel(t *testing.T) {
	histories(t, func(t *testing.T, d Declared, events []Event) {
		w, known := New(d, people), map[string]bool{}
		for i, e := range events {
			seen := map[string]bool{}
			for _, x := range w.Apply(e) {
				if seen[x.Credential] || x.Credential != e.Captured && !known[x.Credential] {
					t.Errorf("event %d: %s comes twice, or from nowhere", i, x.Credential)
				}
				seen[x.Credential], known[x.Credential] = true, true
			}
			if len(seen) != len(known) {
				t.Errorf("event %d: %d of %d credentials", i, len(seen), len(known))
			}
		}
	})
}

// What one user does to their own account or session never makes the model
// expect a session of another user to be dead.
func TestOthersStay(t *testing.T) {
	tried := 0
	histories(t, func(t *testing.T, d Declared, events []Event) {
		w, before := New(d, people), map[string]Expect{}
		for i, e := range events {
			actor := atClient[e.Client]
			own := e.User == actor && (e.Of == "" || atClient[e.Of] == actor)
			for _, x := range w.Apply(e) {
				if own && before[x.Credential].Want == Live && x.User != actor {
					tried++
					if x.Want != Live || x.User != before[x.Credential].User {
						t.Errorf("event %d (%+v): %s of %s must be %s as %q", i, e, x.Credential, before[x.Credential].User, x.Want, x.User)
					}
				}
				before[x.Credential] = x
			}
		}
	})
	if tried == 0 {
		t.Error("nobody's session was ever beside an operation of somebody else")
	}
}

// Settled sessions stay out of every later judgement.
func TestSettledStays(t *testing.T) {
	histories(t, func(t *testing.T, d Declared, events []Event) {
		w, settled := New(d, people), map[string]bool{}
		for i, e := range events {
			xs := w.Apply(e)
			for _, x := range xs {
				if settled[x.Credential] && x.Want != Any {
					t.Errorf("event %d: %s was settled and must be %s (%s)", i, x.Credential, x.Want, x.Duty)
				}
			}
			if len(xs) > 0 && i%5 == 4 {
				w.Resync(xs[i%len(xs)].Credential)
				settled[xs[i%len(xs)].Credential] = true
			}
		}
	})
}
