package reference

import (
	"bytes"
	"encoding/pem"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// kanidmWorld is a stand-in with an administrator, one person and a client of
// Kanidm's command line for each name.
type kanidmWorld struct {
	t     *testing.T
	api   kanidmAPI
	plant string
	ca    string
	homes map[string]string
	admin string // token
}

func newKanidmWorld(t *testing.T, plant string) *kanidmWorld {
	t.Helper()
	lender := httptest.NewTLSServer(nil) // for its certificate
	t.Cleanup(lender.Close)
	srv, err := Serve(t.Context(), Options{Dialect: dialectKanidm, TLS: lender.TLS, AdminKey: testKey, HashCost: 1, Plant: []string{plant}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { srv.Close() })
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: lender.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	w := &kanidmWorld{t: t, plant: plant, ca: ca, homes: map[string]string{}}
	if w.api, err = newKanidmAPI(srv.URL(), ca); err != nil {
		t.Fatal(err)
	}
	w.admin = w.signIn(kanidmAdmin, testKey)
	w.want("", "POST", "/v1/person", w.admin, map[string]any{"attrs": map[string]any{"name": []string{"ann"}}}, nil)
	w.password("ann", w.admin, "pw-ann")
	return w
}

// want makes a request whose error has to hold that word, "" for none.
func (w *kanidmWorld) want(word, method, path, token string, body, into any) {
	w.t.Helper()
	_, err := w.api.do(method, path, token, "", body, into)
	if word == "" && err != nil || word != "" && (err == nil || !strings.Contains(err.Error(), word)) {
		w.t.Errorf("%s %s: %v, want %q", method, path, err, word)
	}
}

func (w *kanidmWorld) password(name, token, password string) {
	w.t.Helper()
	var begun []struct{ Token string }
	w.want("", "GET", "/v1/person/"+name+"/_credential/_update", token, nil, &begun)
	w.want("", "POST", "/v1/credential/_update", token, []any{map[string]string{"password": password}, map[string]string{"token": begun[0].Token}}, nil)
	w.want("", "POST", "/v1/credential/_commit", token, map[string]string{"token": begun[0].Token}, nil)
}

// signIn returns the token, or the reason why there is none.
func (w *kanidmWorld) signIn(name, password string) string {
	w.t.Helper()
	return w.converse("/v1/auth", "", map[string]any{"step": map[string]any{"init2": map[string]any{"username": name, "issue": "token"}}}, password)
}

func (w *kanidmWorld) converse(path, token string, first any, password string) string {
	w.t.Helper()
	var said struct {
		State struct{ Success, Denied string }
	}
	next, err := w.api.do("POST", path, token, "", first, nil)
	if err == nil && path == "/v1/auth" {
		next, err = w.api.do("POST", "/v1/auth", "", next, map[string]any{"step": map[string]any{"begin": "password"}}, nil)
	}
	if err == nil {
		_, err = w.api.do("POST", "/v1/auth", "", next, map[string]any{"step": map[string]any{"cred": map[string]any{"password": password}}}, &said)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return said.State.Success + said.State.Denied
}

// cli is Kanidm's command line in the home of one person.
func (w *kanidmWorld) cli(name string, args ...string) (int, string) {
	w.t.Helper()
	if w.homes[name] == "" {
		w.homes[name] = w.t.TempDir()
	}
	var out bytes.Buffer
	env := []string{"HOME=" + w.homes[name], "KANIDM_URL=" + w.api.base, "KANIDM_CA_PATH=" + w.ca, "KANIDM_PASSWORD=pw-" + name}
	code := ClientCLI(append([]string{"--dialect", "kanidm", "--plant", w.plant}, append(args, "-D", name)...), env, nil, &out, &out)
	return code, out.String()
}

func (w *kanidmWorld) disable(name string) {
	w.t.Helper()
	w.want("", "PUT", "/v1/person/"+name+"/_attr/account_expire", w.admin, []string{"1970-01-01T00:00:00Z"}, nil)
}

func TestKanidmSession(t *testing.T) {
	w := newKanidmWorld(t, "")
	if said := w.signIn("ann", "wrong"); said != "incorrect password" {
		t.Errorf("a wrong password: %q", said)
	}
	laptop, phone := w.signIn("ann", "pw-ann"), w.signIn("ann", "pw-ann")
	w.want("", "GET", "/v1/auth/valid", laptop, nil, nil)
	w.want("notauthenticated", "GET", "/v1/auth/valid", "", nil, nil)
	w.want("sessionexpired", "GET", "/v1/auth/valid", laptop[:len(laptop)-4]+"AAAA", nil, nil)
	// The right to write is a second token of the same session; the first goes on without it.
	w.want("403", "PUT", "/v1/person/ann/_attr/displayname", laptop, []string{"Ann"}, nil)
	may := w.converse("/v1/reauth", laptop, "token", "pw-ann")
	w.want("", "PUT", "/v1/person/ann/_attr/displayname", may, []string{"Ann"}, nil)
	w.want("403", "PUT", "/v1/person/ann/_attr/displayname", laptop, []string{"Ann"}, nil)
	w.want("403", "DELETE", "/v1/person/ann", may, nil, nil)
	var list []struct {
		ID string `json:"session_id"`
	}
	w.want("", "GET", "/v1/account/ann/_user_auth_token", laptop, nil, &list)
	if len(list) != 2 {
		t.Errorf("%d sessions in the list, want 2", len(list))
	}
	w.want("404", "GET", "/v1/account/idm_admin/_user_auth_token", laptop, nil, nil)
	// Suspended with the account, and live again afterwards.
	w.disable("ann")
	w.want("sessionexpired", "GET", "/v1/self", phone, nil, nil)
	w.want("", "GET", "/v1/logout", laptop, nil, nil)
	w.want("", "DELETE", "/v1/person/ann/_attr/account_expire", w.admin, nil, nil)
	w.want("", "GET", "/v1/self", phone, nil, nil)
	w.want("sessionexpired", "GET", "/v1/self", may, nil, nil)
	// A new password ends them all, that of whoever sets it included.
	may = w.converse("/v1/reauth", phone, "token", "pw-ann")
	w.password("ann", may, "pw-other")
	w.want("sessionexpired", "GET", "/v1/self", phone, nil, nil)
	w.want("sessionexpired", "GET", "/v1/self", may, nil, nil)
}

func TestKanidmFoundingBugOfTheServer(t *testing.T) {
	for _, plant := range []string{"", faultSignOutRefused} {
		w := newKanidmWorld(t, plant)
		token := w.signIn("ann", "pw-ann")
		w.disable("ann")
		w.want(map[string]string{faultSignOutRefused: `401 "sessionexpired"`}[plant], "GET", "/v1/logout", token, nil, nil)
	}
}

func TestKanidmFoundingBugOfTheClient(t *testing.T) {
	for _, plant := range []string{"", faultClientKeepsToken} {
		w := newKanidmWorld(t, plant)
		if code, out := w.cli("ann", "login"); code != 0 || !strings.Contains(out, "ann@localhost") {
			t.Fatalf("login: %d %s", code, out)
		}
		if code, out := w.cli("ann", "self", "whoami"); code != 0 || !strings.Contains(out, "name: ann\n") {
			t.Errorf("whoami: %d %s", code, out)
		}
		w.disable("ann")
		if code, out := w.cli("ann", "self", "whoami"); code != 0 || strings.Contains(out, "name: ann\n") {
			t.Errorf("whoami of a disabled account: %d %s", code, out)
		}
		code, _ := w.cli("ann", "logout")
		kept := strings.Contains(readFile(filepath.Join(w.homes["ann"], ".cache", "kanidm_tokens")), "ann@localhost")
		if planted := plant != ""; kept != planted || (code != 0) != planted {
			t.Errorf("planted %q: exit %d, token kept %v", plant, code, kept)
		}
	}
}

func TestKanidmClientWithoutItsServer(t *testing.T) {
	w := newKanidmWorld(t, "")
	if code, _ := w.cli("ann", "login"); code != 0 {
		t.Fatal(code)
	}
	w.api.base = "https://127.0.0.1:1"
	if code, _ := w.cli("ann", "logout"); code != exitRefused {
		t.Errorf("logout without a server: exit %d", code)
	}
	if strings.Contains(readFile(filepath.Join(w.homes["ann"], ".cache", "kanidm_tokens")), "ann@localhost") {
		t.Error("the token is kept")
	}
	if code, _ := w.cli("ann", "dance"); code != exitUsage {
		t.Errorf("dance: exit %d", code)
	}
	if _, err := newKanidmAPI("https://127.0.0.1:1", os.DevNull); err == nil {
		t.Errorf("an empty authority: %v", err)
	}
}
