package reference

import (
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"
)

// kanidm speaks like Kanidm, as far as its target file goes: a sign-in that is a
// conversation kept by a header, signed tokens, persons, credential updates.
type kanidm struct {
	*site
	signed  tokens
	mu      sync.Mutex
	flows   map[string]*kanidmFlow
	updates map[string]*credentialUpdate
}

// kanidmFlow is a conversation under way, for a sign-in or for a session that
// is to get the right to write.
type kanidmFlow struct {
	user   string
	writes bool // the right to write was asked for at once
	again  string
	began  time.Time
}

// dialectKanidm speaks like Kanidm.
const dialectKanidm = "kanidm"

const (
	kanidmAdmin   = "idm_admin"
	sessionHeader = "X-KANIDM-AUTH-SESSION-ID"
)

func newKanidm(s *site, carry tokens) *kanidm {
	k := &kanidm{site: s, signed: carry, flows: map[string]*kanidmFlow{}, updates: map[string]*credentialUpdate{}}
	s.carry = carry
	s.core.rules.DisableSuspends = true
	if s.adminKey != "" {
		// A store that cannot be written to shows at the first sign-in; one in use has the account already.
		_, _ = s.core.create(actor{provisioning: true}, newUser{Name: kanidmAdmin, Password: s.adminKey, Role: RoleAdmin})
	}
	return k
}

func (k *kanidm) routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) { tellJSON(w, true) })
	mux.HandleFunc("GET /v1/jwk/{kid}", func(w http.ResponseWriter, _ *http.Request) { tellJSON(w, k.signed.jwk()) })
	mux.HandleFunc("POST /v1/auth", k.auth)
	mux.HandleFunc("POST /v1/reauth", k.reauth)
	mux.HandleFunc("GET /v1/auth/valid", k.self)
	mux.HandleFunc("GET /v1/self", k.self)
	mux.HandleFunc("GET /v1/self/_uat", k.self)
	mux.HandleFunc("GET /v1/logout", k.logout)
	mux.HandleFunc("GET /v1/account/{name}/_user_auth_token", k.list)
	mux.HandleFunc("DELETE /v1/account/{name}/_user_auth_token/{id}", k.revoke)
	mux.HandleFunc("POST /v1/person", k.create)
	mux.HandleFunc("DELETE /v1/person/{name}", k.onPerson(k.core.remove))
	mux.HandleFunc("PUT /v1/person/{name}/_attr/account_expire", k.onPerson(k.core.disable))
	mux.HandleFunc("DELETE /v1/person/{name}/_attr/account_expire", k.onPerson(func(_ actor, name string) error { return k.core.enable(name) }))
	mux.HandleFunc("PUT /v1/person/{name}/_attr/{attr}", k.attribute)
	mux.HandleFunc("PUT /v1/group/idm_all_persons/_attr/credential_type_minimum", k.onPerson(func(actor, string) error { return nil }))
	mux.HandleFunc("GET /v1/person/{name}/_credential/_update", k.beginUpdate)
	mux.HandleFunc("POST /v1/credential/_update", k.update)
	mux.HandleFunc("POST /v1/credential/_commit", k.commit)
}

// tellJSON writes any JSON with status 200.
func tellJSON(w http.ResponseWriter, body any) { speak(w, http.StatusOK, body) }

func speak(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client may be gone
}

// decline answers with the word that Kanidm has for a refusal.
func (k *kanidm) decline(w http.ResponseWriter, r *http.Request, err error) {
	status := statusOf(err)
	word, known := map[int]string{http.StatusUnauthorized: "sessionexpired", http.StatusForbidden: "accessdenied",
		http.StatusNotFound: "nomatchingentries", http.StatusBadRequest: "emptyrequest"}[status]
	switch {
	case errors.Is(err, errExists): // a broken rule of the schema, and no word about whose name it is
		status, word = http.StatusInternalServerError, "invalidstate"
	case status == http.StatusUnauthorized && k.carry.token(r) == "":
		word = "notauthenticated"
	case !known:
		word = "invalidstate"
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	speak(w, status, word)
}

// auth is one step of a conversation: init or init2 names the user, begin chooses
// the kind of credential, cred gives it. A denial has status 200, too.
func (k *kanidm) auth(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Step struct {
			Init  string `json:"init"`
			Init2 struct {
				Username   string `json:"username"`
				Privileged bool   `json:"privileged"`
			} `json:"init2"`
			Begin string `json:"begin"`
			Cred  struct {
				Password string `json:"password"`
			} `json:"cred"`
		} `json:"step"`
	}
	if !readJSON(w, r, &body) {
		return
	}
	step := body.Step
	if name := step.Init + step.Init2.Username; name != "" {
		k.tell(w, k.keep(&kanidmFlow{user: name, writes: step.Init2.Privileged}), map[string]any{"choose": []string{"password"}})
		return
	}
	f := k.take(r.Header.Get(sessionHeader))
	switch {
	case f == nil:
		speak(w, http.StatusInternalServerError, "invalidsessionstate")
	case step.Begin == "password":
		k.tell(w, k.keep(f), map[string]any{"continue": []string{"password"}})
	case step.Begin != "":
		speak(w, http.StatusInternalServerError, "invalidauthstate")
	case f.again != "":
		k.elevate(w, r, f, step.Cred.Password)
	default:
		given, err := k.core.signIn(k.meta(r), f.user, step.Cred.Password)
		if err != nil {
			k.tell(w, "", map[string]any{"denied": "incorrect password"})
			return
		}
		k.tell(w, "", map[string]any{"success": k.signed.sign(k.statement(given, f.writes || given.user == kanidmAdmin))})
	}
}

