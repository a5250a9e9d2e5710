package reference

import (
	"io"
	"maps"
	"strings"
	"sync"
	"testing"
)

func init() {
	maps.Copy(wrongs, map[string]func(*world) []string{
		faultSignInRaces:   seeSignInRaces,
		faultRequestRaces:  seeRequestRaces,
		faultRefreshRaces:  seeRefreshRaces,
		faultWritesClobber: seeWritesClobber,
	})
}

// seeSignInRaces signs in while the password is reset, until it has been seen or
// missed often.
func seeSignInRaces(w *world) []string {
	w.provision("alice", RoleUser)
	var found findings
	password := "pw-alice"
	for i := range 80 {
		v := w.visitor("127.0.0.5")
		next := password + "x"
		var both sync.WaitGroup
		both.Go(func() { v.with("alice", password) })
		both.Go(func() {
			for range i % 8 { // sometimes it comes when the password was checked
				w.count()
			}
			w.key.json("POST", "/admin/users/alice/password", map[string]string{"password": next})
		})
		both.Wait()
		password = next
		if found.want(v, "", "signed in while the password was reset"); len(found) > 0 {
			w.t.Logf("seen in try %d", i+1)
			return found
		}
	}
	return found
}

// lateNote stores a note; before the last byte of the body is sent, do happens.
func (v *visitor) lateNote(text string, do func()) {
	v.pause = func() {
		for range 5 {
			v.replay().who() // a question that comes later is answered: the head was looked at
		}
		do()
	}
	if v.w.html() {
		v.form("/notes", "/notes", "text", text)
		return
	}
	_, path := v.way("notes")
	v.json("POST", path, map[string]string{"text": text})
}

// paused is a body with the visitor's pause in it, if there is one.
func (v *visitor) paused(body string) io.Reader {
	do := v.pause
	if do == nil || body == "" {
		return strings.NewReader(body)
	}
	v.pause = nil
	in, out := io.Pipe()
	go func() {
		cut := len(strings.TrimSpace(body)) - 1
		_, _ = io.WriteString(out, body[:cut])
		do()
		_, _ = io.WriteString(out, body[cut:])
		out.Close()
	}()
	return in
}

func seeRequestRaces(w *world) []string {
	if w.dialect == dialectRealtime {
		return nil
	}
	w.provision("alice", RoleUser)
	v := w.visitor("127.0.0.5").in("alice")
	copy := v.replay()
	v.lateNote("late", func() { w.key.json("POST", "/admin/users/alice/revoke-all", nil) })
	var found findings
	found.want(copy, "", "revoked while it stored a note")
	return found
}

func seeRefreshRaces(w *world) []string {
	w.provision("alice", RoleUser)
	v := w.visitor("127.0.0.5")
	first := v.refreshable("alice")
	if first == "" {
		return nil
	}
	var found findings
	v.refresh(first)
	second := w.visitor("127.0.0.5")
	a := second.refresh(first) // another tab, a moment later
	found.when(!a.ok(), "a refresh at once is answered %d", a.status)
	found.want(v, "alice", "two tabs refreshed")
	return found
}

func seeWritesClobber(w *world) []string {
	if !strings.Contains(strings.Join(withRefresh, " "), w.dialect) {
		return nil
	}
	w.provision("alice", RoleUser)
	v := w.visitor("127.0.0.5").in("alice")
	tab := v.replay()
	tab.lateNote("late", func() { v.stepUp("pw-alice") })
	var found findings
	found.when(!v.sensitive(), "the step-up is gone")
	return found
}

func TestRefreshesAtOnceHaveOneSuccessor(t *testing.T) {
	w := newWorld(t, dialectApp)
	w.provision("alice", RoleUser)
	v := w.visitor("127.0.0.5")
	first := v.refreshable("alice")
	a, b := v.refresh(first), w.visitor("127.0.0.6").refresh(first)
	if !a.ok() || !b.ok() || refreshOf(a) == "" || refreshOf(a) != refreshOf(b) {
		t.Errorf("%d %s, %d %s", a.status, a.body, b.status, b.body)
	}
	v.out()
	if c := w.visitor("127.0.0.6").refresh(first); c.ok() {
		t.Errorf("after the sign-out: %d %s", c.status, c.body)
	}
}
