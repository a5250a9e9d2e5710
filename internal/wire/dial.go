package wire

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// DialContext connects from the client's source address; it fits
// net/http.Transport, so that a websocket comes from the same address as the rest.
// network is tcp, tcp4 or tcp6.
func (c *Client) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	return dial(ctx, c.options.Source, network, addr)
}

// dial connects from source, the zero Addr being the system's choice. Its errors
// are of type *Error.
func dial(ctx context.Context, source netip.Addr, network, addr string) (net.Conn, error) {
	op := "dial " + addr
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, classify(ctx, op, err)
	}
	// RFC 6761, section 6.3: these names are loopback. Browsers know that, many
	// resolvers do not.
	if name := strings.TrimSuffix(strings.ToLower(host), "."); strings.HasSuffix(name, ".localhost") {
		host = "localhost"
	}
	var dialer net.Dialer
	if source.IsValid() {
		op += " from " + source.String()
		// The dialer takes only target addresses of the source's family: a localhost
		// that is ::1 and 127.0.0.1 is the latter for an IPv4 source.
		dialer.LocalAddr = &net.TCPAddr{IP: source.AsSlice(), Zone: source.Zone()}
	}
	conn, err := dialer.DialContext(ctx, network, net.JoinHostPort(host, port))
	if err != nil {
		return nil, classify(ctx, op, err)
	}
	return conn, nil
}

// connect makes a fresh connection for the key, TLS included.
func (c *Client) connect(ctx context.Context, key poolKey) (*conn, error) {
	raw, err := dial(ctx, key.source, "tcp", key.addr)
	if err != nil {
		return nil, err
	}
	out := newConn(key, raw)
	if !key.tls {
		return out, nil
	}
	secure := tls.Client(raw, &tls.Config{ServerName: key.serverName, RootCAs: c.options.RootCAs, NextProtos: []string{"http/1.1"}})
	if err := secure.HandshakeContext(ctx); err != nil {
		raw.Close()
		e := classify(ctx, "handshake with "+key.addr, err)
		if e.Kind == Other { // whatever fails in here and is not the network's fault
			e.Kind = TLS
		}
		return nil, e
	}
	out.use(secure)
	return out, nil
}

// parseSource reads Request.Source; "" falls back to the client's own.
func (c *Client) parseSource(text string) (netip.Addr, error) {
	if text == "" {
		return c.options.Source, nil
	}
	source, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Addr{}, fmt.Errorf("source %q is not an IP address", text)
	}
	return source.Unmap(), nil
}
