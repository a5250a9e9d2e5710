package fuzz

import (
	"bytes"
	"cmp"
	_ "embed"
	"html/template"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed coverage.html
var coverageText string

var coveragePage = template.Must(template.New("coverage").Parse(coverageText))

// cell is one situation and operation in the picture.
type cell struct {
	N     int
	Shade int // 0 never, 1 once, 2 up to ten times, 3 up to a hundred, 4 more
}

type coverageRow struct {
	Situation string
	Cells     []cell
}

// findingView is a finding as the page shows it. Link leads from the page to its file.
type findingView struct {
	*Finding
	Title, Link string
}

// voidReason is why plays said nothing, and how many.
type voidReason struct {
	N   int
	Why string
}

// pageView is what the page shows.
type pageView struct {
	*Result
	Plays               int
	News, Known, Unsure []findingView
	Reasons             []voidReason
	Operations          []string
	Rows                []coverageRow
	Unseen              float64
}

// page draws a run: what was found, what says nothing, and what was reached,
// situations down, operations across. It is to lie in dir.
func (c Coverage) page(r *Result, dir string) ([]byte, error) {
	v := pageView{Result: r, Plays: r.Counts.total(), Unseen: c.Unseen * 100}
	for _, x := range r.Findings {
		one := findingView{x, x.title(), linkTo(dir, x.File)}
		switch {
		case x.Known != "":
			v.Known = append(v.Known, one)
		case x.How == Quarantine:
			v.Unsure = append(v.Unsure, one)
		default:
			v.News = append(v.News, one)
		}
	}
	for why, n := range r.Counts.VoidReasons {
		v.Reasons = append(v.Reasons, voidReason{n, why})
	}
	slices.SortFunc(v.Reasons, func(a, b voidReason) int { return cmp.Or(b.N-a.N, strings.Compare(a.Why, b.Why)) })
	v.Operations, v.Rows = c.rows()
	var b bytes.Buffer
	err := coveragePage.Execute(&b, v)
	return b.Bytes(), err
}

// rows are the picture of the table.
func (c Coverage) rows() (ops []string, rows []coverageRow) {
	for _, row := range c.Table {
		for op := range row {
			if !slices.Contains(ops, op) {
				ops = append(ops, op)
			}
		}
	}
	slices.Sort(ops)
	for _, where := range slices.Sorted(maps.Keys(c.Table)) {
		line := coverageRow{Situation: where}
		for _, op := range ops {
			n := c.Table[where][op]
			shade := 0
			for _, from := range []int{1, 2, 11, 101} {
				if n >= from {
					shade++
				}
			}
			line.Cells = append(line.Cells, cell{n, shade})
		}
		rows = append(rows, line)
	}
	return ops, rows
}

// linkTo is the way from a page in dir to a file, as a link has it; "" for no file.
func linkTo(dir, file string) string {
	if file == "" {
		return ""
	}
	from, err := filepath.Abs(dir)
	to, err2 := filepath.Abs(file)
	if err == nil && err2 == nil {
		if rel, err := filepath.Rel(from, to); err == nil {
			return filepath.ToSlash(rel)
		}
	}
	return filepath.ToSlash(file)
}
