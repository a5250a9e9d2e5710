package audit

import "context"

const secureConnection = "RFC 6265bis 5.8.3, note: for the browser to define"

// secure is where a Secure cookie may come from and go.
var secure = Probe{
	ID: "secure", Title: "Secure",
	Rows: []Expect{
		{ID: "http", What: "Secure cookie from http://app.test", Want: []string{refused}, Source: "RFC 6265bis 5.7 step 13"},
		{ID: "loopback", What: "Secure cookie from http://127.0.0.1", Source: secureConnection},
		{ID: "localhost", What: "Secure cookie from http://localhost", Source: secureConnection},
		{ID: "sub-localhost", What: "Secure cookie from http://app.localhost", Source: secureConnection},
		{ID: "to-http", What: "Secure cookie made by https, to http of the same host", Want: []string{notSent}, Source: "RFC 6265bis 5.8.3 step 3"},
		{ID: "overlay", What: "cookie by http over a Secure one of the same name", Want: []string{refused}, Source: "RFC 6265bis 5.7 step 16"},
		{ID: "overlay-path", What: "the same with a path where the Secure one is sent too", Want: []string{refused}, Source: "RFC 6265bis 5.7 step 16"},
		{ID: "overlay-domain", What: "the same with Domain, from a host below", Want: []string{refused}, Source: "RFC 6265bis 5.7 step 16"},
		{ID: "overlay-elsewhere", What: "the same with a shorter path than the Secure one has", Want: []string{stored}, Source: "RFC 6265bis 5.7 step 16, note"},
		{ID: "downgrade", What: "https takes Secure away from its own cookie", Want: []string{sent + " by http"}, Source: "RFC 6265bis 5.7 step 23"},
	},
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.shared(ctx)
		if err != nil {
			return err
		}
		for id, host := range map[string]string{"http": s.host("app"), "loopback": "127.0.0.1", "localhost": "localhost", "sub-localhost": "app.localhost"} {
			at := s.Web.HTTP(host) + "/"
			if err := a.set(ctx, at+"secure", "secure=1; Secure; Path=/"); err != nil {
				return err
			}
			header, err := a.cookies(ctx, at)
			if err != nil {
				return err
			}
			seen[id] = fate(header, "secure=1")
		}
		return overlays(ctx, a, seen)
	},
}

// overlays plays the rows about a Secure cookie that http would replace.
func overlays(ctx context.Context, a *actor, seen Observation) error {
	s := a.s
	host := s.host("overlay")
	plain, tls := s.Web.HTTP(host)+"/", s.Web.HTTPS(host)+"/"
	err := a.set(ctx, tls+"set", "a=safe; Secure; Path=/", "b=safe; Secure; Path=/", "c=safe; Secure; Path=/; Domain="+host,
		"d=safe; Secure; Path=/deep", "e=safe; Secure; Path=/")
	if err != nil {
		return err
	}
	header, err := a.cookies(ctx, plain)
	if err != nil {
		return err
	}
	seen["to-http"] = either(has(header, "a=safe"), sent, notSent)
	if err := a.set(ctx, plain+"set", "a=forged; Path=/", "b=forged; Path=/deep", "d=forged; Path=/"); err != nil {
		return err
	}
	if err := a.set(ctx, s.Web.HTTP("www."+host)+"/set", "c=forged; Path=/; Domain="+host); err != nil {
		return err
	}
	if header, err = a.cookies(ctx, tls+"deep"); err != nil {
		return err
	}
	for id, pair := range map[string]string{"overlay": "a=forged", "overlay-path": "b=forged", "overlay-domain": "c=forged", "overlay-elsewhere": "d=forged"} {
		seen[id] = either(has(header, pair), stored, refused)
	}
	if err := a.set(ctx, tls+"set", "e=bare; Path=/"); err != nil {
		return err
	}
	if header, err = a.cookies(ctx, plain); err != nil {
		return err
	}
	seen["downgrade"] = either(has(header, "e=bare"), sent, notSent) + " by http"
	return nil
}
