package browsers

import "encoding/json"

// remoteValue is a JavaScript value as WebDriver BiDi writes it.
// Source: https://www.w3.org/TR/webdriver-bidi/, "script.RemoteValue".
type remoteValue struct {
	Type  string
	Value json.RawMessage
}

// plain is the value as JSON has it; what JSON cannot say is nil.
func (v remoteValue) plain() any {
	switch v.Type {
	case "string", "boolean":
		return v.Value
	case "number":
		var n float64
		if json.Unmarshal(v.Value, &n) != nil {
			return nil // NaN and the like come as strings
		}
		return v.Value
	case "array":
		out := []any{}
		var list []remoteValue
		_ = json.Unmarshal(v.Value, &list)
		for _, x := range list {
			out = append(out, x.plain())
		}
		return out
	case "object":
		out := map[string]any{}
		var pairs [][2]json.RawMessage
		_ = json.Unmarshal(v.Value, &pairs)
		for _, p := range pairs {
			var name string
			var x remoteValue
			if json.Unmarshal(p[0], &name) == nil && json.Unmarshal(p[1], &x) == nil && x.Type != "undefined" {
				out[name] = x.plain()
			}
		}
		return out
	}
	return nil
}
