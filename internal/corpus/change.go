package corpus

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// changes are what may be done to a good credential as a whole.
var changes = map[string]func(string) string{
	"quarter":    func(s string) string { return s[:len(s)/4] },
	"reverse":    reverse,
	"swapcase":   swapCase,
	"quote":      func(s string) string { return `"` + s + `"` },
	"open-quote": func(s string) string { return `"` + s },
	"percent":    percent,
	"base64":     func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"hex":        func(s string) string { return hex.EncodeToString([]byte(s)) },
	"pad":        func(s string) string { return s + "==" },
}

func reverse(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

func swapCase(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		}
		return r
	}, s)
}

func percent(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02x", s[i])
	}
	return b.String()
}

// Lookalike makes the pair of a look-alike of a cookie; ok is false where the
// entry says nothing about such a name.
func (e Entry) Lookalike(name, value string) (pair string, ok bool) {
	if e.Guarded && !guarded(name) {
		return "", false
	}
	mid := len(name) / 2
	var other string
	switch e.Rename {
	case "percent-first":
		other = percent(name[:1]) + name[1:]
	case "percent-middle":
		other = name[:mid] + percent(name[mid:mid+1]) + name[mid+1:]
	case "percent-all":
		other = percent(name)
	case "swapcase":
		other = swapCase(name)
	case "dots":
		other = strings.ReplaceAll(name, "_", ".")
	case "bracket":
		other = strings.Replace(name, "_", "[", 1)
	case "shorter":
		other = name[:len(name)-1]
	default:
		if e.Hex != "" {
			b, _ := hex.DecodeString(e.Hex)
			return string(b) + name + "=" + value, true
		}
		return strings.NewReplacer("${name}", name, "${value}", value).Replace(e.Pair), true
	}
	return other + "=" + value, other != "" && other != name
}

// guarded tells whether browsers keep others from setting the name.
func guarded(name string) bool {
	return strings.HasPrefix(name, "__Host-") || strings.HasPrefix(name, "__Secure-")
}
