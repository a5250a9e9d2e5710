package reference

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// world is one server with the ways to act on it.
type world struct {
	t       *testing.T
	dialect string
	srv     *Server
	store   string
	plant   []string
	key     *visitor       // holds the admin key
	roots   *x509.CertPool // of a server with TLS
}

const testKey = "test-key"

func newWorld(t *testing.T, dialect string, faults ...string) *world {
	t.Helper()
	return newWorldBy(t, dialect, Rules{}, faults...)
}

// newWorldBy is newWorld with rules beyond the usual.
func newWorldBy(t *testing.T, dialect string, rules Rules, faults ...string) *world {
	t.Helper()
	w := &world{t: t, dialect: dialect, store: filepath.Join(t.TempDir(), "store"), plant: faults}
	srv, err := Serve(context.Background(), Options{Dialect: dialect, Store: w.store, Plant: faults, AdminKey: testKey, HashCost: 1, Rules: rules})
	if err != nil {
		t.Fatal(err)
	}
	w.srv = srv
	t.Cleanup(func() { srv.Close() })
	w.key = w.visitor("127.0.0.1")
	return w
}

func (w *world) provision(name, role string) {
	w.t.Helper()
	w.key.header = http.Header{"X-Admin-Key": {testKey}}
	a := w.key.json("POST", "/admin/users", map[string]any{"name": name, "password": "pw-" + name, "role": role})
	if a.status != http.StatusCreated {
		w.t.Fatalf("provisioning %s: %d %s", name, a.status, a.body)
	}
}

// admin runs the admin command line, which is what a second process would do.
func (w *world) admin(args ...string) int {
	return AdminCLI(append([]string{"--store", w.store, "--plant", strings.Join(w.plant, ",")}, args...), io.Discard, io.Discard)
}

func (w *world) count() int {
	w.t.Helper()
	var got struct{ Count int }
	a := w.key.json("GET", "/admin/sessions/count", nil)
	if err := json.Unmarshal(a.body, &got); err != nil {
		w.t.Fatal(err)
	}
	return got.Count
}

// visitor is a client with its own jar and source address.
type visitor struct {
	w          *world
	http       *http.Client
	jar        map[string]*http.Cookie
	token      string // for header dialects
	header     http.Header
	connection string
	name       string
	pause      func() // before the last byte of the next body
}

type answer struct {
	status int
	body   []byte
	header http.Header
	minted []string // credentials the answer carried
}

func (a answer) ok() bool { return a.status < 400 }

func (w *world) visitor(address string) *visitor {
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	transport := &http.Transport{DialContext: dialer.DialContext, TLSClientConfig: &tls.Config{RootCAs: w.roots}}
	w.t.Cleanup(transport.CloseIdleConnections)
	return &visitor{w: w, jar: map[string]*http.Cookie{}, http: &http.Client{Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// replay is a clean client with the credential v has now.
func (v *visitor) replay() *visitor {
	c := v.w.visitor("127.0.0.9")
	c.token = v.token
	for name, cookie := range v.jar {
		c.jar[name] = cookie
	}
	return c
}

var credentialCookies = map[string]string{"web": "sid", "two-cookie": "session_id", "realtime": "rt"}

func (v *visitor) send(method, path, kind, body string) answer {
	v.w.t.Helper()
	return v.at(v.w.srv.URL(), method, path, kind, body)
}

// at sends to another base than the server's.
func (v *visitor) at(base, method, path, kind, body string) answer {
	v.w.t.Helper()
	req, err := http.NewRequest(method, base+path, v.paused(body))
	if err != nil {
		v.w.t.Fatal(err)
	}
	req.ContentLength = int64(len(body))
	for name, values := range v.header {
		req.Header[name] = values
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if v.token != "" {
		switch v.w.dialect {
		case "app":
			req.Header.Set("X-Session-Token", v.token)
		case "bearer":
			req.Header.Set("Authorization", "Bearer "+v.token)
		}
	}
	if v.connection != "" {
		req.Header.Set(connectionHeader, v.connection)
	}
	for _, c := range v.jar {
		req.AddCookie(c)
	}
	resp, err := v.http.Do(req)
	if err != nil {
		v.w.t.Fatal(err)
	}
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode, header: resp.Header}
	a.body, _ = io.ReadAll(resp.Body)
	for _, c := range resp.Cookies() {
		if c.MaxAge < 0 {
			delete(v.jar, c.Name)
			continue
		}
		v.jar[c.Name] = c
		if c.Name == credentialCookies[v.w.dialect] {
			a.minted = append(a.minted, c.Value)
		}
	}
	var told struct{ Token string }
	if json.Unmarshal(a.body, &told) == nil && told.Token != "" {
		v.token = told.Token
		a.minted = append(a.minted, told.Token)
	}
	return a
}

func (v *visitor) json(method, path string, body any) answer {
	v.w.t.Helper()
	if body == nil {
		return v.send(method, path, "", "")
	}
	var sent bytes.Buffer
	if err := json.NewEncoder(&sent).Encode(body); err != nil {
		v.w.t.Fatal(err)
	}
	return v.send(method, path, "application/json", sent.String())
}

var csrfField = regexp.MustCompile(`<form id="(?:login|login-code|signup|confirm|keep|change-password|create-user|recover|link)"[^>]*>\s*<input type="hidden" name="csrf" value="([^"]*)"`)

// form gets a page, takes its anti-forgery field along and posts.
func (v *visitor) form(page, path string, pairs ...string) answer {
	v.w.t.Helper()
	got := v.send("GET", page, "", "")
	fields := url.Values{}
	if m := csrfField.FindSubmatch(got.body); m != nil {
		fields.Set("csrf", string(m[1]))
	}
	for i := 0; i < len(pairs); i += 2 {
		fields.Set(pairs[i], pairs[i+1])
	}
	a := v.send("POST", path, "application/x-www-form-urlencoded", fields.Encode())
	a.minted = append(got.minted, a.minted...)
	return a
}

func (w *world) html() bool { return w.dialect == "web" || w.dialect == "two-cookie" }

// ways holds the paths of the JSON dialects.
var ways = map[string]map[string]string{
	"app": {"in": "/api/session", "code": "/api/session/code", "who": "GET /api/session", "out": "DELETE /api/session", "up": "/api/users",
		"password": "/api/password", "up-again": "/api/step-up", "sensitive": "/api/sensitive", "sessions": "/api/sessions", "notes": "/api/notes"},
	"bearer": {"who": "GET /v1/valid", "out": "POST /v1/logout", "up": "/v1/users",
		"password": "/v1/password", "up-again": "/v1/step-up", "sensitive": "/v1/sensitive", "sessions": "/v1/sessions", "notes": "/v1/notes"},
	"realtime": {"in": "/login", "code": "/login/code", "who": "GET /whoami", "out": "POST /logout", "up": "/users",
		"password": "/password", "up-again": "/step-up", "sensitive": "/sensitive", "sessions": "/sessions", "notes": "/rt/notes"},
}

func (v *visitor) way(name string) (method, path string) {
	method, path, found := strings.Cut(ways[v.w.dialect][name], " ")
	if !found {
		return "POST", method
	}
	return method, path
}
