// Package redact keeps secrets out of everything that is written down.
//
// For a session test every artefact holds the secret, so hiding them sink by
// sink leaks sooner or later. Here is one Redactor that stands in front of every
// sink: what it has learnt leaves as a stable tag such as ‹alice.laptop#2›, so
// that a reader still sees which two values are equal.
//
// A learnt secret is also found in the clothes that HTTP puts on it: percent,
// form, JSON, HTML and backslash escapes (also mixed, and percent twice), hex,
// and base64 at any position inside a longer encoded text, as in Basic auth. Its
// halves are found alone, as ‹alice.laptop#2/1› and ‹alice.laptop#2/2›.
package redact

import (
	"fmt"
	"strings"
	"sync"

	"github.com/sessionspec/sessionspec/internal/history"
)

// MinLength is the length in bytes below which Learn ignores a secret: short
// values occur by accident, and hiding them would blacken half of a report.
const MinLength = 6

// minForced is the shortest secret Force accepts; it is the index's key length.
const minForced = keyLength

// Redactor replaces learnt secrets by tags. Create it with New; it may be used
// from many goroutines at once.
type Redactor struct {
	mu      sync.RWMutex
	tags    map[string]*label // by secret
	inUse   map[string]bool   // tags that already stand in texts
	plain   map[string]bool   // values LearnExchange must leave alone
	numbers map[string]int    // generated tag without its number -> last number
	index   index
	names   names
}

// New returns a Redactor that knows nothing yet.
func New() *Redactor {
	return &Redactor{
		tags:    map[string]*label{},
		inUse:   map[string]bool{},
		plain:   map[string]bool{},
		numbers: map[string]int{},
		index:   index{buckets: map[key][]form{}},
	}
}

// label is the tag of a secret, brackets included, and of its halves. All forms of
// the secret point to it, so that it can get a better name.
type label struct {
	tag    string
	halves [2]*label
	// guessed tags give way to one that somebody who knows the secret gives.
	guessed bool
}

// Learn makes secret known under tag ("alice.laptop#2", with or without ‹ ›).
// Secrets shorter than MinLength are ignored. One learnt before keeps its tag,
// unless that was guessed.
func (r *Redactor) Learn(tag, secret string) {
	if len(secret) >= MinLength {
		r.learn(wrap(tag), secret, false)
	}
}

// Guess is Learn by somebody who sees a secret before it is known what it is: a
// later Learn gives it another tag.
func (r *Redactor) Guess(tag, secret string) {
	if len(secret) >= MinLength {
		r.learn(wrap(tag), secret, true)
	}
}

// Force is Learn for short secrets such as a PIN. Below four bytes even Force
// ignores it: such a value cannot be told from the text around it.
func (r *Redactor) Force(tag, secret string) {
	if len(secret) >= minForced {
		r.learn(wrap(tag), secret, false)
	}
}

// Keep names values that are no secrets although they may turn up in cookies
// and tokens: user names, addresses. Only LearnExchange heeds it; a value that
// was or will be learnt by name is hidden all the same.
func (r *Redactor) Keep(plain ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range plain {
		r.plain[p] = true
	}
}

// Tag returns the tag, brackets included, under which secret is known.
func (r *Redactor) Tag(secret string) (string, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	l, ok := r.tags[secret]
	if !ok {
		return "", false
	}
	return l.tag, true
}

// String returns s with every learnt secret replaced by its tag. Tags already
// in s stay as they are, so redacting twice does no harm.
func (r *Redactor) String(s string) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.redact(s)
}

// Strings redacts each element into a new slice; nil stays nil.
func (r *Redactor) Strings(list []string) []string {
	if list == nil {
		return nil
	}
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = r.String(s)
	}
	return out
}

// Bytes is String for bytes; b itself is not changed.
func (r *Redactor) Bytes(b []byte) []byte { return []byte(r.String(string(b))) }

// Exchange returns a redacted copy of e.
func (r *Redactor) Exchange(e history.Exchange) history.Exchange {
	e.Request.Method = r.String(e.Request.Method)
	e.Request.URL = r.String(e.Request.URL)
	e.Request.Header = r.lines(e.Request.Header)
	e.Request.Body = r.String(e.Request.Body)
	e.Error = r.String(e.Error)
	if e.Response != nil {
		answer := *e.Response
		answer.Header = r.lines(answer.Header)
		answer.Body = r.String(answer.Body)
		e.Response = &answer
	}
	return e
}

