package audit

import (
	"slices"
	"strconv"
	"strings"
)

// judge lays an observation beside the expectation. err is why the probe ended
// early, nil when it did not.
func judge(p Probe, e Expect, seen Observation, err error) Row {
	r := Row{ID: e.id(p), Group: p.Title, What: e.What, Want: e.wants(), Source: e.Source}
	did, ok := seen[e.ID]
	if !ok {
		r.Verdict, r.Reason = NotProbed, "the probe did not answer"
		if err != nil {
			r.Reason = err.Error()
		}
		return r
	}
	if reason, ok := strings.CutPrefix(did, unableMark); ok {
		r.Verdict, r.Reason = NotProbed, reason
		return r
	}
	r.Did = did
	switch {
	case e.AtLeast > 0:
		r.Verdict = Differs
		if n, ok := leading(did); ok && n >= e.AtLeast {
			r.Verdict = Same
		}
	case len(e.Want) == 0:
		r.Verdict = Open
	case slices.Contains(e.Want, did):
		r.Verdict = Same
	default:
		r.Verdict = Differs
	}
	return r
}

// unableMark begins the observation of a row that could not be looked at.
const unableMark = "\x00"

// cannot notes why a row cannot be looked at in this engine.
func (o Observation) cannot(id, reason string) { o[id] = unableMark + reason }

// wants words the expectation for the table.
func (e Expect) wants() string {
	switch {
	case e.AtLeast > 0:
		return "at least " + strconv.Itoa(e.AtLeast)
	case len(e.Want) == 0:
		return "left open"
	}
	return strings.Join(e.Want, ", or ")
}

// leading reads the number that a text begins with.
func leading(text string) (int, bool) {
	word, _, _ := strings.Cut(strings.TrimPrefix(text, "more than "), " ")
	n, err := strconv.Atoi(word)
	return n, err == nil
}
