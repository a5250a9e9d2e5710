package reference

import (
	"encoding/json"
	"maps"
	"net/http"
)

func init() {
	maps.Copy(wrongs, map[string]func(*world) []string{
		faultFamilyLives:    seeFamilyLives,
		faultRefreshIgnores: seeRefreshIgnores,
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
