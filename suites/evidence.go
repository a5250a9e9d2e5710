package suites

import (
	"encoding/json"
	"fmt"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/reports"
)

// storyEvidence writes what there is about a whole story that did not pass: all
// exchanges, what steps did to jars, and of browsers the console and a film.
// Everything goes through the run's redactor, pictures excepted.
func (s *session) storyEvidence(j *job) (out []reports.Evidence) {
	switch j.verdict {
	case reports.Fail, reports.Unstable, reports.Error:
	default:
		return nil
	}
	if s.Out == "" {
		return nil
	}
	keep := func(e reports.Evidence, ending string, data []byte) {
		rel, err := reports.WriteEvidenceFile(s.Out, j.plan.ID, ending, data)
		if err != nil {
			j.notes = append(j.notes, "evidence could not be written: "+err.Error())
			return
		}
		e.File = rel
		out = append(out, e)
	}
	list := func(kind, ending string, v any, n int) {
		if data, err := json.MarshalIndent(v, "", " "); err == nil && n > 0 {
			keep(reports.Evidence{Kind: kind}, ending, []byte(s.hide(string(data)+"\n")))
		}
	}
	pages, entries := s.archive(j.final)
	if data, err := reports.HAR(Version, pages, entries); err == nil && len(entries) > 0 {
		keep(reports.Evidence{Kind: reports.KindHAR}, ".har", data)
	}
	cookies, lines := cookieSteps(j.final), consoleLines(j.final)
	list(reports.KindCookies, "-cookies.json", cookies, len(cookies))
	list(reports.KindConsole, "-console.json", lines, len(lines))
	for _, op := range j.final.Ops {
		if len(op.Film) > 0 {
			keep(reports.Evidence{Kind: reports.KindFilm, Client: op.Step.Client, Step: op.Step.Text(), StepIndex: op.Index + 1},
				fmt.Sprintf("-film-%02d.jpg", op.Index+1), op.Film)
		}
	}
	return out
}

// archive is every exchange of a play with its step: those of clients, those of
// browsers, and those of the clean clients that asked the panel.
func (s *session) archive(p *history.Play) (pages []reports.HARPage, entries []reports.HAREntry) {
	for _, op := range p.Ops {
		page := reports.HARPage{ID: fmt.Sprintf("step-%d", op.Index+1), Title: op.Step.Text(), Start: op.Start}
		pages = append(pages, page)
		add := func(who string, x *history.Exchange) {
			if x != nil && x.Request.URL != "" && !x.Start.IsZero() {
				entries = append(entries, reports.HAREntry{Page: page.ID, Who: who, Exchange: s.red.Exchange(*x)})
			}
		}
		for i := range op.Journal {
			add(op.Step.Client+" (browser)", &op.Journal[i])
		}
		for _, ev := range op.All() {
			if ev.Exchange != nil && !journalled(op.Journal, *ev.Exchange) {
				add(op.Step.Client, ev.Exchange)
			}
		}
		for _, x := range op.Shown {
			add(op.Step.Client+" shows "+x.What, x.Answer.Exchange)
		}
		for _, w := range op.Walks {
			add(w.Client+" through the cache", w.Exchange)
		}
		if op.Self != nil && (op.Self.Exchange == nil || !journalled(op.Journal, *op.Self.Exchange)) {
			add(op.Step.Client+" asks whoami", op.Self.Exchange)
		}
		for _, pr := range op.Probes {
			who := pr.Credential
			if who == "" {
				who = "a stranger at the address of " + pr.Client
			}
			add("panel: "+who, pr.Answer.Exchange)
		}
	}
	return pages, entries
}

// journalled tells whether an exchange that a page made for the harness is in
// the browser's own journal too.
func journalled(journal []history.Exchange, x history.Exchange) bool {
	for _, o := range journal {
		if o.Request.Method == x.Request.Method && o.Request.URL == x.Request.URL && o.Response != nil && x.Response != nil && o.Response.Status == x.Response.Status {
			return true
		}
	}
	return false
}

// cookieSteps compares the jar of each client with what it was when the client
// acted last.
func cookieSteps(p *history.Play) (out []reports.CookieStep) {
	jars := map[string][]history.JarCookie{}
	for _, op := range p.Ops {
		if op.Step.Client == "" || op.Outcome == history.Skipped {
			continue
		}
		if changes := history.JarChanges(jars[op.Step.Client], op.Jar); len(changes) > 0 {
			out = append(out, reports.CookieStep{Client: op.Step.Client, Step: op.Step.Text(), StepIndex: op.Index + 1, Changes: changes})
		}
		jars[op.Step.Client] = op.Jar
	}
	return out
}

func consoleLines(p *history.Play) (out []reports.ConsoleLine) {
	for _, op := range p.Ops {
		for _, l := range op.Console {
			out = append(out, reports.ConsoleLine{Client: op.Step.Client, Step: op.Step.Text(), StepIndex: op.Index + 1, Console: l})
		}
	}
	return out
}
