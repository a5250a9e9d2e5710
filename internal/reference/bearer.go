package reference

import (
	"net/http"
	"sync"
	"time"
)

// bearer is the dialect with a sign-in of several steps and an Authorization header.
type bearer struct {
	*site
	mu    sync.Mutex
	flows map[string]*flow
}

// flow is a sign-in under way. Flows live in memory only: a restart ends them.
type flow struct {
	user    string
	pending string // token of the pending session, once the password was right
	began   time.Time
}

const (
	flowLife = 10 * time.Minute
	flowMax  = 10000
)

func newBearer(s *site) *bearer { return &bearer{site: s, flows: map[string]*flow{}} }

func (b *bearer) routes(mux *http.ServeMux) {
	mux.HandleFunc("POST /v1/auth", b.auth)
	mux.HandleFunc("POST /v1/refresh", b.apiRefresh)
	mux.HandleFunc("GET /v1/valid", b.apiWhoami)
	mux.HandleFunc("POST /v1/logout", b.logout)
	mux.HandleFunc("POST /v1/users", b.apiSignUp)
	mux.HandleFunc("POST /v1/password", b.apiPassword)
	mux.HandleFunc("GET /v1/sessions", b.apiSessions)
	mux.HandleFunc("DELETE /v1/sessions", b.apiRevokeOthers)
	mux.HandleFunc("DELETE /v1/sessions/{id}", b.apiRevoke)
	mux.HandleFunc("POST /v1/step-up", b.apiStepUp)
	mux.HandleFunc("POST /v1/sensitive", b.apiSensitive)
	mux.HandleFunc("POST /v1/notes", b.apiWriteNote)
	mux.HandleFunc("GET /v1/notes", b.apiReadNote)
}

type authBody struct {
	Step     string `json:"step"`
	ID       string `json:"id"`
	User     string `json:"user"`
	Password string `json:"password"`
	Code     string `json:"code"`
}

// auth is one step: init names the user, password and code prove it. Right
// answers lead to state "code" or "success", each with a token; a wrong one ends the flow.
func (b *bearer) auth(w http.ResponseWriter, r *http.Request) {
	var body authBody
	if !readJSON(w, r, &body) {
		return
	}
	if body.Step == "init" {
		// Unknown names get an id too: this step tells nobody who exists.
		reply(w, http.StatusOK, map[string]any{"state": "password", "id": b.begin(body.User)})
		return
	}
	f := b.take(body.ID)
	if f == nil {
		reply(w, http.StatusUnauthorized, map[string]any{"state": "denied", "error": "no such sign-in"})
		return
	}
	m := b.meta(r)
	var given grant
	err := errBadInput
	switch {
	case body.Step == "password" && f.pending == "":
		given, err = b.core.signIn(m, f.user, body.Password)
	case body.Step == "code" && f.pending != "":
		m.token = f.pending
		given, err = b.core.giveCode(m, body.Code)
	}
	if err != nil {
		reply(w, statusOf(err), merge(map[string]any{"state": "denied", "error": err.Error()}, b.stray(w, r)))
		return
	}
	fields := b.carry.hand(w, r, given)
	if given.pending {
		fields["state"], fields["id"] = "code", body.ID
		b.keep(body.ID, &flow{user: f.user, pending: given.token, began: f.began})
	} else {
		fields["state"], fields["user"], fields["handle"] = "success", given.user, given.handle
		fields = merge(fields, b.refreshField(given))
	}
	reply(w, http.StatusOK, fields)
}

// logout answers 200 whatever the session's state was.
func (b *bearer) logout(w http.ResponseWriter, r *http.Request) {
	ghost, err := b.core.signOut(b.meta(r))
	if err != nil {
		refuse(w, err, nil)
		return
	}
	reply(w, http.StatusOK, merge(map[string]any{"state": "signed out"}, b.farewell(w, r, ghost)))
}

func (b *bearer) begin(user string) string {
	id := randomHex(16)
	b.keep(id, &flow{user: user, began: b.core.now()})
	return id
}

// keep stores a flow, after throwing out the old ones when there are many.
func (b *bearer) keep(id string, f *flow) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.flows) >= flowMax {
		for old, g := range b.flows {
			if len(b.flows) >= flowMax || b.core.now().Sub(g.began) > flowLife {
				delete(b.flows, old)
			}
		}
	}
	b.flows[id] = f
}

// take removes a flow and returns it, nil if there is none or it is too old.
func (b *bearer) take(id string) *flow {
	b.mu.Lock()
	defer b.mu.Unlock()
	f := b.flows[id]
	delete(b.flows, id)
	if f == nil || b.core.now().Sub(f.began) > flowLife {
		return nil
	}
	return f
}
