package cookie

import (
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Reason is why a cookie was refused, readable as it is; "" means it was not.
type Reason string

// The reasons, in the order of the storage model (section 5.7).
const (
	ControlCharacter Reason = "a control character"
	TooLong          Reason = "name and value are longer than 4096 octets"
	Empty            Reason = "neither name nor value"
	BadHost          Reason = "the URL has no usable host"
	DomainCharacter  Reason = "Domain has characters outside ASCII"
	PublicSuffix     Reason = "Domain is a public suffix"
	ForeignDomain    Reason = "Domain does not match the host"
	InsecureOrigin   Reason = "Secure from a connection that is not"
	OverlaysSecure   Reason = "a Secure cookie of this name is protected from an insecure connection"
	NoneInsecure     Reason = "SameSite=None without Secure"
	PartInsecure     Reason = "Partitioned without Secure"
	SecurePrefix     Reason = "__Secure- without Secure"
	HostPrefix       Reason = "__Host- without Secure, with Domain, or without Path=/"
	HTTPPrefix       Reason = "__Http- without Secure or without HttpOnly"
	HostHTTPPrefix   Reason = "__Host-Http- without Secure, HttpOnly or Path=/, or with Domain"
	NamelessPrefix   Reason = "a nameless cookie that looks like a prefixed one"
)

// Accept decides whether a user agent keeps a cookie received from the URL at
// now, and as what: the storage model up to the point where the store itself
// matters. The reason is "" when it does. A deletion is accepted too, as a cookie
// whose life is over.
//
// Beyond the draft, as Chrome and Firefox do: Domain naming the very IP address
// of the host counts as missing, and Partitioned needs Secure.
func Accept(u *url.URL, c SetCookie, now time.Time) (Cookie, Reason) {
	if c.Refused != "" {
		return Cookie{}, c.Refused
	}
	host, isIP, ok := canonicalHost(u)
	if !ok {
		return Cookie{}, BadHost
	}
	domain, reason := cookieDomain(c.Domain, host, isIP)
	if reason != "" {
		return Cookie{}, reason
	}
	out := Cookie{
		Name: c.Name, Value: c.Value,
		Domain: domain, HostOnly: domain == "",
		Path:   c.Path,
		Secure: c.Secure, HttpOnly: c.HttpOnly, SameSite: c.SameSite, Partitioned: c.Partitioned,
		Created: now, Accessed: now,
		Raw: c.Raw,
	}
	if out.HostOnly {
		out.Domain = host
	}
	if out.Path == "" {
		out.Path = DefaultPath(requestPath(u))
	}
	out.Persistent, out.Expires, _ = Lifetime(c, now)

	switch {
	case c.Secure && !Trustworthy(u):
		return Cookie{}, InsecureOrigin
	case c.SameSite == SameSiteNone && !c.Secure:
		return Cookie{}, NoneInsecure
	case c.Partitioned && !c.Secure:
		return Cookie{}, PartInsecure
	}
	if reason := checkPrefix(c, out.HostOnly, out.Path); reason != "" {
		return Cookie{}, reason
	}
	return out, ""
}

// cookieDomain settles the Domain attribute against the host (steps 8 to 10):
// "" means host-only.
func cookieDomain(domain, host string, isIP bool) (string, Reason) {
	for i := range len(domain) {
		if domain[i] >= 0x80 {
			return "", DomainCharacter
		}
	}
	switch {
	case domain == "":
		return "", ""
	case isIP:
		addr, err := netip.ParseAddr(strings.Trim(domain, "[]"))
		if err != nil || addr.Unmap().String() != host {
			return "", ForeignDomain
		}
		return "", ""
	case isPublicSuffix(domain):
		if domain != host {
			return "", PublicSuffix
		}
		return "", ""
	case !DomainMatch(host, domain):
		return "", ForeignDomain
	}
	return domain, ""
}

// checkPrefix holds a cookie to what its name's prefix promises (steps 20 to 22;
// __Http- and __Host-Http- by draft-ietf-httpbis-layered-cookies). path is the
// one it would be stored under.
func checkPrefix(c SetCookie, hostOnly bool, path string) Reason {
	host := c.Secure && hostOnly && c.HasPath && path == "/"
	http := c.Secure && c.HttpOnly
	switch {
	case c.Name == "":
		for _, prefix := range []string{"__secure-", "__host-", "__http-", "__host-http-"} {
			if hasPrefixFold(c.Value, prefix) {
				return NamelessPrefix
			}
		}
	case hasPrefixFold(c.Name, "__secure-") && !c.Secure:
		return SecurePrefix
	case hasPrefixFold(c.Name, "__http-") && !http:
		return HTTPPrefix
	case hasPrefixFold(c.Name, "__host-http-") && !(host && http):
		return HostHTTPPrefix
	case hasPrefixFold(c.Name, "__host-") && !host:
		return HostPrefix
	}
	return ""
}
