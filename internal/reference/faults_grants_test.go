package reference

import (
	"encoding/json"
	"maps"
	"net/http"
	"testing"
	"time"
)

func init() {
	maps.Copy(wrongs, map[string]func(*world) []string{
		faultFamilyLives:    seeFamilyLives,
		faultRefreshIgnores: seeRefreshIgnores,
		faultArtefactsLive:  seeArtefactsLive,
		faultLinkTwice:      seeLinkTwice,
		faultHalfOpen:       seeHalfOpen,
	})
}

// refreshable signs a name in and returns its refresh token, "" in a dialect without.
func (v *visitor) refreshable(name string) string {
	v.name = name
	return refreshOf(v.with(name, "pw-"+name))
}

func refreshOf(a answer) string {
	var told struct{ Refresh string }
	_ = json.Unmarshal(a.body, &told) // a page has none
	return told.Refresh
}

func (v *visitor) refresh(token string) answer {
	path := "/api/session/refresh"
	if v.w.dialect == "bearer" {
		path = "/v1/refresh"
	}
	return v.json("POST", path, map[string]string{"refresh": token})
}

func seeFamilyLives(w *world) []string {
	w.provision("alice", RoleUser)
	v := w.visitor("127.0.0.5")
	first := v.refreshable("alice")
	if first == "" {
		return nil
	}
	var found findings
	old := v.replay()
	second := refreshOf(v.refresh(first))
	found.want(v, "alice", "after a refresh")
	found.want(old, "", "the token from before a refresh")
	found.when(second == "" || second == first, "a refresh does not rotate")
	time.Sleep(refreshGrace + refreshGrace/10) // until then it is one of the tabs
	a := w.visitor("127.0.0.6").refresh(first)
	found.when(a.status != http.StatusUnauthorized || len(a.minted) > 0, "a spent refresh token: %d %s", a.status, a.body)
	found.want(v, "", "after a spent refresh token came back")
	found.when(w.visitor("127.0.0.6").refresh(second).ok(), "the family of a spent refresh token is refreshed")
	return found
}

func seeRefreshIgnores(w *world) []string {
	_, _, office := w.cast()
	v := w.visitor("127.0.0.5")
	first := v.refreshable("bob")
	if first == "" {
		return nil
	}
	var found findings
	try := func(when, token string) {
		a := w.visitor("127.0.0.6").refresh(token)
		found.when(a.ok(), "a refresh %s is answered %d", when, a.status)
	}
	office.as("disable", "bob", nil)
	try("of a disabled account", first)
	office.as("enable", "bob", nil)
	first = v.refreshable("bob")
	office.as("expire", "bob", nil)
	try("after the session's time", first)
	first = v.refreshable("bob")
	office.remove("bob")
	try("of a deleted account", first)
	return found
}

// requestLink asks for a link for a name, in the dialects that send any.
func (v *visitor) requestLink(name string) answer {
	switch v.w.dialect {
	case "app":
		return v.json("POST", "/api/link", credentialsBody{User: name})
	case "realtime":
		return v.json("POST", "/link", credentialsBody{User: name})
	}
	return v.form("/recover", "/recover", "user", name)
}

func (v *visitor) redeem(secret string) answer {
	switch v.w.dialect {
	case "app":
		return v.json("POST", "/api/link/redeem", credentialsBody{Code: secret})
	case "realtime":
		return v.json("POST", "/link/redeem", credentialsBody{Code: secret})
	}
	return v.form("/link", "/link", "secret", secret)
}

func (w *world) mailTo(name string) string {
	var told struct{ Secret string }
	_ = json.Unmarshal(w.key.json("GET", "/admin/users/"+name+"/mail", nil).body, &told) // none is ""
	return told.Secret
}

func seeLinkTwice(w *world) []string {
	if w.dialect == "bearer" {
		return nil
	}
	w.provision("alice", RoleUser)
	var found findings
	a, nobody := w.visitor("127.0.0.5").requestLink("alice"), w.visitor("127.0.0.5").requestLink("zoe")
	found.when(!a.ok() || nobody.status != a.status || w.mailTo("zoe") != "", "links: %d for alice, %d for nobody", a.status, nobody.status)
	secret := w.mailTo("alice")
	found.when(w.visitor("127.0.0.5").redeem("0"+secret).ok(), "a wrong link is accepted")
	v := w.visitor("127.0.0.5")
	v.redeem(secret)
	found.want(v, "alice", "after the link")
	again := w.visitor("127.0.0.6")
	b := again.redeem(secret)
	found.when(b.ok(), "the link a second time: %d", b.status)
	found.want(again, "", "after a spent link")
	return found
}

func seeHalfOpen(w *world) []string {
	if w.dialect == "bearer" {
		return nil
	}
	phone, _, _ := w.cast()
	var found findings
	reads := func(v *visitor) bool {
		if w.html() {
			return v.send("GET", "/notes", "", "").status == http.StatusOK
		}
		_, path := v.way("notes")
		return v.json("GET", path, nil).ok()
	}
	found.when(!reads(phone), "a member cannot read")
	found.when(reads(w.visitor("127.0.0.7")), "a stranger can read")
	asked := w.visitor("127.0.0.8")
	asked.requestLink("alice")
	found.want(asked, "", "whoever has asked for a link")
	found.when(reads(asked), "whoever has asked for a link can read")
	return found
}

func seeArtefactsLive(w *world) []string {
	w.provision("alice", RoleUser)
	var found findings
	try := func(when string, kill func(v, other *visitor)) {
		v, other, refresh := w.visitor("127.0.0.5"), w.visitor("127.0.0.6").in("alice"), ""
		if w.html() {
			v.form("/login", "/login", "user", "alice", "password", "pw-alice", "remember", "1")
		} else if refresh = v.refreshable("alice"); refresh == "" {
			return
		}
		before, thief := v.replay(), w.visitor("127.0.0.7")
		kill(v, other)
		switch {
		case before.who() != "": // the session itself goes on: another fault's business
		case w.html():
			thief.jar[rememberCookie] = before.jar[rememberCookie]
			found.want(thief, "", "the remember cookie "+when)
		default:
			found.when(thief.refresh(refresh).ok(), "a refresh %s is accepted", when)
		}
	}
	try("after the sign-out", func(v, _ *visitor) { v.out() })
	try("after its session was revoked", func(v, other *visitor) { other.revoke(v.handle()) })
	return found
}

// A remember cookie signs in a client that has no session cookie, and no other.
func TestRememberCookie(t *testing.T) {
	for _, dialect := range withPages {
		w := newWorld(t, dialect)
		w.provision("alice", RoleUser)
		v := w.visitor("127.0.0.5")
		v.form("/login", "/login", "user", "alice", "password", "pw-alice", "remember", "1")
		delete(v.jar, credentialCookies[dialect])
		if got := v.who(); got != "alice" || v.held() == "" {
			t.Errorf("%s: with the remember cookie alone: %q", dialect, got)
		}
		v.jar[rememberCookie].Value += "0"
		delete(v.jar, credentialCookies[dialect])
		if got := v.who(); got != "" || v.jar[rememberCookie] != nil {
			t.Errorf("%s: with a wrong one: %q", dialect, got)
		}
	}
}
