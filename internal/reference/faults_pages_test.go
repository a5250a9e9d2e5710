package reference

import (
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func init() {
	maps.Copy(wrongs, map[string]func(*world) []string{
		faultBackShows:      seeBackShown,
		faultStaleFormsSent: seeStaleFresh,
		faultByDevice:       seeOneADevice,
		faultEntryShadows:   seeShadow,
		faultEndUnnoticed:   seeEndUnnoticed,
		faultRecentKept:     seeRecentKept,
		faultNoteByGet:      seeNoteByGet,
		faultSignInByGet:    seeSignInByGet,
		faultAnyToken:       seeAnyToken,
		faultOriginEchoed:   seeOriginEchoed,
		faultFramed:         seeFramed,
		faultLaxWindow:      seeLaxWindow,
	})
}

// seeBackShown sees only that the script is away: what it does takes a browser.
func seeBackShown(w *world) []string {
	if !w.html() {
		return nil
	}
	v := w.visitor("127.0.0.3")
	var found findings
	source := string(v.send("GET", "/back.js", "", "").body)
	for _, path := range []string{"/", "/help", "/login", "/no-such-page"} {
		page := string(v.send("GET", path, "", "").body)
		asks := strings.Contains(page, "/back.js") && strings.Contains(source, "pagehide") && strings.Contains(source, "persisted")
		found.when(!asks, "nothing on %s asks again when somebody comes back to it", path)
	}
	return found
}

const browserAgent = "Mozilla/5.0 (X11; Linux x86_64)"

// seeStaleFresh sees only the script, as seeBackShown does.
func seeStaleFresh(w *world) []string {
	if !w.html() {
		return nil
	}
	v := w.visitor("127.0.0.3")
	var found findings
	page := string(v.send("GET", "/login", "", "").body)
	source := string(v.send("GET", "/stale.js", "", "").body)
	found.when(strings.Contains(page, "/stale.js") && strings.Contains(source, "field.value = now.value"), "forms are made fresh before they are sent")
	return found
}

func seeOneADevice(w *world) []string {
	if !w.html() {
		return nil
	}
	w.cast()
	window := func() *visitor {
		v := w.visitor("127.0.0.6")
		v.header = http.Header{"User-Agent": {browserAgent}}
		return v
	}
	normal, private := window().in("alice"), window().in("bob")
	var found findings
	found.when(normal.who() != "alice", "a sign-in in a private window ended the normal one's session")
	found.when(private.who() != "bob", "the private window has no session")
	return found
}

func seeShadow(w *world) []string {
	if !w.html() {
		return nil
	}
	v := w.visitor("127.0.0.3")
	v.header = http.Header{"Sec-Fetch-Site": {"cross-site"}}
	var found findings
	a := v.send("GET", "/", "", "")
	found.when(len(a.minted) > 0, "a visitor from another site is handed a session")
	return found
}

func seeEndUnnoticed(w *world) []string {
	if !w.html() {
		return nil
	}
	phone, _, _ := w.cast()
	tablet := w.visitor("127.0.0.6").in("alice")
	phone.revoke(tablet.handle())
	a := tablet.send("POST", "/notes", "application/x-www-form-urlencoded", "csrf=x&text=y")
	var found findings
	found.when(a.ok() || !strings.Contains(string(a.body), `id="sign-in"`), "the form of an ended session is answered by %d and no way to sign in", a.status)
	return found
}

func seeNoteByGet(w *world) []string {
	if !w.html() {
		return nil
	}
	phone, _, _ := w.cast()
	phone.send("GET", "/notes?text=forged", "", "")
	var found findings
	found.when(strings.Contains(string(phone.send("GET", "/notes", "", "").body), "forged"), "GET /notes stores a note")
	return found
}

func seeSignInByGet(w *world) []string {
	if !w.html() {
		return nil
	}
	phone, _, _ := w.cast()
	var found findings
	a := w.visitor("127.0.0.6").send("GET", "/login?user=alice&password=pw-alice", "", "")
	found.when(len(a.minted) > 0, "GET /login signs in")
	phone.send("GET", "/logout?csrf=x", "", "")
	found.when(phone.who() == "", "GET /logout signs out")
	return found
}

var hiddenToken = regexp.MustCompile(`id="keep".*\n.*name="csrf" value="([^"]+)"`)

func seeAnyToken(w *world) []string {
	if !w.html() {
		return nil
	}
	phone, _, _ := w.cast()
	other := w.visitor("127.0.0.6").in("bob")
	token := hiddenToken.FindSubmatch(other.send("GET", "/notes", "", "").body)
	if token == nil {
		w.t.Fatal("no token on the page")
	}
	a := phone.send("POST", "/notes", "application/x-www-form-urlencoded", "text=x&csrf="+string(token[1]))
	var found findings
	found.when(a.ok(), "a form is taken with the token of somebody else's page")
	return found
}

// seeRecentKept sees only the script, as seeBackShown does.
func seeRecentKept(w *world) []string {
	if !w.html() {
		return nil
	}
	v := w.visitor("127.0.0.3")
	var found findings
	page := string(v.send("GET", "/", "", "").body)
	source := string(v.send("GET", "/recent.js", "", "").body)
	found.when(strings.Contains(page, "/recent.js") && strings.Contains(source, "localStorage"), "the page keeps the name for the next visit")
	return found
}

func seeOriginEchoed(w *world) []string {
	phone, _, _ := w.cast()
	phone.header = http.Header{"Origin": {"null"}}
	method, path := phone.way("whoami")
	var found findings
	a := phone.send(method, path, "", "")
	found.when(a.header.Get("Access-Control-Allow-Origin") != "", "any origin may read who is signed in")
	return found
}

// seeFramed is about a server that wants no frames; TestFrames has the other.
func seeFramed(w *world) []string {
	if !w.html() {
		return nil
	}
	phone, _, _ := w.cast()
	a := phone.send("GET", "/", "", "")
	var found findings
	found.when(!strings.Contains(a.header.Get("Content-Security-Policy"), "frame-ancestors 'none'"), "pages may be framed by anybody")
	found.when(phone.jar[credentialCookies[w.dialect]].SameSite == http.SameSiteNoneMode, "the session's cookie is for foreign frames")
	return found
}

func seeLaxWindow(w *world) []string {
	if !w.html() {
		return nil
	}
	phone, _, _ := w.cast()
	var found findings
	found.when(phone.jar[credentialCookies[w.dialect]].SameSite == 0, "the session's cookie does not say SameSite")
	phone.header = http.Header{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"http://elsewhere.test"}}
	a := phone.send("POST", "/notes", "application/x-www-form-urlencoded", "text=forged")
	found.when(a.ok(), "another site's form without a token stores a note")
	return found
}

