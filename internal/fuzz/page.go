package fuzz

import (
	"bytes"
	_ "embed"
	"html/template"
	"slices"
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

// page draws what was reached: situations down, operations across.
func (c Coverage) page(r *Result) ([]byte, error) {
	var ops []string
	for _, row := range c.Table {
		for op := range row {
			if !slices.Contains(ops, op) {
				ops = append(ops, op)
			}
		}
	}
	slices.Sort(ops)
	var rows []coverageRow
	for where, row := range c.Table {
		line := coverageRow{Situation: where}
		for _, op := range ops {
			n := row[op]
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
	slices.SortFunc(rows, func(a, b coverageRow) int {
		if a.Situation < b.Situation {
			return -1
		}
		return 1
	})
	var b bytes.Buffer
	err := coveragePage.Execute(&b, map[string]any{"Result": r, "Operations": ops, "Rows": rows, "Unseen": c.Unseen * 100})
	return b.Bytes(), err
}
