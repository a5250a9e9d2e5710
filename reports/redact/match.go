package redact

import (
	"encoding/binary"
	"slices"
	"strings"
)

// keyLength is how many leading bytes of a form select its bucket.
const keyLength = 4

type key [keyLength]byte

// index finds forms in a text. Forms are grouped by their first bytes; a filter
// of one bit per hash answers most places of a text without a map access.
type index struct {
	buckets map[key][]form
	filter  [filterBits / 64]uint64
}

const filterBits = 1 << 20

func (k key) bit() (word int, mask uint64) {
	h := binary.LittleEndian.Uint32(k[:]) * 0x9E3779B1 >> 12 // Knuth's multiplier; 20 bits
	return int(h / 64), 1 << (h % 64)
}

func (x *index) add(f form) {
	if len(f.text) < keyLength {
		return
	}
	k := key([]byte(f.text[:keyLength]))
	x.buckets[k] = append(x.buckets[k], f)
	word, mask := k.bit()
	x.filter[word] |= mask
}

// rulesOut tells at little cost that no form begins at s[i], and no tag of ours: true
// for nearly every place of a text.
func (x *index) rulesOut(s string, i int) bool {
	if i+keyLength > len(s) || s[i] == open[0] || special[s[i]] || special[s[i+1]] || special[s[i+2]] || special[s[i+3]] {
		return false
	}
	word, mask := key([]byte(s[i : i+keyLength])).bit()
	return x.filter[word]&mask == 0
}

// find returns the form that reaches furthest from s[i] and where it ends, or
// an end of -1.
func (x *index) find(s string, i int) (best form, end int) {
	end = -1
	if i+keyLength > len(s) {
		return best, end
	}
	if !special[s[i]] && !special[s[i+1]] && !special[s[i+2]] && !special[s[i+3]] {
		x.try(key([]byte(s[i:i+keyLength])), s, i, &best, &end)
		return best, end
	}
	var room [8]key
	for _, k := range heads(s, i, key{}, 0, room[:0]) {
		x.try(k, s, i, &best, &end)
	}
	return best, end
}

// try improves best and end by the forms that begin with k.
func (x *index) try(k key, s string, i int, best *form, end *int) {
	if word, mask := k.bit(); x.filter[word]&mask == 0 {
		return
	}
	for _, f := range x.buckets[k] {
		if e := f.match(s, i); e > *end {
			*best, *end = f, e
		}
	}
}

// heads appends every way to read the first keyLength bytes at s[i:], of which n
// are read already.
func heads(s string, i int, head key, n int, out []key) []key {
	for n < keyLength && i < len(s) && !special[s[i]] {
		head[n] = s[i]
		n++
		i++
	}
	if n >= keyLength {
		if !slices.Contains(out, head) {
			out = append(out, head)
		}
		return out
	}
	if i == len(s) {
		return out
	}
	ways := read(s, i)
	for _, t := range ways.all() {
		next := head
		n := n + copy(next[n:], t.text)
		out = heads(s, i+t.width, next, n, out)
	}
	return out
}

// match returns the end of f.text beginning at s[i], or -1. Every character of s
// may be read as itself or as the escape it begins. The number of readings that
// are followed is bounded, so a secret that is one long run of backslashes does
// not cost its square at every place.
func (f form) match(s string, i int) int {
	if strings.HasPrefix(s[i:], f.text) {
		return i + len(f.text)
	}
	type state struct{ read, at int }
	var seen map[state]bool
	var room [8]state
	todo := append(room[:0], state{0, i})
	for budget := 4*len(f.text) + 64; len(todo) > 0 && budget > 0; budget-- {
		now := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for now.read < len(f.text) && now.at < len(s) && !special[s[now.at]] && s[now.at] == f.text[now.read] {
			now.read++
			now.at++
		}
		if now.read == len(f.text) {
			return now.at
		}
		if now.at == len(s) || !special[s[now.at]] || seen[now] {
			continue
		}
		if seen == nil {
			seen = map[state]bool{}
		}
		seen[now] = true
		ways := read(s, now.at)
		for _, t := range ways.all() {
			rest := f.text[now.read:]
			if len(t.text) <= len(rest) && rest[:len(t.text)] == t.text {
				todo = append(todo, state{now.read + len(t.text), now.at + t.width})
			}
		}
	}
	return -1
}
