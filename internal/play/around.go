package play

import (
	"encoding/base64"
	"strings"

	"github.com/sessionspec/sessionspec/internal/corpus"
	"github.com/sessionspec/sessionspec/internal/history"
)

// neighbours shows the good cookies among foreign and broken ones.
func (s *showing) neighbours() {
	g, kept := worn(s.carried())
	good := g.cookies[0]
	if good == "" {
		return
	}
	for _, e := range corpus.Neighbours() {
		s.show(guise{cookies: e.Lines(good)}, kept, history.Shown{What: e.About, Case: e.ID, Good: !e.Odd})
	}
}

// lookalikes shows cookies whose names resemble that of the session cookie:
// with its good value instead of it, and with an invented one beside it.
func (s *showing) lookalikes() {
	for _, x := range s.carried() {
		if x.Kind != "cookie" {
			continue
		}
		rest := s.rest(x)
		invented := invent([]history.Carrier{x})[0].Value
		without, kept := worn(rest)
		whole, _ := worn(append([]history.Carrier{x}, rest...))
		for _, e := range corpus.Lookalikes() {
			if pair, ok := e.Lookalike(x.Name, x.Value); ok {
				s.show(guise{cookies: []string{joined(pair, without.cookies[0])}}, kept,
					history.Shown{What: "instead of " + x.Name + ", " + e.About, Case: e.ID})
			}
			if pair, ok := e.Lookalike(x.Name, invented); ok {
				for _, line := range []string{joined(pair, whole.cookies[0]), joined(whole.cookies[0], pair)} {
					s.show(guise{cookies: []string{line}}, kept,
						history.Shown{What: "beside " + x.Name + ", " + e.About, Case: e.ID, Good: true})
				}
			}
		}
	}
}

func joined(pairs ...string) string {
	var out []string
	for _, p := range pairs {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "; ")
}

// asItIs is the case of the good credential in its own place, for comparison.
const asItIs = "as-it-is"

// elsewhere shows the good credential in other places than its own; then, with
// a second client, the own one in its place and the other's elsewhere.
func (s *showing) elsewhere() {
	for _, x := range s.carried() {
		rest := s.rest(x)
		good, goodKept := worn(append([]history.Carrier{x}, rest...))
		sample := s.show(good, goodKept, history.Shown{What: x.Name + " in its own place", Case: asItIs, Good: true})
		if sample.State != history.Live || sample.Exchange == nil {
			continue
		}
		bare, bareKept := worn(rest)
		for _, e := range corpus.Places() {
			for _, g := range s.moved(bare, e, x, x.Value, sample.Exchange.Request, false) {
				s.show(g, bareKept, history.Shown{What: x.Name + " in " + e.About + posted(g), Case: e.ID})
			}
			if v := s.theirs(x); v != "" {
				for _, g := range s.moved(good, e, x, v, sample.Exchange.Request, true) {
					s.show(g, goodKept, history.Shown{What: x.Name + " in its place, and that of " + s.op.Step.Of + " in " + e.About + posted(g), Case: e.ID, Good: true})
				}
			}
		}
	}
}

func posted(g guise) string {
	if g.post {
		return ", by POST"
	}
	return ""
}

// moved puts v into another place on top of a guise that shows what the sample
// showed (beside) or all but x. Nothing comes of a place in which the target
// file itself puts x, as the sample tells.
func (s *showing) moved(g guise, e corpus.Entry, x history.Carrier, v string, sample history.Request, beside bool) []guise {
	own, place := x.Name, ""
	for _, l := range sample.Header {
		if x.Kind != "cookie" && strings.Contains(l.Value, x.Value) {
			own, place = l.Name, l.Name
		}
	}
	name := strings.ReplaceAll(e.Name, "${name}", own)
	switch e.In {
	case "query", "path":
		if strings.Contains(sample.URL, x.Value) {
			return nil
		}
		if e.In == "path" {
			g.path = ";" + name + "=" + v
		} else {
			g.query = []pair{{name, v}}
		}
		return []guise{g}
	case "form":
		g.form = []pair{{name, v}}
		if r := s.p.env.Target.Operations["whoami"][0]; r.User == nil || sample.Method != "GET" || len(r.Steps) != 1 {
			return []guise{g}
		}
		post := g
		post.post = true
		return []guise{g, post}
	case "cookie":
		if x.Kind == "cookie" && name == x.Name {
			return nil
		}
		g.cookies = []string{joined(g.cookies[0], name+"="+v)}
		return []guise{g}
	}
	line := schemes[e.In](v)
	if strings.EqualFold(place, name) && (beside || e.In == "header" || sample.Header.Get(name) == schemes[e.In](x.Value)) {
		return nil // its own place, or a second line of that name
	}
	if strings.HasPrefix(e.In, "basic") {
		s.learn(e.ID, line)
	}
	g.headers = []pair{{name, line}}
	return []guise{g}
}

// schemes write a credential as the value of a header.
var schemes = map[string]func(string) string{
	"header":         func(v string) string { return v },
	"bearer":         func(v string) string { return "Bearer " + v },
	"token":          func(v string) string { return "Token " + v },
	"basic-user":     func(v string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(v+":")) },
	"basic-password": func(v string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte("x:"+v)) },
}
