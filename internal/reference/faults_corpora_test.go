package reference

import (
	"maps"
	"net/http"
	"strings"
	"testing"
)

func init() {
	maps.Copy(wrongs, map[string]func(*world) []string{
		faultPercentBreaks:  seePercentBreak,
		faultForeignBreaks:  seeForeignBreak,
		faultPrefixCompared: seePrefixCompared,
		faultWildcard:       seeWildcard,
		faultRevokedDiffers: seeRevokedDiffer,
		faultNamesDecoded:   seeNamesDecoded,
		faultQueryAccepted:  seeQueryAccepted,
	})
}

// value is what presents the visitor's session.
func (v *visitor) value() string {
	if c := v.jar[v.w.sessionName()]; c != nil {
		return c.Value
	}
	return v.token
}

// sessionName is the name of the dialect's session cookie, "" where it has none.
func (w *world) sessionName() string {
	if name := credentialCookies[w.dialect]; name == "" || w.roots == nil {
		return name
	}
	return "__Host-" + credentialCookies[w.dialect]
}

// showing is a clean visitor that presents a token in its place.
func (w *world) showing(token string) *visitor {
	v := w.visitor("127.0.0.9")
	v.token = token
	if name := w.sessionName(); name != "" {
		v.token, v.jar[name] = "", &http.Cookie{Name: name, Value: token}
	}
	return v
}

// asks is whoami's answer to a visitor, with something behind its path.
func (v *visitor) asks(suffix string) answer {
	method, path := "GET", "/whoami"
	if !v.w.html() {
		method, path = v.way("who")
	}
	return v.send(method, path+suffix, "", "")
}

func seePercentBreak(w *world) []string {
	w.provision("alice", RoleUser)
	var found findings
	for _, broken := range []string{"%", "100%", "%zz"} {
		got := w.showing(broken).asks("").status
		found.when(got != http.StatusUnauthorized, "whoami answers %d to the token %q", got, broken)
	}
	v := w.showing("%")
	found.when(!v.with("alice", "pw-alice").ok() && w.html(), "no sign-in with a broken token in the jar")
	return found
}

// with each of these a visitor of a cookie dialect says more than its cookies.
func (v *visitor) cookieLine(line string) *visitor {
	c := v.w.visitor("127.0.0.9")
	c.header = http.Header{"Cookie": {line}}
	return c
}

func seeForeignBreak(w *world) []string {
	if w.sessionName() == "" {
		return nil
	}
	w.provision("alice", RoleUser)
	v := w.visitor("127.0.0.3").in("alice")
	var found findings
	good := w.sessionName() + "=" + v.value()
	for _, line := range []string{"foreign=100%; " + good, good + "; foreign=%zz", `foreign="x; ` + good} {
		found.want(v.cookieLine(line), "alice", "among "+line[:8])
	}
	return found
}

func seePrefixCompared(w *world) []string {
	w.provision("alice", RoleUser)
	good := w.visitor("127.0.0.3").in("alice").value()
	var found findings
	for _, altered := range []string{good[:38] + "zz", good[:32], good + good} {
		found.want(w.showing(altered), "", "with an altered token")
	}
	return found
}

func seeWildcard(w *world) []string {
	w.provision("alice", RoleUser)
	good := w.visitor("127.0.0.3").in("alice").value()
	var found findings
	for _, pattern := range []string{"*", "../*", good[:8] + "*"} {
		found.want(w.showing(pattern), "", "with the token "+pattern[max(0, len(pattern)-4):])
	}
	return found
}

func seeRevokedDiffer(w *world) []string {
	w.provision("alice", RoleUser)
	phone := w.visitor("127.0.0.3").in("alice")
	dead, handle := w.showing(phone.value()), phone.handle()
	w.visitor("127.0.0.4").in("alice").revoke(handle)
	var found findings
	revoked, unknown := dead.asks("").status, w.showing(strings.Repeat("0", 40)).asks("").status
	found.when(revoked != unknown, "a revoked session is answered with %d, an unknown one with %d", revoked, unknown)
	return found
}

func seeNamesDecoded(w *world) []string {
	name := w.sessionName()
	if name == "" {
		return nil
	}
	w.provision("alice", RoleUser)
	v := w.visitor("127.0.0.3").in("alice")
	var found findings
	for _, other := range []string{"%" + hexOf(name[0]) + name[1:], strings.ToUpper(name), "x" + name} {
		found.want(v.cookieLine(other+"="+v.value()), "", "under the name "+other)
	}
	return found
}

func hexOf(b byte) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[b>>4], digits[b&15]})
}

func seeQueryAccepted(w *world) []string {
	w.provision("alice", RoleUser)
	good := w.visitor("127.0.0.3").in("alice").value()
	var found findings
	for _, suffix := range []string{"?session=", "?token=", "?access_token="} {
		a := w.visitor("127.0.0.9").asks(suffix + good)
		found.when(a.status != http.StatusUnauthorized, "whoami answers %d to a token in the query %s", a.status, suffix)
	}
	return found
}

// A token is found whole, under its own name, or not at all.
func TestWhatIsNoToken(t *testing.T) {
	for _, dialect := range Dialects() {
		w := newWorld(t, dialect)
		w.provision("alice", RoleUser)
		good := w.visitor("127.0.0.3").in("alice").value()
		if got := w.showing(good).who(); got != "alice" {
			t.Fatalf("%s: the good token is %q", dialect, got)
		}
		for _, bad := range []string{good[:39], good + "0", strings.ToUpper(good) + "X", "null", "%00"} {
			if got := w.showing(bad).asks("").status; got != http.StatusUnauthorized {
				t.Errorf("%s: %d to a token that is none", dialect, got)
			}
		}
	}
}
