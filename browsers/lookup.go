package browsers

import (
	"fmt"
	"strings"
)

// engines in the order in which they are listed to users; nil is not built yet.
var engines = []struct {
	name   string
	engine Engine
}{
	{"chrome", chromeEngine{}},
	{"firefox", nil},
	{"webkit", nil},
}

// Lookup returns the engine of that name. For an unknown name the error
// carries the nearest known one.
func Lookup(name string) (Engine, error) {
	var names []string
	best, bestDistance := "", 0
	for _, e := range engines {
		if e.name == name {
			if e.engine == nil {
				return nil, fmt.Errorf("browser %q: not built yet; use chrome, or none to leave browsers out", name)
			}
			return e.engine, nil
		}
		names = append(names, e.name)
		if d := distance(strings.ToLower(name), e.name); best == "" || d < bestDistance {
			best, bestDistance = e.name, d
		}
	}
	hint := ""
	// More than half of the letters wrong is no typing mistake.
	if bestDistance <= (len(name)+1)/2 {
		hint = fmt.Sprintf("did you mean %q? ", best)
	}
	return nil, fmt.Errorf("unknown browser %q: %sknown are %s", name, hint, strings.Join(names, ", "))
}

// distance is the Levenshtein distance of two short words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
