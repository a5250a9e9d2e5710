package sites

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"net"
	"sync"
	"time"
)

// Authority is a private certificate authority that lives in memory. All
// certificates it gives have one key, so that a browser which is told to trust
// that key trusts every name.
type Authority struct {
	caKey, key *ecdsa.PrivateKey
	ca         *x509.Certificate
	spki       string

	mu    sync.Mutex
	certs map[string]*tls.Certificate
}

// Certificates are good for years both ways, for browsers whose clock is moved.
const validity = 10 * 365 * 24 * time.Hour

// NewAuthority makes a new key pair for itself and one for its certificates.
func NewAuthority() (*Authority, error) {
	a := &Authority{certs: map[string]*tls.Certificate{}}
	var err error
	if a.caKey, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, err
	}
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "sessionspec, this run only"},
		NotBefore: time.Now().Add(-validity), NotAfter: time.Now().Add(validity),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &a.caKey.PublicKey, a.caKey)
	if err != nil {
		return nil, err
	}
	if a.ca, err = x509.ParseCertificate(der); err != nil {
		return nil, err
	}
	public, err := x509.MarshalPKIXPublicKey(&a.key.PublicKey)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(public)
	a.spki = base64.StdEncoding.EncodeToString(sum[:])
	return a, nil
}

// SPKI is the base64 SHA-256 of the key of all certificates.
func (a *Authority) SPKI() string { return a.spki }

// PEM is the authority's own certificate, for clients that read a file.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.ca.Raw})
}

// Certificate returns the one for a host name or IP address.
func (a *Authority) Certificate(host string) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c := a.certs[host]; c != nil {
		return c, nil
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 100))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: host},
		NotBefore: a.ca.NotBefore, NotAfter: a.ca.NotAfter, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.ca, &a.key.PublicKey, a.caKey)
	if err != nil {
		return nil, err
	}
	c := &tls.Certificate{Certificate: [][]byte{der, a.ca.Raw}, PrivateKey: a.key}
	a.certs[host] = c
	return c, nil
}

// certificate answers a handshake; a client that names no host means 127.0.0.1.
func (a *Authority) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if hello.ServerName == "" {
		return a.Certificate("127.0.0.1")
	}
	return a.Certificate(hello.ServerName)
}
