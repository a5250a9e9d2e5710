package reference

import (
	"io"
	"net/http"
	"slices"
	"strings"
)

// More of the stories of faults_test.go.

func seeGhosts(w *world) []string {
	phone, _, office := w.cast()
	var found findings
	before := w.count()
	found.minted(phone.out(), "sign-out")
	found.when(w.count() > before, "sign-out added to the %d stored sessions", before)
	phone.in("alice")
	office.as("expire", "alice", nil)
	before = w.count()
	method, path := "GET", "/whoami"
	if !w.html() {
		method, path = phone.way("who")
	}
	found.minted(phone.json(method, path, nil), "the news of being ended elsewhere")
	found.when(w.count() > before, "the news of being ended elsewhere stored a session")
	phone.in("alice")
	before = w.count()
	found.minted(phone.revoke(phone.handle()), "revoking the current session")
	found.when(w.count() > before, "revoking the current session added to the stored ones")
	found.want(phone, "", "after revoking the current session")
	return found
}

func seeRefusedSignOut(w *world) []string {
	_, _, office := w.cast()
	w.provision("dora", RoleSecondFactor)
	var found findings
	sweep := func(name, user string, kill func(v *visitor)) {
		v := w.visitor("127.0.0.6")
		if user != "" {
			v.in(user)
		}
		copy := v.replay()
		kill(v)
		a := v.out()
		found.when(!a.ok(), "sign-out of a session that is %s: %d", name, a.status)
		found.when(v.jar["sid"] != nil || v.jar["session_id"] != nil || v.jar["signed_in"] != nil || v.jar["rt"] != nil,
			"sign-out of a session that is %s left a cookie", name)
		if name == "pending" {
			found.want(copy, "", "a pending session after sign-out")
		}
	}
	nothing := func(*visitor) {}
	sweep("pending", "dora", nothing)
	sweep("absent", "", nothing)
	sweep("garbage", "", func(v *visitor) {
		v.token = "garbage"
		if name := credentialCookies[w.dialect]; name != "" {
			v.jar[name] = &http.Cookie{Name: name, Value: "garbage"}
		}
	})
	sweep("expired", "alice", func(*visitor) { office.as("expire", "alice", nil) })
	sweep("revoked", "alice", func(*visitor) { office.as("revoke-all", "alice", nil) })
	sweep("disabled", "alice", func(*visitor) { office.as("disable", "alice", nil) })
	sweep("deleted", "bob", func(*visitor) { office.remove("bob") })
	if slices.Contains(w.plant, faultGhost) {
		return nil // the cookie left is the ghost's, which is another fault's business
	}
	return found
}

func seeClientKeeps(w *world) []string {
	if w.dialect != "bearer" {
		return nil
	}
	_, _, office := w.cast()
	var found findings
	run := func(env []string, args ...string) int {
		args = append([]string{"--url", w.srv.URL(), "--plant", strings.Join(w.plant, ",")}, args...)
		return ClientCLI(args, env, strings.NewReader("pw-alice\n"), io.Discard, io.Discard)
	}
	for name, kill := range map[string]func(){
		"live":    func() {},
		"expired": func() { office.as("expire", "alice", nil) },
	} {
		env, cache := homeOf(w)
		found.when(run(env, "login", "alice") != exitOK, "client login failed")
		token := readFile(cache)
		kill()
		run(env, "logout")
		found.when(readFile(cache) == token || strings.Contains(readFile(cache), "alice"), "client logout, session %s: cache is %s", name, readFile(cache))
	}
	env, cache := homeOf(w)
	run(env, "login", "alice")
	w.srv.Close()
	code := run(env, "logout")
	found.when(code != exitRefused, "client logout without a server: exit %d", code)
	found.when(strings.Contains(readFile(cache), "alice"), "client logout without a server kept the token")
	return found
}

func seeNetwork(w *world) []string {
	phone, _, _ := w.cast()
	neighbour, stranger := w.visitor("127.0.0.3").in("bob"), w.visitor("127.0.0.8")
	var found findings
	phone.write("alice's secret")
	found.when(neighbour.read() != "", "a neighbour reads %q", neighbour.read())
	far := phone.replay()
	found.when(far.read() != "alice's secret", "the same session from elsewhere reads %q", far.read())
	found.want(w.visitor("127.0.0.3"), "", "nobody, from a signed-in address")
	stranger.header = http.Header{"X-Forwarded-For": {"127.0.0.3"}}
	found.want(stranger, "", "nobody, forging a signed-in address")
	if w.dialect == "realtime" {
		phone.connection, neighbour.connection = "7", "7"
		phone.write("on seven")
		found.when(neighbour.read() != "", "one connection id of two users: %q", neighbour.read())
		found.when(phone.read() != "on seven", "connection 7 lost its note")
		phone.connection, neighbour.connection = "null", "null"
		phone.write("on null")
		found.when(neighbour.read() != "", "connection null of two users: %q", neighbour.read())
	}
	return found
}

func seeSharedData(w *world) []string {
	phone, desk, _ := w.cast()
	laptop := w.visitor("127.0.0.6").in("alice")
	if phone.who() == "" {
		return nil // sign-in has ended it: another fault's business
	}
	phone.write("on the phone")
	var found findings
	found.when(laptop.read() != "", "the user's other session reads %q", laptop.read())
	found.when(desk.read() != "", "another user reads %q", desk.read())
	found.when(phone.read() != "on the phone", "the session itself reads %q", phone.read())
	return found
}

func seeRevival(w *world) []string {
	phone, _, office := w.cast()
	copy := phone.replay()
	office.remove("alice")
	var found findings
	w.provision("alice", RoleUser)
	found.want(copy, "", "an old token after its user was created again")
	return found
}

func seeWrongName(w *world) []string {
	phone, desk, office := w.cast()
	var found findings
	for range 4 {
		found.want(phone, "alice", "asking again")
		found.want(desk, "bob", "asking again")
		found.want(office, "root", "asking again")
	}
	return found
}

func seeUnequalLife(w *world) []string {
	if w.dialect != "two-cookie" {
		return nil
	}
	phone, _, _ := w.cast()
	session, claim := phone.jar["session_id"], phone.jar["signed_in"]
	var found findings
	found.when(session == nil || claim == nil, "a cookie is missing")
	if len(found) == 0 {
		found.when(session.MaxAge != claim.MaxAge, "Max-Age %d and %d", session.MaxAge, claim.MaxAge)
		found.when(!session.HttpOnly || claim.HttpOnly, "HttpOnly is the wrong way round")
	}
	return found
}

// seeStoredClaim only sees that the pages load the script that does it; what
// the script does needs a browser.
func seeStoredClaim(w *world) []string {
	if !w.html() {
		return nil
	}
	v := w.visitor("127.0.0.3")
	var found findings
	page := string(v.send("GET", "/", "", "").body)
	source := string(v.send("GET", "/claim.js", "", "").body)
	found.when(strings.Contains(page, "/claim.js") && strings.Contains(source, "localStorage"), "the page keeps its claim in localStorage")
	return found
}

// seeTabClaim likewise only sees the script.
func seeTabClaim(w *world) []string {
	if !w.html() {
		return nil
	}
	v := w.visitor("127.0.0.3")
	var found findings
	page := string(v.send("GET", "/", "", "").body)
	source := string(v.send("GET", "/tab.js", "", "").body)
	found.when(strings.Contains(page, "/tab.js") && strings.Contains(source, "window.name"), "the page keeps its claim in the tab")
	return found
}
