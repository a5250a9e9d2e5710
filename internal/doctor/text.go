package doctor

import (
	"fmt"
	"io"
	"strings"

	"github.com/sessionspec/sessionspec/internal/words"
)

// Width is how wide a table may be, in characters.
const Width = 100

var meanings = []struct{ word, meaning string }{
	{Lives, "the session goes on"}, {Ends, "it is over"}, {Rotates, "it goes on by a new credential, the old one is dead"},
	{Adds, "a new credential, and the old one goes on"}, {Orphan, "its client has lost it, and yet it lives"},
	{New, "it has just begun"}, {Pending, "a factor is missing"}, {Revives, "it was dead before and lives again"},
	{Dead, "it was dead before and stays so"}, {Nobody, "a client without a credential is nobody"},
	{None, "no such session is there"}, {Mixed, "see the note"}, {Unknown, "not learnt, see the note"},
}

// Text writes the report for people, at most Width characters wide.
func (r *Report) Text(w io.Writer) {
	out := &strings.Builder{}
	head := r.Target
	if r.Release != "" {
		head += "@" + r.Release
	}
	if r.Title != "" {
		head += ": " + r.Title
	}
	out.WriteString(words.Wrap(head, Width) + "\n")
	fact := func(name, text string) {
		lines := strings.Split(words.Wrap(text, Width-16), "\n")
		fmt.Fprintf(out, "  %-13s %s\n", name, strings.Join(lines, "\n"+strings.Repeat(" ", 16)))
	}
	carriers := append([]string{}, r.SessionCookies...)
	for i := range carriers {
		carriers[i] = "cookie " + carriers[i]
	}
	if r.Value {
		carriers = append(carriers, "a value kept from answers")
	}
	session := strings.Join(carriers, ", ")
	if r.Lasting != "" {
		session += map[string]string{"browser": "; ends with the browser", "persistent": "; outlives the browser",
			"both": "; some end with the browser, some outlive it"}[r.Lasting]
	}
	fact("session", session)
	fact("other cookies", orNone(r.OtherCookies))
	signal := r.Signal
	if signal != "" && !r.SignalSeen {
		signal += ", which a sign-in does not bring"
	}
	fact("claims", strings.Join([]string{"signal cookie: " + cmpOr(signal, "none"), "pages: " + orNone(r.Pages)}, "; "))
	fact("clients", orNone(append([]string{"wire"}, r.Clients...)))
	fact("strangers", map[bool]string{true: "whoami hands them a credential", false: "whoami hands them nothing"}[r.Strangers])
	fact("without", orNone(r.Without)+" (declared)")
	fact("missing", orNone(r.Missing))
	fact("not declared", orNone(r.NotDeclared))
	out.WriteString("\n")
	r.table(out)
	if len(r.Contradictions) > 0 {
		fmt.Fprintf(out, "\nthe target file and the target disagree:\n%s\n", words.Bullets("! ", r.Contradictions, Width))
	}
	fmt.Fprintln(w, strings.TrimRight(out.String(), "\n"))
}

func orNone(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

// table writes the rows; what is declared stands below the cell it is about.
func (r *Report) table(out *strings.Builder) {
	var lines [][]string
	add := func(cells ...string) { lines = append(lines, cells) }
	add("OPERATION", "ROUTE", "THIS SESSION", "SAME USER", "OTHER USER", "ANONYMOUS", "MINTS")
	used := map[string]bool{}
	var notes []string
	last := ""
	var absent []string
	for _, row := range r.Rows {
		if row.This == Absent {
			absent = append(absent, row.Operation)
			continue
		}
		title := row.title()
		if title == last {
			title = ""
		}
		last = row.title()
		mark := ""
		if row.Note != "" {
			notes = append(notes, row.Note)
			mark = fmt.Sprintf(" [%d]", len(notes))
		}
		route := row.Route
		if row.Client != "" {
			route = row.Client + ": " + route
		}
		mints := strings.Join(row.Mints, ", ")
		add(title, cmpOr(route, "(client)")+mark, row.This, row.SameUser, row.OtherUser, row.Anonymous, mints)
		for _, word := range []string{row.This, row.SameUser, row.OtherUser, row.Anonymous} {
			used[word] = true
		}
		if len(row.Declared) > 0 {
			label := "  declared"
			if len(row.Contradicts) > 0 {
				label = "! declared"
			}
			add(label, "", under(row, thisColumn), under(row, sameColumn), "", "", "")
		}
	}
	align(out, lines)
	if len(absent) > 0 {
		out.WriteString(words.Bullets(Absent+" ", []string{"not offered: " + strings.Join(absent, ", ")}, Width) + "\n")
	}
	out.WriteString("\n")
	for i, n := range notes {
		out.WriteString(words.Bullets(fmt.Sprintf("[%d] ", i+1), []string{n}, Width) + "\n")
	}
	if len(notes) > 0 {
		out.WriteString("\n")
	}
	var legend []string
	for _, m := range meanings {
		if used[m.word] {
			legend = append(legend, m.word+": "+m.meaning)
		}
	}
	out.WriteString(words.Wrap(strings.Join(legend, "; "), Width) + "\n")
}

// under is what stands below a cell: the promise, marked if it is broken.
func under(row Row, column string) string {
	text := row.Declared[column]
	for _, c := range row.Contradicts {
		if c == column {
			text = "! " + text
		}
	}
	return text
}

// align writes columns as wide as their longest cell, and cuts what is beyond Width.
func align(out *strings.Builder, lines [][]string) {
	wide := make([]int, len(lines[0]))
	for _, l := range lines {
		for i, c := range l {
			wide[i] = max(wide[i], len([]rune(c)))
		}
	}
	for _, l := range lines {
		text := ""
		for i, c := range l {
			text += c + strings.Repeat(" ", wide[i]-len([]rune(c))+2)
		}
		text = strings.TrimRight(text, " ")
		if rs := []rune(text); len(rs) > Width {
			text = string(rs[:Width-1]) + "…"
		}
		out.WriteString(text + "\n")
	}
}
