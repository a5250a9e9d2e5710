package browsers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
)

func TestMain(m *testing.M) {
	if os.Getenv(harnessEnv) != "" {
		harness()
		return
	}
	os.Exit(m.Run())
}

const harnessEnv = "SESSIONSPEC_TEST_HARNESS"

// harness is what the test binary does as a child of TestKill9OfTheHarnessLeavesNoProcess: it starts a
// browser on the profile named by the environment and hangs.
func harness() {
	engine, profile, _ := strings.Cut(os.Getenv(harnessEnv), ":")
	engine, shared := strings.CutSuffix(engine, "+shared")
	e, err := Lookup(engine)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	o := Options{Profile: profile}
	if shared {
		pool := NewPool(e)
		pool.Warm()
		e, o = pool, Options{Shared: true}
	}
	b, err := e.Launch(context.Background(), o)
	if err == nil {
		err = b.Open(context.Background(), "about:blank")
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("ready", tempOf(b))
	<-time.After(24 * time.Hour) // until it is killed; an empty select ends without a C library
}

// ok fails the test at the first error.
func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// site serves pages; the keys are those of http.ServeMux.
func site(t *testing.T, pages map[string]http.HandlerFunc) string {
	t.Helper()
	mux := http.NewServeMux()
	for pattern, f := range pages {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if w.Header().Get("Content-Type") == "" {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
			}
			f(w, r)
		})
	}
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

func shows(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<!doctype html>", text) }
}

// cookiesSent shows the Cookie header that the server got.
func cookiesSent(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "<!doctype html><p id=got>%s</p>", html.EscapeString(r.Header.Get("Cookie")))
}

// The facts that lifecycle stories stand on: Chrome always writes session
// cookies to disk, and drops them at the next start unless it restores or finds
// that it had crashed.
func TestRestart(t *testing.T) {
	t.Parallel()
	each(t, testRestart)
}

func testRestart(t *testing.T, e Engine) {
	base := site(t, map[string]http.HandlerFunc{
		"/set": func(w http.ResponseWriter, r *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "sess", Value: "1", Path: "/"})
			http.SetCookie(w, &http.Cookie{Name: "pers", Value: "1", Path: "/", MaxAge: 3600})
			fmt.Fprint(w, "<!doctype html>set")
		},
		"/got": cookiesSent,
	})
	ctx := t.Context()
	b := launchIn(t, e, Options{})
	for _, c := range []struct {
		name  string
		again func() error
		want  string
	}{
		{"restart", func() error { return b.Restart(ctx, false) }, "pers=1"},
		{"restore", func() error { return b.Restart(ctx, true) }, "pers=1; sess=1"},
		{"crash", func() error { return b.Crash(ctx) }, "pers=1; sess=1"},
		// Neither sticks to the profile.
		{"restart again", func() error { return b.Restart(ctx, false) }, "pers=1"},
	} {
		ok(t, b.Open(ctx, base+"/set"))
		start := time.Now()
		err := c.again()
		if e.Name() == "webkit" { // brings back nothing, and says so
			c.want = "pers=1"
			if c.name == "restore" && errors.Is(err, ErrUnable) && strings.Contains(err.Error(), "session cookie") {
				err = nil
			} else if c.name == "restore" {
				t.Errorf("restore: %v", err)
			}
		}
		ok(t, err)
		t.Logf("%s: %s", c.name, time.Since(start).Round(time.Millisecond))
		before := len(b.Journal())
		ok(t, b.Open(ctx, base+"/got"))
		got, err := b.Text(ctx, "#got")
		ok(t, err)
		if sorted(got) != c.want {
			t.Errorf("%s: sent %q, want %q", c.name, got, c.want)
		}
		for _, x := range b.Journal()[before:] {
			if strings.HasSuffix(x.Request.URL, "/set") {
				t.Error("a restored tab loaded its page again")
			}
		}
	}
}

func sorted(cookies string) string {
	parts := strings.Split(cookies, "; ")
	slices.Sort(parts)
	return strings.Join(parts, "; ")
}

func TestProfileOutlivesClose(t *testing.T) {
	t.Parallel()
	each(t, testProfileOutlivesClose)
}

func testProfileOutlivesClose(t *testing.T, e Engine) {
	base := site(t, map[string]http.HandlerFunc{
		"/set": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Add("Set-Cookie", "sess=1")
			w.Header().Add("Set-Cookie", "pers=1; Max-Age=3600")
		},
	})
	ctx := t.Context()
	profile := t.TempDir()
	b := launchIn(t, e, Options{Profile: profile})
	ok(t, b.Open(ctx, base+"/set"))
	ok(t, b.Close(ctx))
	if err := b.Open(ctx, base); err == nil || !strings.Contains(err.Error(), "not running") {
		t.Errorf("open after close: %v", err)
	}
	want, restore := 2, true
	if e.Name() == "webkit" {
		if _, err := e.Launch(ctx, Options{Restore: true}); !errors.Is(err, ErrUnable) {
			t.Errorf("webkit with Restore: %v", err)
		}
		want, restore = 1, false
	}
	b = launchIn(t, e, Options{Profile: profile, Restore: restore})
	jar, err := b.Jar(ctx)
	ok(t, err)
	if len(jar) != want {
		t.Errorf("jar after a start with Restore: %+v", jar)
	}
}

