package reports

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"path"
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
		"text":   oneLine,
		"lines":  func(s string) string { return printable(s, true) },
		"glyph":  func(v Verdict) string { return glyphs[v] },
		"took":   func(s float64) string { return fmt.Sprintf("%.2f s", s) },
		"place":  placeText,
		"plural": Plural,
		"base":   path.Base,
	}).Parse(reportTemplate))
})

// glyphs tell verdicts apart without colour.
var glyphs = map[Verdict]string{
	Pass: "✓", Fail: "✗", Warn: "!", NotApplicable: "–", NotJudged: "?",
	ExpectedFail: "x", SurprisePass: "★", Unstable: "~", Error: "⚠\ufe0e", // as text, not as a picture
}

// WriteHTML writes r as one self-contained page. The evidence of what is shown
// unfolded is read from the run's folder into the page. It finishes r.
func WriteHTML(r *Run, file, folder string) error {
	r.Finish()
	files := newEvidenceReader(folder)
	defer files.close()
	return writeFile(file, func(w io.Writer) error { return htmlReport().Execute(w, pageOf(r, files)) })
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
	Groups   []groupView
	// Standards are the coverage, with links to the requirements.
	Standards []standardView
	// Channels are those that stories of this run went through.
	Channels []string
}

type count struct {
	Verdict Verdict
	N       int
}

// groupView is a group of requirements, and the stories in its folder that did not fail.
type groupView struct {
	Name         string
	Class        string // of the style sheet, for the filter
	Counts       []count
	Requirements []requirementView
	Stories      []scenarioView
	StoryCounts  []count
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
	Class  string // of its group
	Open   bool
	// Same are the failing stories that only repeat what is shown here.
	Same  []scenarioView
	Lanes lanesView
	// Shown are the findings with their evidence, Story is what there is about the whole.
	Shown []findingView
	Story storyEvidence
}

// openAtMost limits how many failing scenarios are shown unfolded.
const openAtMost = 12

func pageOf(r *Run, files *evidenceReader) page {
	p := page{
		Run: r, Headline: Headline(r), Tone: tone(r.ExitCode),
		Took:   r.Ended.Sub(r.Started).Round(100 * time.Millisecond).String(),
		Counts: counts(r.Summary),
	}
	if r.Target.Declares != nil {
		if b, err := json.MarshalIndent(r.Target.Declares, "", "  "); err == nil {
			p.Declared = string(b)
		}
	}
	p.Groups = groupsOf(r)
	class := map[string]string{}
	for _, g := range p.Groups {
		class[g.Name] = g.Class
	}
	links, explained := map[string]link{}, requirementLinks(p.Groups)
	var other []scenarioView
	for i, s := range r.Scenarios {
		v := scenarioViewOf(s, fmt.Sprintf("s%d", i+1), explained)
		v.Class = class[groupOf(s.Scenario)]
		links[s.ID] = link{s.ID, v.Anchor, s.Verdict}
		if !slices.Contains(p.Channels, s.Channel) {
			p.Channels = append(p.Channels, s.Channel)
		}
		if s.Verdict.Bad() {
			p.Failing = append(p.Failing, v)
		} else {
			other = append(other, v)
		}
	}
	slices.Sort(p.Channels)
	worstFirst := func(a, b scenarioView) int { return b.Verdict.Badness() - a.Verdict.Badness() }
	slices.SortStableFunc(p.Failing, worstFirst)
	slices.SortStableFunc(other, worstFirst)
	p.Failing = unfold(p.Failing, causesOf(r))
	for i := range p.Failing {
		p.Failing[i].show(files)
	}
	p.addStories(links, other)
	p.Standards = standardsOf(r, p.Groups)
	p.CSS = template.CSS(reportCSS + filterCSS(len(p.Groups))) //nolint:gosec // ours, and numbers
	return p
}

// unfold opens failing scenarios; those that only repeat a cause are put under
// the one that shows it.
func unfold(failing []scenarioView, causes []*cause) (out []scenarioView) {
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
	at := map[string]int{}
	var repeats []scenarioView
	for _, v := range failing {
		if first[v.ID] != "" && !fresh[v.ID] {
			repeats = append(repeats, v)
			continue
		}
		v.Open = len(out) < openAtMost
		at[v.ID] = len(out)
		out = append(out, v)
	}
	for _, v := range repeats {
		if i, ok := at[first[v.ID]]; ok {
			out[i].Same = append(out[i].Same, v)
		} else {
			out = append(out, v)
		}
	}
	return out
}

// filterCSS are the rules by which the choice of a group hides the others. The
// names are numbers: no word of a run is in them.
func filterCSS(groups int) string {
	var b strings.Builder
	for i := range groups {
		fmt.Fprintf(&b, "body:has(option.g%d:checked) :is(.lane, .group, .requirement, .scenario):not(.g%d) { display: none; }\n", i, i)
	}
	return b.String()
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
