package reference

import "net/http"

// appRoutes is the dialect app: a JSON API with the token in X-Session-Token.
func (s *site) appRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /api/session", s.apiSignIn)
	mux.HandleFunc("POST /api/session/code", s.apiCode)
	mux.HandleFunc("POST /api/session/refresh", s.apiRefresh)
	mux.HandleFunc("POST /api/link", s.apiRequestLink)
	mux.HandleFunc("POST /api/link/redeem", s.apiRedeem)
	mux.HandleFunc("GET /api/session", s.apiWhoami)
	mux.HandleFunc("DELETE /api/session", s.apiSignOut)
	mux.HandleFunc("POST /api/users", s.apiSignUp)
	mux.HandleFunc("POST /api/password", s.apiPassword)
	mux.HandleFunc("GET /api/sessions", s.apiSessions)
	mux.HandleFunc("DELETE /api/sessions", s.apiRevokeOthers)
	mux.HandleFunc("DELETE /api/sessions/{id}", s.apiRevoke)
	mux.HandleFunc("POST /api/step-up", s.apiStepUp)
	mux.HandleFunc("POST /api/sensitive", s.apiSensitive)
	mux.HandleFunc("GET /api/events", s.events)
	mux.HandleFunc("POST /api/events", s.tell)
	mux.HandleFunc("POST /api/notes", s.apiWriteNote)
	mux.HandleFunc("GET /api/notes", s.apiReadNote)
}
