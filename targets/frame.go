package targets

import (
	"encoding/json"

	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// Frame is a packet that is neither plain text nor plain JSON: a type in front,
// a JSON value behind it, as Socket.IO and Engine.IO write them ("42[...]").
type Frame struct {
	// Text stands in front, as it is.
	Text *Template `json:"text,omitempty"`
	// JSON follows it.
	JSON *Data `json:"json,omitempty"`
}

// DecodeYAML reads {text: "42", json: [...]}; one of the two may be left out.
func (f *Frame) DecodeYAML(n *yamlx.Node) {
	if !n.IsMap() || len(n.Entries()) == 0 {
		n.Errorf(`expected a frame such as {text: "42", json: [name, {key: value}]}`)
		return
	}
	for _, e := range n.Entries() {
		switch e.Key {
		case "text":
			e.Value.Decode(&f.Text)
		case "json":
			e.Value.Decode(&f.JSON)
		default:
			e.KeyAt.Errorf("unknown key %q; a frame has text and json", e.Key)
		}
	}
}

// Expand fills in the variables and returns the packet as it is sent.
func (f Frame) Expand(vars Vars) (string, error) {
	out := ""
	if f.Text != nil {
		s, _, err := f.Text.Expand(vars)
		if err != nil {
			return "", err
		}
		out = s
	}
	if f.JSON != nil {
		v, err := f.JSON.Expand(vars)
		if err != nil {
			return "", err
		}
		b, err := json.Marshal(v)
		if err != nil {
			return "", err
		}
		out += string(b)
	}
	return out, nil
}

func (f Frame) refs() (out []ref) {
	if f.Text != nil {
		out = f.Text.refs()
	}
	if f.JSON != nil {
		out = append(out, f.JSON.refs()...)
	}
	return out
}
