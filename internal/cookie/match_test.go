package cookie

import (
	"net/url"
	"testing"
)

func at(raw string) *url.URL {
	u, err := url.Parse(raw)
	if err != nil {
		panic(err)
	}
	return u
}

func TestDefaultPath(t *testing.T) {
	for path, want := range map[string]string{
		"": "/", "x": "/", "/": "/", "/a": "/", "/a/": "/a", "/a/b": "/a", "/a/b/": "/a/b", "//": "/",
	} {
		if got := DefaultPath(path); got != want {
			t.Errorf("DefaultPath(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestPathMatch(t *testing.T) {
	for _, c := range []struct {
		request, cookie string
		want            bool
	}{
		{"/", "/", true},
		{"/a", "/", true},
		{"/a", "/a", true},
		{"/a/", "/a", true},
		{"/a/b", "/a", true},
		{"/a/b", "/a/", true},
		{"/a", "/a/", false},
		{"/ab", "/a", false},
		{"/A", "/a", false},
		{"/", "/a", false},
		{"/%61", "/a", false}, // equivalent paths stay different
	} {
		if got := PathMatch(c.request, c.cookie); got != c.want {
			t.Errorf("PathMatch(%q, %q) = %v", c.request, c.cookie, got)
		}
	}
}

func TestDomainMatch(t *testing.T) {
	for _, c := range []struct {
		host, domain string
		want         bool
	}{
		{"example.com", "example.com", true},
		{"a.example.com", "example.com", true},
		{"a.b.example.com", "example.com", true},
		{"example.com", "a.example.com", false},
		{"badexample.com", "example.com", false},
		{"example.com", "", false},
		{"127.0.0.1", "127.0.0.1", true},
		{"127.0.0.1", "0.0.1", false},
		{"127.0.0.1", "1", false},
	} {
		if got := DomainMatch(c.host, c.domain); got != c.want {
			t.Errorf("DomainMatch(%q, %q) = %v", c.host, c.domain, got)
		}
	}
}

func TestTrustworthy(t *testing.T) {
	for raw, want := range map[string]bool{
		"https://example.com/":    true,
		"wss://example.com/":      true,
		"http://127.0.0.1:80/":    true,
		"http://127.9.9.9/":       true,
		"http://[::1]:8080/":      true,
		"http://LocalHost/":       true,
		"http://a.localhost:1/":   true,
		"http://a.localhost./":    true,
		"ws://localhost/":         true,
		"http://example.com/":     false,
		"http://notlocalhost/":    false,
		"http://10.0.0.1/":        false,
		"http://localhost.evil/":  false,
		"http://127.0.0.1.evil./": false,
		"http:///path":            false,
	} {
		if got := Trustworthy(at(raw)); got != want {
			t.Errorf("Trustworthy(%s) = %v", raw, got)
		}
	}
}
