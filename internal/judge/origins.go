package judge

import (
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
)

const foreignReads = "csrf/cross-origin-reads-and-sockets"

// origins: no answer to a foreign origin says that its scripts may read what
// comes with credentials. A refusal, and an answer that says nothing, are both
// safe: browsers then keep it from the script (Fetch standard, CORS check).
func (b *bench) origins(op *history.Op, before string) {
	if before != "live" {
		return
	}
	for i, s := range op.Shown {
		x := s.Answer.Exchange
		if x == nil || x.Response == nil || s.Answer.State == history.NoVerdict {
			b.stop(true, "whoami gave no verdict in %q: %s", op.Step.Text(), s.Answer.Why)
			return
		}
		allowed := x.Response.Header.Get("Access-Control-Allow-Origin")
		credentials := x.Response.Header.Get("Access-Control-Allow-Credentials")
		if s.Answer.State != history.Live || allowed != s.Case || strings.TrimSpace(credentials) != "true" {
			b.check(foreignReads)
			continue
		}
		if b.found(foreignReads) {
			continue
		}
		b.find(Finding{Requirement: foreignReads, Op: op.Index, Probe: -1, Shown: i + 1, Rank: 1,
			Want: "a script of " + s.Case + " cannot read who is signed in",
			Got:  "Access-Control-Allow-Origin: " + allowed + " with Access-Control-Allow-Credentials: true, and " + gotText(s.Answer),
			Try:  "keep a list of origins and compare whole strings; refuse null", Marks: markHeader(x, "Access-Control-Allow-Origin")})
	}
}
