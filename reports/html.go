package reports

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed templates/report.html
var reportTemplate string

//go:embed templates/report.css
var reportCSS string

// htmlReport escapes by context (html/template), so whatever a target said is
// text. The page also forbids itself scripts and every network access.
var htmlReport = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("report").Funcs(template.FuncMap{
		"text":  oneLine,
		"lines": func(s string) string { return printable(s, true) },
		"glyph": func(v Verdict) string { return glyphs[v] },
		"took":  func(s float64) string { return fmt.Sprintf("%.2f s", s) },
		"place": placeText,
	}).Parse(reportTemplate))
})

// glyphs tell verdicts apart without colour.
var glyphs = map[Verdict]string{
	Pass: "✓", Fail: "✗", Warn: "!", NotApplicable: "–", NotJudged: "?",
	ExpectedFail: "x", SurprisePass: "★", Unstable: "~", Error: "⚠\ufe0e", // as text, not as a picture
}

// WriteHTML writes r as one self-contained page. The evidence of what is shown
// unfolded is read from the run's folder into the page. It finishes r.
func WriteHTML(r *Run, path, folder string) error {
	r.Finish()
	files := newEvidenceReader(folder)
	defer files.close()
	return writeFile(path, func(w io.Writer) error { return htmlReport().Execute(w, pageOf(r, files)) })
}

// page is what the template sees.
type page struct {
	*Run
	CSS      template.CSS
	Headline string
	Tone     Verdict // the colour of the banner
	Took     string
	Declared string // Target.Declares as JSON
	Counts   []count
	Failing  []scenarioView
	Other    []scenarioView
	Groups   []groupView
	// Standards are the coverage, with links to the requirements.
	Standards []standardView
}

type count struct {
	Verdict Verdict
	N       int
}

type groupView struct {
	Name         string
	Counts       []count
	Requirements []requirementView
}

type requirementView struct {
	Requirement
	Anchor string
	Links  []link
}

type link struct {
	Text, Anchor string
	Verdict      Verdict
}

type scenarioView struct {
	Scenario
	Anchor string
	Open   bool
	Same   link // the scenario that failed for the same cause and is shown in full
	Lanes  []string
	Rows   []rowView
	// Shown are the findings with their evidence.
	Shown []findingView
}

type rowView struct {
	Row
	Bad   bool
	Cells []cellView
}

type cellView struct {
	State, Text, Want string
	Bad               bool
}

// openAtMost limits how many failing scenarios are shown unfolded.
const openAtMost = 12

func pageOf(r *Run, files *evidenceReader) page {
	p := page{
		Run: r, CSS: template.CSS(reportCSS), Headline: Headline(r), Tone: tone(r.ExitCode),
		Took:   r.Ended.Sub(r.Started).Round(100 * time.Millisecond).String(),
		Counts: counts(r.Summary),
	}
	if r.Target.Declares != nil {
		if b, err := json.MarshalIndent(r.Target.Declares, "", "  "); err == nil {
			p.Declared = string(b)
		}
	}
	links := map[string]link{}
	for i, s := range r.Scenarios {
		v := scenarioViewOf(s, fmt.Sprintf("s%d", i+1))
		links[s.ID] = link{s.ID, v.Anchor, s.Verdict}
		if s.Verdict.Bad() {
			p.Failing = append(p.Failing, v)
		} else {
			p.Other = append(p.Other, v)
		}
	}
	worstFirst := func(a, b scenarioView) int { return b.Verdict.Badness() - a.Verdict.Badness() }
	slices.SortStableFunc(p.Failing, worstFirst)
	slices.SortStableFunc(p.Other, worstFirst)
	unfold(p.Failing, causesOf(r), links)
	slices.SortStableFunc(p.Failing, func(a, b scenarioView) int { // what only repeats comes behind
		return cmp.Or(worstFirst(a, b), cmp.Compare(a.Same.Anchor, b.Same.Anchor))
	})
	for i := range p.Failing {
		p.Failing[i].show(files)
	}
	p.Groups = groupsOf(r, links)
	p.Standards = standardsOf(r, p.Groups)
	return p
}

// unfold opens failing scenarios, but of those that only repeat a cause it opens
// one and lets the others point to it.
func unfold(failing []scenarioView, causes []*cause, links map[string]link) {
	first := map[string]string{} // scenario -> the one that shows its cause
	fresh := map[string]bool{}
	for _, c := range causes {
		fresh[c.Scenario.ID] = true
		for _, s := range c.Others {
			if first[s.ID] == "" {
				first[s.ID] = c.Scenario.ID
			}
		}
	}
	open := 0
	for i := range failing {
		v := &failing[i]
		if id := first[v.ID]; id != "" && !fresh[v.ID] {
			v.Same = links[id]
			continue
		}
		v.Open = open < openAtMost
		open++
	}
}

func tone(exit int) Verdict {
	switch exit {
	case ExitConformant:
		return Pass
	case ExitNotConformant:
		return Fail
	case ExitNothingJudged:
		return NotJudged
	}
	return Error
}

func counts(summary map[Verdict]int) []count {
	var out []count
	for _, v := range byInterest {
		if n := summary[v]; n > 0 {
			out = append(out, count{v, n})
		}
	}
	return out
}

// groupsOf relies on the requirements being sorted by id, group first.
func groupsOf(r *Run, links map[string]link) []groupView {
	var out []groupView
	at := map[string]int{}
	summaries := map[string]map[Verdict]int{}
	for i, q := range r.Requirements {
		v := requirementView{Requirement: q, Anchor: fmt.Sprintf("r%d", i+1)}
		for _, id := range q.Scenarios {
			if l, ok := links[id]; ok {
				v.Links = append(v.Links, l)
			}
		}
		n, ok := at[q.Group]
		if !ok {
			n = len(out)
			at[q.Group] = n
			summaries[q.Group] = map[Verdict]int{}
			out = append(out, groupView{Name: q.Group})
		}
		summaries[q.Group][q.Verdict]++
		out[n].Requirements = append(out[n].Requirements, v)
	}
	for i := range out {
		out[i].Counts = counts(summaries[out[i].Name])
	}
	return out
}

func scenarioViewOf(s Scenario, anchor string) scenarioView {
	v := scenarioView{Scenario: s, Anchor: anchor, Lanes: badFirst(s.Timeline)}
	v.Shown = findingViews(s.Findings)
	for _, row := range s.Timeline {
		rv := rowView{Row: row, Bad: row.bad()}
		for _, tag := range v.Lanes {
			c, asked := row.Cells[tag]
			cell := cellView{Bad: c.Bad, State: c.State(), Text: short(c.Got)}
			if asked && cell.Text == "" {
				cell.Text = "no answer"
			}
			if c.Bad {
				cell.Want = strings.TrimPrefix(c.Want, livePrefix)
			}
			rv.Cells = append(rv.Cells, cell)
		}
		v.Rows = append(v.Rows, rv)
	}
	return v
}