// Where frames are wanted, what a frame asks for gets cookies for the pair of
// sites, and what the top level asks for does not.
func TestFrames(t *testing.T) {
	t.Parallel()
	for _, faults := range [][]string{nil, {faultFramed}} {
		w := newWorldBy(t, dialectWeb, Rules{Embed: true}, faults...)
		w.provision("alice", RoleUser)
		frame := w.visitor("127.0.0.3")
		frame.header = http.Header{"Sec-Fetch-Dest": {"iframe"}}
		if csp := frame.send("GET", "/", "", "").header.Get("Content-Security-Policy"); strings.Contains(csp, "frame-ancestors") {
			t.Errorf("a frame is refused: %s", csp)
		}
		sid := frame.in("alice").jar["sid"]
		if sid == nil || sid.SameSite != http.SameSiteNoneMode || !sid.Secure || sid.Partitioned != (faults == nil) {
			t.Errorf("in a frame, with %v: %+v", faults, sid)
		}
		frame.out()
		if frame.jar["sid"] != nil || frame.who() != "" {
			t.Error("the sign-out in a frame left the cookie")
		}
		if sid := w.visitor("127.0.0.4").in("alice").jar["sid"]; sid.SameSite != http.SameSiteLaxMode || sid.Partitioned {
			t.Errorf("at the top level, with %v: %+v", faults, sid)
		}
	}
}
