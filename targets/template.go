package targets

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

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
	if !n.IsScalar() {
		n.Errorf("expected a text")
		return
	}
	t.Text, t.Pos = n.Text(), n.Pos()
}

// Missing is the value of a variable that is not there: what consists of just
// it is left out of the request.
type Missing struct{}

// Null is the value of a variable that is JSON's null.
type Null struct{}

// Vars gives variables their values: a string, Missing{} or Null{}.
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
	default:
		return v.(string), true, nil
	}
}

// Value is like Expand, but tells missing and null from text where the template
// is nothing but one variable.
func (t Template) Value(vars Vars) (any, error) {
	if m := varRef.FindStringSubmatch(t.Text); m != nil && m[0] == t.Text && m[1] != "" {
		v, known := vars[m[1]]
		if !known {
			return nil, t.unknown(m[1], vars)
		}
		return v, nil
	}
	var firstErr error
	out := varRef.ReplaceAllStringFunc(t.Text, func(ref string) string {
		if ref == "$${" {
			return "${"
		}
		name := ref[2 : len(ref)-1]
		v, known := vars[name]
		if !known {
			if firstErr == nil {
				firstErr = t.unknown(name, vars)
			}
			return ""
		}
		switch v := v.(type) {
		case string:
			return v
		case Null:
			return "null"
		}
		return ""
	})
	return out, firstErr
}

func (t Template) unknown(name string, vars Vars) error {
	return fmt.Errorf("%s: no value for ${%s}%s", t.Pos, name, words.DidYouMean(name, slices.Collect(maps.Keys(vars))))
}

// refs lists the variables that the text uses.
func refs(text string) (names []string) {
	for _, m := range varRef.FindAllStringSubmatch(text, -1) {
		if m[1] != "" || m[0] == "${}" {
			names = append(names, m[1])
		}
	}
	return names
}

// Data is a JSON value whose texts are templates.
type Data struct {
	value any
	pos   yamlx.Pos
}

// DecodeYAML reads any value.
func (d *Data) DecodeYAML(n *yamlx.Node) { d.value, d.pos = n.Any(), n.Pos() }

// MarshalJSON renders the data as written.
func (d Data) MarshalJSON() ([]byte, error) { return marshal(d.value) }

// Expand fills in the variables and returns plain data; members and items that
// are just a missing variable are left out.
func (d Data) Expand(vars Vars) (any, error) {
	v, _, err := d.expand(d.value, vars)
	return v, err
}

func (d Data) expand(v any, vars Vars) (any, bool, error) {
	switch v := v.(type) {
	case string:
		x, err := Template{v, d.pos}.Value(vars)
		if err != nil {
			return nil, false, err
		}
		switch x.(type) {
		case Missing:
			return nil, false, nil
		case Null:
			return nil, true, nil
		}
		return x, true, nil
	case map[string]any:
		out := map[string]any{}
		for _, k := range slices.Sorted(maps.Keys(v)) {
			x, keep, err := d.expand(v[k], vars)
			if err != nil {
				return nil, false, err
			}
			if keep {
				out[k] = x
			}
		}
		return out, true, nil
	case []any:
		out := []any{}
		for _, it := range v {
			x, keep, err := d.expand(it, vars)
			if err != nil {
				return nil, false, err
			}
			if keep {
				out = append(out, x)
			}
		}
		return out, true, nil
	}
	return v, true, nil
}

func (d Data) refs() []string {
	text, _ := marshal(d.value)
	return refs(strings.ReplaceAll(string(text), `\u003c`, "<"))
}
