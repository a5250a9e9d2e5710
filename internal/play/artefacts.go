package play

import (
	"slices"

	"github.com/sessionspec/sessionspec/internal/cookie"
	"github.com/sessionspec/sessionspec/internal/history"
)

// givenMost bounds what is remembered of a client's cookies.
const givenMost = 16

// collect notes the cookies that the client holds beside the session's.
func (c *client) collect() {
	for _, k := range c.jar.All() {
		known := slices.ContainsFunc(c.given, func(g cookie.Cookie) bool { return g.Name == k.Name && g.Value == k.Value })
		if !known && k.Value != "" && len(c.given) < givenMost && !(c.env.Cal.Done && c.env.Cal.Session[k.Name]) {
			c.given = append(c.given, k)
		}
	}
}

// artefacts presents what the client was given since its sign-in, all but the
// credential: each piece alone, and then together. Whoever is handed a session
// for it by the first answer asks once more with that.
func (s *showing) artefacts() {
	ask := func(id, what string, cookies []cookie.Cookie, credential any) {
		twin := s.c.twin(nil)
		for _, k := range cookies {
			twin.jar.Put(k)
		}
		if credential != nil {
			twin.kept["credential"] = credential
		}
		a := twin.whoami(s.ctx, s.p.role)
		if a.State == history.Dead && len(a.Offers) > 0 {
			a = twin.whoami(s.ctx, s.p.role)
		}
		s.p.extra = append(s.p.extra, twin)
		s.op.Shown = append(s.op.Shown, history.Shown{What: what, Case: id, Answer: a})
	}
	for _, k := range s.c.given {
		ask("cookie "+k.Name, "the cookie "+k.Name+" alone", []cookie.Cookie{k}, nil)
	}
	if len(s.c.given) > 1 {
		ask("cookies", "all cookies but those of the session", s.c.given, nil)
	}
	if v, ok := s.c.kept["refresh"].(string); ok {
		ask("refresh", "the refresh credential in place of the credential", nil, v)
	}
}
