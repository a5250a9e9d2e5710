package reference

import "maps"

func init() {
	maps.Copy(wrongs, map[string]func(*world) []string{faultLateUse: seeLateUse})
}

func seeLateUse(w *world) []string {
	phone, _, _ := w.cast()
	if code := w.admin("expire", "alice"); code != 0 {
		w.t.Fatalf("expire: exit %d", code)
	}
	before, late, after := phone.replay(), phone.replay(), phone.replay() // a refusal takes a cookie away
	if who := before.who(); who != "" {
		w.t.Fatalf("the session of %s did not expire", who)
	}
	late.read()
	var found findings
	found.when(after.who() != "", "reading a note brought the session back")
	return found
}
