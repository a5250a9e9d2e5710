package targets

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/andybalholm/cascadia"
	"github.com/ohler55/ojg/jp"
	"github.com/ohler55/ojg/oj"
	"golang.org/x/net/html"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// Answer is what a step brought: an HTTP answer, a command's end, or the last
// message of a websocket conversation (as Body).
type Answer struct {
	Status int
	Header history.Lines
	Body   string
	Exit   int
	Stdout string
	// Cookie reads the acting client's jar, nil where it has none.
	Cookie func(name string) string

	parsed any
	tried  bool
	dom    *html.Node
}

func (a *Answer) data() any {
	if !a.tried {
		a.tried = true
		if v, err := oj.ParseString(strings.TrimSpace(a.Body)); err == nil {
			a.parsed = v
		}
	}
	return a.parsed
}

func (a *Answer) html() *html.Node {
	if a.dom == nil {
		a.dom, _ = html.Parse(strings.NewReader(a.Body))
	}
	return a.dom
}

// JSON reads one value by JSONPath; nil when the body is no JSON or has none.
func (a *Answer) JSON(path string) (any, error) {
	x, err := jp.ParseString(path)
	if err != nil {
		return nil, fmt.Errorf("JSONPath %q: %w", path, err)
	}
	if d := a.data(); d != nil {
		return x.First(d), nil
	}
	return nil, nil
}

// CSS counts the elements that a selector matches.
func (a *Answer) CSS(sel string) (int, error) {
	s, err := cascadia.ParseGroup(sel)
	if err != nil {
		return 0, fmt.Errorf("CSS selector %q: %w", sel, err)
	}
	return len(cascadia.QueryAll(a.html(), s)), nil
}

// Extractor takes one value out of an answer.
type Extractor struct {
	JSON        string    `yaml:"json" json:"json,omitempty"`
	Header      string    `yaml:"header" json:"header,omitempty"`
	Cookie      string    `yaml:"cookie" json:"cookie,omitempty"`
	CSS         string    `yaml:"css" json:"css,omitempty"`
	Attr        string    `yaml:"attr" json:"attr,omitempty"`
	Regex       string    `yaml:"regex" json:"regex,omitempty"`
	StdoutJSON  string    `yaml:"stdout_json" json:"stdout_json,omitempty"`
	StdoutRegex string    `yaml:"stdout_regex" json:"stdout_regex,omitempty"`
	Pos         yamlx.Pos `yaml:"-" json:"-"`
}

// DecodeYAML reads "$.path" or a mapping.
func (e *Extractor) DecodeYAML(n *yamlx.Node) {
	type plain Extractor
	if n.IsScalar() {
		e.JSON = n.Text()
		if !strings.HasPrefix(e.JSON, "$") {
			n.Errorf("expected a JSONPath that begins with $, or a mapping such as {header: Name}, {cookie: name}, {css: sel, attr: value}, {regex: ...}")
		}
	} else {
		n.Decode((*plain)(e))
	}
	e.Pos = n.Pos()
	set := 0
	for _, s := range []string{e.JSON, e.Header, e.Cookie, e.CSS, e.Regex, e.StdoutJSON, e.StdoutRegex} {
		if s != "" {
			set++
		}
	}
	if set != 1 {
		n.Errorf("an extractor takes exactly one of json, header, cookie, css, regex, stdout_json, stdout_regex")
	}
	if len(refs(e.JSON+e.CSS+e.Regex+e.StdoutJSON+e.StdoutRegex)) > 0 {
		return // known only when the variables are
	}
	if err := e.compiles(); err != nil {
		n.Errorf("%v", err)
	}
}

func (e *Extractor) compiles() error {
	for _, p := range []string{e.JSON, e.StdoutJSON} {
		if p != "" {
			if _, err := jp.ParseString(p); err != nil {
				return fmt.Errorf("JSONPath %q: %w", p, err)
			}
		}
	}
	if e.CSS != "" {
		if _, err := cascadia.ParseGroup(e.CSS); err != nil {
			return fmt.Errorf("CSS selector %q: %w", e.CSS, err)
		}
	}
	for _, r := range []string{e.Regex, e.StdoutRegex} {
		if r == "" {
			continue
		}
		re, err := regexp.Compile(r)
		if err != nil {
			return fmt.Errorf("regular expression %q: %w", r, err)
		}
		if re.NumSubexp() != 1 {
			return fmt.Errorf("regular expression %q needs exactly one group", r)
		}
	}
	return nil
}

// From reads the value; found is false where the answer has none.
func (e Extractor) From(a *Answer, vars Vars) (value string, found bool, err error) {
	fill := func(s string) string {
		if err != nil || s == "" {
			return s
		}
		var t string
		t, _, err = Template{s, e.Pos}.Expand(vars)
		return t
	}
	switch {
	case e.JSON != "":
		return fromJSON(a, fill(e.JSON), err)
	case e.StdoutJSON != "":
		return fromJSON(&Answer{Body: a.Stdout}, fill(e.StdoutJSON), err)
	case e.Header != "":
		v := a.Header.Get(e.Header)
		return v, v != "", nil
	case e.Cookie != "":
		if a.Cookie == nil {
			return "", false, nil
		}
		v := a.Cookie(e.Cookie)
		return v, v != "", nil
	case e.CSS != "":
		return fromCSS(a, fill(e.CSS), e.Attr, err)
	case e.Regex != "":
		return fromRegex(a.Body, fill(e.Regex), err)
	default:
		return fromRegex(a.Stdout, fill(e.StdoutRegex), err)
	}
}

func fromJSON(a *Answer, path string, err error) (string, bool, error) {
	if err != nil {
		return "", false, err
	}
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

func fromCSS(a *Answer, sel, attr string, err error) (string, bool, error) {
	if err != nil {
		return "", false, err
	}
	s, err := cascadia.ParseGroup(sel)
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

func fromRegex(s, expr string, err error) (string, bool, error) {
	if err != nil {
		return "", false, err
	}
	re, err := regexp.Compile(expr)
	if err != nil {
		return "", false, err
	}
	if m := re.FindStringSubmatch(s); len(m) > 1 {
		return m[1], true, nil
	}
	return "", false, nil
}

func text(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(text(c))
	}
	return b.String()
}

// marshal is json.Marshal without its habit of escaping <, > and &.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}
