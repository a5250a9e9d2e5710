package browsers

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"
)

// vetting decides about servers in place of a browser that can only be told to
// accept every certificate: see Options.TrustSPKI.
type vetting struct {
	spki []string // base64 SHA-256 of public keys

	mu   sync.Mutex
	good map[string]bool // host:port that were accepted
}

// check shakes hands with the server of a tunnel, over a connection of its own.
func (v *vetting) check(host, port string, dial func(host, port string) (net.Conn, error)) error {
	address := net.JoinHostPort(host, port)
	v.mu.Lock()
	known := v.good[address]
	v.mu.Unlock()
	if known {
		return nil
	}
	raw, err := dial(host, port)
	if err != nil {
		return err
	}
	defer raw.Close()
	conn := tls.Client(raw, &tls.Config{
		ServerName:         host,
		InsecureSkipVerify: true, //nolint:gosec // accept decides
		NextProtos:         []string{"h2", "http/1.1"},
		VerifyConnection:   func(s tls.ConnectionState) error { return v.accept(host, s.PeerCertificates) },
	})
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := conn.HandshakeContext(ctx); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.good == nil {
		v.good = map[string]bool{}
	}
	v.good[address] = true
	return nil
}

// accept takes a chain with one of the keys in it, or one that the system trusts.
func (v *vetting) accept(host string, chain []*x509.Certificate) error {
	others := x509.NewCertPool()
	for i, cert := range chain {
		sum := sha256.Sum256(cert.RawSubjectPublicKeyInfo)
		if slices.Contains(v.spki, base64.StdEncoding.EncodeToString(sum[:])) {
			return nil
		}
		if i > 0 {
			others.AddCert(cert)
		}
	}
	if len(chain) == 0 {
		return fmt.Errorf("%s sent no certificate", host)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{DNSName: host, Intermediates: others})
	return err
}
