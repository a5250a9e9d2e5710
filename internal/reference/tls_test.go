package reference

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestCookiesAreSecureOnTLSOnly(t *testing.T) {
	lender := httptest.NewTLSServer(nil) // for its certificate
	defer lender.Close()
	srv, err := Serve(t.Context(), Options{Dialect: "web", TLS: lender.TLS})
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Close()
	resp, err := lender.Client().Get(srv.URL() + "/login")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if cookie := resp.Header.Get("Set-Cookie"); !strings.HasPrefix(srv.URL(), "https:") || !strings.Contains(cookie, "; Secure") {
		t.Errorf("%s sets %q", srv.URL(), cookie)
	}
	plain := newWorld(t, "web").visitor("127.0.0.1").send("GET", "/login", "", "")
	if cookie := plain.header.Get("Set-Cookie"); strings.Contains(cookie, "Secure") || !strings.Contains(cookie, "HttpOnly; SameSite=Lax") {
		t.Errorf("plain HTTP sets %q", cookie)
	}
}
