package reference

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func testCore(t *testing.T, faults ...string) *core {
	t.Helper()
	set, err := plant(faults, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := newCore(tempStore(t, filepath.Join(t.TempDir(), "store")), set, 1, time.Hour, 10*time.Hour)
	for _, name := range []string{"ann", "bob"} {
		if _, err := c.create(actor{}, newUser{Name: name, Password: "pw"}); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func signedIn(t *testing.T, c *core, name string) meta {
	t.Helper()
	given, err := c.signIn(meta{}, name, "pw")
	if err != nil {
		t.Fatal(err)
	}
	return meta{token: given.token}
}

func isLive(t *testing.T, c *core, m meta) bool {
	t.Helper()
	who, err := c.whoami(m)
	if err != nil {
		t.Fatal(err)
	}
	return who.live()
}

func TestLimits(t *testing.T) {
	c := testCore(t)
	clock := time.Now()
	c.now = func() time.Time { return clock }
	used, idle := signedIn(t, c, "ann"), signedIn(t, c, "ann")
	for range 19 {
		clock = clock.Add(30 * time.Minute)
		if !isLive(t, c, used) {
			t.Fatal("a session in use ended before its absolute limit")
		}
	}
	if isLive(t, c, idle) {
		t.Error("an unused session outlived its idle limit")
	}
	clock = clock.Add(31 * time.Minute)
	if isLive(t, c, used) {
		t.Error("a session outlived its absolute limit")
	}
}

func TestSignInReplacesTheClientsOwnSession(t *testing.T) {
	c := testCore(t)
	first := signedIn(t, c, "ann")
	given, err := c.signIn(first, "bob", "pw")
	if err != nil || given.token == first.token {
		t.Fatal("no new token:", err)
	}
	if n, _ := c.count(); isLive(t, c, first) || n != 1 {
		t.Errorf("the client's first session is left: %d stored", n)
	}
}

func TestRotationKeepsTheSession(t *testing.T) {
	c := testCore(t)
	m := signedIn(t, c, "ann")
	if err := c.writeNote(m, "c", "text"); err != nil {
		t.Fatal(err)
	}
	before, _ := c.sessions(m)
	given, err := c.changePassword(m, "pw", "next")
	if err != nil {
		t.Fatal(err)
	}
	now := meta{token: given.token}
	after, _ := c.sessions(now)
	text, _ := c.readNote(now, "c")
	if isLive(t, c, m) || !isLive(t, c, now) || text != "text" || len(after) != 1 || after[0].ID != before[0].ID {
		t.Errorf("after rotation: note %q, list %v", text, after)
	}
	if _, err := c.changePassword(now, "wrong", "x"); err != errBadCredentials {
		t.Errorf("wrong current password: %v", err)
	}
}

func TestEndedSessionsStayEnded(t *testing.T) {
	c := testCore(t)
	for name, story := range map[string]func(){
		"disable and enable": func() { do(t, c.disable(actor{}, "ann")); do(t, c.enable("ann")) },
		"delete and recreate": func() {
			do(t, c.remove(actor{}, "ann"))
			fine[grant](t)(c.create(actor{}, newUser{Name: "ann", Password: "pw"}))
		},
		"expire": func() { do(t, c.endAll("ann", "expired")) },
	} {
		m, other := signedIn(t, c, "ann"), signedIn(t, c, "bob")
		story()
		if isLive(t, c, m) || !isLive(t, c, other) {
			t.Errorf("%s: live %v, bystander live %v; want false, true", name, isLive(t, c, m), isLive(t, c, other))
		}
		if ghost, err := c.signOut(m); err != nil || ghost != "" {
			t.Errorf("%s: sign-out: %q %v", name, ghost, err)
		}
		fine[string](t)(c.signOut(other))
	}
	if n, _ := c.count(); n != 0 {
		t.Errorf("%d sessions are left", n)
	}
}

func TestSecondFactor(t *testing.T) {
	c := testCore(t)
	do(t, c.setCode("ann", "7"))
	m := signedIn(t, c, "ann")
	if who, _ := c.whoami(m); who.standing != standingPending || who.name() != "" {
		t.Errorf("before the code: %v", who.standing)
	}
	if err := c.writeNote(m, "", "x"); err != errNotSignedIn {
		t.Errorf("a pending session keeps notes: %v", err)
	}
	if _, err := c.giveCode(m, "8"); err != errBadCredentials {
		t.Errorf("wrong code: %v", err)
	}
	given, err := c.giveCode(m, "7")
	if err != nil || isLive(t, c, m) || !isLive(t, c, meta{token: given.token}) {
		t.Errorf("the code: %v", err)
	}
	m = signedIn(t, c, "ann")
	do(t, c.setCode("ann", ""))
	if _, err := c.giveCode(m, ""); err == nil {
		t.Error("an empty code completed a sign-in")
	}
	fine[string](t)(c.signOut(m))
	if who, _ := c.whoami(m); who.standing != standingDead {
		t.Errorf("pending after sign-out: %v", who.standing)
	}
}

func TestReadingIsNoWriting(t *testing.T) {
	c := testCore(t)
	m := signedIn(t, c, "ann")
	before, _ := c.store.size()
	for range 10 {
		fine[identity](t)(c.whoami(m))
		fine[identity](t)(c.whoami(meta{token: "garbage"}))
		fine[identity](t)(c.whoami(meta{}))
		fine[string](t)(c.signOut(meta{}))
		fine[string](t)(c.signOut(meta{token: "garbage"}))
	}
	if after, _ := c.store.size(); after != before {
		t.Errorf("the store grew by %d bytes", after-before)
	}
}

// Many users in parallel, each with everything going on at once.
func TestNobodyDisturbsAnybody(t *testing.T) {
	c := testCore(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			name := fmt.Sprint("user-", i)
			for range 20 {
				if _, err := c.create(actor{}, newUser{Name: name, Password: "pw"}); err != nil {
					t.Error(err)
				}
				given, err := c.signIn(meta{}, name, "pw")
				m := meta{token: given.token}
				if who, err2 := c.whoami(m); err != nil || err2 != nil || who.name() != name {
					t.Errorf("%s is %q: %v %v", name, who.name(), err, err2)
				}
				if err := c.remove(actor{}, name); err != nil || isLive(t, c, m) {
					t.Error("delete:", err)
				}
			}
		})
	}
	wg.Wait()
}

func TestWebForms(t *testing.T) {
	w := newWorld(t, "web")
	phone, _, _ := w.cast()
	get := func(v *visitor, path string) string { return string(v.send("GET", path, "", "").body) }
	post := func(v *visitor, path, body string) int {
		return v.send("POST", path, "application/x-www-form-urlencoded", body).status
	}
	for _, path := range []string{"/logout", "/account/password", "/notes", "/account/sessions/x/revoke", "/account/sessions/revoke-others"} {
		if status := post(phone, path, "csrf=wrong"); status != http.StatusForbidden {
			t.Errorf("POST %s with a wrong anti-forgery field: %d", path, status)
		}
	}
	if phone.who() != "alice" {
		t.Error("a forged post did something")
	}
	if status := post(w.visitor("127.0.0.9"), "/login", "user=alice&password=pw-alice"); status != http.StatusForbidden {
		t.Errorf("sign-in without double submit: %d", status)
	}
	if a := phone.createByForm("carol"); a.status != http.StatusNotFound && a.status != http.StatusForbidden {
		t.Errorf("the admin form works for a user: %d", a.status)
	}
	if a := phone.createByAPI("carol"); a.status != http.StatusForbidden {
		t.Errorf("the admin API works for a user: %d", a.status)
	}
	if page := get(phone, "/nosuch"); !strings.Contains(page, `<b id="user">alice</b>`) {
		t.Errorf("the page for nothing does not know the visitor: %s", page)
	}
	stranger := w.visitor("127.0.0.9")
	for _, path := range []string{"/", "/help", "/nosuch", "/logout"} {
		a := stranger.send("GET", path, "", "")
		if !strings.Contains(string(a.body), `id="sign-in"`) || len(a.header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s for a stranger: cookies %q, %s", path, a.header.Values("Set-Cookie"), a.body)
		}
	}
	if a := stranger.send("GET", "/account", "", ""); a.status != http.StatusSeeOther || a.header.Get("Location") != "/login" {
		t.Errorf("/account for a stranger: %d", a.status)
	}
	w.provision("dora", RoleSecondFactor)
	dora := w.visitor("127.0.0.9").in("dora")
	if dora.who() != "pending" || dora.read() != "" {
		t.Errorf("before the code: %q", dora.who())
	}
	if a := dora.form("/login/code", "/login/code", "code", DefaultCode); a.header.Get("Location") != "/account" || dora.who() != "dora" {
		t.Errorf("the code: %d", a.status)
	}
}

func TestTwoCookiePagesAreTheSameForEverybody(t *testing.T) {
	w := newWorld(t, "two-cookie")
	phone, _, office := w.cast()
	for _, path := range []string{"/", "/help", "/nosuch"} {
		if in, out := phone.send("GET", path, "", ""), w.key.send("GET", path, "", ""); string(in.body) != string(out.body) {
			t.Errorf("%s differs for a live session", path)
		}
	}
	if a := phone.send("GET", "/_fragments/user", "", ""); !strings.Contains(string(a.body), `<b id="user">alice</b>`) {
		t.Errorf("fragment: %d %s", a.status, a.body)
	}
	office.as("expire", "alice", nil)
	claim := phone.jar["signed_in"]
	if phone.who() != "" || len(phone.jar) != 0 {
		t.Errorf("cookies left after the server saw a dead session: %v", phone.jar)
	}
	phone.jar["signed_in"] = claim
	if phone.send("GET", "/", "", ""); len(phone.jar) != 0 {
		t.Error("a claim without a session was left")
	}
}

// do fails the test if an operation that must work did not.
func do(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fine is do for operations with a result.
func fine[T any](t *testing.T) func(T, error) {
	return func(_ T, err error) {
		t.Helper()
		do(t, err)
	}
}
