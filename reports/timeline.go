package reports

import (
	"fmt"
	"slices"
	"strings"
)

// Credentials returns the lanes of a timeline: the tags in order of first
// appearance, those that appear in the same row by name.
func Credentials(rows []Row) []string {
	var tags []string
	seen := map[string]bool{}
	for _, row := range rows {
		var fresh []string
		for tag := range row.Cells {
			if !seen[tag] {
				seen[tag] = true
				fresh = append(fresh, tag)
			}
		}
		slices.Sort(fresh)
		tags = append(tags, fresh...)
	}
	return tags
}

// State sorts what a cell shows into live, dead, pending, other, or "" for none.
func (c Cell) State() string { return stateOf(c.Got) }

// Shows is the cell's short text: the name a live credential answers as, or the
// state; "want" is added where the two differ.
func (c Cell) Shows() string {
	if !c.Bad {
		return short(c.Got)
	}
	if c.Want == "" {
		return short(c.Got) + " !"
	}
	return fmt.Sprintf("%s, want %s", short(c.Got), short(c.Want))
}

func stateOf(s string) string {
	switch {
	case s == "":
		return ""
	case s == Dead, s == Pending:
		return s
	case s == "live", strings.HasPrefix(s, livePrefix):
		return "live"
	}
	return "other"
}

func short(s string) string { return strings.TrimPrefix(s, livePrefix) }

func (row Row) bad() bool {
	for _, c := range row.Cells {
		if c.Bad {
			return true
		}
	}
	return false
}

// TimelineText draws rows for a console: at most lines lines of at most columns
// characters. Steps around the first difference are kept, and the lanes in
// which something differs come first; what is left out is counted. Rows without
// any difference give nothing.
func TimelineText(rows []Row, columns, lines int) []string {
	first := slices.IndexFunc(rows, Row.bad)
	if first < 0 || lines < 4 {
		return nil
	}
	// One line for the head and one for each side's count of what is left out.
	from, to := 0, len(rows)
	if len(rows)+1 > lines {
		room := lines - 3
		to = min(len(rows), first+2)
		from = max(0, to-room)
		to = min(len(rows), from+room)
	}
	t := newTable(rows[from:to], columns)
	out := []string{t.head()}
	if from > 0 {
		out = append(out, fmt.Sprintf("  … %s before", Plural(from, "step")))
	}
	for _, row := range rows[from:to] {
		out = append(out, t.line(row))
	}
	if rest := rows[to:]; len(rest) > 0 {
		differ := 0
		for _, row := range rest {
			if row.bad() {
				differ++
			}
		}
		text := fmt.Sprintf("  … %s after", Plural(len(rest), "step"))
		if differ > 0 {
			text += fmt.Sprintf(", %d with a difference", differ)
		}
		out = append(out, text)
	}
	for i := range out {
		out[i] = strings.TrimRight(out[i], " ")
	}
	return out
}

// table is the layout of a text timeline.
type table struct {
	step   int // width of the first column
	tags   []string
	widths []int
	hidden int // lanes there was no room for
}

const (
	widestStep = 44
	widestCell = 28
	laneGap    = "  "
)

func newTable(rows []Row, columns int) table {
	var t table
	for _, row := range rows {
		t.step = max(t.step, width(stepText(row)))
	}
	t.step = min(t.step, widestStep, columns/2)
	left := columns - t.step
	for _, tag := range badFirst(rows) {
		w := width(oneLine(tag))
		for _, row := range rows {
			w = max(w, width(cellText(row, tag)))
		}
		w = min(w, widestCell)
		if len(t.tags) == 0 { // one lane is always there, on however small a screen
			w = min(w, max(8, left-len(laneGap)))
		} else if left < w+len(laneGap) {
			t.hidden++
			continue
		}
		left -= w + len(laneGap)
		t.tags = append(t.tags, tag)
		t.widths = append(t.widths, w)
	}
	return t
}

func badFirst(rows []Row) []string {
	tags := Credentials(rows)
	differs := func(tag string) bool {
		return slices.ContainsFunc(rows, func(row Row) bool { return row.Cells[tag].Bad })
	}
	var bad, good []string
	for _, tag := range tags {
		if differs(tag) {
			bad = append(bad, tag)
		} else {
			good = append(good, tag)
		}
	}
	return append(bad, good...)
}

func (t table) head() string {
	text := "after step"
	if t.hidden > 0 {
		text = fmt.Sprintf("after step (%s not shown)", Plural(t.hidden, "lane"))
	}
	out := pad(clip(text, t.step), t.step)
	for i, tag := range t.tags {
		out += laneGap + pad(clip(oneLine(tag), t.widths[i]), t.widths[i])
	}
	return out
}

func (t table) line(row Row) string {
	out := pad(clip(stepText(row), t.step), t.step)
	for i, tag := range t.tags {
		out += laneGap + pad(clip(cellText(row, tag), t.widths[i]), t.widths[i])
	}
	return out
}

func stepText(row Row) string {
	if row.Line == 0 {
		return oneLine(row.Step)
	}
	return fmt.Sprintf("%3d  %s", row.Line, oneLine(row.Step))
}

func cellText(row Row, tag string) string {
	c, ok := row.Cells[tag]
	if !ok {
		return "·"
	}
	return oneLine(c.Shows())
}
