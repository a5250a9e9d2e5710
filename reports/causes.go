package reports

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// cause is one reason for findings: the first finding stands for all that look
// the same but for names, numbers and place.
type cause struct {
	Finding
	Verdict  Verdict
	Scenario *Scenario   // where the first finding was made
	Others   []*Scenario // further scenarios with the same cause
	Again    int         // further findings in the scenarios named
}

// causesOf groups the findings of a run that has been finished. Findings that a
// baseline expects are left out. Worse verdicts and stricter levels come first.
func causesOf(r *Run) []*cause {
	return slices.DeleteFunc(allCauses(r), func(c *cause) bool { return c.Verdict == ExpectedFail })
}

// allCauses is causesOf with what the baseline expects.
func allCauses(r *Run) []*cause {
	verdicts := map[string]Verdict{}
	for _, q := range r.Requirements {
		verdicts[q.ID] = q.Verdict
	}
	byKey := map[string]*cause{}
	var all []*cause
	for _, s := range tellingFirst(r) {
		for _, f := range s.Findings {
			v := verdictOf(f, s, verdicts[f.Requirement])
			k := string(v) + "\x00" + f.key()
			c := byKey[k]
			switch {
			case c == nil:
				c = &cause{Finding: f, Verdict: v, Scenario: s}
				byKey[k] = c
				all = append(all, c)
			case c.Scenario == s || slices.Contains(c.Others, s):
				c.Again++
			default:
				c.Others = append(c.Others, s)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *cause) int {
		return cmp.Or(
			cmp.Compare(b.Verdict.Badness(), a.Verdict.Badness()),
			cmp.Compare(levelRank(a.Level), levelRank(b.Level)),
			cmp.Compare(a.Requirement, b.Requirement))
	})
	return all
}

// key is the same for findings that look the same but for names, numbers and place.
func (f Finding) key() string {
	return strings.Join([]string{f.Requirement, f.Kind, alike(f.Want, f), alike(f.Got, f)}, "\x00")
}

// tellingFirst puts the scenarios that were written for what they found before
// those that came across it, so that a cause is shown where it is easiest to see.
func tellingFirst(r *Run) []*Scenario {
	var all []*Scenario
	for i := range r.Scenarios {
		all = append(all, &r.Scenarios[i])
	}
	rank := func(s *Scenario) int {
		for _, f := range s.Findings {
			if f.Requirement == s.Scenario {
				return 0
			}
			if slices.Contains(s.Tests, f.Requirement) {
				return 1
			}
		}
		return 2
	}
	slices.SortStableFunc(all, func(a, b *Scenario) int { return cmp.Compare(rank(a), rank(b)) })
	return all
}

// verdictOf says how heavily one finding weighs: what the requirement came to,
// unless its scenario was excused or the requirement does not say.
func verdictOf(f Finding, s *Scenario, requirement Verdict) Verdict {
	switch {
	case s.Verdict == ExpectedFail || requirement == ExpectedFail:
		return ExpectedFail
	case s.Verdict == Unstable || requirement == Unstable:
		return Unstable
	case s.Verdict == Error:
		return Error
	case requirement == Fail || requirement == Warn:
		return requirement
	case levelRank(f.Level) > 0:
		return Warn
	}
	return Fail
}

func levelRank(level string) int {
	return max(0, slices.Index([]string{"MUST", "SHOULD", "MAY"}, level))
}

var (
	tagged = regexp.MustCompile(`‹[^›]*›|[\w.-]+#\d+`)
	names  = regexp.MustCompile(`(live as|as|for|of|user) [\w.@-]+`)
	number = regexp.MustCompile(`\d+`)
)

// alike blurs what differs between two scenarios that fail for one cause: the
// credential, the user's name, numbers.
func alike(s string, f Finding) string {
	if f.Credential != "" {
		s = strings.ReplaceAll(s, f.Credential, "*")
	}
	s = tagged.ReplaceAllString(s, "*")
	s = names.ReplaceAllString(s, "$1 *")
	return number.ReplaceAllString(s, "0")
}
