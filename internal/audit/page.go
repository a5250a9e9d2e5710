package audit

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// PageName is the page that Write makes.
const PageName = "audit.html"

//go:embed page.html
var pageTemplate string

//go:embed page.css
var pageCSS string

// htmlPage escapes by context, so whatever a browser said is text. The page
// forbids itself scripts and every network access.
var htmlPage = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("audit").Funcs(template.FuncMap{
		"clean": clean,
		"line":  visibleLine,
		"glyph": func(v Verdict) string {
			return map[Verdict]string{Same: "✓", Differs: "≠", Open: "○", NotProbed: "–"}[v]
		},
		"dict":  func(page pageView, rows []rowView) tableView { return tableView{page, rows} },
		"class": func(v Verdict) string { return strings.ReplaceAll(string(v), " ", "-") },
	}).Parse(pageTemplate))
})

// pageView is what the template sees.
type pageView struct {
	*Audit
	CSS      template.CSS
	Names    []string // of the engines that were asked
	Headline string
	Groups   []groupView
	Differ   []rowView // rows in which an engine differs from the specification
	Disagree []rowView // other rows in which the engines differ from each other
}

type groupView struct {
	Title, Anchor string
	Rows          []rowView
}

// rowView is one behaviour in all engines; Cells has an entry for each name.
type rowView struct {
	Row
	Anchor string
	Cells  []Row
}

// tableView is one table of the page.
type tableView struct {
	Page pageView
	Rows []rowView
}

// Name finds whose voice it is.
func (v pageView) Name(of *Voice) string {
	for _, e := range v.Engines {
		if e.Voice == of {
			return e.Name
		}
	}
	return ""
}

// HTML writes the audit as one self-contained page.
func (a *Audit) HTML(w io.Writer) error { return htmlPage().Execute(w, viewOf(a)) }

func viewOf(a *Audit) pageView {
	v := pageView{Audit: a, CSS: template.CSS(pageCSS)}
	var asked []Engine
	for _, e := range a.Engines {
		if e.Missing == "" {
			asked, v.Names = append(asked, e), append(v.Names, e.Name)
		}
	}
	for i, e := range asked {
		for _, r := range e.Rows {
			row := v.row(r)
			row.Cells[i] = r
		}
	}
	for _, g := range v.Groups {
		for _, r := range g.Rows {
			switch {
			case slices.ContainsFunc(r.Cells, func(c Row) bool { return c.Verdict == Differs }):
				v.Differ = append(v.Differ, r)
			case disagree(r.Cells):
				v.Disagree = append(v.Disagree, r)
			}
		}
	}
	v.Headline = headline(asked, len(v.Differ))
	return v
}

func headline(asked []Engine, differ int) string {
	switch {
	case len(asked) == 0:
		return "No browser was there to be asked"
	case differ == 0:
		return "As the specifications expect, in every row that was seen"
	case differ == 1:
		return "One behaviour differs from the specifications"
	}
	return fmt.Sprintf("%d behaviours differ from the specifications", differ)
}

// row returns the place of a row in the table, new or from an engine before.
func (v *pageView) row(r Row) *rowView {
	name, _, _ := strings.Cut(r.ID, "/")
	i := slices.IndexFunc(v.Groups, func(g groupView) bool { return g.Anchor == name })
	if i < 0 {
		v.Groups = append(v.Groups, groupView{Title: r.Group, Anchor: name})
		i = len(v.Groups) - 1
	}
	g := &v.Groups[i]
	j := slices.IndexFunc(g.Rows, func(o rowView) bool { return o.ID == r.ID })
	if j < 0 {
		empty := make([]Row, len(v.Names))
		for k := range empty {
			empty[k].Verdict, empty[k].Reason = NotProbed, "not asked for"
		}
		g.Rows = append(g.Rows, rowView{Row: r, Anchor: strings.ReplaceAll(r.ID, "/", "."), Cells: empty})
		j = len(g.Rows) - 1
	}
	return &g.Rows[j]
}

// disagree says whether two engines were seen to do different things.
func disagree(cells []Row) bool {
	did := ""
	for _, c := range cells {
		switch {
		case c.Verdict == NotProbed:
		case did == "":
			did = c.Did
		case did != c.Did:
			return true
		}
	}
	return false
}

// Short cuts a version for a column head.
func (e Engine) Short() string {
	if utf8.RuneCountInString(e.Version) > 60 {
		return string([]rune(e.Version)[:59]) + "…"
	}
	return e.Version
}
