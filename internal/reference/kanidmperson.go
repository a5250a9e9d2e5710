package reference

import (
	"encoding/json"
	"net/http"
	"time"
)

// credentialUpdate is a change of somebody's password that waits for its commit.
type credentialUpdate struct {
	by             actor
	name, password string
}

// writer lets through who may change the account of that name: an administrator,
// or its owner, by a token with the right to write. name "" is for administrators.
func (k *kanidm) writer(w http.ResponseWriter, r *http.Request, name string) (actor, bool) {
	m := k.meta(r)
	who, err := k.core.identify(m)
	switch {
	case err != nil:
	case !who.live():
		err = errNotSignedIn
	case k.core.role(who) != RoleAdmin && (name == "" || name != who.name()), time.Now().After(k.signed.said(r).Writes):
		err = errForbidden
	}
	if err != nil {
		k.decline(w, r, err)
		return actor{}, false
	}
	return actor{session: who.session.ID, meta: m}, true
}

// onPerson is an administrator's deed that needs no more than a name.
func (k *kanidm) onPerson(do func(actor, string) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		by, ok := k.writer(w, r, "")
		if !ok {
			return
		}
		if err := do(by, r.PathValue("name")); err != nil {
			k.decline(w, r, err)
			return
		}
		tellJSON(w, nil)
	}
}

// create makes a person, who has no credential yet.
func (k *kanidm) create(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Attrs map[string][]string `json:"attrs"`
	}
	by, ok := k.writer(w, r, "")
	if !ok || !readJSON(w, r, &body) {
		return
	}
	err := errBadInput
	if names := body.Attrs["name"]; len(names) == 1 {
		_, err = k.core.create(by, newUser{Name: names[0], Password: randomHex(16)})
	}
	if err != nil {
		k.decline(w, r, err)
		return
	}
	tellJSON(w, nil)
}

// attribute sets a name, or the display name, of which nothing is kept.
func (k *kanidm) attribute(w http.ResponseWriter, r *http.Request) {
	var values []string
	name, attr := r.PathValue("name"), r.PathValue("attr")
	if _, ok := k.writer(w, r, name); !ok || !readJSON(w, r, &values) {
		return
	}
	var err error
	switch {
	case len(values) != 1 || attr != "name" && attr != "displayname":
		err = errBadInput
	case attr == "name":
		err = k.core.rename(name, values[0])
	}
	if err != nil {
		k.decline(w, r, err)
		return
	}
	tellJSON(w, nil)
}

// beginUpdate opens an update of an account's credential.
func (k *kanidm) beginUpdate(w http.ResponseWriter, r *http.Request) {
	by, ok := k.writer(w, r, r.PathValue("name"))
	if !ok {
		return
	}
	token := randomHex(16)
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.updates) >= flowMax {
		clear(k.updates)
	}
	k.updates[token] = &credentialUpdate{by: by, name: r.PathValue("name")}
	tellJSON(w, []any{map[string]string{"token": token}, map[string]any{"can_commit": true}})
}

// update takes [{"password": ...}, {"token": ...}].
func (k *kanidm) update(w http.ResponseWriter, r *http.Request) {
	var body []json.RawMessage
	var wish struct{ Password string }
	var of struct{ Token string }
	if !readJSON(w, r, &body) {
		return
	}
	if len(body) != 2 || json.Unmarshal(body[0], &wish) != nil || json.Unmarshal(body[1], &of) != nil || wish.Password == "" {
		k.decline(w, r, errBadInput)
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	u := k.updates[of.Token]
	if u == nil {
		speak(w, http.StatusInternalServerError, "invalidstate")
		return
	}
	u.password = wish.Password
	tellJSON(w, map[string]any{"can_commit": true})
}

// commit ends all sessions of the account, that of whoever commits included:
// each belongs to the credential that began it.
func (k *kanidm) commit(w http.ResponseWriter, r *http.Request) {
	var of struct{ Token string }
	if !readJSON(w, r, &of) {
		return
	}
	k.mu.Lock()
	u := k.updates[of.Token]
	delete(k.updates, of.Token)
	k.mu.Unlock()
	err := errNoSession
	if u != nil {
		err = k.core.setPassword(u.by, u.name, u.password)
	}
	if err != nil {
		k.decline(w, r, err)
		return
	}
	tellJSON(w, nil)
}

// list shows the sessions of an account to its owner.
func (k *kanidm) list(w http.ResponseWriter, r *http.Request) {
	who, ok := k.owner(w, r)
	if !ok {
		return
	}
	rows, err := k.core.sessions(k.meta(r))
	if err != nil {
		k.decline(w, r, err)
		return
	}
	out := []map[string]any{}
	for _, s := range rows {
		out = append(out, map[string]any{"account_id": who.user.UID, "session_id": s.ID,
			"state": map[string]any{"expiresat": s.Created.Add(uatLife).Unix()}, "issued_at": s.Created.Unix(), "purpose": "privilegecapable"})
	}
	tellJSON(w, out)
}

// revoke ends one session of an account, for its owner.
func (k *kanidm) revoke(w http.ResponseWriter, r *http.Request) {
	if _, ok := k.owner(w, r); !ok {
		return
	}
	if _, _, err := k.core.revoke(k.meta(r), r.PathValue("id"), ""); err != nil {
		k.decline(w, r, err)
		return
	}
	tellJSON(w, nil)
}

// owner lets the owner of the account in the path through, and nobody else:
// Kanidm's access controls show a person's sessions to no administrator.
func (k *kanidm) owner(w http.ResponseWriter, r *http.Request) (identity, bool) {
	who, err := k.core.identify(k.meta(r))
	switch {
	case err != nil:
	case !who.live():
		err = errNotSignedIn
	case r.PathValue("name") != who.name():
		err = errNoUser // nobody learns which names there are
	}
	if err != nil {
		k.decline(w, r, err)
	}
	return who, err == nil
}
