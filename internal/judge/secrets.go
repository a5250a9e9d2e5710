package judge

import (
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
)

// secretLeast is the length from which a value is looked for in texts: a
// shorter one turns up by chance.
const secretLeast = 8

// secret is a value that presents a session, wherever it turns up.
type secret struct {
	credential string
	client     string
	carrier    history.Carrier
	// forms are the ways in which the value is written in URLs, pages and JSON.
	forms []string
}

// secrets lists the values of all credentials of the play, each once. A value
// that two clients came by is none: it says who somebody is and not that they
// are.
func (b *bench) secrets() []secret {
	if b.travel.looked {
		return b.travel.secrets
	}
	b.travel.looked = true
	at := map[string]int{}
	shared := map[string]bool{}
	for _, c := range b.play.Credentials {
		for _, v := range c.Carriers {
			i, known := at[v.Value]
			switch {
			case len(v.Value) < secretLeast:
			case known && b.travel.secrets[i].client != c.Client:
				shared[v.Value] = true
			case !known:
				at[v.Value] = len(b.travel.secrets)
				b.travel.secrets = append(b.travel.secrets, secret{c.ID, c.Client, v, formsOf(v.Value)})
			}
		}
	}
	b.travel.secrets = slices.DeleteFunc(b.travel.secrets, func(s secret) bool { return shared[s.carrier.Value] })
	return b.travel.secrets
}

// travel is what the play knows of its secrets, once it was asked.
type travel struct {
	looked  bool
	secrets []secret
}

// formsOf lists the ways to write a value, the plain one first.
func formsOf(v string) []string {
	quoted, _ := json.Marshal(v) // a string always has a form in JSON
	var out []string
	for _, f := range []string{v, url.QueryEscape(v), url.PathEscape(v), html.EscapeString(v), strings.Trim(string(quoted), `"`)} {
		if !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}

// in finds the first place at which the value is written in a text, -1 for none.
func (s secret) in(text string) int {
	for _, f := range s.forms {
		if i := strings.Index(text, f); i >= 0 {
			return i
		}
	}
	return -1
}

// presentedBy tells whether a request carried the secret in a header field.
func (s secret) presentedBy(r history.Request) bool {
	return slices.ContainsFunc(r.Header, func(l history.Line) bool { return strings.Contains(l.Value, s.carrier.Value) })
}
