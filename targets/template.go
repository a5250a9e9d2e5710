package targets

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sessionspec/sessionspec/internal/words"
	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// Template is text with ${name} in it; $${ stands for a literal ${.
type Template struct {
	Text string
	Pos  yamlx.Pos
}

// MarshalText renders the template as written.
func (t Template) MarshalText() ([]byte, error) { return []byte(t.Text), nil }

// DecodeYAML reads a scalar; numbers and booleans count as text.
func (t *Template) DecodeYAML(n *yamlx.Node) {
	t.Pos = n.Pos()
	if !n.IsScalar() {
		n.Errorf("expected a text")
		return
	}
	t.Text = n.Text()
	unclosed(n)
}

// unclosed complains about a `${` without its `}`, which would be sent as it stands.
func unclosed(n *yamlx.Node) {
	rest := varRef.ReplaceAllStringFunc(n.Text(), func(ref string) string { return strings.Repeat(" ", len(ref)) })
	if i := strings.Index(rest, "${"); i >= 0 {
		n.ErrorInText(utf8.RuneCountInString(n.Text()[:i]), "${ without its }; a literal ${ is written $${")
	}
}

// Missing is the value of a variable that is not there: what consists of just
// it is left out of the request.
type Missing struct{}

// Null is the value of a variable that is JSON's null.
type Null struct{}

// Vars gives variables their values: a string, a List, Missing{} or Null{}.
type Vars map[string]any

var varRef = regexp.MustCompile(`\$\$\{|\$\{([^}]*)\}`)

// Expand fills in the variables. ok is false when the whole template is one
// missing variable. An unknown name is an error that says where the template
// stands.
func (t Template) Expand(vars Vars) (text string, ok bool, err error) {
	v, err := t.Value(vars)
	if err != nil {
		return "", false, err
	}
	switch v := v.(type) {
	case Missing:
		return "", false, nil
	case Null:
		return "null", true, nil
	case List:
		return strings.Join(v, ","), true, nil
	default:
		return v.(string), true, nil
	}
}

// Value is like Expand, but tells missing and null from text where the template
// is nothing but one variable.
func (t Template) Value(vars Vars) (any, error) {
	if !strings.Contains(t.Text, "${") {
		return t.Text, nil
	}
	if name, rest, ok := cutRef(t.Text); ok && rest == "" && name != "" {
		return t.lookUp(name, vars)
	}
	var firstErr error
	var out strings.Builder
	for rest := t.Text; rest != ""; {
		i := strings.IndexByte(rest, '$')
		if i < 0 {
			i = len(rest)
		}
		out.WriteString(rest[:i])
		rest = rest[i:]
		if after, ok := strings.CutPrefix(rest, "$${"); ok {
			out.WriteString("${")
			rest = after
			continue
		}
		name, after, ok := cutRef(rest)
		if !ok {
			out.WriteString(rest[:min(1, len(rest))])
			rest = rest[min(1, len(rest)):]
			continue
		}
		rest = after
		v, err := t.lookUp(name, vars)
		if err != nil {
			firstErr = cmp.Or(firstErr, err)
			continue
		}
		switch v := v.(type) {
		case string:
			out.WriteString(v)
		case Null:
			out.WriteString("null")
		case List:
			out.WriteString(strings.Join(v, ","))
		}
	}
	return out.String(), firstErr
}

// cutRef takes ${name} off the front of a text, as varRef would.
func cutRef(text string) (name, rest string, ok bool) {
	inner, ok := strings.CutPrefix(text, "${")
	if !ok {
		return "", text, false
	}
	return strings.Cut(inner, "}")
}

// lookUp is the value of a variable, or of the one-time code of ${totp:name}.
func (t Template) lookUp(name string, vars Vars) (any, error) {
	secret, code := strings.CutPrefix(name, totpPrefix)
	v, known := vars[secret]
	switch {
	case !known:
		return nil, t.unknown(secret, vars)
	case !code:
		return v, nil
	}
	text, ok := v.(string)
	if !ok {
		return v, nil // without a secret there is no code either
	}
	at, err := totpNow(text)
	if err != nil {
		return nil, fmt.Errorf("%s: ${%s}: %w", t.Pos, name, err)
	}
	return at, nil
}

func (t Template) unknown(name string, vars Vars) error {
	return fmt.Errorf("%s: no value for ${%s}%s", t.Pos, name, words.DidYouMean(name, slices.Collect(maps.Keys(vars))))
}

// ref is one use of a variable.
type ref struct {
	name string
	pos  yamlx.Pos
}

// Refs lists the variables that the text uses, with repetitions.
func (t Template) Refs() (out []string) {
	for _, r := range t.refs() {
		out = append(out, r.name)
	}
	return out
}

func (t Template) refs() (out []ref) {
	if !strings.Contains(t.Text, "${") {
		return nil
	}
	for _, m := range varRef.FindAllStringSubmatch(t.Text, -1) {
		if m[0] != "$${" {
			out = append(out, ref{strings.TrimPrefix(m[1], totpPrefix), t.Pos})
		}
	}
	return out
}
