package reports

import (
	"fmt"
	"slices"
)

// Verdict is what was found out about a requirement or a scenario. Only Pass
// counts as a pass.
type Verdict string

// The verdict words, from good to bad; Worst and the reports use this order.
const (
	NotApplicable Verdict = "not-applicable" // the target says it lacks the thing, and a probe agrees
	Pass          Verdict = "pass"
	ExpectedFail  Verdict = "expected-fail" // failed as its baseline entry says
	Warn          Verdict = "warn"          // a SHOULD or MAY is not met
	NotJudged     Verdict = "not-judged"    // a prerequisite was missing; nothing is known
	Unstable      Verdict = "unstable"      // a finding that did not come again when replayed
	SurprisePass  Verdict = "surprise-pass" // passed although a baseline entry says it fails
	Error         Verdict = "error"         // target or harness broke; says nothing about conformance
	Fail          Verdict = "fail"          // worst: an error elsewhere does not unprove it
)

// Verdicts lists all words from good to bad.
var Verdicts = []Verdict{NotApplicable, Pass, ExpectedFail, Warn, NotJudged, Unstable, SurprisePass, Error, Fail}

// String returns the word as it stands in run.json.
func (v Verdict) String() string { return string(v) }

// Badness is the position in Verdicts, 0 for the best; -1 for an unknown word.
func (v Verdict) Badness() int { return slices.Index(Verdicts, v) }

// Bad says whether the verdict alone keeps a run from exit code 0.
func (v Verdict) Bad() bool {
	return v == Fail || v == Error || v == SurprisePass || v == Unstable
}

// Judged says whether the verdict rests on an observation of the target.
func (v Verdict) Judged() bool {
	return v.Badness() >= 0 && v != NotApplicable && v != NotJudged && v != Error
}

// UnmarshalText accepts the known words only, also as keys of a map.
func (v *Verdict) UnmarshalText(text []byte) error {
	if Verdict(text).Badness() < 0 {
		return fmt.Errorf("unknown verdict %q", text)
	}
	*v = Verdict(text)
	return nil
}

// Worst returns the worst of the verdicts. No verdicts, or an unknown word, give
// NotJudged and Error: silence is never a pass.
func Worst(verdicts ...Verdict) Verdict {
	if len(verdicts) == 0 {
		return NotJudged
	}
	worst := NotApplicable
	for _, v := range verdicts {
		if v.Badness() < 0 {
			v = Error
		}
		if v.Badness() > worst.Badness() {
			worst = v
		}
	}
	return worst
}

// Exit codes of the command line.
const (
	ExitConformant    = 0
	ExitNotConformant = 1
	ExitUsage         = 2 // never in a run.json: nothing was run
	ExitBroken        = 3 // target or harness failed
	ExitNothingJudged = 4
)

// The verdict over a whole run, by exit code.
const (
	Conformant    = "conformant"
	NotConformant = "not conformant"
	Broken        = "error"
	NothingJudged = "nothing judged"
)

// ExitCode derives the exit code from the verdicts, whatever r.ExitCode says.
// Run.Error comes first, because an interrupted run proves nothing either way
// about what it did not reach; then a finding outweighs an error elsewhere.
func ExitCode(r *Run) int {
	var bad, broken, judged bool
	note := func(v Verdict) {
		broken = broken || v == Error
		bad = bad || v.Bad() && v != Error
	}
	for _, q := range r.Requirements {
		note(q.Verdict)
		judged = judged || q.Verdict.Judged()
	}
	for _, s := range r.Scenarios {
		note(s.Verdict)
	}
	for _, b := range r.Baseline {
		bad = bad || b.bad()
	}
	switch {
	case r.Error != "":
		return ExitBroken
	case bad:
		return ExitNotConformant
	case broken:
		return ExitBroken
	case !judged:
		return ExitNothingJudged
	}
	return ExitConformant
}

func verdictFor(exit int) string {
	switch exit {
	case ExitConformant:
		return Conformant
	case ExitNotConformant:
		return NotConformant
	case ExitNothingJudged:
		return NothingJudged
	}
	return Broken
}
