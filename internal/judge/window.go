package judge

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
)

const backAfterEnd = "browser/back-after-end"

// back: whoever goes back after the end of a session is shown nothing that was
// for the one who was signed in. A page counts where it was seen as that.
func (b *bench) back(op *history.Op, before string) {
	if op.Step.Op != "back" || before != "ended" && before != "none" {
		return
	}
	for _, r := range op.Returns {
		for _, look := range []struct {
			when string
			s    *history.Sight
		}{{"at once, before any request,", r.AtOnce}, {"in the end", r.Later}} {
			what := private(look.s)
			if what == "" || b.found(backAfterEnd) {
				continue
			}
			b.find(Finding{Requirement: backAfterEnd, Op: op.Index, Probe: -1, Rank: 3,
				Want: "after the end of the session going back shows nothing of it",
				Got:  fmt.Sprintf("%s (from the %s) shows %s %s", pathOf(look.s.URL), r.From, look.when, what),
				Try:  "say Cache-Control: no-store, hide the page in `pagehide`, and when `pageshow` says that it is persisted load it again before it is shown"})
		}
		if r.Known {
			b.check(backAfterEnd)
		}
	}
}

// private says what a sight shows that is for somebody signed in, "" for nothing.
func private(s *history.Sight) string {
	switch {
	case s == nil:
		return ""
	case len(s.Names) > 0:
		return "the name of " + strings.Join(s.Names, " and ")
	case len(s.Notes) > 0:
		return "a note"
	case s.Claim == "in":
		return "what only somebody signed in is shown"
	}
	return ""
}

func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Path
}
