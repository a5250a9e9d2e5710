package targets

import (
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// List is the value of a variable that an extractor with `all` has kept. In a
// JSON body "${name}" alone stands for the list; in text the values are joined
// by commas.
type List []string

// FromAll reads every value, in the order of the answer; empty ones count too.
// It is nil where the place to look at is named by a missing variable.
func (e Extractor) FromAll(a *Answer, vars Vars) (List, error) {
	where, ok, err := Template{e.JSON + e.StdoutJSON + e.CSS + e.Regex + e.StdoutRegex, e.Pos}.Expand(vars) // just one is there
	if err != nil || !ok {
		return nil, err
	}
	switch {
	case e.JSON != "":
		return allJSON(a, where)
	case e.StdoutJSON != "":
		return allJSON(&Answer{Body: a.Stdout}, where)
	case e.CSS != "":
		return allCSS(a, where, e.Attr)
	case e.Regex != "":
		return allRegex(a.Body, where)
	}
	return allRegex(a.Stdout, where)
}

func allJSON(a *Answer, path string) (List, error) {
	x, err := parsePath(path)
	if err != nil {
		return nil, err
	}
	out := List{}
	d := a.data()
	if d == nil {
		return out, nil
	}
	for _, v := range x.Get(d) {
		if s, ok := v.(string); ok {
			out = append(out, s)
			continue
		}
		b, err := marshal(v)
		if err != nil {
			return nil, err
		}
		out = append(out, string(b))
	}
	return out, nil
}

func allCSS(a *Answer, sel, attr string) (List, error) {
	s, err := parseSelector(sel)
	if err != nil {
		return nil, err
	}
	out := List{}
	for _, n := range cascadia.QueryAll(a.html(), s) {
		out = append(out, valueOf(n, attr))
	}
	return out, nil
}

// valueOf is an attribute of an element, or its text.
func valueOf(n *html.Node, attr string) string {
	if attr == "" {
		return strings.TrimSpace(text(n))
	}
	for _, at := range n.Attr {
		if at.Key == attr {
			return at.Val
		}
	}
	return ""
}

func allRegex(s, expr string) (List, error) {
	re, err := parseRegex(expr)
	if err != nil {
		return nil, err
	}
	out := List{}
	for _, m := range re.FindAllStringSubmatch(s, -1) {
		out = append(out, m[1])
	}
	return out, nil
}
