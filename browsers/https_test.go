package browsers

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestFetchByHTTPS(t *testing.T) {
	t.Parallel()
	each(t, testFetchByHTTPS)
}

func testFetchByHTTPS(t *testing.T, e Engine) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Set-Cookie"] = []string{"__Host-a=1; Secure; Path=/", "b=2", "b=3"}
		fmt.Fprint(w, r.Header.Get("Cookie"))
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // Chrome tries and drops connections
	s.StartTLS()
	defer s.Close()
	sum := sha256.Sum256(s.Certificate().RawSubjectPublicKeyInfo)
	ctx := t.Context()
	b := launchIn(t, e, Options{TrustSPKI: []string{base64.StdEncoding.EncodeToString(sum[:])}})
	ok(t, b.Open(ctx, s.URL))
	x, err := b.Fetch(ctx, "GET", "/x", nil, "")
	if e.Name() == "webkit" {
		if !errors.Is(err, ErrUnable) {
			t.Errorf("webkit tells no headers of a fetch by https: %v", err)
		}
		return
	}
	ok(t, err)
	if x.Response.Body != "__Host-a=1; b=3" || strings.Join(x.Response.Header.Values("set-cookie"), "|") != "__Host-a=1; Secure; Path=/|b=2|b=3" {
		t.Errorf("exchange: %+v", x.Response)
	}
	if !strings.Contains(x.Request.Header.Get("Cookie"), "__Host-a=1") {
		t.Errorf("request header: %v", x.Request.Header)
	}
}
