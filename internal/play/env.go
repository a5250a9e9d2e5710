// Package play performs stories against a target and writes down what
// happened. It does all the input and output and judges nothing.
package play

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/cookie"
	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/wire"
	"github.com/sessionspec/sessionspec/targets"
)

// Learner is told every secret as it comes up, so that no sink ever shows it.
type Learner interface {
	Learn(tag, secret string)
	// Guess is Learn where what the secret is will be known later, if ever.
	Guess(tag, secret string)
	LearnExchange(scope, tagPrefix string, x history.Exchange)
}

// Env is a running target and everything that plays against it share.
type Env struct {
	Target *targets.Target
	// Exec permits routes that run commands.
	Exec bool
	// Browsers start browsers: stories with a browser in them are played in
	// each. None where the run has none.
	Browsers []browsers.Engine
	// InBrowser plays stories of plain clients once more with the first of them in
	// a browser, where that makes sense.
	InBrowser bool
	Learn     Learner
	// Seed, other than 0, makes the names of accounts repeatable: the same plan gets
	// the same ones in the next run. For targets that begin empty.
	Seed int64
	// Cal is what calibration found; zero before it.
	Cal Calibration

	// Pace, where set, is called before every request and holds it back.
	Pace func(context.Context)
	// Sent, where set, is told about every exchange: for measuring.
	Sent func(*history.Exchange)

	vars      targets.Vars // of a client that has nothing yet
	http      *wire.Client
	loopback  bool
	extract   []targets.Extractor // where any answer may hand out a credential
	other     *otherSite
	addresses *atomic.Uint32
	plays     *plays
	own       *own // of the play under way, nil outside of one
}

// Muted is the same environment for plays of which nothing is kept: no secret of
// theirs is learnt. Addresses and connections are shared; the one that was muted
// is the one to close.
func (e *Env) Muted() *Env {
	out := *e
	out.Learn = nil
	return &out
}

// NewEnv prepares plays against a started target.
func NewEnv(t *targets.Target, exec bool, engines []browsers.Engine, learn Learner) (*Env, error) {
	opts := wire.Options{Timeout: 30 * time.Second}
	if t.CA != "" {
		path, _, err := targets.Template{Text: t.CA, Pos: t.Pos}.Expand(t.RunVars())
		if err != nil {
			return nil, err
		}
		if !filepath.IsAbs(path) {
			path = filepath.Join(t.Dir, path)
		}
		pem, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("%s: ca: %w", t.File, err)
		}
		opts.RootCAs = x509.NewCertPool()
		if !opts.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s: ca: no certificate in %s", t.File, path)
		}
	}
	e := &Env{Target: t, Exec: exec, Browsers: engines, Learn: learn, vars: varsOf(t), http: wire.New(opts), other: &otherSite{}, addresses: &atomic.Uint32{}, plays: &plays{}}
	u, err := url.Parse(t.Base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%s: base %q is no http or https address", t.File, t.Base)
	}
	host := u.Hostname()
	ip, err := netip.ParseAddr(host)
	e.loopback = host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && ip.Is4() && ip.IsLoopback()
	e.extract = credentialExtractors(t)
	return e, nil
}

// engine finds an engine of the run by name.
func (e *Env) engine(name string) browsers.Engine {
	for _, b := range e.Browsers {
		if b.Name() == name {
			return b
		}
	}
	return nil
}

// credentialExtractors lists the places in which the target file ever finds a
// credential. They are tried on every answer: a credential that turns up where
// none belongs is a finding.
func credentialExtractors(t *targets.Target) []targets.Extractor {
	var out []targets.Extractor
	seen := map[string]bool{}
	add := func(ops targets.Operations) {
		for _, routes := range ops {
			for _, r := range routes {
				for _, s := range r.Steps {
					x, ok := s.Keep["credential"]
					key := fmt.Sprint(x.JSON, "|", x.Header, "|", x.Regex, "|", x.CSS, x.Attr)
					if ok && x.Cookie == "" && x.StdoutJSON == "" && x.StdoutRegex == "" && !seen[key] {
						seen[key] = true
						out = append(out, x)
					}
				}
			}
		}
	}
	add(t.Operations)
	for _, k := range t.Clients {
		add(k.Operations)
	}
	return out
}

// ErrUnreachable says that the target does not answer at all.
var ErrUnreachable = errors.New("target unreachable")

// Preflight asks one question; a target that does not answer is one line, not
// a hundred failures.
func (e *Env) Preflight(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	x := e.http.Do(ctx, history.Request{Method: "GET", URL: e.Target.Base + "/"})
	if x.Response == nil {
		return fmt.Errorf("%w: %s at %s: %s", ErrUnreachable, e.Target.Name, e.Target.Base, x.Error)
	}
	return nil
}

// address hands out a source address of its own: 127.64.0.1 and up, away from
// the ones that stories name themselves. "" where the target is not on IPv4 loopback.
func (e *Env) address() string {
	if !e.loopback {
		return ""
	}
	return e.addressOf()
}

func addressAt(n uint32) string {
	return netip.AddrFrom4([4]byte{127, byte(64 + n/64516%128), byte(n / 254 % 254), byte(1 + n%254)}).String()
}

// newPassword passes the usual rules: long, mixed, unlike the name.
func newPassword() string {
	var b [10]byte
	rand.Read(b[:])
	return "Aa1-" + base32lower.EncodeToString(b[:])
}

// sessionCookie tells whether calibration found that the cookie presents the
// session; before calibration every cookie may.
func (e *Env) sessionCookie(name string) bool {
	if e.Cal.Done {
		return e.Cal.Session[name]
	}
	return true
}

func (e *Env) claimCookie(name string) bool {
	return e.Target.Claim != nil && e.Target.Claim.Cookie == name
}

// offers lists the credentials that an answer hands out; deletions and empty
// values are none.
func (e *Env) offers(x *history.Exchange, event int) (out []history.Offer) {
	if x.Response == nil {
		return nil
	}
	for _, line := range x.Response.Header.Values("Set-Cookie") {
		c := cookie.Read(line, x.End, time.Time{})
		if c.HasExpires { // by the clock of who says so
			c = cookie.Read(line, x.End, date(x.Response))
		}
		if _, _, deletion := cookie.Lifetime(c, x.End); deletion || strings.Trim(c.Value, `"`) == "" || !e.sessionCookie(c.Name) {
			continue
		}
		out = append(out, history.Offer{Kind: "cookie", Name: c.Name, Value: c.Value, Event: event})
	}
	if len(e.extract) == 0 {
		return out
	}
	a := answerOf(x, nil)
	for _, ex := range e.extract {
		if v, found, err := ex.From(a, targets.Vars{}); err == nil && found {
			out = append(out, history.Offer{Kind: "value", Name: "credential", Value: v, Event: event})
		}
	}
	return out
}

// offers is Env.offers, which is asked about every answer twice: when it is
// received, and when its step is booked.
func (c *client) offers(x *history.Exchange, event int) []history.Offer {
	if c.looked != x {
		c.looked, c.found = x, c.env.offers(x, 0)
	}
	out := slices.Clone(c.found)
	for i := range out {
		out[i].Event = event
	}
	return out
}

func date(r *history.Response) time.Time {
	d, _ := cookie.ParseDate(r.Header.Get("Date"))
	return d
}

func answerOf(x *history.Exchange, jar func(string) string) *targets.Answer {
	a := &targets.Answer{Cookie: jar}
	if x.Response != nil {
		a.Status, a.Header, a.Body = x.Response.Status, x.Response.Header, x.Response.Body
	}
	return a
}
