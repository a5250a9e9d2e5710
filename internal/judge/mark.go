package judge

import (
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
)

// Mark points at what is at fault in the head of an answer, so that a reader
// does not have to look for it.
type Mark struct {
	Exchange *history.Exchange
	// Header is the index of the line, StatusLine where a line is missing; Part is
	// the text in it that is at fault, "" for the whole line.
	Header int
	Part   string
}

// StatusLine stands for the first line of an answer.
const StatusLine = -1

// markHeader points at the first line of a name, and at the status line of an
// answer that has none.
func markHeader(x *history.Exchange, name string) []Mark {
	for i, l := range x.Response.Header {
		if strings.EqualFold(l.Name, name) {
			return []Mark{{Exchange: x, Header: i}}
		}
	}
	return []Mark{{Exchange: x, Header: StatusLine}}
}

// attributes that a requirement about Set-Cookie lines may find fault with. Where
// a line has none of them, what is wrong is that it is missing.
var attributes = map[string][]string{sameSite: {"SameSite"}, scoped: {"Domain", "Path"}, saneLife: {"Max-Age", "Expires"},
	deletes: {"Domain", "Path"}, sameLife: {"Max-Age", "Expires"}}

// mark points at the first of the attributes with which req can find fault.
func (l setLine) mark(at exchangeAt, req string) Mark {
	m := Mark{Exchange: at.x, Header: l.header}
	for _, name := range attributes[req] {
		for i, field := range strings.Split(l.Raw, ";") {
			key, _, _ := strings.Cut(field, "=")
			if i > 0 && strings.EqualFold(strings.TrimSpace(key), name) {
				m.Part = strings.TrimSpace(field)
				return m
			}
		}
	}
	return m
}

// marksOf points at the lines of an operation's answers that set the cookies
// named. What a browser noted serves here: merged lines mislead a judge, not a reader.
func (b *bench) marksOf(op *history.Op, req string, names ...string) (out []Mark) {
	all := b.wireExchanges(op)
	for i := range op.Journal {
		if r := b.reading(&op.Journal[i]); r != nil {
			all = append(all, exchangeAt{r, -1, ""})
		}
	}
	for _, at := range all {
		for _, l := range at.lines() {
			for _, n := range names {
				if l.Name == n && l.setting() && at.probe < 0 {
					out = append(out, l.mark(at, req))
				}
			}
		}
	}
	return out
}
