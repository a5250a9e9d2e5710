package reference

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

// mailuAnswer is what the tests look at.
type mailuAnswer struct {
	StatusCode int
	Header     http.Header
}

// Cookies are those that the answer sets.
func (a mailuAnswer) Cookies() []*http.Cookie { return (&http.Response{Header: a.Header}).Cookies() }

// mailuServer serves the dialect with one administrator and one user made by
// its command line, and returns a way to post forms without following redirects.
func mailuServer(t *testing.T, plant ...string) (srv *Server, cli func(stdin, args string) int, send func(method, path, cookie string, form url.Values) mailuAnswer) {
	t.Helper()
	store := filepath.Join(t.TempDir(), "store")
	srv, err := Serve(context.Background(), Options{Dialect: dialectMailu, Store: store, AdminKey: testKey, Plant: plant})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { srv.Close() })
	cli = func(stdin, args string) int {
		var out bytes.Buffer
		words := append([]string{"--store", store, "--plant", strings.Join(plant, ",")}, strings.Fields(args)...)
		return mailuCLI(words, strings.NewReader(stdin), &out, &out)
	}
	send = func(method, path, cookie string, form url.Values) mailuAnswer {
		t.Helper()
		r, err := http.NewRequest(method, srv.URL()+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Cookie", cookie)
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return mailuAnswer{resp.StatusCode, resp.Header}
	}
	for _, args := range []string{"admin office example.org password1", "user alice example.org password1"} {
		if code := cli("", args); code != 0 {
			t.Fatalf("%s: exit %d", args, code)
		}
	}
	return srv, cli, send
}

// signInMailu returns the session cookie as a request sends it.
func signInMailu(t *testing.T, send func(string, string, string, url.Values) mailuAnswer, user, password string) string {
	t.Helper()
	resp := send("POST", "/sso/login", "", url.Values{"email": {user + "@example.org"}, "pw": {password}})
	for _, c := range resp.Cookies() {
		if c.Name == "session" {
			return "session=" + c.Value
		}
	}
	return ""
}

func TestMailuCookies(t *testing.T) {
	_, _, send := mailuServer(t)
	resp := send("POST", "/sso/login", "", url.Values{"email": {"alice@example.org"}, "pw": {"password1"}})
	var session, device string
	for _, line := range resp.Header.Values("Set-Cookie") {
		if strings.HasPrefix(line, "session=") {
			session = line
		} else {
			device = line
		}
	}
	for _, want := range []string{"Path=/;", "Expires=", "HttpOnly", "SameSite=Strict"} {
		if !strings.Contains(session, want) {
			t.Errorf("%s lacks %s", session, want)
		}
	}
	if strings.Contains(session, "Max-Age") || !strings.HasPrefix(device, "rate_limit=") || !strings.Contains(device, "Path=/sso/login; Max-Age=31536000; HttpOnly") {
		t.Errorf("%s\n%s", session, device)
	}
	gone := send("GET", "/sso/logout", strings.Split(session, ";")[0], nil).Header.Get("Set-Cookie")
	if !strings.HasPrefix(gone, "session=; Path=/; Max-Age=0") {
		t.Errorf("sign-out says %q", gone)
	}
}

// TestMailuCommandLine: every command acts on the sessions of a running server.
func TestMailuCommandLine(t *testing.T) {
	_, cli, send := mailuServer(t)
	alive := func(cookie string) bool {
		t.Helper()
		a, b := send("GET", "/admin/user/settings", cookie, nil).StatusCode, send("GET", "/internal/auth/user", cookie, nil).StatusCode
		if (a == http.StatusOK) != (b == http.StatusOK) {
			t.Errorf("page %d, gate %d", a, b)
		}
		return a == http.StatusOK
	}
	alice, office := signInMailu(t, send, "alice", "password1"), signInMailu(t, send, "office", "password1")
	hash := fmt.Sprintf("%x", sha256.Sum256([]byte("password3")))
	for _, c := range []struct {
		args, stdin string
		exit        int
		alice       bool
		password    string // alice's afterwards
	}{
		{"user bob example.org password1", "", 0, true, ""},
		{"user bob example.org password1", "", 1, true, ""},
		{"admin bob example.org password1", "", 1, true, ""},
		{"admin --mode ifmissing bob example.org password1", "", 0, true, ""},
		{"admin --mode update bob example.org password2", "", 0, true, ""},
		{"user-import carol example.org " + hash, "", 0, true, ""},
		{"password nobody example.org password1", "", 0, true, ""},
		{"user-delete nobody@example.org", "", 0, true, ""},
		{"password alice example.org password4", "", 0, false, "password4"},
		{"config-import --update", "user: [{email: alice@example.org, password: password5, hash_password: true}]", 0, false, "password5"},
		{"user-delete alice@example.org", "", 0, false, ""},
		{"user-delete -r alice@example.org", "", 0, false, ""},
		{"nonsense", "", 2, false, ""},
		{"user bob", "", 2, false, ""},
	} {
		if code := cli(c.stdin, c.args); code != c.exit {
			t.Errorf("%s: exit %d, want %d", c.args, code, c.exit)
		}
		if alive(alice) != c.alice || !alive(office) {
			t.Errorf("after %s: alice %v, office %v", c.args, alive(alice), alive(office))
		}
		if c.password != "" {
			if alice = signInMailu(t, send, "alice", c.password); !alive(alice) {
				t.Errorf("after %s alice cannot sign in", c.args)
			}
		}
	}
	if signInMailu(t, send, "carol", "password3") == "" || signInMailu(t, send, "bob", "password2") == "" || signInMailu(t, send, "bob", "password1") != "" {
		t.Error("a password from the command line is not the one that was given")
	}
}

// TestMailuFoundingBug: also a command line that fails ends everybody's session.
func TestMailuFoundingBug(t *testing.T) {
	_, cli, send := mailuServer(t, faultCreateEndsSessions)
	for _, exit := range []int{0, 1} {
		alice := signInMailu(t, send, "alice", "password1")
		if code := cli("", "user bob example.org password1"); code != exit {
			t.Errorf("exit %d, want %d", code, exit)
		}
		if got := send("GET", "/admin/user/settings", alice, nil).StatusCode; got != http.StatusFound {
			t.Errorf("alice: %d", got)
		}
	}
}

// TestMailuSuspends: an account that is switched off and on again has its sessions back.
func TestMailuSuspends(t *testing.T) {
	srv, cli, send := mailuServer(t)
	alice := signInMailu(t, send, "alice", "password1")
	cli("", "user-delete alice@example.org")
	if got := send("GET", "/admin/user/settings", alice, nil); got.StatusCode != http.StatusFound || got.Header.Get("Set-Cookie") != "" {
		t.Errorf("while it is off: %d %v", got.StatusCode, got.Header)
	}
	for token, want := range map[string]int{"": 401, "wrong": 403, testKey: 200} {
		r, _ := http.NewRequest("PATCH", srv.URL()+"/api/v1/user/alice@example.org", strings.NewReader(`{"enabled": true}`))
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("token %q: %d, want %d", token, resp.StatusCode, want)
		}
	}
	if got := send("GET", "/admin/user/settings", alice, nil).StatusCode; got != http.StatusOK {
		t.Errorf("after it is on again: %d", got)
	}
}
