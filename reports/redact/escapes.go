package redact

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// token is one way to read the next piece of a text: width bytes mean text.
type token struct {
	text  string
	width int
}

// special marks the bytes that may begin an escape.
var special = [256]bool{'%': true, '\\': true, '&': true, '+': true}

// oneByte holds every byte once, so that a token needs no allocation.
var oneByte = func() string {
	var all [256]byte
	for i := range all {
		all[i] = byte(i)
	}
	return string(all[:])
}()

func asString(b byte) string { return oneByte[int(b) : int(b)+1] }

// readings are the ways to read one place; an array, because this is asked for
// every escape of every text and must not allocate.
type readings struct {
	list [8]token // the byte itself, and at most seven escapes: see percent and backslash
	n    int
}

func (r *readings) add(text string, width int) {
	r.list[r.n] = token{text, width}
	r.n++
}

func (r *readings) all() []token { return r.list[:r.n] }

// read gives every way to read s[i:], which is not empty: the byte itself, and
// the escapes that may begin there.
func read(s string, i int) (out readings) {
	out.add(s[i:i+1], 1)
	switch s[i] {
	case '+':
		out.add(" ", 1)
	case '%':
		percent(s, i, &out)
	case '\\':
		backslash(s, i, 1, &out)
	case '&':
		if text, width := entity(s, i); width > 0 {
			out.add(text, width)
		}
	}
	return out
}

// percent reads %2F and, for an address inside an address, %252F.
func percent(s string, i int, out *readings) {
	b, ok := hexByte(s, i+1)
	if !ok {
		return
	}
	out.add(asString(b), 3)
	switch b {
	case '%':
		if b, ok := hexByte(s, i+3); ok {
			out.add(asString(b), 5)
		}
	case '\\':
		backslash(s, i, 3, out)
	case '+':
		out.add(" ", 3) // a form inside a form
	}
}

// plainEscapes are the letters that stand for a control character after a backslash.
var plainEscapes = map[byte]string{'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t"}

// deepest bounds a run of backslashes: before a quotation mark in JSON in JSON in
// JSON there are seven, and for a backslash eight.
const deepest = 16

// backslash reads the escapes of JSON, of Go's and Python's quoting, and the
// octal ones that Python puts into cookies (\054). The backslash itself is width
// bytes long; what follows may be escaped once more, as in JSON in an attribute.
func backslash(s string, i, width int, out *readings) {
	next := i + width
	if next >= len(s) {
		return
	}
	switch c := s[next]; c {
	case '\\':
		// JSON in JSON doubles the backslashes of what is escaped in it.
		run := 1
		for next+run < len(s) && run < deepest && s[next+run] == '\\' {
			run++
		}
		for n := 1; n <= run; n = 2*n + 1 {
			out.add(s[next:next+1], width+n)
		}
		if run < deepest && next+run < len(s) {
			backslash(s, i, width+run, out)
		}
	case '"', '/', '\'':
		out.add(s[next:next+1], width+1)
	case 'b', 'f', 'n', 'r', 't':
		out.add(plainEscapes[c], width+1)
	case 'x':
		if b, ok := hexByte(s, next+1); ok {
			out.add(asString(b), width+3)
		}
	case 'u', 'U':
		if r, n := unicodeEscape(s, next); n > 0 {
			out.add(string(r), width+n)
		}
	case '0', '1', '2', '3':
		if next+3 <= len(s) {
			if n, err := strconv.ParseUint(s[next:next+3], 8, 8); err == nil {
				out.add(asString(byte(n)), width+3)
			}
		}
	case '%':
		if b, ok := hexByte(s, next+1); ok {
			out.quote(asString(b), width+3)
		}
	case '&':
		if text, n := entity(s, next); n > 0 {
			out.quote(text, width+n)
		}
	}
}

// quote adds what may follow a backslash to stand for itself.
func (r *readings) quote(text string, width int) {
	if strings.Contains(`"\/'`, text) {
		r.add(text, width)
	}
}

// unicodeEscape reads, from behind the backslash, u00e9, the pair ud83d\ude00
// that is one character, and Go's U0001f600. It returns a width of 0 for others.
func unicodeEscape(s string, i int) (r rune, width int) {
	if s[i] == 'U' {
		if i+9 > len(s) {
			return 0, 0
		}
		if n, err := strconv.ParseUint(s[i+1:i+9], 16, 31); err == nil {
			return rune(n), 9
		}
		return 0, 0
	}
	one, ok := hex4(s, i)
	if !ok {
		return 0, 0
	}
	if second := i + 5; utf16.IsSurrogate(one) {
		for second < len(s) && second < i+5+deepest && s[second] == '\\' {
			second++
		}
		if two, ok := hex4(s, min(second, len(s)-1)); ok && second > i+5 {
			if r := utf16.DecodeRune(one, two); r != utf8.RuneError {
				return r, second + 5 - i
			}
		}
	}
	return one, 5
}

func hex4(s string, i int) (rune, bool) {
	if i+5 > len(s) || s[i] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[i+1:i+5], 16, 16)
	return rune(n), err == nil
}

func hexByte(s string, i int) (byte, bool) {
	if i+2 > len(s) {
		return 0, false
	}
	n, err := strconv.ParseUint(s[i:i+2], 16, 8)
	return byte(n), err == nil
}

// longestEntity bounds how far a ';' is looked for; the long names that HTML
// also has stand for no character of a credential.
const longestEntity = 12

// entity reads &amp;, &#39; and &#x27;; it returns a width of 0 for others.
func entity(s string, i int) (text string, width int) {
	piece := s[i:min(len(s), i+longestEntity)]
	n := strings.IndexByte(piece, ';')
	if n < 0 {
		return "", 0
	}
	if text = html.UnescapeString(piece[:n+1]); text == piece[:n+1] {
		return "", 0
	}
	return text, n + 1
}
