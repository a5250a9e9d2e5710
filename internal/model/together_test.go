package model

import "testing"

// TestTogether: whoever is concerned is what it was seen to be, and stays that;
// the others go on as ever.
func TestTogether(t *testing.T) {
	w := New(Declared{CurrentAfterChange: "rotate"}, people)
	after(w, everybody...)
	step := [][]Event{
		{gets(self("laptop", "change_password", "alice"), "newer")},
		{in("phone", "alice", "raced")},
	}
	seen := map[string]string{"laptop": "dead", "phone": "dead", "newer": "live", "raced": "dead", "desk": "live", "office": "live"}
	wants(t, w.Together(step, seen), "desk live frame/account-change-scope \n office live frame/account-change-scope")
	wants(t, w.Apply(by("desk", "whoami", "bob")), "laptop dead "+rotation+"\n phone dead "+staysDead+"\n desk live "+safeMethods+
		"\n office live "+safeMethods+"\n newer live "+safeMethods+"\n raced dead "+staysDead)
	if got := w.ClientState("phone"); got != "ended" {
		t.Errorf("the phone is %s", got)
	}
}

// TestTogetherDeadStaysDead: what was over is over, whatever was seen.
func TestTogetherDeadStaysDead(t *testing.T) {
	w := New(Declared{}, people)
	after(w, in("laptop", "alice", "laptop"), by("laptop", "sign_out", "alice"), in("phone", "alice", "phone"))
	w.Together([][]Event{{by("phone", "sign_out", "alice")}, {in("laptop", "alice", "again")}}, map[string]string{"laptop": "live", "phone": "dead", "again": "live"})
	wants(t, w.Apply(by("phone", "whoami", "alice")), "laptop dead "+kills+"\n phone dead "+staysDead+"\n again live "+safeMethods)
	if got := w.ClientState("phone"); got != "none" {
		t.Errorf("the phone is %s", got)
	}
}

// TestTogetherAccount: one branch tells what became of an account, two do not,
// until an operation of its own does.
func TestTogetherAccount(t *testing.T) {
	off, on := by("office", "disable", "alice"), by("bureau", "enable", "alice")
	for name, c := range map[string]struct {
		step           [][]Event
		able, disabled bool
	}{
		"one branch":   {[][]Event{{off}, {by("desk", "whoami", "bob")}}, false, true},
		"in its order": {[][]Event{{off, on}, {by("desk", "whoami", "bob")}}, true, false},
		"two branches": {[][]Event{{off}, {on}}, false, false},
		"broken off":   {[][]Event{{broken(off)}, {by("desk", "whoami", "bob")}}, false, false},
		"refused":      {[][]Event{{refused(off)}, {by("desk", "whoami", "bob")}}, true, false},
	} {
		w := New(Declared{}, people)
		w.Together(c.step, nil)
		if w.Able("alice") != c.able || w.Disabled("alice") != c.disabled {
			t.Errorf("%s: able %v, disabled %v", name, w.Able("alice"), w.Disabled("alice"))
		}
		w.Apply(by("office", "enable", "alice"))
		if !w.Able("alice") {
			t.Errorf("%s: enabled since, and not able", name)
		}
	}
}

// TestTogetherConcerned: users who are only read, or whose clients only keep
// notes, are bystanders; whose client signs in as another is not.
func TestTogetherConcerned(t *testing.T) {
	w := New(Declared{}, people)
	after(w, everybody...)
	step := [][]Event{{by("laptop", "note", "alice")}, {in("desk", "admin", "switched")}}
	wants(t, w.Together(step, map[string]string{"desk": "dead", "switched": "live", "office": "live"}),
		"laptop live frame/account-change-scope \n phone live frame/account-change-scope")
	if got := w.Owner("switched"); got != "admin" {
		t.Errorf("owned by %s", got)
	}
}
