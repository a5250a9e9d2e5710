package bench

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"regexp"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
)

// tape is what a fuzzer has asked, ready to be asked once more: the same
// requests in the same order from the same addresses, for accounts of other
// names, with the tokens that the target gives this time.
type tape []taped

type taped struct {
	request history.Request
	status  int
	// said are the words of the recorded answer, in order.
	said []string
}

// nonces are what the names of one story's accounts end in.
var nonces = regexp.MustCompile(`\b(?:alice|bob|carol|dave|admin|setup|control)-([a-z2-7]{8})\b`)

// again makes a tape of exchanges; round makes the names differ from those of
// any other round.
func again(list []history.Exchange, round int) tape {
	renamed := map[string]string{}
	for _, x := range list {
		for _, m := range nonces.FindAllStringSubmatch(x.Request.URL+" "+x.Request.Body, -1) {
			if renamed[m[1]] == "" {
				sum := sha256.Sum256(fmt.Appendf(nil, "%d %s", round, m[1]))
				renamed[m[1]] = strings.ToLower(base32.StdEncoding.EncodeToString(sum[:5]))
			}
		}
	}
	var pairs []string
	for from, to := range renamed {
		pairs = append(pairs, from, to)
	}
	names := strings.NewReplacer(pairs...)
	out := make(tape, 0, len(list))
	for _, x := range list {
		if x.Response == nil {
			continue
		}
		r := x.Request
		r.URL, r.Body, r.Header = names.Replace(r.URL), names.Replace(r.Body), nil
		for _, h := range x.Request.Header { // the client puts these two in itself
			if !strings.EqualFold(h.Name, "Content-Length") && !strings.EqualFold(h.Name, "Host") {
				r.Header = append(r.Header, h)
			}
		}
		out = append(out, taped{r, x.Response.Status, words(x.Response)})
	}
	return out
}

// tokens are the recorded words for which the target gave another one this time.
type tokens map[string]string

// hear compares an answer with the recorded one, word by word.
func (t tokens) hear(was []string, r *history.Response) {
	now := words(r)
	if len(now) != len(was) {
		return
	}
	for i, w := range was {
		if w != now[i] {
			t[w] = now[i]
		}
	}
}

// say is a request with the tokens of this time.
func (t tokens) say(r history.Request) history.Request {
	r.URL, r.Body = t.put(r.URL), t.put(r.Body)
	r.Header = append(history.Lines{}, r.Header...)
	for i := range r.Header {
		r.Header[i].Value = t.put(r.Header[i].Value)
	}
	return r
}

// wordLeast is the length from which a word may be a token.
const wordLeast = 16

// put replaces the words of a text.
func (t tokens) put(text string) string {
	var b strings.Builder
	done := 0
	eachWord(text, func(from, to int) {
		if now, ok := t[text[from:to]]; ok {
			b.WriteString(text[done:from])
			b.WriteString(now)
			done = to
		}
	})
	if done == 0 {
		return text
	}
	b.WriteString(text[done:])
	return b.String()
}

// words lists those of an answer that may be tokens.
func words(r *history.Response) (out []string) {
	for _, h := range r.Header {
		eachWord(h.Value, func(from, to int) { out = append(out, h.Value[from:to]) })
	}
	eachWord(r.Body, func(from, to int) { out = append(out, r.Body[from:to]) })
	return out
}

func eachWord(text string, do func(from, to int)) {
	from := 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) && isWord(text[i]) {
			continue
		}
		if i-from >= wordLeast {
			do(from, i)
		}
		from = i + 1
	}
}

func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.'
}
