package reports

import (
	"fmt"
	"slices"
	"time"
)

// What became of a baseline entry in a run.
const (
	BaselineHolds     = "holds"         // it failed, as expected
	BaselineSurprise  = "surprise-pass" // it passed: the entry has to go
	BaselineExpired   = "expired"       // its day is over; what fails counts again
	BaselineUnmatched = "unmatched"     // judged neither as failing nor as passing: not applicable here
	BaselineUnplayed  = "not-played"    // not selected, or a prerequisite failed: nothing is known
	BaselineAbsent    = "did-not-show"  // intermittent, and this time it passed: 0 hits of so many tries
	BaselineRefused   = "refused"       // target or harness failed there, which no entry excuses
)

// BaselineResult is one entry and what became of it.
type BaselineResult struct {
	BaselineEntry
	// At is the entry's place, "baseline.yaml:3".
	At    string `json:"at"`
	State string `json:"state" jsonschema:"enum=holds,enum=surprise-pass,enum=expired,enum=unmatched,enum=not-played,enum=did-not-show,enum=refused"`
	// Hits counts the plays with an excused finding, Tries those that could have had one.
	Hits  int `json:"hits"`
	Tries int `json:"tries"`
}

// bad says whether the entry fails the run by itself.
func (b BaselineResult) bad() bool {
	return b.State == BaselineExpired || b.State == BaselineUnmatched
}

// Apply excuses what the baseline expects and holds against the run what it
// expects in vain. It changes verdicts and fills in r.Baseline; call it once,
// before Finish. Entries about other releases than r.Target.Version are left
// out. Trouble of target or harness is never excused.
func (b *Baseline) Apply(r *Run, now time.Time) {
	if b == nil {
		return
	}
	excused := map[*Finding]string{}
	for _, e := range b.Entries {
		if len(e.Releases) > 0 && !slices.Contains(e.Releases, r.Target.Version) {
			continue
		}
		res := BaselineResult{BaselineEntry: e, At: fmt.Sprintf("%s:%d", b.File, e.Pos.Line)}
		found, passes, applies, broke := e.match(r, &res)
		switch {
		case e.Until != "" && now.UTC().Format(day) > e.Until:
			res.State = BaselineExpired
		case len(found) > 0:
			res.State = BaselineHolds
			for _, f := range found {
				excused[f] = res.because()
			}
		case broke:
			res.State = BaselineRefused
		case passes && e.Intermittent:
			res.State = BaselineAbsent
		case passes:
			res.State = BaselineSurprise
			e.surprise(r)
		case applies:
			res.State = BaselineUnplayed
		default:
			res.State = BaselineUnmatched
		}
		r.Baseline = append(r.Baseline, res)
	}
	r.excuse(excused)
}

func (b BaselineResult) because() string {
	s := b.Reason
	if b.Intermittent {
		s += fmt.Sprintf("; intermittent: %d of %d tries", b.Hits, b.Tries)
	}
	if b.Issue != "" {
		s += " (" + b.Issue + ")"
	}
	return s
}

// about tells whether the entry names this finding's requirement or its scenario.
func (e BaselineEntry) about(s *Scenario, requirement string) bool {
	return e.Expect == requirement || e.Expect == s.Scenario || e.Expect == s.ID
}

// match finds the findings that the entry excuses, and says otherwise whether
// what it names passed, may yet be judged when more is played, or broke.
func (e BaselineEntry) match(r *Run, res *BaselineResult) (found []*Finding, passes, applies, broke bool) {
	named := false
	note := func(v Verdict) {
		named = true
		passes = passes || v == Pass
		broke = broke || v == Error
		applies = applies || v == NotJudged || v == Error || v == Fail || v == Unstable
	}
	for _, q := range r.Requirements {
		if q.ID == e.Expect {
			note(q.Verdict)
		}
	}
	for i := range r.Scenarios {
		s := &r.Scenarios[i]
		if s.ID == e.Expect || s.Scenario == e.Expect {
			note(s.Verdict)
		}
		if slices.Contains(s.Tests, e.Expect) || s.ID == e.Expect || s.Scenario == e.Expect {
			res.Tries++
		}
		if s.Verdict == Error || s.Verdict == Unstable && !e.Intermittent {
			continue
		}
		before := len(found)
		for j := range s.Findings {
			if e.about(s, s.Findings[j].Requirement) {
				found = append(found, &s.Findings[j])
			}
		}
		if len(found) > before {
			res.Hits++
		}
	}
	return found, passes, applies || !named, broke
}

// surprise marks what passed although it was expected to fail.
func (e BaselineEntry) surprise(r *Run) {
	why := fmt.Sprintf("the baseline expects a failure (%s): take the entry out", e.Reason)
	for i := range r.Requirements {
		if q := &r.Requirements[i]; q.ID == e.Expect {
			q.Verdict, q.Reason = SurprisePass, why
		}
	}
	for i := range r.Scenarios {
		if s := &r.Scenarios[i]; (s.ID == e.Expect || s.Scenario == e.Expect) && s.Verdict == Pass {
			s.Verdict, s.Reason = SurprisePass, why
		}
	}
}

// excuse turns verdicts that rest on excused findings alone into ExpectedFail.
func (r *Run) excuse(excused map[*Finding]string) {
	type tally struct {
		open bool
		why  string
	}
	byID := map[string]*tally{}
	for i := range r.Scenarios {
		s := &r.Scenarios[i]
		if s.Verdict == Error {
			continue
		}
		open, why := false, ""
		for j := range s.Findings {
			f := &s.Findings[j]
			reason, ok := excused[f]
			t := byID[f.Requirement]
			if t == nil {
				t = &tally{}
				byID[f.Requirement] = t
			}
			if ok {
				why, t.why = reason, reason
			} else {
				open, t.open = true, true
			}
		}
		if why != "" && !open {
			s.Verdict, s.Reason = ExpectedFail, why
		}
	}
	for i := range r.Requirements {
		q := &r.Requirements[i]
		if t := byID[q.ID]; t != nil && t.why != "" && !t.open && (q.Verdict == Fail || q.Verdict == Warn || q.Verdict == Unstable) {
			q.Verdict, q.Reason = ExpectedFail, t.why
		}
	}
}

// Update returns the baseline that makes this run conformant: entries that hold
// stay, those that expired are renewed, those about what passes or is not
// applicable go, and every requirement that failed gets one. Nothing is written
// for errors. until is the last day of new entries.
func (b *Baseline) Update(r *Run, until time.Time) *Baseline {
	out := &Baseline{}
	states := map[string]string{}
	for _, res := range r.Baseline {
		states[res.BaselineEntry.String()] = res.State
	}
	if b != nil {
		out.File = b.File
		for _, e := range b.Entries {
			switch states[e.String()] { // "" for an entry about another release
			case BaselineSurprise, BaselineUnmatched:
				continue
			case BaselineExpired:
				e.Until = until.Format(day)
			}
			out.Entries = append(out.Entries, e)
		}
	}
	for _, q := range r.Requirements {
		has := slices.ContainsFunc(out.Entries, func(e BaselineEntry) bool {
			return e.Expect == q.ID && (len(e.Releases) == 0 || slices.Contains(e.Releases, r.Target.Version))
		})
		if q.Verdict == Fail && !has {
			out.Entries = append(out.Entries, BaselineEntry{Expect: q.ID, Until: until.Format(day),
				Reason: "written by --update-baseline; say why it may fail"})
		}
	}
	return out
}
