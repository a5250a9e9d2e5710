package cookie

import "testing"

func TestAcceptDomain(t *testing.T) {
	for _, c := range []struct {
		url, domain string
		want        string // domain; a leading "=" means host-only
		reason      Reason
	}{
		{"http://www.example.com/", "", "=www.example.com", ""},
		{"http://WWW.Example.com/", "", "=www.example.com", ""},
		{"http://www.example.com/", "example.com", "example.com", ""},
		{"http://www.example.com/", ".EXAMPLE.com", "example.com", ""},
		{"http://www.example.com/", "www.example.com", "www.example.com", ""},
		{"http://www.example.com/", ".", "=www.example.com", ""},
		{"http://www.example.com/", "a.www.example.com", "", ForeignDomain},
		{"http://www.example.com/", "other.com", "", ForeignDomain},
		{"http://www.example.com/", "..example.com", "", ForeignDomain},
		{"http://www.example.com/", "com", "", PublicSuffix},
		{"http://a.co.uk/", "co.uk", "", PublicSuffix},
		{"http://me.github.io/", "github.io", "", PublicSuffix}, // private section
		{"http://github.io/", "github.io", "=github.io", ""},    // the suffix itself
		{"http://app.test/", "app.test", "app.test", ""},        // not on the list: last label
		{"http://app.test/", "test", "", PublicSuffix},
		{"http://localhost:8080/", "localhost", "=localhost", ""},
		{"http://a.localhost/", "localhost", "", PublicSuffix},
		{"http://127.0.0.1:8080/", "", "=127.0.0.1", ""},
		{"http://127.0.0.1:8080/", "127.0.0.1", "=127.0.0.1", ""},
		{"http://127.0.0.1:8080/", "0.0.1", "", ForeignDomain},
		{"http://127.0.0.1:8080/", "1", "", ForeignDomain},
		{"http://127.0.0.2/", "127.0.0.1", "", ForeignDomain},
		{"http://[::1]:80/", "[::1]", "=::1", ""},
		{"http://bücher.example/", "", "=xn--bcher-kva.example", ""},
		{"http://bücher.example/", "xn--bcher-kva.example", "xn--bcher-kva.example", ""},
		{"http://bücher.example/", "bücher.example", "", DomainCharacter},
		{"http:///", "", "", BadHost},
	} {
		line := "a=b"
		if c.domain != "" {
			line += "; Domain=" + c.domain
		}
		got, reason := Accept(at(c.url), parse(line), now)
		domain := got.Domain
		if got.HostOnly {
			domain = "=" + domain
		}
		if domain != c.want || reason != c.reason {
			t.Errorf("%s on %s: got %q %q, want %q %q", line, c.url, domain, reason, c.want, c.reason)
		}
	}
}

func TestAcceptSecurity(t *testing.T) {
	const https, http, loopback = "https://app.test/", "http://app.test/", "http://127.0.0.1:8080/"
	for _, c := range []struct {
		url, line string
		want      Reason
	}{
		{https, "a=b; Secure", ""},
		{http, "a=b; Secure", InsecureOrigin},
		{loopback, "a=b; Secure", ""},
		{https, "a=b; SameSite=None", NoneInsecure},
		{loopback, "a=b; SameSite=None", NoneInsecure},
		{https, "a=b; SameSite=None; Secure", ""},
		{https, "a=b; SameSite=None; SameSite=Lax", ""},
		{https, "a=b; Partitioned", PartInsecure},
		{https, "a=b; Partitioned; Secure", ""},

		{https, "__Secure-a=b; Secure; Domain=app.test", ""},
		{https, "__Secure-a=b", SecurePrefix},
		{https, "__sEcUrE-a=b", SecurePrefix},
		{http, "__Secure-a=b; Secure", InsecureOrigin},
		{https, "__Host-a=b; Secure; Path=/", ""},
		{loopback, "__Host-a=b; Secure; Path=/; Domain=127.0.0.1", ""}, // as Chrome
		{https, "__HOST-a=b; Secure; Path=/", ""},
		{https, "__Host-a=b; Path=/", HostPrefix},
		{https, "__host-a=b; Path=/", HostPrefix},
		{https, "__Host-a=b; Secure", HostPrefix}, // default path "/" does not do
		{https, "__Host-a=b; Secure; Path=/x", HostPrefix},
		{https, "__Host-a=b; Secure; Path=/; Path=/x", HostPrefix},
		{https, "__Host-a=b; Secure; Path=/; Domain=app.test", HostPrefix},
		{https, "__Host-a=b; Secure; Path=/; Domain=app.test; Domain=", ""}, // the last Domain is empty
		{https, "__Http-a=b; Secure; HttpOnly", ""},
		{https, "__Http-a=b; Secure", HTTPPrefix},
		{https, "__http-a=b; HttpOnly", HTTPPrefix},
		{https, "__Host-Http-a=b; Secure; HttpOnly; Path=/", ""},
		{https, "__Host-Http-a=b; Secure; Path=/", HostHTTPPrefix},
		{https, "__host-http-a=b; Secure; HttpOnly", HostHTTPPrefix},
		{https, "__Host-Http-a=b; Secure; HttpOnly; Path=/; Domain=app.test", HostHTTPPrefix},
		{https, "=__Host-a=b; Secure; Path=/", NamelessPrefix},
		{https, "__host-a; Secure; Path=/", NamelessPrefix},
		{https, "=__Secure-a=b; Secure", NamelessPrefix},
		{https, "=__Http-a=b; Secure", NamelessPrefix},
		{https, "=x__Host-a=b", ""},
		{https, "__Hos=t", ""},
		{https, "=", Empty},
	} {
		if _, got := Accept(at(c.url), parse(c.line), now); got != c.want {
			t.Errorf("%s on %s: got %q, want %q", c.line, c.url, got, c.want)
		}
	}
}
