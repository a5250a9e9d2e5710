package reference

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"
)

func init() {
	maps.Copy(wrongs, map[string]func(*world) []string{
		faultScriptsRead:    seeRotated(func(c *http.Cookie) bool { return !c.HttpOnly }),
		faultNoSameSite:     seeRotated(func(c *http.Cookie) bool { return c.SameSite != http.SameSiteLaxMode }),
		faultWideScope:      seeRotated(func(c *http.Cookie) bool { return c.Domain != "" }),
		faultTwoLines:       seeTwoLines,
		faultCookiesPileUp:  seePile,
		faultOverlongLife:   seeRotated(func(c *http.Cookie) bool { return c.MaxAge > 0 }),
		faultDeletionMisses: seeMissedDeletion,
		faultPartBreaks:     seePartBreak,
		faultSpliced:        seeSplice,
		faultTwinsBreak:     seeTwinsBreak,
	})
}

// sessionLines are the answer's Set-Cookie lines for the session cookie.
func (w *world) sessionLines(a answer) (out []*http.Cookie) {
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.Name == credentialCookies[w.dialect] {
			out = append(out, c)
		}
	}
	return out
}

// seeRotated looks at the session cookie that a password change hands out.
func seeRotated(bad func(*http.Cookie) bool) func(*world) []string {
	return func(w *world) []string {
		if credentialCookies[w.dialect] == "" {
			return nil
		}
		phone, _, _ := w.cast()
		var found findings
		for _, c := range w.sessionLines(phone.password("next")) {
			found.when(c.MaxAge >= 0 && bad(c), "a password change sets %s", c.Raw)
		}
		return found
	}
}

func seeTwoLines(w *world) []string {
	w.provision("alice", RoleUser)
	var found findings
	v := w.visitor("127.0.0.3")
	n := len(w.sessionLines(v.with("alice", "pw-alice")))
	found.when(n > 1, "a sign-in sets the session cookie in %d lines", n)
	return found
}

func seePile(w *world) []string {
	w.provision("alice", RoleUser)
	v := w.visitor("127.0.0.3")
	var found findings
	for range 3 {
		v.in("alice").out()
	}
	n := 0
	for name := range v.jar {
		if strings.HasPrefix(name, "begun-") {
			n++
		}
	}
	found.when(n > 0, "after three sign-ins and sign-outs %d cookies of theirs are left", n)
	return found
}

func seeMissedDeletion(w *world) []string {
	w.provision("alice", RoleUser)
	v := w.visitor("127.0.0.3").in("alice")
	var found findings
	for _, c := range w.sessionLines(v.out()) {
		found.when(c.MaxAge < 0 && c.Path != "/", "sign-out clears %s", c.Raw)
	}
	return found
}

// Where nothing is planted the lines are as they should be, deletions included.
func TestSessionLines(t *testing.T) {
	for dialect, name := range credentialCookies {
		w := newWorld(t, dialect)
		w.provision("alice", RoleUser)
		v := w.visitor("127.0.0.3")
		in, out := w.sessionLines(v.with("alice", "pw-alice")), w.sessionLines(v.out())
		if len(in) != 1 || len(out) != 1 {
			t.Fatalf("%s: %d lines at sign-in and %d at sign-out", dialect, len(in), len(out))
		}
		for _, c := range []*http.Cookie{in[0], out[0]} {
			if c.Name != name || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
				t.Errorf("%s sets %s", dialect, c.Raw)
			}
		}
		if in[0].MaxAge != 0 || out[0].MaxAge >= 0 || out[0].Value != "" {
			t.Errorf("%s: %s, then %s", dialect, in[0].Raw, out[0].Raw)
		}
	}
}

// asks is whoami with just these cookies, in this order: status and name.
func (w *world) asks(cookies ...*http.Cookie) (status int, user string) {
	var pairs []string
	for _, c := range cookies {
		pairs = append(pairs, c.Name+"="+c.Value)
	}
	v := w.visitor("127.0.0.9")
	v.header = http.Header{"Cookie": {strings.Join(pairs, "; ")}}
	a := v.send("GET", "/whoami", "", "")
	var got struct{ User string }
	_ = json.Unmarshal(a.body, &got)
	return a.status, got.User
}

func seePartBreak(w *world) []string {
	if w.dialect != "two-cookie" {
		return nil
	}
	phone, _, _ := w.cast()
	var found findings
	status, user := w.asks(phone.jar["signed_in"])
	found.when(status != http.StatusUnauthorized, "signed_in alone: %d %q", status, user)
	status, user = w.asks(phone.jar["session_id"])
	found.when(status >= 500, "session_id alone: %d %q", status, user)
	return found
}

func seeSplice(w *world) []string {
	if w.dialect != "two-cookie" {
		return nil
	}
	phone, desk, _ := w.cast()
	var found findings
	_, user := w.asks(phone.jar["session_id"], desk.jar["signed_in"])
	found.when(user == "bob", "alice's session_id beside bob's signed_in is %q", user)
	return found
}

func seeTwinsBreak(w *world) []string {
	name := credentialCookies[w.dialect]
	if name == "" {
		return nil
	}
	phone, _, _ := w.cast()
	var found findings
	dead := &http.Cookie{Name: name, Value: "dead"}
	for _, twins := range [][]*http.Cookie{{phone.jar[name], dead}, {dead, phone.jar[name]}} {
		status, user := w.asks(twins...)
		found.when(status >= 500, "two %s: %d %q", name, status, user)
	}
	return found
}
