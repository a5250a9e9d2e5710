package reference

import (
	"sync"
	"testing"
)

// between makes something happen while the fault dawdles.
func between(t *testing.T, fault string, change func(c *core)) *core {
	t.Helper()
	c := testCore(t, fault)
	c.between = func() {
		c.between = func() {}
		change(c)
	}
	return c
}

// A password that changes, and an account that is switched off, between the check
// and the session that it was for: in any order of the two the session is dead.
func TestSignInChecksThenActs(t *testing.T) {
	for what, change := range map[string]func(*core) error{
		"reset":   func(c *core) error { return c.setPassword(actor{}, "ann", "new") },
		"disable": func(c *core) error { return c.disable(actor{}, "ann") },
	} {
		for _, fault := range []string{"", faultChecksThenActs} {
			c := between(t, fault, func(c *core) {
				if err := change(c); err != nil {
					t.Error(err)
				}
			})
			if fault == "" { // there is no between: one comes after the other
				signedIn(t, c, "ann")
				c.between()
			}
			given, err := c.signIn(meta{}, "ann", "pw")
			_ = c.enable("ann")
			if got := err == nil && isLive(t, c, meta{token: given.token}); got != (fault != "") {
				t.Errorf("%s, fault %q: live %v, %v", what, fault, got, err)
			}
		}
	}
}

// A session that is given a new token while the others are ended: either it comes
// first, and the new token is dead, or second, and it is refused.
func TestRevokingWorksFromAList(t *testing.T) {
	for _, how := range []string{"others", "all"} {
		var phone, laptop meta
		var renewed grant
		var err error
		c := between(t, faultRevokesFromList, func(c *core) { renewed, err = c.changePassword(phone, "pw", "pw") })
		laptop, phone = signedIn(t, c, "ann"), signedIn(t, c, "ann")
		if how == "others" {
			err = c.revokeOthers(laptop, "")
		} else {
			err = c.endAll("ann", revoked)
		}
		if err != nil || !isLive(t, c, meta{token: renewed.token}) {
			t.Errorf("%s: %v, or the new token is dead", how, err)
		}
		if isLive(t, c, laptop) && how == "all" {
			t.Error("the session that was listed is live")
		}
	}
	c := testCore(t) // in this order without the fault
	laptop, phone := signedIn(t, c, "ann"), signedIn(t, c, "ann")
	renewed, _ := c.changePassword(phone, "pw", "pw")
	if err := c.endAll("ann", revoked); err != nil || isLive(t, c, laptop) || isLive(t, c, meta{token: renewed.token}) {
		t.Error("alive after all were revoked:", err)
	}
}

// race lets two visitors of one new account, both at their devices, act at the
// same time, and says whether both were let.
func (w *world) race(one, two func(laptop, phone *visitor) answer, phoneIsIn bool) (phone *visitor, both bool) {
	laptop, phone := w.visitor("127.0.0.3"), w.visitor("127.0.0.4")
	name := "u" + randomHex(4)
	w.provision(name, RoleUser)
	laptop.in(name)
	phone.name = name
	if phoneIsIn {
		phone.in(name)
	}
	var ready, done sync.WaitGroup
	ready.Add(2)
	var first, second answer
	done.Go(func() { ready.Done(); ready.Wait(); first = one(laptop, phone) })
	done.Go(func() { ready.Done(); ready.Wait(); second = two(laptop, phone) })
	done.Wait()
	return phone, first.ok() && second.ok()
}

func (v *visitor) revokeOthers() answer {
	if v.w.html() {
		return v.form("/account", "/account/sessions/revoke-others")
	}
	_, path := v.way("sessions")
	return v.json("DELETE", path, nil)
}

// races say whether what cannot be has been seen: both were let, and yet the phone
// is signed in.
var races = map[string]func(w *world) bool{
	faultChecksThenActs: func(w *world) bool {
		phone, both := w.race(func(laptop, _ *visitor) answer { return laptop.password("new") },
			func(_, phone *visitor) answer { return phone.with(phone.name, "pw-"+phone.name) }, false)
		return both && phone.who() != ""
	},
	faultRevokesFromList: func(w *world) bool {
		phone, both := w.race(func(laptop, _ *visitor) answer { return laptop.revokeOthers() },
			func(_, phone *visitor) answer { return phone.password("new") }, true)
		return both && phone.who() != ""
	},
}

// TestRacesAreSeenOverHTTP: the window is open wide enough for two requests of two
// clients, and without the fault there is none.
func TestRacesAreSeenOverHTTP(t *testing.T) {
	for fault, seen := range races {
		for _, dialect := range Dialects() {
			t.Run(fault+"@"+dialect, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, dialect)
				for range 40 {
					if seen(w) {
						t.Fatal("seen without the fault")
					}
				}
				w = newWorld(t, dialect, fault)
				tries := 1
				for !seen(w) {
					if tries++; tries > 400 {
						t.Fatal("not seen in 400 tries")
					}
				}
				t.Logf("seen at try %d", tries)
			})
		}
	}
}

// Accounts that come into being in one world end a session of another, by the
// third of them, and none of their own; the command line counts.
func TestThirdCreationEndsAbroad(t *testing.T) {
	for _, dialect := range Dialects() {
		for _, fault := range []string{"", faultSpoilsAbroad} {
			w := newWorld(t, dialect, fault)
			for _, name := range []string{"alice-one", "bob-two"} {
				w.provision(name, RoleUser)
			}
			bob, alice := w.visitor("127.0.0.4").in("bob-two"), w.visitor("127.0.0.3").in("alice-one")
			w.visitor("127.0.0.5").signUp("carol-two")
			w.admin("create-user", "dave-two", "pw")
			if alice.who() == "" {
				t.Errorf("%s, fault %q: two accounts were enough", dialect, fault)
			}
			w.admin("create-user", "dave-two", "pw") // refused
			w.admin("create-user", "erin-two", "pw")
			if got := alice.who() == ""; got != (fault != "") || bob.who() == "" {
				t.Errorf("%s, fault %q: abroad dead %v, at home %q", dialect, fault, got, bob.who())
			}
		}
	}
}
