package reference

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"testing"
)

func init() {
	maps.Copy(wrongs, map[string]func(*world) []string{
		faultListTombstones: seeTombstones,
		faultRevokeUnproven: seeUnproven,
		faultLimitPassed:    seeLimitPassed,
		faultForeignHandles: seeForeignHandles,
		faultStepUpKeeps:    seeStepUp,
	})
}

var listItem = regexp.MustCompile(`<li class="session[^"]*" data-handle="([^"]+)"`)

// listedHandles are the entries of the visitor's list of sessions.
func (v *visitor) listedHandles() (out []string) {
	v.w.t.Helper()
	if v.w.html() {
		for _, m := range listItem.FindAllSubmatch(v.send("GET", "/account", "", "").body, -1) {
			out = append(out, string(m[1]))
		}
		return out
	}
	_, path := v.way("sessions")
	var list struct{ Sessions []listed }
	if err := json.Unmarshal(v.json("GET", path, nil).body, &list); err != nil {
		v.w.t.Fatal(err)
	}
	for _, s := range list.Sessions {
		out = append(out, s.ID)
	}
	return out
}

// revokeWith is revoke with an answer to the question for the password.
func (v *visitor) revokeWith(handle, password string) answer {
	if v.w.html() {
		return v.form("/account", "/account/sessions/"+handle+"/revoke", "password", password)
	}
	_, path := v.way("sessions")
	return v.json("DELETE", path+"/"+handle, map[string]string{"password": password})
}

func seeTombstones(w *world) []string {
	phone, _, _ := w.cast()
	tablet := w.visitor("127.0.0.6").in("alice")
	handle := tablet.handle()
	phone.revoke(handle)
	var found findings
	found.when(slices.Contains(phone.listedHandles(), handle) && tablet.who() == "", "the list shows a session that was revoked")
	return found
}

// A server that was told to ask is one of its own.
func seeUnproven(plain *world) []string {
	w := newWorldBy(plain.t, plain.dialect, Rules{RevokeAsks: true}, plain.plant...)
	phone, _, _ := w.cast()
	tablet := w.visitor("127.0.0.6").in("alice")
	handle := tablet.handle()
	var found findings
	for _, password := range []string{"", "wrong"} {
		a := phone.revokeWith(handle, password)
		found.when(a.ok(), "the password %q ended a session", password)
	}
	if len(found) == 0 && len(plain.plant) == 0 {
		found.when(!phone.revokeWith(handle, "pw-alice").ok() || tablet.who() != "", "the right password ended none")
	}
	return found
}

func seeLimitPassed(plain *world) []string {
	var found findings
	for _, refuse := range []bool{false, true} {
		w := newWorldBy(plain.t, plain.dialect, Rules{SessionLimit: 2, RefuseAtLimit: refuse}, plain.plant...)
		w.provision("alice", RoleUser)
		first, second := w.visitor("127.0.0.3").in("alice").replay(), w.visitor("127.0.0.4").in("alice").replay()
		third := w.visitor("127.0.0.5").with("alice", "pw-alice")
		found.when(third.ok() && first.who() != "" && second.who() != "", "three sessions where two may be (refuse: %v)", refuse)
	}
	return found
}

func seeForeignHandles(w *world) []string {
	phone, desk, _ := w.cast()
	handle := phone.handle()
	var found findings
	for _, v := range []*visitor{w.visitor("127.0.0.8").hold(handle)} {
		found.when(v.who() == "alice", "the handle of a session signs its user in")
	}
	a := desk.revoke(handle)
	found.when(a.ok() && phone.who() == "", "another user ended a session by its handle")
	return found
}

func (v *visitor) stepUp(password string) answer {
	_, path := v.way("up-again")
	return v.json("POST", path, credentialsBody{Password: password})
}

func (v *visitor) sensitive() bool {
	_, path := v.way("sensitive")
	return v.send("POST", path, "", "").ok()
}

func seeStepUp(w *world) []string {
	if w.html() {
		return nil
	}
	phone, _, _ := w.cast()
	copy := phone.replay()
	var found findings
	found.when(copy.sensitive(), "a plain session is let through")
	found.when(phone.stepUp("wrong").ok(), "a wrong password steps up")
	found.when(!phone.stepUp("pw-alice").ok() || !phone.sensitive(), "after the step-up the session is not let through")
	found.when(copy.sensitive(), "a copy from before the step-up is let through")
	return found
}

// The limit: who brings a session exchanges it, half a sign-in takes no room
// until it is finished, and the oldest goes first.
func TestSessionLimit(t *testing.T) {
	for _, dialect := range Dialects() {
		w := newWorldBy(t, dialect, Rules{SessionLimit: 2})
		w.provision("alice", RoleUser)
		w.provision("bob", RoleUser)
		first, second := w.visitor("127.0.0.3").in("alice"), w.visitor("127.0.0.4").in("alice")
		bob := w.visitor("127.0.0.5").in("bob")
		second.in("alice")
		var found findings
		found.want(first, "alice", "after a second client signed in again")
		third := w.visitor("127.0.0.6").in("alice")
		found.want(first, "", "the oldest of three")
		found.want(second, "alice", "the second of three")
		found.want(third, "alice", "the newest of three")
		found.want(bob, "bob", "somebody else")
		if len(found) > 0 {
			t.Errorf("%s: %v", dialect, found)
		}
		w = newWorldBy(t, dialect, Rules{SessionLimit: 1, RefuseAtLimit: true})
		w.provision("alice", RoleUser)
		w.visitor("127.0.0.3").in("alice").in("alice").out()
		w.visitor("127.0.0.4").in("alice")
		if a := w.visitor("127.0.0.5").with("alice", "pw-alice"); a.status != http.StatusForbidden {
			t.Errorf("%s: one too many is answered %d", dialect, a.status)
		}
	}
}
