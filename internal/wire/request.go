package wire

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"github.com/sessionspec/sessionspec/internal/history"
)

// prepared is a request ready for the wire.
type prepared struct {
	sent  history.Request // as given, and the lines that were added
	key   poolKey
	bytes []byte
	// keep says whether the connection may serve another request afterwards.
	keep bool
}

// prepare checks a request and lays it out. The lines given are written as they
// are; Host goes in front if it is missing, Content-Length to the end.
func prepare(r history.Request, source netip.Addr) (prepared, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return prepared{}, errors.Unwrap(err) // without the URL once more
	}
	p := prepared{sent: r, keep: true}
	if source.IsValid() {
		p.sent.Source = source.String()
	}
	host, err := p.setKey(u, source)
	if err != nil {
		return prepared{}, err
	}
	if !isToken(r.Method) {
		return prepared{}, fmt.Errorf("method %q is not a token", r.Method)
	}

	lines := make(history.Lines, 0, len(r.Header)+2)
	if !has(r.Header, "Host") {
		lines = append(lines, history.Line{Name: "Host", Value: host})
	}
	lines = append(lines, r.Header...)
	for _, l := range r.Header {
		// What the caller did not mean as several lines must not become so.
		if l.Name == "" || strings.ContainsAny(l.Name, ":\r\n\x00") || !r.Raw && strings.ContainsAny(l.Value, "\r\n\x00") {
			return prepared{}, fmt.Errorf("header line %q cannot be sent: %q", l.Name, l.Value)
		}
	}
	length := strconv.Itoa(len(r.Body))
	switch {
	case has(lines, "Content-Length") || has(lines, "Transfer-Encoding"):
		// The caller's own framing may lie, and then the next request on this
		// connection would not start where the server thinks.
		p.keep = lines.Get("Content-Length") == length && !has(lines, "Transfer-Encoding")
	case r.Body != "" || r.Method == "POST" || r.Method == "PUT" || r.Method == "PATCH":
		lines = append(lines, history.Line{Name: "Content-Length", Value: length})
	}
	p.keep = p.keep && !r.Raw && !hasToken(lines, "Connection", "close")
	p.sent.Header = lines

	// A blank in the query would otherwise end the request target.
	target := strings.ReplaceAll(u.RequestURI(), " ", "%20")
	size := len(r.Method) + len(target) + len(r.Body) + 32
	for _, l := range lines {
		size += len(l.Name) + len(l.Value) + 4
	}
	b := append(append(append(make([]byte, 0, size), r.Method...), ' '), target...)
	b = append(b, " HTTP/1.1\r\n"...)
	for _, l := range lines {
		b = append(append(b, l.Name...), ": "...)
		b = append(append(b, l.Value...), "\r\n"...)
	}
	b = append(b, "\r\n"...)
	p.bytes = append(b, r.Body...)
	return p, nil
}

// setKey settles where to connect and returns the value of Host, without the
// scheme's own port as browsers have it.
func (p *prepared) setKey(u *url.URL, source netip.Addr) (host string, err error) {
	name, port, usual := u.Hostname(), u.Port(), "80"
	switch u.Scheme {
	case "http":
	case "https":
		p.key.tls, usual = true, "443"
	default:
		return "", fmt.Errorf("URL %q is not absolute http or https", u)
	}
	if name == "" {
		return "", fmt.Errorf("URL %q has no host", u)
	}
	if strings.ContainsFunc(name, func(r rune) bool { return r >= 0x80 }) {
		if name, err = idna.Lookup.ToASCII(name); err != nil {
			return "", err
		}
	}
	if port == "" {
		port = usual
	}
	p.key.addr, p.key.serverName, p.key.source = net.JoinHostPort(name, port), name, source
	if port != usual {
		return p.key.addr, nil
	}
	if strings.Contains(name, ":") {
		return "[" + name + "]", nil
	}
	return name, nil
}

func has(lines history.Lines, name string) bool {
	return slices.ContainsFunc(lines, func(l history.Line) bool { return strings.EqualFold(l.Name, name) })
}

// hasToken says whether a comma-separated field holds a word, in any of its lines.
func hasToken(lines history.Lines, name, word string) bool {
	for _, value := range lines.Values(name) {
		for token := range strings.SplitSeq(value, ",") {
			if strings.EqualFold(strings.Trim(token, " \t"), word) {
				return true
			}
		}
	}
	return false
}

// isToken is RFC 9110, section 5.6.2.
func isToken(s string) bool {
	for i := range len(s) {
		b := s[i]
		if !(b|0x20 >= 'a' && b|0x20 <= 'z') && !(b >= '0' && b <= '9') && strings.IndexByte("!#$%&'*+-.^_`|~", b) < 0 {
			return false
		}
	}
	return s != ""
}
