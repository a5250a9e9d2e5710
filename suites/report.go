package suites

import (
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/judge"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/scenarios"
)

// collect turns jobs into the run's report.
func (s *session) collect() {
	for _, j := range s.engine.jobs {
		s.run.Scenarios = append(s.run.Scenarios, s.scenario(j))
	}
	for _, r := range s.Library.Requirements {
		if q, ok := s.requirement(r); ok {
			s.run.Requirements = append(s.run.Requirements, q)
		}
	}
	s.run.Coverage = coverage(s.Library)
}

// coverage lists the sections of the standards; the report gives them verdicts.
func coverage(lib *scenarios.Library) (out []reports.Standard) {
	for _, std := range lib.Coverage() {
		o := reports.Standard{Name: std.Name, Short: std.Short}
		for _, x := range std.Sections {
			o.Sections = append(o.Sections, reports.Section{Source: x.Source, About: x.About, Requirements: x.Judged, Planned: x.Planned,
				Via: x.Via, Note: x.Note})
		}
		out = append(out, o)
	}
	return out
}

func (s *session) scenario(j *job) reports.Scenario {
	out := reports.Scenario{ID: j.plan.ID, Scenario: j.sc.ID, Title: j.sc.Title, File: j.sc.File, Line: j.sc.Line,
		Variant: j.env.Target.Name, Routes: j.plan.Routes, Channel: channel(j), Verdict: j.verdict, Reason: j.reason,
		Tests: j.sc.Tests, Notes: j.notes}
	if j.final != nil {
		out.Duration = j.final.End.Sub(j.final.Start).Seconds()
		out.Requests, out.SignIns = j.final.Requests, j.final.SignIns
	}
	if j.verdict != reports.Pass && j.final != nil {
		out.Evidence = s.storyEvidence(j)
	}
	if j.result == nil || j.verdict == reports.Error {
		return out
	}
	if j.result.Unspecified > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%d answers that no duty fixes", j.result.Unspecified))
	}
	worst := reports.Pass
	for i, f := range j.result.Findings {
		rf := s.finding(j, i, f)
		out.Findings = append(out.Findings, rf)
		worst = reports.Worst(worst, s.weigh(f.Requirement))
	}
	if j.verdict == reports.Fail {
		out.Verdict = worst
		j.verdict = worst
	}
	out.Timeline = timeline(j.result.Timeline)
	return out
}

// weigh is the verdict that a breach of a requirement earns: a failure from the
// run's level upwards, a warning below. What is still planned only warns: no
// planted fault has shown yet that it is judged rightly (cookie/secure, on https).
func (s *session) weigh(id string) reports.Verdict {
	r, ok := s.Library.Requirement(id)
	if ok && (r.Planned || r.Level.Rank() > s.Level.Rank()) {
		return reports.Warn
	}
	return reports.Fail
}

func timeline(rows []judge.Row) (out []reports.Row) {
	for _, r := range rows {
		row := reports.Row{Step: r.Step, Line: r.Line, Outcome: r.Outcome, By: r.Client, Cells: map[string]reports.Cell{}}
		for _, c := range r.Cells {
			row.Cells[c.Credential] = reports.Cell{Want: c.Want, Got: c.Got, Bad: c.Bad}
		}
		out = append(out, row)
	}
	return out
}

func (s *session) finding(j *job, i int, f judge.Finding) reports.Finding {
	op := j.final.Ops[f.Op]
	out := reports.Finding{Requirement: f.Requirement, Want: f.Want, Got: f.Got, Step: op.Step.Text(), StepIndex: f.Op + 1,
		File: j.sc.File, Line: op.Step.Line, Credential: f.Credential, At: at(op),
		Kind: [...]string{"wrong-name", "lives", "died", "disagrees", "differs"}[f.Rank]}
	if r, ok := s.Library.Requirement(f.Requirement); ok {
		out.Level, out.Duty = strings.ToUpper(string(r.Level)), r.Statement
	}
	out.Advice = f.Try
	out.Evidence = s.evidence(j, i, f)
	if s.again != nil {
		out.Try = s.again(f.Requirement)
		return out
	}
	out.Try = s.try(j)
	return out
}