func (k *kanidm) statement(g grant, writes bool) uat {
	said := uat{Session: g.handle, Token: g.token, UID: g.uid, Name: g.user}
	if writes {
		said.Writes = time.Now().UTC().Add(writeLife)
	}
	return said
}

// reauth begins the conversation that gets a session the right to write.
func (k *kanidm) reauth(w http.ResponseWriter, r *http.Request) {
	who, err := k.core.identify(k.meta(r))
	if err == nil && !who.live() {
		err = errNotSignedIn
	}
	if err != nil {
		k.decline(w, r, err)
		return
	}
	k.tell(w, k.keep(&kanidmFlow{user: who.name(), again: k.carry.token(r)}), map[string]any{"continue": []string{"password"}})
}

// elevate ends that conversation: one more token for the same session, with the
// right to write. The one from before goes on as it was.
func (k *kanidm) elevate(w http.ResponseWriter, r *http.Request, f *kanidmFlow, password string) {
	m := k.meta(r)
	m.token = f.again
	who, err := k.core.identify(m)
	if err != nil || !who.live() || !checkPassword(who.user.Hash, password) {
		k.tell(w, "", map[string]any{"denied": "incorrect password"})
		return
	}
	given := grant{token: f.again, handle: who.session.Handle, user: who.name(), uid: who.user.UID}
	k.tell(w, "", map[string]any{"success": k.signed.sign(k.statement(given, true))})
}

// tell answers a step. id is the conversation's next one, "" where it is over.
func (k *kanidm) tell(w http.ResponseWriter, id string, state map[string]any) {
	if id != "" {
		w.Header().Set(sessionHeader, id)
	}
	tellJSON(w, map[string]any{"sessionid": randomHex(16), "state": state})
}

func (k *kanidm) keep(f *kanidmFlow) string {
	if f.began.IsZero() {
		f.began = k.core.now()
	}
	id := randomHex(16)
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.flows) >= flowMax {
		clear(k.flows) // whoever was half-way begins again
	}
	k.flows[id] = f
	return id
}

func (k *kanidm) take(id string) *kanidmFlow {
	k.mu.Lock()
	defer k.mu.Unlock()
	f := k.flows[id]
	delete(k.flows, id)
	if f == nil || k.core.now().Sub(f.began) > flowLife {
		return nil
	}
	return f
}

// self is the three questions who somebody is, from the shortest answer to the longest.
func (k *kanidm) self(w http.ResponseWriter, r *http.Request) {
	who, err := k.core.whoami(k.meta(r))
	if err == nil && !who.live() {
		err = errNotSignedIn
	}
	switch {
	case err != nil:
		k.decline(w, r, err)
	case r.URL.Path == "/v1/auth/valid":
		tellJSON(w, nil)
	case r.URL.Path == "/v1/self/_uat":
		tellJSON(w, map[string]any{"session_id": who.session.Handle, "uuid": who.user.UID, "name": who.name(), "spn": who.name() + "@localhost"})
	default:
		tellJSON(w, map[string]any{"youare": map[string]any{"attrs": map[string]any{"name": []string{who.name()}, "spn": []string{who.name() + "@localhost"}}}})
	}
}

// logout answers 200 whatever the session's state was, as Kanidm has done since 1.3.0.
func (k *kanidm) logout(w http.ResponseWriter, r *http.Request) {
	if _, err := k.core.signOut(k.meta(r)); err != nil {
		k.decline(w, r, err)
		return
	}
	tellJSON(w, nil)
}
