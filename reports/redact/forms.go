package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
)

// form is one text a secret can turn into. Escapes of single characters are no
// forms of their own: the matcher undoes them while it reads.
type form struct {
	text  string
	label *label
	// left and right say that the base64 character before or after text holds
	// some bits of the secret, so it must go with it.
	left, right bool
}

// formsOf lists the forms of secret, without tag.
func formsOf(secret string) []form {
	values := distinct(secret, unquote(secret), unescape(secret), unescape(unquote(secret)))
	var out []form
	for _, v := range values {
		lower := hex.EncodeToString([]byte(v))
		out = append(out, form{text: v}, form{text: lower}, form{text: strings.ToUpper(lower)})
	}
	// What gets into base64 is often a text in which the secret is escaped already.
	for _, v := range distinct(append(values, url.QueryEscape(secret), url.PathEscape(secret), jsonEscape(secret))...) {
		out = append(out, base64Forms(v)...)
	}
	return out
}

// minCore is the shortest base64 piece that is looked for; shorter ones occur
// by accident.
const minCore = 6

// base64Forms gives what is certain to stand in the base64 of any text that
// contains v. Three bytes become four characters, so there are three ways v can
// lie; characters that mix bits of v with a neighbour's are left out.
func base64Forms(v string) []form {
	var out []form
	for shift := range 3 {
		end := 8 * (shift + len(v))
		from, to := (8*shift+5)/6, end/6
		if to-from < minCore {
			continue
		}
		whole := base64.StdEncoding.EncodeToString([]byte("\x00\x00"[:shift] + v))
		f := form{text: whole[from:to], left: shift > 0, right: end%6 != 0}
		out = append(out, f)
		if u := strings.NewReplacer("+", "-", "/", "_").Replace(f.text); u != f.text {
			f.text = u
			out = append(out, f)
		}
	}
	return out
}

// distinct drops repetitions and what is too short to be looked for.
func distinct(in ...string) []string {
	var out []string
	seen := map[string]bool{}
	for _, v := range in {
		if len(v) >= minForced && !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}

// minHalf is the shortest half of a secret that is looked for; shorter ones may be
// a word that the rest of the report needs.
const minHalf = 10

// halves are the two parts of a secret that was split in the middle; nil where they
// are too short, and where the secret has words of a report in it (alice.laptop#1,
// alice@example.org), as no token has.
func halves(secret string) []string {
	v := unquote(secret)
	if len(v)/2 < minHalf || strings.ContainsAny(v, "#@ ") {
		return nil
	}
	return []string{v[:len(v)/2], v[len(v)/2:]}
}

func unquote(s string) string {
	if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' {
		return s[1 : len(s)-1]
	}
	return s
}

func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}

func jsonEscape(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return s
	}
	return unquote(string(b))
}

func isBase64(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		c == '+' || c == '/' || c == '-' || c == '_'
}
