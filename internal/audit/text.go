package audit

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sessionspec/sessionspec/internal/words"
)

// marks tell verdicts apart without colour.
var marks = map[Verdict]string{Same: "same", Differs: "DIFFERS", Open: "open", NotProbed: "not probed"}

// widths of the table's columns but the last, in characters.
const (
	whatWidth = 44
	didWidth  = 40
	wantWidth = 36
	markWidth = 10
)

// Text prints the table of each engine.
func (a *Audit) Text(w io.Writer) {
	for i, e := range a.Engines {
		if i > 0 {
			fmt.Fprintln(w)
		}
		e.text(w)
	}
}

func (e Engine) text(w io.Writer) {
	if e.Missing != "" {
		fmt.Fprintf(w, "%s: not asked: %s\n", e.Name, clean(e.Missing))
		return
	}
	fmt.Fprintf(w, "%s: %s\n", e.Name, clean(e.Version))
	group := ""
	for _, r := range e.Rows {
		if r.Group != group {
			group = r.Group
			fmt.Fprintf(w, "\n%s\n", group)
		}
		did := r.Did
		if r.Verdict == NotProbed {
			did = "- " + r.Reason
		}
		want := "as expected"
		if r.Verdict != Same {
			want = r.Want
		}
		if r.Verdict == Same && strings.HasPrefix(r.Want, "at least") {
			want = r.Want
		}
		cells := [][]string{fold(r.What, whatWidth), fold(clean(did), didWidth), fold(want, wantWidth), {marks[r.Verdict]}}
		for line := 0; ; line++ {
			text, more := "  ", false
			for i, width := range []int{whatWidth, didWidth, wantWidth, markWidth} {
				cell := ""
				if line < len(cells[i]) {
					cell, more = cells[i][line], true
				}
				text += pad(cell, width) + "  "
			}
			if !more {
				break
			}
			if line == 0 {
				text += r.ID
			}
			fmt.Fprintln(w, strings.TrimRight(text, " "))
		}
	}
	e.Voice.text(w)
	fmt.Fprintf(w, "\n%s: %s\n", e.Name, e.Summary())
}

// Summary counts the verdicts in words.
func (e Engine) Summary() string {
	n := map[Verdict]int{}
	for _, r := range e.Rows {
		n[r.Verdict]++
	}
	text := fmt.Sprintf("%d rows: %d as the specification expects, %d differ, %d left open by it, %d not probed; %.0f s",
		len(e.Rows), n[Same], n[Differs], n[Open], n[NotProbed], e.Took)
	if e.Stopped != "" {
		text += "; " + e.Stopped + ", so the rest is missing"
	}
	return text
}

func (v *Voice) text(w io.Writer) {
	if v == nil {
		return
	}
	fmt.Fprintf(w, "\nThe browser beside our own cookie jar: %d cases, %d alike, %d not\n", v.Cases, v.Same, len(v.Disagreements))
	if v.NotPlayed != "" {
		fmt.Fprintf(w, "  not all were played: %s\n", clean(v.NotPlayed))
	}
	for _, d := range v.Disagreements {
		fmt.Fprintf(w, "  %s\n", d.ID)
		for _, line := range d.Set {
			fmt.Fprintf(w, "    Set-Cookie: %s\n", visibleLine(line))
		}
		fmt.Fprintf(w, "    ours: %s\n    its:  %s\n", d.Ours, d.Its)
		why := d.Why
		if why == "" {
			why = "NOT EXPLAINED YET"
		}
		fmt.Fprintf(w, "    why:  %s\n", why)
	}
}

// clean makes one printable line of what a browser said.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return '·'
		}
		return r
	}, s)
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}

// fold breaks a text into lines of that width at blanks.
func fold(s string, width int) []string { return strings.Split(words.Wrap(s, width), "\n") }
