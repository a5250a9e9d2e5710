package judge

import (
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/lin"
)

// unexplained says which answers no order explains, given the rest.
func unexplained(some []lin.Answer) string {
	if len(some) == 0 {
		return "none does: "
	}
	var out []string
	for _, a := range some {
		switch {
		case a.Cred == "":
			out = append(out, a.Op.Name+" was accepted")
		case a.Live:
			out = append(out, a.Cred+" is "+history.Live)
		default:
			out = append(out, a.Cred+" is "+history.Dead)
		}
	}
	return "no order explains that " + strings.Join(out, " and ") + ", given the rest: "
}

// answersDuty is the requirement that is broken where no session alone is to blame,
// but the answers have no order. some are those that none explains; where they are
// not known, what was opened while something changed has got through with it, as
// far as can be told.
func answersDuty(h lin.History, some []lin.Answer) string {
	is := func(kinds ...string) bool {
		return slices.ContainsFunc(h.Ops, func(o lin.Op) bool { return !o.Refused && slices.Contains(kinds, o.What) })
	}
	opened := func(cred string) bool {
		return slices.ContainsFunc(h.Ops, func(o lin.Op) bool { return o.Gets == cred && opens(o) })
	}
	gotIn := func(a lin.Answer) bool { return a.Cred == "" && opens(a.Op) || a.Live && opened(a.Cred) }
	lost := func(a lin.Answer) bool { return a.Cred != "" && !a.Live }
	switch {
	case (len(some) == 0 && is("sign_in", "refresh") || slices.ContainsFunc(some, gotIn)) && is(changes...):
		return changeVsSignIn
	case slices.ContainsFunc(some, lost), len(some) > 0 && !is(endings...):
		return writesMerge
	}
	return outVsRequest
}

// opens tells whether an operation opens a session, or goes on with one by what
// was handed out with it.
func opens(o lin.Op) bool { return o.What == "sign_in" || o.What == "refresh" }