// signIn is a small application: sid=good is a session.
func signIn() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /login": shows(`<form method=post><input id=user name=user value=old><input id=pass name=pass type=password>
			<select id=role name=role><option value=u>User<option value=a>Admin</select><button id=go>Go</button></form>`),
		"POST /login": func(w http.ResponseWriter, r *http.Request) {
			if r.FormValue("user") == "zoë" && r.FormValue("pass") == "p w" && r.FormValue("role") == "a" {
				w.Header().Add("Set-Cookie", "sid=good; HttpOnly")
			}
			http.Redirect(w, r, "/home", http.StatusSeeOther)
		},
		"/home": func(w http.ResponseWriter, r *http.Request) {
			if c, err := r.Cookie("sid"); err != nil || c.Value != "good" {
				fmt.Fprint(w, "<!doctype html><p id=who>nobody</p>")
				return
			}
			fmt.Fprint(w, "<!doctype html><p id=who>zoë</p>")
		},
		"POST /api/{n}": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header()["Set-Cookie"] = []string{"a=1", "a=2; HttpOnly", "b=1"}
			body := new(strings.Builder)
			fmt.Fprint(body, r.Header.Get("X-Extra"), "|")
			buf := make([]byte, 99)
			n, _ := r.Body.Read(buf)
			body.Write(buf[:n])
			w.WriteHeader(http.StatusTeapot)
			_ = json.NewEncoder(w).Encode(map[string]string{"cookie": r.Header.Get("Cookie"), "rest": body.String(), "agent": r.UserAgent()})
		},
		"GET /moved": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Add("Set-Cookie", "m=1")
			http.Redirect(w, r, "/home", http.StatusFound)
		},
	}
}

func TestSignInByForm(t *testing.T) {
	t.Parallel()
	each(t, testSignInByForm)
}

func testSignInByForm(t *testing.T, e Engine) {
	base := site(t, signIn())
	ctx := t.Context()
	b := launchIn(t, e, Options{UserAgent: "actor/1"})
	start := time.Now()
	ok(t, b.Open(ctx, base+"/login"))
	ok(t, b.Fill(ctx, "#user", "zoë"))
	ok(t, b.Fill(ctx, "#pass", "p w"))
	ok(t, b.Fill(ctx, "#role", "Admin"))
	ok(t, b.Click(ctx, "#go"))
	if who, err := b.Text(ctx, "#who"); err != nil || who != "zoë" {
		t.Errorf("signed in as %q, %v", who, err)
	}
	t.Logf("sign-in: %s", time.Since(start).Round(time.Millisecond))

	t.Run("fetch with credentials", func(t *testing.T) {
		x, err := b.Fetch(ctx, "POST", "/api/1", map[string]string{"X-Extra": "e"}, "text")
		ok(t, err)
		if x.Response.Status != http.StatusTeapot || x.Request.Body != "text" || x.Request.Header.Get("X-Extra") != "e" {
			t.Errorf("exchange: %+v", x)
		}
		var body map[string]string
		ok(t, json.Unmarshal([]byte(x.Response.Body), &body))
		if body["cookie"] != "sid=good" || body["rest"] != "e|text" || body["agent"] != "actor/1" {
			t.Errorf("server got %v", body)
		}
		if got := strings.Join(x.Response.Header.Values("Set-Cookie"), ","); got != "a=1,a=2; HttpOnly,b=1" {
			t.Errorf("Set-Cookie lines: %s", got)
		}
	})
	t.Run("fetch does not follow redirects", func(t *testing.T) {
		x, err := b.Fetch(ctx, "GET", "/moved", nil, "")
		ok(t, err)
		if x.Response.Status != http.StatusFound || x.Response.Header.Get("Location") != "/home" || x.Response.Header.Get("Set-Cookie") != "m=1" {
			t.Errorf("exchange: %+v", x.Response)
		}
	})
	t.Run("fetch refuses", func(t *testing.T) {
		if _, err := b.Fetch(ctx, "GET", "http://other.test/", nil, ""); err == nil || !strings.Contains(err.Error(), "other.test") {
			t.Errorf("other origin: %v", err)
		}
		if _, err := b.Fetch(ctx, "GET", "/home", map[string]string{"Cookie": "x=1"}, ""); err == nil {
			t.Error("a Cookie header was taken, though the browser drops it")
		}
	})
	t.Run("journal", func(t *testing.T) {
		var seen []string
		var login history.Exchange
		for _, x := range b.Journal() {
			if strings.HasSuffix(x.Request.URL, "/favicon.ico") {
				continue
			}
			if x.Response == nil {
				t.Fatalf("no response: %+v", x)
			}
			seen = append(seen, fmt.Sprint(x.Request.Method, " ", strings.TrimPrefix(x.Request.URL, base), " ", x.Response.Status))
			if x.Request.Method == "POST" && strings.HasSuffix(x.Request.URL, "/login") {
				login = x
			}
		}
		want := "GET /login 200, POST /login 303, GET /home 200, POST /api/1 418, GET /moved 302"
		if got := strings.Join(seen, ", "); got != want {
			t.Errorf("journal: %s\nwant:    %s", got, want)
		}
		if want := "user=zo%C3%AB&pass=p+w&role=a"; login.Request.Body != want {
			t.Errorf("body of the sign-in: %q, want %q", login.Request.Body, want)
		}
		if login.Request.Header.Get("Host") == "" || login.Request.Header.Get("User-Agent") != "actor/1" {
			t.Errorf("header of the sign-in: %v", login.Request.Header)
		}
	})
}

func short(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := WithLimit(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}
