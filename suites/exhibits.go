package suites

import (
	"fmt"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/judge"
	"github.com/sessionspec/sessionspec/reports"
)

// evidence writes the exchanges of the operation and the answer that differs,
// with carets under what is at fault.
func (s *session) evidence(j *job, i int, f judge.Finding) []string {
	if s.Out == "" {
		return nil
	}
	var xs []reports.Exhibit
	var cs []history.Exec
	op := j.final.Ops[f.Op]
	add := func(x *history.Exchange, title string, marks ...reports.Mark) {
		if x == nil {
			return
		}
		for _, m := range f.Marks {
			if m.Exchange == x {
				marks = append(marks, reports.Mark{Header: m.Header, Part: s.hide(m.Part)})
			}
		}
		xs = append(xs, reports.Exhibit{Exchange: s.hideExchange(*x), Title: s.hide(title), Marks: marks})
	}
	step := fmt.Sprintf("step %d, %s", f.Op+1, op.Step.Text())
	for _, ev := range op.All() {
		add(ev.Exchange, step)
		if ev.Exec != nil {
			cs = append(cs, s.hideExec(*ev.Exec))
		}
	}
	for k := range op.Journal {
		add(&op.Journal[k], step)
	}
	// What a question shows is in its answer as a whole: the first line stands for it.
	differs := reports.Mark{Header: judge.StatusLine, Note: s.hide(f.Got)}
	if f.Shown > 0 {
		add(op.Shown[f.Shown-1].Answer.Exchange, "what was shown, and the answer", differs)
	}
	if f.Walk > 0 {
		add(op.Walks[f.Walk-1].Exchange, "through the cache")
	}
	if f.Probe >= 0 && op.Probes[f.Probe].Answer.Exchange != nil {
		p := op.Probes[f.Probe]
		title := "asked afterwards, from a clean client: " + p.Credential
		if p.Credential == "" {
			title = "asked afterwards: a stranger at the address of " + p.Client
		}
		if len(f.Marks) > 0 {
			add(p.Answer.Exchange, title)
		} else {
			add(p.Answer.Exchange, title, differs)
		}
	} else if op.Self != nil {
		add(op.Self.Exchange, "asked afterwards, with just what the client holds")
	}
	path, err := reports.WriteEvidence(s.Out, fmt.Sprintf("%s-%d", j.plan.ID, i+1), xs, cs...)
	if err != nil {
		j.notes = append(j.notes, "evidence could not be written: "+err.Error())
		return nil
	}
	return append([]string{path}, s.screenshots(op, path)...)
}
