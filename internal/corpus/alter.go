package corpus

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
)

// shortest is the length from which a piece of a credential is altered. Shorter
// ones are version marks, key numbers and names of nodes, which may well be
// ignored by the server that made them.
const shortest = 8

// separators stand between the parts of a structured credential.
var separators = regexp.MustCompile(`\.|--|\||:|~|,|&|;|=+|"|\s|%[0-9A-Fa-f]{2}`)

// Altered returns what a tampered entry makes of a good credential; other is
// that of another client, "" for none. Every value differs from both in what it
// says, not only in how it is written: the last character of a piece may be
// padding bits, and a letter changes within its class, never in case.
func (e Entry) Altered(good, other string) (out []string) {
	switch e.Alter {
	case "flip":
		out = e.flips(good)
	case "cut":
		out = append(out, good[:int(float64(len(good))*e.At)])
	case "cut-front":
		out = append(out, good[int(float64(len(good))*e.At):])
	case "append":
		if !strings.HasSuffix(good, "=") && !strings.HasSuffix(strings.ToLower(good), "%3d") {
			out = append(out, good+"aaaa") // behind padding it might not be read at all
		}
	case "double":
		out = append(out, good+good)
	case "drop-part", "empty-part":
		out = e.withoutPart(good)
	case "swap-part":
		out = swapped(good, other)
	case "alg":
		out = e.algorithm(good)
	}
	var fit []string
	for _, v := range out {
		if v != good && v != other && len(good) >= shortest {
			fit = append(fit, v)
		}
	}
	return fit
}

// span is a piece of a value: value[from:to].
type span struct{ from, to int }

func spans(s string) (out []span) {
	at := 0
	for _, m := range append(separators.FindAllStringIndex(s, -1), []int{len(s), len(s)}) {
		if m[0] > at {
			out = append(out, span{at, m[0]})
		}
		at = m[1]
	}
	return out
}

// flips changes one character in each piece that is long enough.
func (e Entry) flips(good string) (out []string) {
	pieces := spans(good)
	for _, p := range pieces {
		piece := good[p.from:p.to]
		if len(piece) < shortest || e.Opaque && (len(pieces) > 1 || structured(piece)) {
			continue
		}
		at := min(int(e.At*float64(len(piece))), len(piece)-2)
		for ; at > 0 && other(piece[at]) == piece[at]; at-- {
		}
		if c := other(piece[at]); c != piece[at] {
			out = append(out, good[:p.from+at]+string(c)+good[p.from+at+1:])
		}
	}
	return out
}

// other is a clearly different character of the same class; what is neither
// letter nor digit stays.
func other(c byte) byte {
	for _, class := range []string{"0123456789", "abcdef", "ghijklmnopqrstuvwxyz", "ABCDEF", "GHIJKLMNOPQRSTUVWXYZ"} {
		if i := strings.IndexByte(class, c); i >= 0 {
			return class[(i+len(class)/2)%len(class)]
		}
	}
	return c
}

// structured tells whether a piece is text in base64, so that a change at its
// edge may fall into a field that nobody reads.
func structured(piece string) bool {
	b, err := base64.RawURLEncoding.DecodeString(strings.NewReplacer("+", "-", "/", "_").Replace(piece))
	if err != nil || len(b) == 0 {
		return false
	}
	plain := 0
	for _, c := range b {
		if c >= 0x20 && c < 0x7f {
			plain++
		}
	}
	return plain*10 >= len(b)*9
}

// parted splits a value at the last separator that stands between two pieces
// long enough to be a payload and its signature.
func parted(s string) (before, sep, after string, ok bool) {
	pieces := spans(s)
	if len(pieces) < 2 {
		return "", "", "", false
	}
	last, prev := pieces[len(pieces)-1], pieces[len(pieces)-2]
	sep = s[prev.to:last.from]
	if last.to-last.from < shortest || strings.HasPrefix(sep, "%") || strings.HasPrefix(sep, "=") || last.to != len(s) {
		return "", "", "", false
	}
	return s[:prev.to], sep, s[last.from:], true
}

func (e Entry) withoutPart(good string) []string {
	before, sep, _, ok := parted(good)
	switch {
	case !ok:
		return nil
	case e.Alter == "drop-part":
		return []string{before}
	}
	return []string{before + sep}
}

// swapped puts one part of the other's value after another into the good one.
func swapped(good, other string) (out []string) {
	mine, theirs := spans(good), spans(other)
	if len(mine) != len(theirs) || len(mine) < 2 {
		return nil
	}
	for i, p := range mine {
		q := theirs[i]
		if a, b := good[p.from:p.to], other[q.from:q.to]; a != b && len(a) >= shortest && len(b) >= shortest {
			out = append(out, good[:p.from]+b+good[p.to:])
		}
	}
	return out
}

// algorithm rewrites the header of a signed token (RFC 7519) and takes the
// signature away; nothing comes of a value of another form.
func (e Entry) algorithm(good string) []string {
	parts := strings.Split(good, ".")
	if len(parts) != 3 {
		return nil
	}
	header, err := base64.RawURLEncoding.DecodeString(parts[0])
	fields := map[string]any{}
	if err != nil || json.Unmarshal(header, &fields) != nil || fields["alg"] == nil {
		return nil
	}
	fields["alg"] = e.Word
	b, err := json.Marshal(fields)
	if err != nil {
		return nil
	}
	unsigned := base64.RawURLEncoding.EncodeToString(b) + "." + parts[1] + "."
	return []string{unsigned, unsigned + parts[2]}
}
