// Package shop is a small service with sessions, for the examples beside it: JSON
// over HTTP, and one cookie.
package shop

import (
	"bytes"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"sync"
)

// Shop keeps accounts and sessions in memory.
type Shop struct {
	mux      *http.ServeMux
	mu       sync.Mutex
	accounts map[string]account
	sessions map[[32]byte]string // the account's name, by the digest of the cookie's value
}

type account struct{ salt, hash []byte }

// New makes an empty shop.
func New() *Shop {
	s := &Shop{mux: http.NewServeMux(), accounts: map[string]account{}, sessions: map[[32]byte]string{}}
	s.mux.HandleFunc("POST /signup", s.signUp)
	s.mux.HandleFunc("POST /login", s.login)
	s.mux.HandleFunc("GET /me", s.me)
	s.mux.HandleFunc("POST /logout", s.logout)
	s.mux.HandleFunc("POST /password", s.password)
	return s
}

// ServeHTTP answers a request; no answer may be stored.
func (s *Shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	s.mux.ServeHTTP(w, r)
}

type entry struct{ Name, Password, New string }

// read takes JSON only, which no form of another site can send.
func read(w http.ResponseWriter, r *http.Request) (e entry, ok bool) {
	if r.Header.Get("Content-Type") != "application/json" {
		w.WriteHeader(http.StatusUnsupportedMediaType)
		return e, false
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4096)).Decode(&e); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return e, false
	}
	return e, true
}

func hash(password string, salt []byte) []byte {
	h, err := pbkdf2.Key(sha256.New, password, salt, 10_000, 32)
	if err != nil {
		panic(err) // the key length is fixed
	}
	return h
}

func newAccount(password string) account {
	salt := make([]byte, 16)
	rand.Read(salt)
	return account{salt, hash(password, salt)}
}

func (a account) opens(password string) bool {
	return len(a.salt) > 0 && subtle.ConstantTimeCompare(a.hash, hash(password, a.salt)) == 1
}

func (s *Shop) signUp(w http.ResponseWriter, r *http.Request) {
	e, ok := read(w, r)
	if !ok {
		return
	}
	made := newAccount(e.Password)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.accounts[e.Name]; taken || e.Name == "" || e.Password == "" {
		w.WriteHeader(http.StatusConflict)
		return
	}
	s.accounts[e.Name] = made
	w.WriteHeader(http.StatusCreated)
}

// session is the key of the request's session, and whose it is; "" is nobody's.
func (s *Shop) session(r *http.Request) (key [32]byte, name string) {
	if c, err := r.Cookie("shop"); err == nil {
		key = sha256.Sum256([]byte(c.Value))
	}
	return key, s.sessions[key]
}

// begin replaces the session of the request by a new one.
func (s *Shop) begin(w http.ResponseWriter, r *http.Request, name string) {
	old, _ := s.session(r)
	delete(s.sessions, old)
	token := rand.Text()
	s.sessions[sha256.Sum256([]byte(token))] = name
	http.SetCookie(w, cookie(token, 0))
}

func cookie(value string, age int) *http.Cookie {
	return &http.Cookie{Name: "shop", Value: value, Path: "/", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

func (s *Shop) login(w http.ResponseWriter, r *http.Request) {
	e, ok := read(w, r)
	if !ok {
		return
	}
	s.mu.Lock()
	a := s.accounts[e.Name]
	s.mu.Unlock()
	if !a.opens(e.Password) { // outside of the lock: it takes its time
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !bytes.Equal(s.accounts[e.Name].hash, a.hash) { // the password was changed meanwhile
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	s.begin(w, r, e.Name)
}

func (s *Shop) me(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	_, name := s.session(r)
	s.mu.Unlock()
	if name == "" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"name": name})
}

// logout works in every state, and makes no session.
func (s *Shop) logout(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, _ := s.session(r)
	delete(s.sessions, key)
	http.SetCookie(w, cookie("", -1))
	w.WriteHeader(http.StatusNoContent)
}

// password ends all other sessions of the account, and replaces this one.
func (s *Shop) password(w http.ResponseWriter, r *http.Request) {
	e, ok := read(w, r)
	if !ok {
		return
	}
	made := newAccount(e.New)
	s.mu.Lock()
	defer s.mu.Unlock()
	_, name := s.session(r)
	if name == "" || e.New == "" || !s.accounts[name].opens(e.Password) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	s.accounts[name] = made
	for key, whose := range s.sessions {
		if whose == name {
			delete(s.sessions, key)
		}
	}
	s.begin(w, r, name)
}
