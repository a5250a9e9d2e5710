package reference

import (
	"bytes"
	"crypto/x509"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func init() {
	maps.Copy(wrongs, map[string]func(*world) []string{
		faultNotSecure:       seeNotSecure,
		faultServedPlain:     seeServedPlain,
		faultTokenInURL:      seeTokenInURL,
		faultStoredByBrowser: seeStored,
		faultTokenTold:       seeTokenTold,
		faultSharedBySuffix:  seeShared,
	})
}

// newTLSWorld is a world whose server speaks TLS, with a port that does not.
func newTLSWorld(t *testing.T, dialect string, faults ...string) *world {
	t.Helper()
	dir := t.TempDir()
	config, err := privateCA(dir)
	if err != nil {
		t.Fatal(err)
	}
	pem, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, dialect: dialect, store: filepath.Join(t.TempDir(), "store"), plant: faults, roots: x509.NewCertPool()}
	if !w.roots.AppendCertsFromPEM(pem) {
		t.Fatal("ca.pem holds no certificate")
	}
	w.srv, err = Serve(t.Context(), Options{Dialect: dialect, Store: w.store, Plant: faults, AdminKey: testKey, HashCost: 1, TLS: config, Plain: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.srv.Close() })
	w.key = w.visitor("127.0.0.1")
	return w
}

// Faults that need TLS are seen there, and nothing is seen of them without.
func TestFaultsOverTLSAreSeen(t *testing.T) {
	for _, f := range Faults() {
		for _, variant := range f.Dialects {
			dialect, ok := strings.CutSuffix(variant, "-tls")
			if !ok {
				continue
			}
			t.Run(f.ID+"@"+variant, func(t *testing.T) {
				if seen := wrongs[f.ID](newTLSWorld(t, dialect, f.ID)); len(seen) == 0 {
					t.Error("nobody can observe the fault")
				}
			})
		}
	}
	for _, dialect := range withPages {
		t.Run(dialect, func(t *testing.T) {
			w := newTLSWorld(t, dialect)
			if seen := append(seeNotSecure(w), seeServedPlain(newTLSWorld(t, dialect))...); len(seen) > 0 {
				t.Errorf("the well-behaved server: %v", seen)
			}
		})
	}
}

func TestPlainDoorSendsVisitorsOn(t *testing.T) {
	w := newTLSWorld(t, dialectWeb)
	w.provision("alice", RoleUser)
	v := w.visitor("127.0.0.3").in("alice")
	a := v.at(w.srv.PlainURL(), "GET", "/whoami?a=b", "", "")
	if got := a.header.Get("Location"); a.status != http.StatusPermanentRedirect || got != w.srv.URL()+"/whoami?a=b" || a.header.Get("Set-Cookie") != "" {
		t.Errorf("%d to %q", a.status, got)
	}
}

func seeNotSecure(w *world) []string {
	if w.roots == nil {
		return nil
	}
	w.provision("alice", RoleUser)
	v := w.visitor("127.0.0.3")
	var found findings
	for _, a := range []answer{v.with("alice", "pw-alice"), v.send("GET", "/account", "", ""), v.password("next")} {
		found.when(!a.ok(), "answered %d", a.status)
		for _, c := range (&http.Response{Header: a.header}).Cookies() {
			found.when(c.MaxAge >= 0 && !c.Secure, "an answer sets %s", c.Raw)
		}
	}
	return found
}

func seeServedPlain(w *world) []string {
	if w.roots == nil {
		return nil
	}
	w.provision("alice", RoleUser)
	v := w.visitor("127.0.0.3").in("alice")
	a := v.at(w.srv.PlainURL(), "GET", "/whoami", "", "")
	var found findings
	found.when(bytes.Contains(a.body, []byte("alice")), "whoami without TLS: %d %s", a.status, a.body)
	return found
}

func seeTokenInURL(w *world) []string {
	w.provision("alice", RoleUser)
	v := w.visitor("127.0.0.3")
	var found findings
	for _, a := range []answer{v.with("alice", "pw-alice"), v.password("next")} {
		for _, token := range a.minted {
			found.when(strings.Contains(a.header.Get("Location"), token), "Location: %s", a.header.Get("Location"))
			found.when(bytes.Contains(a.body, []byte("?session="+token)), "a link in %s", a.body)
		}
	}
	return found
}

// whoamiPath is where the dialect answers who is asking.
func (w *world) whoamiPath() string {
	return map[string]string{dialectApp: "/api/session", dialectBearer: "/v1/valid"}[w.dialect]
}

func (v *visitor) whoami(suffix string) answer {
	p := v.w.whoamiPath()
	if p == "" {
		p = "/whoami"
	}
	return v.send("GET", p+suffix, "", "")
}

func seeStored(w *world) []string {
	w.provision("alice", RoleUser)
	a := w.visitor("127.0.0.3").in("alice").whoami("")
	var found findings
	found.when(!strings.Contains(a.header.Get("Cache-Control"), "no-store"), "whoami says Cache-Control: %s", a.header.Get("Cache-Control"))
	return found
}

func seeTokenTold(w *world) []string {
	if !slices.Contains(withCookies, w.dialect) {
		return nil
	}
	w.provision("alice", RoleUser)
	v := w.visitor("127.0.0.3").in("alice")
	token := v.jar[credentialCookies[w.dialect]].Value
	a := v.whoami("")
	var found findings
	found.when(bytes.Contains(a.body, []byte(token)), "whoami says %s", a.body)
	return found
}

func seeShared(w *world) []string {
	w.provision("alice", RoleUser)
	a := w.visitor("127.0.0.3").in("alice").whoami("/x.css")
	var found findings
	found.when(bytes.Contains(a.body, []byte("alice")) && strings.Contains(a.header.Get("Cache-Control"), "public"), "a style sheet says %s", a.body)
	return found
}
