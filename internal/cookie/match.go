package cookie

import (
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// canonicalHost is the URL's host as cookies compare it (section 5.1.2): lower
// case, A-labels, an IP address in its one spelling without brackets. ASCII names
// are taken as they are, underscores included, as browsers do and unlike the
// draft. ok is false when there is no usable host.
func canonicalHost(u *url.URL) (host string, isIP, ok bool) {
	host, ip, ok := canonicalAddr(u)
	return host, ip.IsValid(), ok
}

// canonicalAddr is canonicalHost with the address, the zero Addr for a name.
func canonicalAddr(u *url.URL) (host string, ip netip.Addr, ok bool) {
	host = lower(u.Hostname())
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().String(), ip.Unmap(), true
	}
	for i := range len(host) {
		if host[i] >= 0x80 {
			ascii, err := idna.Lookup.ToASCII(host)
			return ascii, ip, err == nil && ascii != ""
		}
	}
	return host, ip, host != ""
}

// DomainMatch says whether a host, in canonical form, domain-matches a domain
// (section 5.1.3).
func DomainMatch(host, domain string) bool {
	if host == domain {
		return true
	}
	if domain == "" || !strings.HasSuffix(host, "."+domain) {
		return false
	}
	_, err := netip.ParseAddr(host)
	return err != nil
}

// isPublicSuffix says whether nobody may set a cookie for the whole domain. A
// name the list does not know has its last label as public suffix, so "localhost"
// is one. The list's private section counts, as in browsers.
func isPublicSuffix(domain string) bool {
	domain = strings.TrimSuffix(domain, ".")
	if domain == "" {
		return false
	}
	suffix, _ := publicsuffix.PublicSuffix(domain)
	return suffix == domain
}

// requestPath is the path that cookie paths are compared with: as it goes over
// the wire, percent-encoding kept.
func requestPath(u *url.URL) string {
	if p := u.EscapedPath(); strings.HasPrefix(p, "/") {
		return p
	}
	return "/"
}

// DefaultPath is the path of a cookie that names none (section 5.1.4): the
// request path up to its last slash, that excluded.
func DefaultPath(path string) string {
	if path == "" || path[0] != '/' {
		return "/"
	}
	if at := strings.LastIndexByte(path, '/'); at > 0 {
		return path[:at]
	}
	return "/"
}

// PathMatch says whether a request path path-matches a cookie's path (section 5.1.4).
func PathMatch(request, cookie string) bool {
	if !strings.HasPrefix(request, cookie) {
		return false
	}
	return len(request) == len(cookie) || strings.HasSuffix(cookie, "/") || request[len(cookie)] == '/'
}

// Trustworthy says whether the URL counts as a secure connection, over which
// Secure cookies travel: https, and http to a loopback address, localhost or a
// name below it. The draft leaves this to the user agent; Chrome and Firefox do
// it so, WebKit wants https.
func Trustworthy(u *url.URL) bool {
	host, ip, ok := canonicalAddr(u)
	if !ok {
		host = ""
	}
	return trustworthy(u, host, ip)
}

// trustworthy is Trustworthy for a host that canonicalAddr gave, "" for none.
func trustworthy(u *url.URL, host string, ip netip.Addr) bool {
	if strings.EqualFold(u.Scheme, "https") || strings.EqualFold(u.Scheme, "wss") {
		return true
	}
	if ip.IsValid() {
		return ip.IsLoopback()
	}
	host = strings.TrimSuffix(host, ".")
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}
