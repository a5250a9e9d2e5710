package reports

import "strings"

type standardView struct {
	Name, Short string
	Looked      int
	Rows        []sectionView
}

type sectionView struct {
	Section
	// Class is the state as a class of the style sheet.
	Class string
	Links []link
}

// standardsOf links each section to its requirements on the page; one that is
// not in this run has no anchor.
func standardsOf(r *Run, groups []groupView) (out []standardView) {
	at := requirementLinks(groups)
	for _, std := range r.Coverage {
		v := standardView{Name: std.Name, Short: std.Short}
		for _, s := range std.Sections {
			row := sectionView{Section: s, Class: strings.ReplaceAll(s.State, " ", "-")}
			for _, id := range s.Requirements {
				l, ok := at[id]
				if !ok {
					l = link{Text: id}
				}
				row.Links = append(row.Links, l)
			}
			if s.looked() {
				v.Looked++
			}
			v.Rows = append(v.Rows, row)
		}
		out = append(out, v)
	}
	return out
}
