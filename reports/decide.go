package reports

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path"
	"slices"
	"strings"
	"time"
)

// Finish brings a run into its final form: sorted by id, counted, times rounded,
// Schema, Verdict and ExitCode set. A missing or unknown verdict becomes Error,
// since nobody may read it as a pass. Finish may be called any number of times.
func (r *Run) Finish() {
	r.Schema = SchemaID
	r.Target.Declares = plainJSON(r.Target.Declares)
	r.Started = r.Started.UTC().Truncate(time.Millisecond)
	r.Ended = r.Ended.UTC().Truncate(time.Millisecond)
	r.Requirements = notNil(r.Requirements)
	r.Scenarios = notNil(r.Scenarios)
	slices.SortStableFunc(r.Requirements, func(a, b Requirement) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortStableFunc(r.Scenarios, func(a, b Scenario) int { return cmp.Compare(a.ID, b.ID) })
	r.Summary, r.ScenarioSummary = map[Verdict]int{}, map[Verdict]int{}
	for i := range r.Requirements {
		q := &r.Requirements[i]
		q.Verdict, q.Reason = settle(q.Verdict, q.Reason)
		q.Scenarios = notNil(q.Scenarios)
		slices.Sort(q.Scenarios)
		if q.Group == "" {
			q.Group = groupOf(q.ID)
		}
		r.Summary[q.Verdict]++
	}
	for i := range r.Scenarios {
		s := &r.Scenarios[i]
		s.Verdict, s.Reason = settle(s.Verdict, s.Reason)
		s.Findings = notNil(s.Findings)
		s.Duration = math.Round(s.Duration*1000) / 1000
		for j := range s.Timeline {
			if s.Timeline[j].Cells == nil {
				s.Timeline[j].Cells = map[string]Cell{}
			}
		}
		r.ScenarioSummary[s.Verdict]++
	}
	r.settleCoverage()
	r.Cost = costOf(r.Scenarios)
	r.ExitCode = ExitCode(r)
	r.Verdict = verdictFor(r.ExitCode)
}

// plainJSON is v as it is after being written and read: what is rendered from a
// run at its end and from its file later is then the same.
func plainJSON(v any) any {
	b, err := json.Marshal(v)
	if err != nil {
		return v
	}
	var out any
	if json.Unmarshal(b, &out) != nil {
		return v
	}
	return out
}

func settle(v Verdict, reason string) (Verdict, string) {
	if v.Badness() < 0 {
		return Error, strings.TrimSpace(fmt.Sprintf("no known verdict was given (%q) %s", string(v), reason))
	}
	return v, reason
}

func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func groupOf(id string) string {
	group, _, _ := strings.Cut(id, "/")
	return group
}

// Validate looks for contradictions inside a run: ids used twice, findings about
// unknown requirements, evidence outside the directory. It is for tests and for
// reading runs of others; Write does not refuse a contradictory run, because a
// report with a flaw is worth more than none.
func (r *Run) Validate() error {
	var all []error
	report := func(format string, args ...any) { all = append(all, fmt.Errorf(format, args...)) }
	requirements, scenarios := map[string]bool{}, map[string]bool{}
	for _, q := range r.Requirements {
		if requirements[q.ID] {
			report("requirement %s: id used twice", q.ID)
		}
		requirements[q.ID] = true
	}
	for _, s := range r.Scenarios {
		if scenarios[s.ID] {
			report("scenario %s: id used twice", s.ID)
		}
		scenarios[s.ID] = true
		for _, f := range s.Findings {
			if !requirements[f.Requirement] {
				report("scenario %s: finding about unknown requirement %q", s.ID, f.Requirement)
			}
			for _, e := range f.Evidence {
				if path.IsAbs(e) || path.Clean(e) != e || strings.HasPrefix(e, "..") {
					report("scenario %s: evidence %q is not a clean relative path", s.ID, e)
				}
			}
		}
		if s.Verdict == Fail && len(s.Findings) == 0 {
			report("scenario %s: fails without a finding", s.ID)
		}
	}
	for _, q := range r.Requirements {
		for _, id := range q.Scenarios {
			if !scenarios[id] {
				report("requirement %s: unknown scenario %q", q.ID, id)
			}
		}
		if q.Verdict == Pass && q.Checks == 0 {
			report("requirement %s: passes without a check", q.ID)
		}
	}
	return errors.Join(all...)
}

// Redact applies hide, usually Redactor.String, to every text that may repeat
// what the target said. Ids, files and verdicts stay: they are ours, and a gate
// compares them.
func (r *Run) Redact(hide func(string) string) {
	each := func(list []string) {
		for i := range list {
			list[i] = hide(list[i])
		}
	}
	all := func(texts ...*string) {
		for _, t := range texts {
			*t = hide(*t)
		}
	}
	each(r.Command)
	all(&r.Error, &r.Target.Base, &r.Target.Title, &r.Target.Version, &r.Target.Browser)
	for i := range r.Requirements {
		all(&r.Requirements[i].Reason)
	}
	for i := range r.Scenarios {
		s := &r.Scenarios[i]
		all(&s.Reason)
		each(s.Notes)
		for j := range s.Findings {
			f := &s.Findings[j]
			all(&f.Want, &f.Got, &f.Step, &f.At, &f.Advice, &f.Try)
		}
		for j := range s.Evidence {
			all(&s.Evidence[j].Step)
		}
		for j := range s.Evidence {
			all(&s.Evidence[j].Step)
		}
		for j := range s.Timeline {
			row := &s.Timeline[j]
			all(&row.Step, &row.Outcome)
			for tag, c := range row.Cells {
				all(&c.Want, &c.Got)
				row.Cells[tag] = c
			}
		}
	}
}