// Exec returns a redacted copy of e.
func (r *Redactor) Exec(e history.Exec) history.Exec {
	e.Args = r.Strings(e.Args)
	e.Env = r.Strings(e.Env)
	e.Stdout = r.String(e.Stdout)
	e.Stderr = r.String(e.Stderr)
	e.Error = r.String(e.Error)
	return e
}

func (r *Redactor) lines(in history.Lines) history.Lines {
	if in == nil {
		return nil
	}
	out := make(history.Lines, len(in))
	for i, h := range in {
		out[i] = history.Line{Name: r.String(h.Name), Value: r.String(h.Value)}
	}
	return out
}

// seen tells whether a value is to be left as it is known.
func (r *Redactor) seen(v string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.familiar(v)
}

// familiar is seen for who holds the lock.
func (r *Redactor) familiar(v string) bool {
	_, known := r.tags[v]
	return known || r.plain[v] || r.inUse[v]
}

func (r *Redactor) learn(tag, secret string, guessed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l, known := r.tags[secret]
	switch {
	case !known:
		r.add(tag, secret, guessed)
	case l.guessed && !guessed:
		l.guessed = false
		r.name(l, tag)
	}
}

// add enters a new secret. The caller holds the lock.
func (r *Redactor) add(tag, secret string, guessed bool) {
	l := &label{guessed: guessed}
	r.tags[secret] = l
	for _, same := range distinct(unquote(secret), unescape(secret)) {
		if _, known := r.tags[same]; !known {
			r.tags[same] = l
		}
	}
	for _, f := range formsOf(secret) {
		f.label = l
		r.index.add(f)
	}
	for i, half := range halves(secret) {
		if _, known := r.tags[half]; !known {
			l.halves[i] = &label{}
			r.index.add(form{text: half, label: l.halves[i]})
		}
	}
	r.name(l, tag)
}

// name gives a label its tag. The old one stays a tag of ours: it may stand in
// texts already. The caller holds the lock.
func (r *Redactor) name(l *label, tag string) {
	l.tag = tag
	r.inUse[tag] = true
	for i, half := range l.halves {
		if half != nil {
			r.name(half, wrap(fmt.Sprintf("%s/%d", strings.Trim(tag, open+closing), i+1)))
		}
	}
}

// redact does the work of String. The caller holds the lock.
func (r *Redactor) redact(s string) string {
	if len(r.tags) == 0 || len(s) < minForced {
		return s
	}
	var out strings.Builder
	done := 0 // s[:done] has been written
	for i := 0; i < len(s); {
		if r.index.rulesOut(s, i) {
			i++
			continue
		}
		if n := r.tagAt(s, i); n > 0 {
			i += n
			continue
		}
		f, end := r.index.find(s, i)
		if end < 0 {
			i++
			continue
		}
		start := i
		if f.left && start > done && isBase64(s[start-1]) {
			start-- // this character carries bits of the secret, too
		}
		out.WriteString(s[done:start])
		out.WriteString(f.label.tag)
		// A second secret may begin inside the first and reach beyond it; without
		// this its tail would stay.
		for p := i + 1; p < end; p++ {
			if g, e := r.index.find(s, p); e > end {
				end = e
				if g.label.tag != f.label.tag {
					out.WriteString(g.label.tag)
				}
				f = g
			}
		}
		if f.right {
			end = swallow(s, end)
		}
		done, i = end, end
	}
	if done == 0 {
		return s
	}
	out.WriteString(s[done:])
	return out.String()
}

// tagAt returns the length of the tag of ours that stands at s[i:], else 0.
func (r *Redactor) tagAt(s string, i int) int {
	if !strings.HasPrefix(s[i:], open) {
		return 0
	}
	n := strings.Index(s[i:], closing)
	if n < 0 || !r.inUse[s[i:i+n+len(closing)]] {
		return 0
	}
	return n + len(closing)
}

// swallow skips the last, half secret character of a base64 text and its padding.
func swallow(s string, i int) int {
	if i < len(s) && isBase64(s[i]) {
		i++
	}
	for n := 0; n < 2 && i < len(s) && s[i] == '='; n++ {
		i++
	}
	return i
}

const open, closing = "‹", "›"

func wrap(tag string) string {
	return open + strings.Trim(tag, open+closing) + closing
}
