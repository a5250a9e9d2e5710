package browsers

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// tlsSite is a server with a certificate that nobody knows, and its key's hash.
func tlsSite(t *testing.T, h http.HandlerFunc) (url, spki string) {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // browsers try and drop connections
	s.StartTLS()
	t.Cleanup(s.Close)
	sum := sha256.Sum256(s.Certificate().RawSubjectPublicKeyInfo)
	return s.URL, base64.StdEncoding.EncodeToString(sum[:])
}

func TestVetting(t *testing.T) {
	url, spki := tlsSite(t, shows("x"))
	host, port, _ := net.SplitHostPort(strings.TrimPrefix(url, "https://"))
	dials := 0
	dial := func(host, port string) (net.Conn, error) {
		dials++
		return net.Dial("tcp", net.JoinHostPort(host, port))
	}
	v := &vetting{spki: []string{"other", spki}}
	for range 2 {
		if err := v.check(host, port, dial); err != nil || dials != 1 {
			t.Errorf("the right key: %v after %d connections", err, dials)
		}
	}
	if err := (&vetting{spki: []string{"other"}}).check(host, port, dial); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a wrong key: %v", err)
	}
}

// TestTrustIsForOneKey: engines that can only switch off the check of
// certificates must not open more than was asked for.
func TestTrustIsForOneKey(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e Engine) {
		asked := false
		good, spki := tlsSite(t, shows("<p id=x>x</p>"))
		// httptest has one certificate for all its servers: the wrong key is one that was not named.
		b := launchIn(t, e, Options{TrustSPKI: []string{spki}})
		ok(t, b.Open(t.Context(), good))
		ok(t, b.Wait(t.Context(), "#x"))
		ok(t, b.Kill())
		bad, _ := tlsSite(t, func(http.ResponseWriter, *http.Request) { asked = true })
		b = launchIn(t, e, Options{TrustSPKI: []string{strings.Repeat("A", 43) + "="}})
		if err := b.Open(t.Context(), bad); err == nil || asked {
			t.Errorf("a server with another key was opened: %v, asked: %v", err, asked)
		}
	})
}
