package reference

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

func TestAdminCLI(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	for _, c := range []struct {
		args string
		exit int
		out  string
		err  string
	}{
		{"create-user ann secret --role admin", 0, "", ""},
		{"create-user ann other", 1, "", "already"},
		{"create-user bob secret --second-factor 1", 0, "", ""},
		{"count", 0, "0\n", ""},
		{"disable bob", 0, "", ""},
		{"list", 0, "bob\tuser\tdisabled\t0\n", ""},
		{"list", 0, "ann\tadmin\tenabled\t0\n", ""},
		{"rename bob ann", 1, "", "already"},
		{"rename bob rob", 0, "", ""},
		{"delete-user bob", 1, "", "no such user"},
		{"delete-user rob", 0, "", ""},
		{"passwd ann", 2, "", "usage"},
		{"create-user a/b secret", 1, "", "user name"},
		{"nonsense", 2, "", "usage"},
		{"count --plant nonsense", 2, "", "no fault"},
		{"", 2, "", "usage"},
	} {
		var out, errs bytes.Buffer
		exit := AdminCLI(append([]string{"--store", path}, strings.Fields(c.args)...), &out, &errs)
		if exit != c.exit || !strings.Contains(out.String(), c.out) || !strings.Contains(errs.String(), c.err) {
			t.Errorf("admin %s: exit %d, stdout %q, stderr %q; want %d, %q, %q", c.args, exit, out.String(), errs.String(), c.exit, c.out, c.err)
		}
	}
	if exit := AdminCLI([]string{"count"}, io.Discard, io.Discard); exit != exitUsage {
		t.Errorf("without --store: exit %d", exit)
	}
}

func TestClientCLI(t *testing.T) {
	w := newWorld(t, "bearer")
	w.cast()
	w.provision("dora", RoleSecondFactor)
	env, cache := homeOf(w)
	run := func(input string, args ...string) (int, string) {
		var out bytes.Buffer
		code := ClientCLI(append([]string{"--url", w.srv.URL()}, args...), env, strings.NewReader(input), &out, io.Discard)
		return code, out.String()
	}
	want := func(code int, out string, wantCode int, wantOut string) {
		t.Helper()
		if code != wantCode || out != wantOut {
			t.Errorf("exit %d %q, want %d %q", code, out, wantCode, wantOut)
		}
	}
	say := func(wantCode int, wantOut, input string, args ...string) {
		t.Helper()
		code, out := run(input, args...)
		want(code, out, wantCode, wantOut)
	}
	before := w.count()
	say(1, "", "", "whoami")
	say(0, "", "", "logout")
	say(1, "", "wrong\n", "login", "alice")
	say(0, "", "pw-alice", "login", "alice")
	say(0, "", "pw-alice\n", "login", "alice")
	if n := w.count(); n != before+1 {
		t.Errorf("%d sessions after two logins of one client, want one more than %d", n, before)
	}
	say(0, "alice\n", "", "whoami")
	say(1, "", "pw-dora", "login", "dora")
	if n := w.count(); n != before+1 {
		t.Errorf("a login without its code left a session: %d", n)
	}
	env = append(env, "REFERENCE_CODE="+DefaultCode, "REFERENCE_PASSWORD=pw-dora")
	say(0, "", "", "login", "dora")
	say(1, "", "", "whoami")
	say(0, "dora\n", "", "whoami", "dora")
	say(0, "", "", "logout", "dora")
	say(0, "alice\n", "", "whoami")
	say(0, "", "", "logout")
	if n := w.count(); n != before || strings.Contains(readFile(cache), "alice") {
		t.Errorf("after logout: %d sessions, want %d; cache %s", n, before, readFile(cache))
	}
	say(2, "", "", "login")
	say(2, "", "", "dance")
}

// Whatever the server says, the token goes; the exit code says whether the server was told.
func TestClientLogoutAgainstABadServer(t *testing.T) {
	for _, status := range []int{200, 401, 500} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			io.WriteString(w, "{}")
		}))
		defer srv.Close()
		home := t.TempDir()
		cache := tokenCache{filepath.Join(home, ".config", "reference", "tokens.json")}
		if err := cache.store(map[string]string{"ann": "t"}); err != nil {
			t.Fatal(err)
		}
		code := ClientCLI([]string{"--url", srv.URL, "logout"}, []string{"HOME=" + home}, nil, io.Discard, io.Discard)
		if want := map[int]int{200: 0, 401: 1, 500: 1}[status]; code != want || readFile(cache.path) != `{"tokens":{}}` {
			t.Errorf("status %d: exit %d, cache %s; want exit %d and no token", status, code, readFile(cache.path), want)
		}
	}
}

func TestServeCLI(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	out, ready := io.Pipe()
	ended := make(chan int)
	go func() {
		ended <- serve(ctx, []string{"--dialect", "app", "--store", filepath.Join(t.TempDir(), "s"), "--plant", ""}, ready, io.Discard)
	}()
	var url string
	if _, err := fmt.Fscanf(out, "listening on %s", &url); err != nil {
		t.Fatal(err)
	}
	resp, err := http.Get(url + "/health")
	if err != nil || resp.StatusCode != 200 {
		t.Fatal(resp, err)
	}
	resp.Body.Close()
	cancel()
	if code := <-ended; code != exitOK {
		t.Errorf("ended with %d", code)
	}
	for _, args := range []string{"--dialect nonsense", "--plant nonsense", "word", "--port x"} {
		var errs bytes.Buffer
		if code := serve(t.Context(), strings.Fields(args), io.Discard, &errs); code != exitUsage || !strings.Contains(errs.String(), "usage") {
			t.Errorf("serve %s: exit %d %s", args, code, errs.String())
		}
	}
	if code := serve(t.Context(), []string{"--addr", "192.0.2.1"}, io.Discard, io.Discard); code != exitRefused {
		t.Errorf("an address that is not ours: exit %d", code)
	}
}
