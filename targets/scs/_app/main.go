// Command scs-app is a small site that uses scs as its documentation says.
//
//	usage: scs-app PORT      serves on 127.0.0.1
//
// JSON in and out; which statuses mean what is in ../app.yaml.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/alexedwards/scs/v2"
)

// input is the body of any request.
type input struct {
	User, Password, Role, Current, New, Text string
}

type site struct {
	accounts accounts
	sessions *scs.SessionManager
}

func main() {
	// Memory store, and the cookie as it comes: HttpOnly, SameSite=Lax, a day. Secure would need https.
	s := &site{sessions: scs.New()}
	pages := http.NewServeMux()
	pages.HandleFunc("POST /login", s.login)
	pages.HandleFunc("POST /logout", s.logout)
	pages.HandleFunc("GET /whoami", s.signedIn(s.whoami))
	pages.HandleFunc("POST /signup", s.create)
	pages.HandleFunc("POST /users", s.signedIn(s.createUser))
	pages.HandleFunc("POST /password", s.signedIn(s.changePassword))
	pages.HandleFunc("GET /note", s.signedIn(s.readNote))
	pages.HandleFunc("POST /note", s.signedIn(s.note))
	pages.HandleFunc("GET /{$}", s.home)
	all := http.NewServeMux()
	all.HandleFunc("/_test/{name}", s.operator) // beside scs: it cannot touch the session of a request
	all.Handle("/", http.NewCrossOriginProtection().Handler(noStore(s.sessions.LoadAndSave(pages))))
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], all))
}

// noStore: what depends on who asks is nobody else's to keep.
func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

func read(r *http.Request) (in input) {
	_ = json.NewDecoder(r.Body).Decode(&in) // what is not there is empty, and an empty name or password is refused
	return in
}

func answer(w http.ResponseWriter, v map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// done answers 204, or 500 where scs could not do it.
func done(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *site) me(ctx context.Context) (account, bool) {
	return s.accounts.byID(s.sessions.GetInt(ctx, "id"))
}

func (s *site) signedIn(f func(http.ResponseWriter, *http.Request, account)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		me, ok := s.me(r.Context())
		if !ok {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		f(w, r, me)
	}
}

func (s *site) login(w http.ResponseWriter, r *http.Request) {
	in := read(r)
	me, ok := s.accounts.get(in.User)
	if !ok || !me.Active || me.Password != in.Password {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	// Whoever held the session before leaves nothing in it; the token is renewed at every change of rights.
	if s.sessions.GetInt(r.Context(), "id") != me.ID {
		_ = s.sessions.Clear(r.Context())
	}
	err := s.sessions.RenewToken(r.Context())
	if err == nil {
		s.sessions.Put(r.Context(), "id", me.ID)
	}
	done(w, err)
}

func (s *site) logout(w http.ResponseWriter, r *http.Request) {
	done(w, s.sessions.Destroy(r.Context()))
}

func (s *site) whoami(w http.ResponseWriter, _ *http.Request, me account) {
	answer(w, map[string]any{"user": me.Name, "role": me.Role})
}

func (s *site) create(w http.ResponseWriter, r *http.Request) {
	in := read(r)
	if !s.accounts.create(in.User, in.Password, "user") {
		w.WriteHeader(http.StatusConflict)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

func (s *site) createUser(w http.ResponseWriter, r *http.Request, me account) {
	if me.Role != "admin" {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	s.create(w, r)
}

func (s *site) changePassword(w http.ResponseWriter, r *http.Request, me account) {
	in := read(r)
	if me.Password != in.Current || in.New == "" {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	s.accounts.change(me.Name, func(a *account) { a.Password = in.New })
	err := s.sessions.RenewToken(r.Context())
	if err == nil {
		err = s.end(r.Context(), me.ID, s.sessions.Token(r.Context()))
	}
	done(w, err)
}

func (s *site) note(w http.ResponseWriter, r *http.Request, _ account) {
	s.sessions.Put(r.Context(), "note", read(r).Text)
	w.WriteHeader(http.StatusNoContent)
}

func (s *site) readNote(w http.ResponseWriter, r *http.Request, _ account) {
	answer(w, map[string]any{"text": s.sessions.GetString(r.Context(), "note")})
}

func (s *site) home(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if me, ok := s.me(r.Context()); ok { // names are letters and digits
		fmt.Fprintf(w, `<!doctype html><title>home</title><p id="user">%s</p><form id="sign-out" method="post" action="/logout"><button>Sign out</button></form>`, me.Name)
		return
	}
	fmt.Fprint(w, `<!doctype html><title>home</title><p id="sign-in">Signed out.</p>`)
}
