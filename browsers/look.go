package browsers

import (
	"context"
	"encoding/json"
)

// Look tells what the page on show shows now, and which of the selectors match
// something visible. It works with every engine. A selector that is not valid is
// an error.
func Look(ctx context.Context, b Browser, css ...string) (*Sight, error) {
	js, err := lookNow(css)
	if err != nil {
		return nil, err
	}
	var s *Sight
	err = b.Eval(ctx, js, &s)
	return s, err
}

func lookNow(css []string) (string, error) {
	list, err := json.Marshal(append([]string{}, css...))
	return "(css => { const tell = null;\n" + locateJS + "\n" + sightJS + "\nreturn sight() })(" + string(list) + ")", err
}
