package reference

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"strings"
	"time"
)

// uat is what Kanidm's token says, as far as its clients read it: whose session,
// which, until when, and whether it may write. Token opens the session in the core.
type uat struct {
	Session string    `json:"session_id"`
	Token   string    `json:"token"`
	UID     string    `json:"uuid"`
	Name    string    `json:"name"`
	SPN     string    `json:"spn"`
	Issued  time.Time `json:"issued_at"`
	Expiry  time.Time `json:"expiry"`
	// Writes is until when the token may change things, the zero time for never.
	Writes time.Time `json:"purpose_readwrite"`
}

// How long Kanidm's sessions and the right to write last.
const (
	uatLife   = 24 * time.Hour
	writeLife = 10 * time.Minute
)

// tokens signs and reads tokens (JWS, compact, ES256) by a key of the server's
// life, and carries them in the header Authorization. A token is a statement
// about a session: several may be about the same.
type tokens struct {
	header
	key *ecdsa.PrivateKey
	kid string
}

func newTokens(h header) tokens {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err) // the system's source of random numbers never fails
	}
	return tokens{header: h, key: key, kid: randomHex(16)}
}

// token is the core's token in the one that the request shows. A token that was
// not signed here is shown to the core as it is, which does not know it.
func (t tokens) token(r *http.Request) string {
	shown := t.header.token(r)
	if said, err := t.read(shown); err == nil {
		return said.Token
	}
	return shown
}

// said is the whole statement of a request, empty without a good one.
func (t tokens) said(r *http.Request) uat {
	said, err := t.read(t.header.token(r))
	if err != nil {
		return uat{}
	}
	return said
}

func (t tokens) hand(_ http.ResponseWriter, _ *http.Request, g grant) map[string]any {
	return map[string]any{"token": t.sign(uat{Session: g.handle, Token: g.token, UID: g.uid, Name: g.user})}
}

// sign completes a statement and signs it.
func (t tokens) sign(said uat) string {
	now := time.Now().UTC()
	said.SPN, said.Issued, said.Expiry = said.Name+"@localhost", now, now.Add(uatLife)
	head, _ := json.Marshal(map[string]string{"alg": "ES256", "kid": t.kid})
	body, _ := json.Marshal(said)
	text := base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(body)
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, t.key, sum[:])
	if err != nil {
		panic(err) // as above
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...))
}

var errNoUAT = errors.New("no token of this server's")

// read checks the signature and the end of a token.
func (t tokens) read(token string) (said uat, err error) {
	text, signature, _ := cutLast(token, ".")
	sig, err := base64.RawURLEncoding.Strict().DecodeString(signature)
	if err != nil || len(sig) != 64 {
		return uat{}, errNoUAT
	}
	sum := sha256.Sum256([]byte(text))
	if !ecdsa.Verify(&t.key.PublicKey, sum[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])) {
		return uat{}, errNoUAT
	}
	said, err = readUAT(token)
	if err != nil || time.Now().After(said.Expiry) {
		return uat{}, errNoUAT
	}
	return said, nil
}

// readUAT reads a token without asking who signed it, as a client may.
func readUAT(token string) (said uat, err error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return uat{}, errNoUAT
	}
	body, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err == nil {
		err = json.Unmarshal(body, &said)
	}
	return said, err
}

// jwk is the public key in the form that clients keep beside their tokens.
func (t tokens) jwk() map[string]any {
	point, err := t.key.PublicKey.Bytes()
	if err != nil {
		return nil
	}
	half := func(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
	return map[string]any{"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": t.kid, "x": half(point[1:33]), "y": half(point[33:])}
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return "", "", false
	}
	return s[:i], s[i+len(sep):], true
}
