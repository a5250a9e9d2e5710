package survey_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/sessionspec/sessionspec/examples/shop"
	"github.com/sessionspec/sessionspec/internal/reference"
	"github.com/sessionspec/sessionspec/internal/survey"
	"github.com/sessionspec/sessionspec/suites"
	"github.com/sessionspec/sessionspec/targets"
)

// look surveys a service and returns the file, which has to be one.
func look(t *testing.T, address string, account *survey.Account) string {
	t.Helper()
	s, err := survey.Look(t.Context(), address, account)
	if err != nil {
		t.Fatal(err)
	}
	text := s.Target()
	if _, err := targets.Parse("f.yaml", []byte(text)); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return text
}

func wants(t *testing.T, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if not, ok := strings.CutPrefix(w, "! "); ok && strings.Contains(text, not) || !ok && !strings.Contains(text, w) {
			t.Errorf("want %q in\n%s", w, text)
		}
	}
}

func serve(t *testing.T, dialect string) string {
	t.Helper()
	srv, err := reference.Serve(t.Context(), reference.Options{Dialect: dialect, HashCost: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { srv.Close() })
	return srv.URL()
}

// TestDialects: what each kind of service shows to a stranger.
func TestDialects(t *testing.T) {
	form := []string{`keep: {field_csrf: {css: "#login input[name=\"csrf\"]", attr: value}}`,
		`form: {"csrf": "${field_csrf}", "user": "${user}", "password": "${password}"}`, `- GET: "/whoami"`, `- GET: "/logout"`, `route: sign-up`, "a mere visit sets csrf", "! remember"}
	for dialect, want := range map[string][]string{
		"web":        form,
		"two-cookie": form,
		"app":        {`- POST: "/api/session"`, `- GET: "/api/session"`, `- DELETE: "/api/session"`, `POST: "/api/users"`, "allows DELETE, GET, HEAD, POST"},
		"bearer":     {`- POST: "/v1/auth"`, `- GET: "/v1/valid"`, `- POST: "/v1/logout"`, `POST: "/v1/users"`},
		"realtime":   {`- POST: "/login"`, `- GET: "/whoami"`, `- POST: "/logout"`, `POST: "/users"`},
	} {
		t.Run(dialect, func(t *testing.T) {
			wants(t, look(t, serve(t, dialect), nil), append(want, "TODO", "Seen: ")...)
		})
	}
}

// TestASurveyReads: without an account nothing is submitted.
func TestASurveyReads(t *testing.T) {
	var mu sync.Mutex
	methods := map[string]int{}
	good := shop.New()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		methods[r.Method]++
		mu.Unlock()
		good.ServeHTTP(w, r)
	}))
	defer srv.Close()
	wants(t, look(t, srv.URL, nil), `- POST: "/login"`, `- GET: "/me"`, `- POST: "/logout"`, `POST: "/signup"`)
	if len(methods) != 2 || methods["GET"] == 0 || methods["OPTIONS"] != 1 {
		t.Errorf("sent: %v", methods)
	}
}

// TestWithAnAccount: the file that comes of an account is played as it stands.
func TestWithAnAccount(t *testing.T) {
	base := serve(t, "web")
	signUp(t, base, "alice", "Aa1-a-good-password")
	text := look(t, base, &survey.Account{User: "alice", Password: "Aa1-a-good-password"})
	wants(t, text, "it named the account after a sign-in; strangers get 401", `name: "$.user"`, `ok: status == 303 # Seen`, "change_password:",
		`"current": "${password}", "new": "${new_password}"`, "! Aa1-a-good-password")
	file := filepath.Join(t.TempDir(), "sessions.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	suites.Run(t, suites.Config{Target: file, Only: "frame/sign-out-keeps-others,frame/create-user-keeps-sessions,frame/password-change-scope"})
	// A wrong password is said, and nothing is claimed that was not seen.
	wants(t, look(t, base, &survey.Account{User: "alice", Password: "wrong"}), "could not be signed in", "TODO: does it answer 200 to an account", "! named the account after")
}

func signUp(t *testing.T, base, name, password string) {
	t.Helper()
	res, err := http.Get(base + "/signup")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), `name="csrf" value="`)
	csrf, _, _ := strings.Cut(rest, `"`)
	req, _ := http.NewRequest("POST", base+"/signup", strings.NewReader("csrf="+csrf+"&user="+name+"&password="+password))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, c := range res.Cookies() {
		req.AddCookie(c)
	}
	done, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	done.Body.Close()
	if done.StatusCode != http.StatusSeeOther {
		t.Fatalf("the account could not be made: %d", done.StatusCode)
	}
}

// TestNothingIsMadeUp: what answers alike everywhere, or shows nothing, gives a
// file of which every part is a TODO.
func TestNothingIsMadeUp(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"one page for all": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, "<div id=app></div><script src=/app.js></script>")
		},
		"nothing":           http.NotFound,
		"a gate before all": func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(handler)
			defer srv.Close()
			wants(t, look(t, srv.URL, nil), "/TODO-sign-in", "/TODO-whoami", "TODO: no way to make an account", "TODO: no sign-out was seen", "! Seen: ")
		})
	}
}

// TestHostilePages: whatever a page says, the file stays one, and says nothing else.
func TestHostilePages(t *testing.T) {
	const odd = "a\"'}: #${nobody}\n- x"
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		esc := strings.NewReplacer(`"`, "&quot;", "<", "&lt;").Replace(odd)
		fmt.Fprintf(w, `<form method=post action="/%[1]s" id="%[1]s"><input type=hidden name="%[1]s" value="%[1]s"><input name="user%[1]s"><input type=password name="p%[1]s"><input name="other%[1]s"></form>
<form method=post action="https://elsewhere.test/in"><input name=user><input type=password name=password></form><a href="http://elsewhere.test/login">x</a><a href="/logout">out</a>`, esc)
	}))
	defer srv.Close()
	wants(t, look(t, srv.URL, nil), "is sent to another host", "what belongs into othera\"'}: #${nobody} - x?", "$${nobody}")
}

func TestNobodyAnswers(t *testing.T) {
	for address, want := range map[string]string{"http://127.0.0.1:1": "refused", "ftp://x": "no http or https address", "http://": "no http or https address"} {
		if _, err := survey.Look(context.Background(), address, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", address, err)
		}
	}
}