// at names what did it: the last exchange or command of an operation.
func at(op history.Op) string {
	for i := len(op.Events) - 1; i >= 0; i-- {
		switch ev := op.Events[i]; {
		case ev.Exchange != nil && ev.Exchange.Response != nil:
			return fmt.Sprintf("%s %s -> %d", ev.Exchange.Request.Method, ev.Exchange.Request.URL, ev.Exchange.Response.Status)
		case ev.Exec != nil:
			return fmt.Sprintf("%s -> exit %d", strings.Join(short(ev.Exec.Args), " "), ev.Exec.Exit)
		case ev.Browser != "":
			return ev.Browser
		case ev.Driver != "" && i == 0: // requests, where there are any, say more
			return ev.Driver
		}
	}
	return ""
}

// short drops the folder of a program: where it is installed is nobody's business.
func short(args []string) []string {
	out := slices.Clone(args)
	if len(out) > 0 {
		out[0] = out[0][strings.LastIndex(out[0], "/")+1:]
	}
	return out
}

// requirement sums up all plays that bear on one duty. A requirement that no
// selected story tests is listed only if something broke it all the same.
func (s *session) requirement(r *scenarios.Requirement) (reports.Requirement, bool) {
	out := reports.Requirement{ID: r.ID, Level: strings.ToUpper(string(r.Level)), Title: r.Statement, Group: r.Group,
		Sources: r.Sources, Derived: r.Derived}
	if x := (reports.Explanation{Why: r.Why, How: r.How, Wrong: r.Wrong, Fix: r.Fix}); x != (reports.Explanation{}) {
		out.Explain = &x
	}
	listed, played, open := false, 0, 0
	votes := map[reports.Verdict]string{}
	vote := func(v reports.Verdict, why string) {
		if _, ok := votes[v]; !ok {
			votes[v] = why
		}
	}
	for _, j := range s.engine.jobs {
		tests := slices.Contains(j.sc.Tests, r.ID)
		broke := j.result != nil && j.verdict != reports.Error && slices.ContainsFunc(j.result.Findings, func(f judge.Finding) bool { return f.Requirement == r.ID })
		if tests || broke {
			listed = true
			out.Scenarios = append(out.Scenarios, j.plan.ID)
		}
		if j.result != nil && j.verdict != reports.NotApplicable {
			out.Checks += j.result.Checks[r.ID]
		}
		switch {
		case broke && j.verdict == reports.Unstable:
			vote(reports.Unstable, j.reason)
		case broke:
			vote(s.weigh(r.ID), "")
		case !tests:
		case j.reason == notPlayed:
			open++
			vote(reports.NotJudged, notPlayed)
		case j.result != nil && j.verdict != reports.Error && j.verdict != reports.NotApplicable && j.result.Checks[r.ID] > 0:
			played++
			vote(reports.Pass, "")
		case j.result == nil || j.verdict == reports.NotApplicable:
			vote(j.verdict, j.reason)
		case j.verdict == reports.Error:
			vote(reports.Error, j.reason)
		default:
			why := j.reason
			if why == "" {
				why = noOccasion(j.result)
			}
			vote(reports.NotJudged, why)
		}
	}
	for _, v := range []reports.Verdict{reports.Fail, reports.Unstable, reports.Warn, reports.Error, reports.Pass, reports.NotJudged, reports.NotApplicable} {
		if why, ok := votes[v]; ok {
			out.Verdict, out.Reason = v, why
			break
		}
	}
	if out.Verdict == reports.Pass && open > 0 { // half a story is no proof
		out.Verdict, out.Reason = reports.NotJudged, fmt.Sprintf("passed in %d plays; %d were not played: the run ended before", played, open)
	}
	return out, listed
}

// noOccasion says why a story that was played shows nothing about a requirement
// that it tests. What else it broke may be the reason or not: a sign-out that is
// refused deletes no cookie, and some products never delete one.
func noOccasion(r *judge.Result) string {
	why := "the story gave no occasion to judge it"
	if len(r.Findings) > 0 {
		why += ", and broke " + r.Findings[0].Requirement
	}
	return why
}

// commit is the source revision the binary was built from, where Go recorded it.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, k := range info.Settings {
		if k.Key == "vcs.revision" {
			return k.Value
		}
	}
	return ""
}
