package judge

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
)

// cached judges what clients got through a shared cache: nobody receives
// another's name, credential, note or cookie that the target itself does not
// show them.
func (b *bench) cached(op *history.Op) {
	own := map[string]bool{} // URLs that showed their asker what is only theirs
	for i, w := range op.Walks {
		if w.Exchange == nil {
			continue
		}
		u, err := url.Parse(w.Exchange.Request.URL)
		if err != nil || w.Exchange.Response == nil {
			continue
		}
		if w.From == "" || w.From == w.Client {
			if own[u.Path] { // another's was there to be taken, and was not
				b.check(sharedCache)
			}
			own[u.Path] = own[u.Path] || b.traces(w.Client, w.Exchange) != ""
			continue
		}
		got := b.traces(w.From, w.Exchange)
		if got == "" || w.Direct != nil && b.traces(w.From, w.Direct) != "" {
			continue
		}
		if !b.found(sharedCache) {
			b.find(Finding{Requirement: sharedCache, Op: op.Index, Probe: -1, Walk: i + 1, Rank: 0,
				Want: fmt.Sprintf("%s gets nothing of %s out of a cache", w.Client, w.From),
				Got:  fmt.Sprintf("%s of %s, asked for at %s (Cache-Control: %s)", got, w.From, u.Path, strings.Join(w.Exchange.Response.Header.Values("Cache-Control"), ", ")),
				Try:  "mark what is not for everybody private or no-store, and answer 404 to paths that do not exist", Marks: markHeader(w.Exchange, "Cache-Control")})
		}
	}
}

// traces says what an answer holds of a client, "" for nothing.
func (b *bench) traces(client string, x *history.Exchange) string {
	if x.Response == nil {
		return ""
	}
	for _, s := range b.secrets() {
		if s.client != client {
			continue
		}
		for _, l := range x.Response.Header.Values("Set-Cookie") {
			if s.in(l) >= 0 {
				return "the cookie " + s.carrier.Name
			}
		}
		if s.in(x.Response.Body) >= 0 {
			return "the credential"
		}
	}
	if a := b.clients[client].Account; a != "" && strings.Contains(strings.ToLower(x.Response.Body), strings.ToLower(a)) {
		return "the name"
	}
	for text, by := range b.notes {
		if by.client.Name == client && text != "" && strings.Contains(x.Response.Body, text) {
			return "the note"
		}
	}
	return ""
}
