package targets

import (
	"maps"
	"slices"

	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// Data is a JSON value whose texts are templates.
type Data struct {
	value any // as yamlx gives it, with a Template for every text
}

// DecodeYAML reads any value.
func (d *Data) DecodeYAML(n *yamlx.Node) { d.value = templated(n) }

func templated(n *yamlx.Node) any {
	switch {
	case n.IsMap():
		m := map[string]any{}
		for _, e := range n.Entries() {
			m[e.Key] = templated(e.Value)
		}
		return m
	case n.IsList():
		s := []any{}
		for _, it := range n.Items() {
			s = append(s, templated(it))
		}
		return s
	}
	v := n.Any()
	if _, ok := v.(string); ok {
		var t Template
		n.Decode(&t)
		return t
	}
	return v
}

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
	case Template:
		x, err := v.Value(vars)
		if err != nil {
			return nil, false, err
		}
		switch x := x.(type) {
		case Missing:
			return nil, false, nil
		case Null:
			return nil, true, nil
		case List:
			return slices.Clone([]string(x)), true, nil
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

func (d Data) refs() (out []ref) {
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case Template:
			out = append(out, v.refs()...)
		case map[string]any:
			for _, k := range slices.Sorted(maps.Keys(v)) {
				walk(v[k])
			}
		case []any:
			for _, it := range v {
				walk(it)
			}
		}
	}
	walk(d.value)
	return out
}
