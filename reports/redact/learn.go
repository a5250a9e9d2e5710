package redact

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
)

// minFound is the length from which a value seen on the wire counts as secret.
const minFound = 8

// LearnExchange learns what looks like a secret in e: cookies of both
// directions, Authorization, header fields, JSON members, form fields, query
// parameters and hidden inputs whose name speaks of a token, secret, session,
// password or CSRF. The tags are made up: ‹cookie:sid#1›, ‹json:access_token#2›;
// a tagPrefix other than "" goes in front (‹alice.laptop.cookie:sid#1›). Each
// scope counts for itself: what plays side by side gets the tags that it would
// get alone, and two scopes may have the same tag for secrets of their own.
//
// It is the second net, and its tags are guesses: what the player knows to be a
// credential it should Learn, then or later, under its proper tag.
func (r *Redactor) LearnExchange(scope, tagPrefix string, e history.Exchange) {
	l := learner{r: r, scope: scope, prefix: tagPrefix}
	l.header(e.Request.Header)
	l.address(e.Request.URL)
	l.body(e.Request.Header.Get("Content-Type"), e.Request.Body)
	if e.Response != nil {
		l.header(e.Response.Header)
		l.body(e.Response.Header.Get("Content-Type"), e.Response.Body)
	}
}

type learner struct {
	r             *Redactor
	scope, prefix string
}

var (
	secretName = regexp.MustCompile(`(?i)token|secret|session|passw|csrf|xsrf|jwt|credential|api[-_]?key|(^|[-_.])sid$`)
	// harmlessName ends names that speak of a secret but hold something about it.
	harmlessName = regexp.MustCompile(`(?i)(type|count|status|expir[a-z]*|created|updated|seen|[-_]at|[-_]in|age|ur[il]|endpoint|name|engine|policy)$`)
	words        = regexp.MustCompile(`^[a-z]+([-_. ][a-z]+)*$`)
	date         = regexp.MustCompile(`^\d{4}-\d\d-\d\d`)
	address      = regexp.MustCompile(`^(https?:/)?/`)
	unsafeInTag  = regexp.MustCompile(`[^A-Za-z0-9._-]+`)
)

// value learns v unless it plainly is a word, a date, an address or too short.
func (l learner) value(kind, name, v string) {
	v = strings.TrimSpace(v)
	if l.r.seen(v) { // most values are: each credential is shown many times
		return
	}
	password := strings.Contains(strings.ToLower(name), "passw")
	switch {
	case len(v) < MinLength, len(v) < minFound && !password:
		return
	case !password && (words.MatchString(v) || date.MatchString(v) || address.MatchString(v)):
		return
	}
	r := l.r
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.familiar(v) {
		return
	}
	name = unsafeInTag.ReplaceAllString(name, "_")
	stem := kind + ":" + name[:min(len(name), 40)]
	if l.prefix != "" {
		stem = l.prefix + "." + stem
	}
	count := l.scope + "\x00" + stem
	for {
		r.numbers[count]++
		tag := wrap(fmt.Sprintf("%s#%d", stem, r.numbers[count]))
		if l.scope != "" || !r.inUse[tag] {
			r.add(tag, v, true)
			return
		}
	}
}

// named learns v if its name says that it is secret.
func (l learner) named(kind, name, v string) {
	if l.r.names.secret(name) {
		l.value(kind, name, v)
	}
}

func (l learner) header(lines history.Lines) {
	for _, h := range lines {
		switch strings.ToLower(h.Name) {
		case "set-cookie":
			first, _, _ := strings.Cut(h.Value, ";")
			l.cookie(first)
		case "cookie":
			for c := range strings.SplitSeq(h.Value, ";") {
				l.cookie(c)
			}
		case "authorization", "proxy-authorization":
			l.authorization(h.Value)
		case "location", "content-location", "referer":
			l.address(h.Value)
		default:
			l.named("header", h.Name, h.Value)
		}
	}
}

func (l learner) cookie(pair string) {
	name, v, _ := strings.Cut(strings.TrimSpace(pair), "=")
	l.value("cookie", name, v)
}

func (l learner) authorization(v string) {
	scheme, rest, ok := strings.Cut(v, " ")
	if !ok {
		l.value("header", "authorization", v)
		return
	}
	if strings.EqualFold(scheme, "basic") {
		if plain, err := base64.StdEncoding.DecodeString(strings.TrimSpace(rest)); err == nil {
			_, password, _ := strings.Cut(string(plain), ":")
			l.value("basic", "password", password)
			return
		}
	}
	l.value("header", strings.ToLower(scheme), rest)
}

func (l learner) address(s string) {
	u, err := url.Parse(s)
	if err != nil {
		return
	}
	l.form("query", u.RawQuery)
	l.form("query", u.Fragment)
	if password, ok := u.User.Password(); ok {
		l.value("url", "password", password)
	}
}

func (l learner) form(kind, encoded string) {
	values, err := url.ParseQuery(encoded)
	if err != nil && len(values) == 0 {
		return
	}
	for _, name := range sortedKeys(values) {
		for _, v := range values[name] {
			l.named(kind, name, v)
		}
	}
}

func (l learner) body(contentType, body string) {
	text := strings.TrimSpace(body)
	switch {
	case text == "":
	case text[0] == '{' || text[0] == '[':
		var v any
		if mayName(text) && json.Unmarshal([]byte(text), &v) == nil {
			l.json("", v)
		}
	case strings.Contains(strings.ToLower(contentType), "x-www-form-urlencoded"):
		l.form("form", text)
	case text[0] == '<' || strings.Contains(strings.ToLower(contentType), "html"):
		l.html(text)
	}
}

// mayName tells whether a JSON text can hold a member that secretName matches;
// most answers, whoami's above all, cannot, and are not worth parsing. Every
// alternative of secretName contains one of the words.
func mayName(text string) bool {
	if strings.Contains(text, `\u`) || strings.ContainsAny(text, "ſ\u212A") { // which (?i) takes for s and k
		return true
	}
	lower := strings.ToLower(text)
	for _, w := range []string{"token", "secret", "session", "passw", "srf", "jwt", "credential", "api", "sid"} {
		if strings.Contains(lower, w) {
			return true
		}
	}
	return false
}

func (l learner) json(name string, v any) {
	switch v := v.(type) {
	case string:
		l.named("json", name, v)
	case []any:
		for _, e := range v {
			l.json(name, e)
		}
	case map[string]any:
		for _, k := range sortedKeys(v) {
			l.json(k, v[k])
		}
	}
}

var (
	element   = regexp.MustCompile(`(?is)<(?:input|meta)\b[^>]*>`)
	attribute = regexp.MustCompile(`(?is)\b(name|value|content)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)`)
)

// html looks at inputs and meta elements only. A regular expression is enough:
// what it takes for an element too many is learnt too much, not too little.
func (l learner) html(page string) {
	for _, tag := range element.FindAllString(page, -1) {
		found := map[string]string{}
		for _, a := range attribute.FindAllStringSubmatch(tag, -1) {
			found[strings.ToLower(a[1])] = strings.Trim(a[2], `"'`)
		}
		for _, v := range []string{found["value"], found["content"]} {
			l.named("html", found["name"], html.UnescapeString(v))
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
