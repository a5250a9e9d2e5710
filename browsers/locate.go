package browsers

import (
	_ "embed"
	"regexp"
)

//go:embed locate.js
var locateJS string

// locating is a function in whose text locate can be called.
func locating(function string) string {
	return "(...given) => {\n" + locateJS + "\nreturn (" + function + ")(...given);\n}"
}

// locator is what locate takes for more than CSS.
var locator = regexp.MustCompile(`^(label|role)=`)

// IsLocator tells whether a text finds elements by label or role, and not by a
// CSS selector.
func IsLocator(text string) bool { return locator.MatchString(text) }
