package judge

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
)

const httpsOnly = "transport/https-only"

// plain judges what is said without TLS: no identity, and no credential. A
// session cookie for somebody not signed in is one as well, since the sign-in
// that follows may go on with it.
func (b *bench) plain(op *history.Op) {
	if op.Step.Op != "plain_http" {
		return
	}
	for i, s := range op.Shown {
		f := Finding{Requirement: httpsOnly, Op: op.Index, Probe: -1, Shown: i + 1, Rank: 1,
			Try: "redirect, or refuse, before anything else runs"}
		switch a := s.Answer; {
		case a.State == history.Live:
			f.Want, f.Got = s.What+": nobody is served without TLS", gotText(a)
		case len(a.Offers) > 0:
			f.Want = s.What + ": nothing is handed out without TLS"
			f.Got = fmt.Sprintf("a %s %q with value %s", a.Offers[0].Kind, a.Offers[0].Name, a.Offers[0].Value)
		default:
			b.check(httpsOnly)
			continue
		}
		if !b.found(httpsOnly) {
			b.find(f)
		}
	}
}

// ledBack: an answer by https never sends its reader on without TLS on the same host.
func (b *bench) ledBack(op *history.Op) {
	for _, at := range b.wireExchanges(op) {
		location := at.x.Response.Header.Get("Location")
		to, err := url.Parse(location)
		switch {
		case err != nil || location == "" || at.url.Scheme != "https" || b.found(httpsOnly):
		case to.Scheme == "http" && strings.EqualFold(to.Hostname(), at.url.Hostname()):
			b.find(Finding{Requirement: httpsOnly, Op: op.Index, Probe: at.probe, Credential: at.credential, Rank: 4,
				Want: "an answer by https redirects to https", Got: fmt.Sprintf("%s %s leads to http://%s%s", at.x.Request.Method, at.url.Path, to.Host, to.Path),
				Try: "make absolute URLs of the scheme that the visitor sees: behind a proxy that ends TLS, let the proxy say it", Marks: markHeader(at.x, "Location")})
		default:
			b.check(httpsOnly)
		}
	}
}
