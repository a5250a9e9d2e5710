package judge

import (
	"fmt"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
)

const staleAccount = "client/no-stale-account-on-shared-device"

// nextPerson: the next person at a browser finds nothing of who was there before,
// neither on the pages nor in what the browser keeps for them.
func (b *bench) nextPerson(op *history.Op) {
	if op.Step.Op != "visit" || op.Kept == nil {
		return
	}
	now, before := "", map[string]bool{}
	for _, o := range b.play.Ops[:op.Index+1] {
		switch {
		case o.Step.Client != op.Step.Client || o.Outcome != history.OK:
		case o.Step.Op == "sign_in":
			before[now], now = true, o.User
		case o.Step.Op == "sign_out":
			before[now], now = true, ""
		}
	}
	delete(before, now)
	delete(before, "")
	if len(before) == 0 {
		return
	}
	f := Finding{Requirement: staleAccount, Op: op.Index, Probe: -1, Rank: 3,
		Want: "the next person at the browser finds nothing of who was there before",
		Try:  "clear storage, caches and drafts at the sign-out, and key what is kept by the account"}
	theirs := func(names, notes []string) string {
		for _, n := range names {
			if before[n] {
				return "the name of " + n
			}
		}
		for _, text := range notes {
			if w, ok := b.notes[text]; ok && before[w.person] {
				return "a note of " + w.person
			}
		}
		return ""
	}
	for _, v := range op.Visits {
		if what := theirs(v.Names, v.Notes); what != "" {
			f.Got = fmt.Sprintf("%s shows %s", v.Path, what)
			b.find(f)
			return
		}
	}
	if what := theirs(op.Kept.Names, op.Kept.Notes); what != "" {
		f.Got = strings.Join([]string{"the browser still holds", what, "in storage, fields or caches"}, " ")
		b.find(f)
		return
	}
	b.check(staleAccount)
}
