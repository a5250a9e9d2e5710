package sites

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// client resolves every name to this machine, as the browsers' proxy does.
func client(s *Server) *http.Client {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(s.authority.PEM())
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots},
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			_, port, _ := net.SplitHostPort(addr)
			var d net.Dialer
			return d.DialContext(ctx, network, "127.0.0.1:"+port)
		}}}
}

func get(t *testing.T, c *http.Client, url string) string {
	t.Helper()
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	req.Header.Add("Cookie", "a=1")
	res, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return string(b)
}

func TestSites(t *testing.T) {
	t.Parallel()
	s, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c := client(s)
	defer c.CloseIdleConnections()
	s.Handle("a.test", "", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "any") })
	s.Handle("a.test", "/x", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "x") })

	if got := get(t, c, s.HTTP("a.test")+"/x?q=1") + get(t, c, s.HTTPS("a.test")+"/y"); got != "xany" {
		t.Errorf("got %q", got)
	}
	get(t, c, s.HTTPS("b.test")+"/")
	all := s.Requests("a.test")
	if len(all) != 2 || all[0].Scheme != "http" || all[0].Path != "/x" || all[0].Query != "q=1" || all[0].Cookie != "a=1" ||
		all[1].Scheme != "https" || all[1].Path != "/y" {
		t.Errorf("requests: %+v", all)
	}
	if s.Forget(); len(s.Requests("b.test")) != 0 {
		t.Error("the record is still there")
	}
}

func TestAwait(t *testing.T) {
	t.Parallel()
	s, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c := client(s)
	defer c.CloseIdleConnections()
	go func() {
		for _, path := range []string{"/1", "/2"} {
			if res, err := c.Get(s.HTTP("a.test") + path); err == nil {
				res.Body.Close()
			}
		}
	}()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if r, ok := s.Await(ctx.Done(), "a.test", func(r Request) bool { return r.Path == "/2" }); !ok || r.Path != "/2" {
		t.Errorf("%v %v", r, ok)
	}
	over := make(chan struct{})
	close(over)
	if _, ok := s.Await(over, "a.test", func(Request) bool { return false }); ok {
		t.Error("a request that never came")
	}
}
