package judge

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
)

const (
	tokenInURL   = "transport/no-token-in-url"
	singleSource = "transport/single-source"
)

// carried are the exchanges in which a credential may turn up where it does not
// belong. A `present` puts it into such places on purpose, and who counts
// sessions may be told about them.
func (b *bench) carried(op *history.Op) []exchangeAt {
	if op.Step.Op == "present" || op.Step.Op == "plain_http" || op.Step.Op == "count_sessions" {
		return nil
	}
	return b.wireExchanges(op)
}

// exposed searches what crossed the wire for the values of all credentials: in
// URLs, and, where cookies that scripts cannot read carry the session, in all
// that a script could read.
func (b *bench) exposed(op *history.Op) {
	secrets := b.secrets()
	if len(secrets) == 0 {
		return
	}
	ats := b.carried(op)
	for i := range op.Journal { // a browser makes URLs of its own
		if u, err := url.Parse(op.Journal[i].Request.URL); err == nil {
			ats = append(ats, exchangeAt{reading: &reading{x: &op.Journal[i], url: u}, probe: -1})
		}
	}
	hidden := b.hiddenCookies()
	for _, at := range ats {
		b.check(tokenInURL)
		if len(hidden) > 0 && at.x.Response != nil {
			b.check(singleSource)
		}
		body := ""
		if at.x.Response != nil {
			body = unescape(at.x.Response.Body)
		}
		all := readable(at.x, body)
		for _, s := range secrets {
			if s.in(all) < 0 {
				continue
			}
			where, inURL := s.exposedBy(at.x, body)
			switch {
			case where == "":
			case inURL && !b.found(tokenInURL):
				b.find(Finding{Requirement: tokenInURL, Op: op.Index, Probe: at.probe, Credential: at.credential, Rank: 4,
					Want: "no URL contains a credential", Got: fmt.Sprintf("%s has %s of %s (%s %s)", where, s.carrier.Name, s.credential, at.x.Request.Method, at.url.Path),
					Try: "hand it over in a cookie or in the body of a POST"})
			case !inURL && hidden[s.carrier.Name] && !b.found(singleSource):
				b.find(Finding{Requirement: singleSource, Op: op.Index, Probe: at.probe, Credential: at.credential, Rank: 4,
					Want: "a session cookie with HttpOnly is in Set-Cookie and nowhere else", Got: fmt.Sprintf("%s has the value of %s (%s %s)", where, s.carrier.Name, at.x.Request.Method, at.url.Path),
					Try: "send it in Set-Cookie only; give programs a token of their own"})
			}
		}
	}
}

// hiddenCookies are the names of the session cookies that scripts cannot read;
// nil where anything but a cookie carries a session.
func (b *bench) hiddenCookies() map[string]bool {
	for _, c := range b.play.Credentials {
		for _, v := range c.Carriers {
			if v.Kind != "cookie" {
				return nil
			}
		}
	}
	out := map[string]bool{}
	for name, all := range b.book.hidden {
		if all && b.book.session[name] {
			out[name] = true
		}
	}
	return out
}

// exposedBy says where an exchange shows the value, "" if it does not, and
// whether that is a URL. body is the answer's, its URLs unescaped. Cookie fields
// are where it belongs.
func (s secret) exposedBy(x *history.Exchange, body string) (where string, inURL bool) {
	if s.in(x.Request.URL) >= 0 {
		return "the request's URL", true
	}
	if x.Response == nil {
		return "", false
	}
	for _, l := range x.Response.Header {
		if s.in(l.Value) < 0 {
			continue
		}
		switch name := strings.ToLower(l.Name); {
		case name == "set-cookie":
		case name == "location", name == "content-location", name == "refresh", name == "link":
			return "the header " + l.Name, true
		case where == "":
			where = "the header " + l.Name
		}
	}
	for from := 0; ; {
		i := s.in(body[from:])
		if i < 0 {
			return where, false
		}
		if urlBefore.MatchString(wordBefore(body[:from+i])) {
			return "a URL in the body", true
		}
		where = "the body"
		from += i + 1
	}
}

// readable is all that exposedBy looks at in one text: what is not in here is
// nowhere, and most values are not.
func readable(x *history.Exchange, body string) string {
	size := len(x.Request.URL) + len(body) + 1
	if x.Response != nil {
		for _, l := range x.Response.Header {
			size += 1 + len(l.Value)
		}
	}
	var b strings.Builder
	b.Grow(size)
	b.WriteString(x.Request.URL)
	if x.Response != nil {
		for _, l := range x.Response.Header {
			if !strings.EqualFold(l.Name, "Set-Cookie") {
				b.WriteByte('\n')
				b.WriteString(l.Value)
			}
		}
	}
	b.WriteByte('\n')
	b.WriteString(body)
	return b.String()
}

// unescape undoes what unescaped does, where there is anything to undo.
func unescape(body string) string {
	if strings.IndexByte(body, '\\') < 0 && strings.IndexByte(body, '&') < 0 {
		return body
	}
	return unescaped.Replace(body)
}

// unescaped undoes what JSON and HTML do to the separators of URLs.
var unescaped = strings.NewReplacer(`\/`, "/", `\u0026`, "&", "&amp;", "&", "&#x2F;", "/")

// urlBefore is the beginning of a URL that goes on: absolute, from the root, or
// relative with a query.
var urlBefore = regexp.MustCompile(`^([a-zA-Z][a-zA-Z0-9+.-]*:)?/|^[^=]*\?([^=]*=)?`)

// wordBefore is the last word of a text, as HTML and JSON separate them.
func wordBefore(text string) string {
	text = text[max(0, len(text)-2048):]
	if i := strings.LastIndexAny(text, "\"'`<>() \t\r\n"); i >= 0 {
		text = text[i+1:]
	}
	if attr, rest, ok := strings.Cut(text, "="); ok && (attr == "href" || attr == "src" || attr == "action") {
		return rest // HTML may leave the quotes away
	}
	return text
}
