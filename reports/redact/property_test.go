package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"
)

// clothes are the ways in which a careless system repeats a secret.
var clothes = map[string]func(string) string{
	"plain":        func(s string) string { return s },
	"query":        url.QueryEscape,
	"query, lower": func(s string) string { return lowerPercent(url.QueryEscape(s)) },
	"path":         url.PathEscape,
	"query twice":  func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
	"every byte": func(s string) string {
		var b strings.Builder
		for i := range len(s) {
			fmt.Fprintf(&b, "%%%02x", s[i])
		}
		return b.String()
	},
	"form":      func(s string) string { return url.Values{"a": {s}}.Encode() },
	"hex":       func(s string) string { return hex.EncodeToString([]byte(s)) },
	"HEX":       func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
	"html":      html.EscapeString,
	"go":        func(s string) string { return fmt.Sprintf("%q", s) },
	"go, ascii": func(s string) string { return fmt.Sprintf("%+q", s) },
	"json": func(s string) string {
		b, _ := json.Marshal(map[string]string{"token": s})
		return string(b)
	},
	"json in json": func(s string) string {
		for range 3 {
			b, _ := json.Marshal(s)
			s = string(b)
		}
		return s
	},
	"every unit of JSON in JSON": func(s string) string {
		var b strings.Builder
		for _, u := range utf16.Encode([]rune(s)) {
			fmt.Fprintf(&b, `\\u%04x`, u)
		}
		out, _ := json.Marshal(b.String())
		return string(out)
	},
	"json in html": func(s string) string {
		b, _ := json.Marshal(s)
		return html.EscapeString(string(b))
	},
	"base64 in a query": func(s string) string { return url.QueryEscape(base64.StdEncoding.EncodeToString([]byte("u:" + s))) },
	"json in base64": func(s string) string {
		b, _ := json.Marshal(map[string]string{"t": s})
		return base64.StdEncoding.EncodeToString(b)
	},
	"query in base64": func(s string) string { return base64.URLEncoding.EncodeToString([]byte("t=" + url.QueryEscape(s))) },
}

func init() {
	for name, enc := range map[string]*base64.Encoding{
		"std": base64.StdEncoding, "url": base64.URLEncoding, "raw std": base64.RawStdEncoding, "raw url": base64.RawURLEncoding,
	} {
		for before := range 4 {
			for after := range 4 {
				clothes[fmt.Sprintf("base64 %s %d+%d", name, before, after)] = func(s string) string {
					return enc.EncodeToString([]byte("abc"[:before] + s + "xyz"[:after]))
				}
			}
		}
	}
}

var percentHex = regexp.MustCompile(`%[0-9A-F]{2}`)

func lowerPercent(s string) string { return percentHex.ReplaceAllStringFunc(s, strings.ToLower) }

// unclothe gives what a reader of the text could get out of it.
func unclothe(s string) []string {
	out := []string{s, html.UnescapeString(s)}
	for range 2 {
		if u, err := url.QueryUnescape(out[len(out)-1]); err == nil {
			out = append(out, u)
		}
	}
	for _, word := range regexp.MustCompile(`[A-Za-z0-9+/_-]+`).FindAllString(strings.Join(out, " "), -1) {
		word = strings.NewReplacer("-", "+", "_", "/").Replace(word)
		for cut := range min(4, len(word)) {
			tail := word[cut:]
			if b, err := base64.RawStdEncoding.DecodeString(tail[:len(tail)-len(tail)%4]); err == nil {
				out = append(out, string(b))
			}
		}
		if b, err := hex.DecodeString(word); err == nil {
			out = append(out, string(b))
		}
	}
	return out
}

var alphabets = []string{
	"0123456789abcdef",
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=.:",
	"ab %&+\"'<>\\/;=é€😀1",
}

func randomSecret(rng *rand.Rand) string {
	alphabet := []rune(alphabets[rng.IntN(len(alphabets))])
	out := make([]rune, 8+rng.IntN(40))
	for i := range out {
		out[i] = alphabet[rng.IntN(len(alphabet))]
	}
	return string(out)
}

// No secret may be left in any clothes, at any place, also after decoding.
func TestNothingIsLeft(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 1))
		r := New()
		secrets := make([]string, 1+rng.IntN(5))
		for i := range secrets {
			secrets[i] = randomSecret(rng)
			r.Learn(fmt.Sprintf("s%d", i), secrets[i])
		}
		for name, wear := range clothes {
			for i, secret := range secrets {
				text := "x=" + wear(secret) + "; y"
				got := r.String(text)
				if !strings.Contains(got, fmt.Sprintf("‹s%d›", i)) {
					t.Errorf("seed %d, %s: no tag for %q in %q", seed, name, secret, got)
				}
				for _, plain := range unclothe(got) {
					if strings.Contains(plain, secret) || strings.Contains(plain, secret[1:]) || strings.Contains(plain, secret[:len(secret)-1]) {
						t.Errorf("seed %d, %s: %q left in %q", seed, name, secret, plain)
					}
				}
				if again := r.String(got); again != got {
					t.Errorf("seed %d, %s: second redaction changed %q to %q", seed, name, got, again)
				}
			}
		}
		if t.Failed() {
			return
		}
	}
}

// A hostile target chooses both its secrets and its texts; time must stay bounded.
func TestHostileTextIsNotSlow(t *testing.T) {
	for _, unit := range []string{"%25", "%", "&amp;", "\\\\", "+", "%2525", "%5C", "\\%5C", "\\&#92;"} {
		r := New()
		r.Learn("S", strings.Repeat(unit, 100))
		r.String(strings.Repeat(unit, 2000) + "end")
	}
}

func FuzzString(f *testing.F) {
	f.Add("s3cr3t-one", "a=s3cr3t-one")
	f.Add("%25%25%25", "%2525%2525")
	f.Fuzz(func(t *testing.T, secret, text string) {
		r := New()
		r.Learn("S", secret)
		if len(secret) >= MinLength && !strings.Contains("‹S›", secret) && strings.Contains(r.String(text+secret+text), secret) {
			t.Errorf("%q stayed in %q", secret, text)
		}
	})
}
