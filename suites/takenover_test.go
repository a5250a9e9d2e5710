package suites

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/targets"
)

// tagged is a service that finds the sessions of an account by a tag on each,
// as Mailu does by the beginning of the key: a new password ends the sessions so
// tagged. Where a sign-in takes a session over, stale leaves it the tag it had.
type tagged struct {
	stale bool

	mu        sync.Mutex
	passwords map[string]string
	rows      map[string][2]string // user and tag, by cookie value
}

func (s *tagged) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var value string
	if c, err := r.Cookie("sid"); err == nil {
		value = c.Value
	}
	row, live := s.rows[value]
	hand := func(user, tag string) {
		delete(s.rows, value)
		token := rand.Text()
		s.rows[token] = [2]string{user, tag}
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	user, password := r.PostFormValue("user"), r.PostFormValue("password")
	w.Header().Set("Cache-Control", "no-store")
	switch {
	case r.URL.Path == "/users":
		s.passwords[user] = password
	case r.URL.Path == "/in" && user != "" && s.passwords[user] == password:
		tag := user
		if live && s.stale {
			tag = row[1]
		}
		hand(user, tag)
	case r.URL.Path == "/me" && live:
		fmt.Fprint(w, row[0])
	case r.URL.Path == "/password" && live:
		s.passwords[row[0]] = password
		for token, other := range s.rows {
			if other[1] == row[0] && token != value {
				delete(s.rows, token)
			}
		}
		hand(row[0], row[1])
	default:
		w.WriteHeader(http.StatusForbidden)
	}
}

const taggedFile = `
name: tagged
base: %s
declares: {change_password: {others: end, current: rotate}, sign_in_again: replaces}
provision: [{POST: /users, form: {user: "${user}", password: "${password}"}}]
operations:
  whoami: [{GET: /me, live: status == 200, name: {regex: "(.+)"}}]
  sign_in: [{POST: /in, form: {user: "${user}", password: "${password}"}}]
  change_password: [{POST: /password, form: {password: "${new_password}"}}]
`

// TestSessionThatWasTakenOver: only the stories in which somebody signs in over
// somebody else's session find such a tag.
func TestSessionThatWasTakenOver(t *testing.T) {
	for _, stale := range []bool{false, true} {
		srv := httptest.NewServer(&tagged{stale: stale, passwords: map[string]string{}, rows: map[string][2]string{}})
		defer srv.Close()
		file := filepath.Join(t.TempDir(), "tagged.yaml")
		if err := os.WriteFile(file, fmt.Appendf(nil, taggedFile, srv.URL), 0o600); err != nil {
			t.Fatal(err)
		}
		lib, err := library()
		if err != nil {
			t.Fatal(err)
		}
		for only, want := range map[string][]string{
			"frame/password-change-scope":         nil,
			"frame/password-change-of-who-had-it": {"frame/account-change-scope"},
			"frame/password-change-of-who-has-it": {"terminate/credential-change-ends-others"},
		} {
			if !stale {
				want = nil
			}
			ts, err := targets.Load(file, nil)
			if err != nil {
				t.Fatal(err)
			}
			got := played(t, Options{Library: lib, Targets: ts, Only: only, Browser: "none", Workers: 1})
			if failed := verdicts(got, reports.Fail); !slices.Equal(failed, want) || len(verdicts(got, reports.Pass)) == 0 && !stale {
				t.Errorf("stale %v, %s: failing %v, want %v\n%s", stale, only, failed, want, notPassed(got))
			}
		}
	}
}
