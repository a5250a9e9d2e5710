package targets

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/andybalholm/cascadia"
	"github.com/ohler55/ojg/jp"
	"github.com/ohler55/ojg/oj"
	"golang.org/x/net/html"

	"github.com/sessionspec/sessionspec/internal/history"
)

// Answer is what a step brought: an HTTP answer, a command's end, or the last
// message of a websocket conversation (as Body).
type Answer struct {
	Status int
	Header history.Lines
	Body   string
	Exit   int
	Stdout string
	// Result is what a driver said, nil for other steps.
	Result *Result
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
		var err error
		if a.dom, err = html.Parse(strings.NewReader(a.Body)); err != nil { // nested deeper than the parser goes
			a.dom = &html.Node{Type: html.DocumentNode}
		}
	}
	return a.dom
}

// JSON reads one value by JSONPath; nil when the body is no JSON or has none.
func (a *Answer) JSON(path string) (any, error) {
	x, err := parsePath(path)
	if err != nil {
		return nil, err
	}
	if d := a.data(); d != nil {
		return x.First(d), nil
	}
	return nil, nil
}

// CSS counts the elements that a selector matches.
func (a *Answer) CSS(sel string) (int, error) {
	s, err := parseSelector(sel)
	if err != nil {
		return 0, err
	}
	return len(cascadia.QueryAll(a.html(), s)), nil
}

// Expressions stand in target files: few texts, each used for every answer.
var (
	parsePath     = memo(parsePathOnce)
	parseSelector = memo(parseSelectorOnce)
	parseRegex    = memo(parseRegexOnce)
)

// memo remembers what a text was parsed to; errors are made anew.
func memo[T any](parse func(string) (T, error)) func(string) (T, error) {
	var known sync.Map
	return func(text string) (T, error) {
		if v, ok := known.Load(text); ok {
			return v.(T), nil
		}
		v, err := parse(text)
		if err == nil {
			known.Store(text, v)
		}
		return v, err
	}
}

func parsePathOnce(path string) (jp.Expr, error) {
	x, err := jp.ParseString(path)
	if err != nil {
		return nil, fmt.Errorf("JSONPath %q: %w", path, err)
	}
	return x, nil
}

func parseSelectorOnce(sel string) (cascadia.SelectorGroup, error) {
	s, err := cascadia.ParseGroup(sel)
	if err != nil {
		return nil, fmt.Errorf("CSS selector %q: %w", sel, err)
	}
	return s, nil
}

func parseRegexOnce(text string) (*regexp.Regexp, error) {
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, fmt.Errorf("regular expression %q: %w", text, err)
	}
	if re.NumSubexp() != 1 {
		return nil, fmt.Errorf("regular expression %q needs exactly one group", text)
	}
	return re, nil
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
