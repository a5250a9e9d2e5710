package play

import (
	"context"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/cookie"
	"github.com/sessionspec/sessionspec/internal/history"
)

// witness books what a browser can tell about a step beyond its outcome: its
// console, and, where the plan wants it, a picture.
func (p *player) witness(ctx context.Context, op *history.Op, c *client) {
	if c == nil || c.browser == nil {
		return
	}
	if b, ok := c.browser.(browsers.Consoles); ok {
		all := b.Console()
		op.Console = all[min(c.heeded, len(all)):]
		c.heeded = len(all)
	}
	if p.plan.Film && op.Outcome != history.Skipped && ctx.Err() == nil {
		op.Film, _ = browsers.Film(ctx, c.browser) // a picture more or less changes no verdict
	}
}

// heldCookie is a cookie of a browser as evidence.
func (c *client) heldCookie(k browsers.Cookie) history.JarCookie {
	out := history.JarCookie{Name: k.Name, Value: k.Value, Domain: k.Domain, HostOnly: k.HostOnly == nil || *k.HostOnly, Path: k.Path,
		Persistent: !k.Session, Expires: k.Expires, Secure: k.Secure, HTTPOnly: k.HTTPOnly, SameSite: k.SameSite,
		Session: c.env.Cal.Done && c.env.Cal.Session[k.Name], Claim: c.env.claimCookie(k.Name)}
	if k.PartitionKey != nil {
		out.Partition = *k.PartitionKey
	}
	return out
}

func sameSiteWord(s cookie.SameSite) string {
	switch s {
	case cookie.SameSiteStrict:
		return "Strict"
	case cookie.SameSiteLax:
		return "Lax"
	case cookie.SameSiteNone:
		return "None"
	case cookie.SameSiteDefault:
	}
	return ""
}
