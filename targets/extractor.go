package targets

import (
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"

	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// Extractor takes one value out of an answer.
type Extractor struct {
	JSON        string `yaml:"json" json:"json,omitempty"`
	Header      string `yaml:"header" json:"header,omitempty"`
	Cookie      string `yaml:"cookie" json:"cookie,omitempty"`
	CSS         string `yaml:"css" json:"css,omitempty"`
	Attr        string `yaml:"attr" json:"attr,omitempty"`
	Regex       string `yaml:"regex" json:"regex,omitempty"`
	StdoutJSON  string `yaml:"stdout_json" json:"stdout_json,omitempty"`
	StdoutRegex string `yaml:"stdout_regex" json:"stdout_regex,omitempty"`
	// All takes every value that is found, a list, and not the first only.
	All bool      `yaml:"all" json:"all,omitempty"`
	Pos yamlx.Pos `yaml:"-" json:"-"`
}

var extractorKeys = []string{"json", "header", "cookie", "css", "attr", "regex", "stdout_json", "stdout_regex", "all"}

// DecodeYAML reads "$.path" or a mapping.
func (e *Extractor) DecodeYAML(n *yamlx.Node) {
	type plain Extractor
	e.Pos = n.Pos()
	if n.IsScalar() {
		e.JSON = n.Text()
		if !strings.HasPrefix(e.JSON, "$") {
			n.Errorf("expected a JSONPath that begins with $, or a mapping such as {header: Name}, {cookie: name}, {css: sel, attr: value}, {regex: ...}")
			return
		}
	} else {
		n.Decode((*plain)(e))
	}
	if !n.IsScalar() && (!n.IsMap() || slices.ContainsFunc(n.Entries(), func(e yamlx.Entry) bool { return !slices.Contains(extractorKeys, e.Key) })) {
		return // Decode has said it
	}
	set := 0
	for _, s := range []string{e.JSON, e.Header, e.Cookie, e.CSS, e.Regex, e.StdoutJSON, e.StdoutRegex} {
		if s != "" {
			set++
		}
	}
	if set != 1 {
		n.Errorf("an extractor takes exactly one of json, header, cookie, css, regex, stdout_json, stdout_regex")
	}
	if e.Attr != "" && e.CSS == "" {
		n.Errorf("attr goes with css")
	}
	if e.All && (e.Header != "" || e.Cookie != "") {
		n.Errorf("all goes with json, css, regex, stdout_json and stdout_regex")
	}
	for key, text := range map[string]string{"json": e.JSON, "css": e.CSS, "regex": e.Regex, "stdout_json": e.StdoutJSON, "stdout_regex": e.StdoutRegex} {
		if text == "" {
			continue
		}
		at := n.Find(key)
		unclosed(at)
		if len((Template{Text: text}).refs()) > 0 {
			continue // complete only when the variables are known
		}
		if err := compiles(key, text); err != nil {
			at.Errorf("%v", err)
		}
	}
}

func compiles(key, text string) (err error) {
	switch key {
	case "json", "stdout_json":
		_, err = parsePath(text)
	case "css":
		_, err = parseSelector(text)
	default:
		_, err = parseRegex(text)
	}
	return err
}

func (e *Extractor) refs() []ref {
	if e == nil {
		return nil
	}
	var out []ref
	for _, text := range []string{e.JSON, e.CSS, e.Regex, e.StdoutJSON, e.StdoutRegex} {
		out = append(out, Template{text, e.Pos}.refs()...)
	}
	return out
}

// From reads the value; found is false where the answer has none, or where the
// place to look at is named by a missing variable.
func (e Extractor) From(a *Answer, vars Vars) (value string, found bool, err error) {
	switch {
	case e.Header != "":
		v := a.Header.Get(e.Header)
		return v, v != "", nil
	case e.Cookie != "":
		if a.Cookie == nil {
			return "", false, nil
		}
		v := a.Cookie(e.Cookie)
		return v, v != "", nil
	}
	where, ok, err := Template{e.JSON + e.StdoutJSON + e.CSS + e.Regex + e.StdoutRegex, e.Pos}.Expand(vars) // just one is there
	if err != nil || !ok {
		return "", false, err
	}
	switch {
	case e.JSON != "":
		return fromJSON(a, where)
	case e.StdoutJSON != "":
		return fromJSON(&Answer{Body: a.Stdout}, where)
	case e.CSS != "":
		return fromCSS(a, where, e.Attr)
	case e.Regex != "":
		return fromRegex(a.Body, where)
	}
	return fromRegex(a.Stdout, where)
}

func fromJSON(a *Answer, path string) (string, bool, error) {
	v, err := a.JSON(path)
	if err != nil || v == nil {
		return "", false, err
	}
	if s, ok := v.(string); ok {
		return s, s != "", nil
	}
	b, err := marshal(v)
	return string(b), err == nil, err
}

func fromCSS(a *Answer, sel, attr string) (string, bool, error) {
	s, err := parseSelector(sel)
	if err != nil {
		return "", false, err
	}
	n := cascadia.Query(a.html(), s)
	if n == nil {
		return "", false, nil
	}
	if attr == "" {
		return strings.TrimSpace(text(n)), true, nil
	}
	for _, at := range n.Attr {
		if at.Key == attr {
			return at.Val, true, nil
		}
	}
	return "", false, nil
}

func fromRegex(s, expr string) (string, bool, error) {
	re, err := parseRegex(expr)
	if err != nil {
		return "", false, err
	}
	if m := re.FindStringSubmatch(s); len(m) > 1 {
		return m[1], true, nil
	}
	return "", false, nil
}
