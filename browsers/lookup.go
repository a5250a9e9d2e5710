package browsers

import (
	"fmt"
	"strings"

	"github.com/sessionspec/sessionspec/internal/words"
)

// engines in the order in which they are listed to users.
var engines = []struct {
	name   string
	engine Engine
}{
	{"chrome", chromeEngine{}},
	{"firefox", firefoxEngine{}},
	{"webkit", webkitEngine{}},
}

// List returns the engines of a list of names with commas between, in that
// order and each once. "" and "none" are no engine.
func List(text string) (out []Engine, err error) {
	if text == "" || text == "none" {
		return nil, nil
	}
	seen := map[string]bool{}
	for name := range strings.SplitSeq(text, ",") {
		name = strings.TrimSpace(name)
		if name == "none" {
			return nil, fmt.Errorf("%q: none stands alone", text)
		}
		e, err := Lookup(name)
		if err != nil {
			return nil, err
		}
		if !seen[name] {
			out = append(out, e)
		}
		seen[name] = true
	}
	return out, nil
}

// Lookup returns the engine of that name. For an unknown name the error
// carries the nearest known one.
func Lookup(name string) (Engine, error) {
	var names []string
	for _, e := range engines {
		if e.name == name {
			return e.engine, nil
		}
		names = append(names, e.name)
	}
	return nil, fmt.Errorf("unknown browser %q%s; there are %s, or none", name, words.DidYouMean(strings.ToLower(name), names), strings.Join(names, ", "))
}
