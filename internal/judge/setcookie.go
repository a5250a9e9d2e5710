package judge

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/internal/cookie"
	"github.com/sessionspec/sessionspec/internal/history"
)

// cookieBook is what a play shows of the cookies that make up a session.
type cookieBook struct {
	// session cookies flip whoami; claim cookies are what the client believes.
	session, claim map[string]bool
	// hidden are those of the session's that no line ever let scripts read.
	hidden map[string]bool
	// scopes are the places at which each of them was ever set.
	scopes map[string]map[cookie.Key]bool
	// paths of all requests to which wire clients got an answer.
	paths []string
	// sizes are the jar's growth, per client, operation and route.
	sizes map[string][]jarSize
}

type jarSize struct{ cookies, octets int }

// setLine is one Set-Cookie line of one answer.
type setLine struct {
	cookie.SetCookie
	// header is the index of the line in the answer's header.
	header   int
	problems []cookie.Problem
	deletion bool
	persists bool
	received time.Time
	// key is where a user agent stores it; refused says why it does not.
	key     cookie.Key
	refused cookie.Reason
}

// setting tells whether the line gives the client a value to keep.
func (l setLine) setting() bool { return !l.deletion && strings.Trim(l.Value, `"`) != "" }

// quote is the line without the value, which is a secret and says nothing.
func (l setLine) quote() string {
	pair, rest, more := strings.Cut(l.Raw, ";")
	if name, _, named := strings.Cut(pair, "="); named {
		pair = name + "=..."
	}
	if more {
		pair += ";" + rest
	}
	return "Set-Cookie: " + pair
}

// exchangeAt is an exchange with the place a finding names: the probe's index
// and credential, or -1 and "".
type exchangeAt struct {
	*reading
	probe      int
	credential string
}

// reading is an exchange with an answer, and what was read off it once.
type reading struct {
	x    *history.Exchange
	url  *url.URL
	said []setLine
	read bool // said is filled in
}

// reading reads an exchange, nil where it has no answer or no URL.
func (b *bench) reading(x *history.Exchange) *reading {
	if x == nil || x.Response == nil {
		return nil
	}
	r, known := b.readings[x]
	if !known {
		if u, err := url.Parse(x.Request.URL); err == nil {
			r = &reading{x: x, url: u}
		}
		b.readings[x] = r
	}
	return r
}

// wireExchanges lists the answers of an operation and of the questions after it
// in which header lines are as they crossed the wire. A browser's are not: it
// merges lines.
func (b *bench) wireExchanges(op *history.Op) (out []exchangeAt) {
	if b.crossedIn == op { // asked by one requirement after the other
		return b.crossed
	}
	defer func() { b.crossedIn, b.crossed = op, slices.Clip(out) }()
	add := func(x *history.Exchange, probe int, cred string) {
		if r := b.reading(x); r != nil {
			out = append(out, exchangeAt{r, probe, cred})
		}
	}
	if in := b.clients[op.Step.Client].In; in == "" || in == "wire" {
		for _, ev := range op.Events {
			add(ev.Exchange, -1, "")
		}
	}
	for i, p := range op.Probes {
		add(p.Answer.Exchange, i, p.Credential)
	}
	return out
}

// tagged turns the tag that stands for a secret in a written history (‹sid#1›)
// into characters that a cookie may have: hiding a value must not break its grammar.
var tagged = strings.NewReplacer("‹", "(", "›", ")")

// lines parses the Set-Cookie lines of one answer, in order.
func (r *reading) lines() []setLine {
	if !r.read {
		r.read, r.said = true, r.parse()
	}
	return r.said
}

func (r *reading) parse() (out []setLine) {
	var date time.Time
	for i, h := range r.x.Response.Header {
		if !strings.EqualFold(h.Name, "Set-Cookie") {
			continue
		}
		if out == nil {
			date, _ = cookie.ParseDate(r.x.Response.Header.Get("Date"))
		}
		parsed, problems := cookie.Parse(tagged.Replace(h.Value), r.x.End, date)
		l := setLine{SetCookie: parsed, header: i, problems: problems, received: r.x.End}
		l.persists, _, l.deletion = cookie.Lifetime(parsed, r.x.End)
		stored, why := cookie.Accept(r.url, parsed, r.x.End)
		l.key, l.refused = stored.Key(), why
		out = append(out, l)
	}
	return out
}

// sends tells whether the request carried a cookie of that name.
func (at exchangeAt) sends(name string) bool {
	for _, field := range at.x.Request.Header.Values("Cookie") {
		for pair := range strings.SplitSeq(field, ";") {
			if n, _, ok := strings.Cut(strings.TrimSpace(pair), "="); ok && n == name {
				return true
			}
		}
	}
	return false
}

// openBook looks through the whole play once: which cookies are the session's,
// and where they were ever set.
func (b *bench) openBook() {
	k := &cookieBook{session: map[string]bool{}, claim: map[string]bool{}, hidden: map[string]bool{}, scopes: map[string]map[cookie.Key]bool{}, sizes: map[string][]jarSize{}}
	b.book = k
	for _, c := range b.play.Credentials {
		for _, v := range c.Carriers {
			if v.Kind == "cookie" {
				k.session[v.Name] = true
			}
		}
	}
	for i := range b.play.Ops {
		op := &b.play.Ops[i]
		for _, c := range op.Jar {
			if c.Session {
				k.session[c.Name] = true
			} else if c.Claim {
				k.claim[c.Name] = true
			}
		}
		for _, at := range b.wireExchanges(op) {
			if !slices.Contains(k.paths, at.url.Path) {
				k.paths = append(k.paths, at.url.Path)
			}
			for _, l := range at.lines() {
				if !l.setting() || l.refused != "" {
					continue
				}
				if k.scopes[l.Name] == nil {
					k.scopes[l.Name] = map[cookie.Key]bool{}
				}
				k.scopes[l.Name][l.key] = true
				before, seen := k.hidden[l.Name]
				k.hidden[l.Name] = l.HttpOnly && (before || !seen)
			}
		}
	}
}

// whole tells whether a Path covers everything that the target was seen to
// serve: "/" does, and so does the folder in which the whole application lives.
func (k *cookieBook) whole(path string) bool {
	return path == "/" || path != "" && !slices.ContainsFunc(k.paths, func(p string) bool { return !cookie.PathMatch(p, path) })
}

// apart is how far the two ends of a line that has both differ.
func (l setLine) apart() time.Duration {
	_, byAge, _ := cookie.Lifetime(cookie.SetCookie{HasMaxAge: true, MaxAge: l.MaxAge}, l.received)
	_, byDate, _ := cookie.Lifetime(cookie.SetCookie{HasExpires: true, Expires: l.Expires}, l.received)
	return byAge.Sub(byDate).Abs()
}
