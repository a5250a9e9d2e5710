package reports

import (
	"regexp"
	"strings"
)

// wireView is one exchange or command of a file of evidence.
type wireView struct {
	Title   string // which step it belongs to
	Summary string // "POST http://127.0.0.1:1/users → 201"
	Lines   []evidenceLine
	Curl    string // repeats the request
	Open    bool
}

// evidenceLine is a line with the part of it that is at fault.
type evidenceLine struct {
	Class               string
	Text, Marked, After string
	Note                string
}

var (
	// carets is a line that points at the one above, see writeMarks.
	carets = regexp.MustCompile(`^#( *)(\^+)(?: (.*))?$`)
	// heads are the first lines of exhibits, see evidenceText.
	heads    = regexp.MustCompile(`^### (\d+)(?:   (.*))?   \+[\d.]+ s, took [\d.]+ s$`)
	requests = regexp.MustCompile(`^> ([A-Z]+ \S+)$`)
	statuses = regexp.MustCompile(`^< HTTP\S* (\d+)$`)
	// carried is the tag of a credential, see internal/play.
	carried = regexp.MustCompile(`‹[^›]*#\d+([.:/][^›]*)?›`)
	ends    = regexp.MustCompile(`^# (exit \d+|error: .*)$`)
)

// wiresOf reads a file of evidence. Each line gets the class by which the page
// tells sent from received; what carries a credential stands out, and what is at
// fault most of all: an exchange in which something is shows unfolded.
func wiresOf(text string) (out []wireView) {
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		if m := heads.FindStringSubmatch(line); m != nil {
			out = append(out, wireView{Title: m[2]})
			continue
		}
		if len(out) == 0 {
			out = append(out, wireView{})
		}
		w := &out[len(out)-1]
		if m := carets.FindStringSubmatch(line); m != nil && len(w.Lines) > 0 {
			w.Lines[len(w.Lines)-1].point(1+len(m[1]), len(m[2]), m[3])
			w.Open = true
			continue
		}
		if c, ok := strings.CutPrefix(line, "# curl "); ok && w.Curl == "" {
			w.Curl = "curl " + c
			continue
		}
		w.summarize(line)
		if line != "" {
			w.Lines = append(w.Lines, evidenceLine{Class: lineClass(line), Text: line})
		}
	}
	return out
}

// summarize picks up what is worth reading of a folded exchange. A body cannot
// pretend: its lines come after the first ones.
func (w *wireView) summarize(line string) {
	switch {
	case w.Summary == "" && strings.HasPrefix(line, "$ "):
		w.Summary = line
	case w.Summary == "":
		if m := requests.FindStringSubmatch(line); m != nil {
			w.Summary = m[1]
		}
	case !strings.Contains(w.Summary, " → "):
		if m := statuses.FindStringSubmatch(line); m != nil {
			w.Summary += " → " + m[1]
		} else if m := ends.FindStringSubmatch(line); m != nil {
			w.Summary += " → " + m[1]
		}
	}
}

func lineClass(line string) string {
	switch lower := strings.ToLower(line); {
	case strings.HasPrefix(lower, "> cookie:"), strings.HasPrefix(lower, "> authorization:"), strings.HasPrefix(lower, "< set-cookie:"),
		(strings.HasPrefix(line, "> ") || strings.HasPrefix(line, "< ")) && carried.MatchString(line):
		return "carrier"
	case strings.HasPrefix(line, ">"), strings.HasPrefix(line, "$"):
		return "sent"
	case strings.HasPrefix(line, "<"), strings.HasPrefix(line, "|"), strings.HasPrefix(line, "!"):
		return "received"
	}
	return "note"
}

// point marks long characters of the line from the given one on. A second mark
// widens the first to the whole line.
func (l *evidenceLine) point(from, long int, note string) {
	whole := []rune(l.Text + l.Marked + l.After)
	if l.Marked != "" {
		from, long = min(2, len(whole)), len(whole)
	}
	from = min(from, len(whole))
	to := min(from+long, len(whole))
	l.Text, l.Marked, l.After = string(whole[:from]), string(whole[from:to]), string(whole[to:])
	l.Class += " at-fault"
	l.Note = joinGap(l.Note, note)
}

// unfoldAt opens the exchange that did it, as a finding names it: "POST
// http://127.0.0.1:1/users -> 201".
func unfoldAt(wires []wireView, at string) {
	want := strings.Replace(oneLine(at), " -> ", " → ", 1)
	for i := len(wires) - 1; i >= 0; i-- {
		if wires[i].Summary == want {
			wires[i].Open = true
			return
		}
	}
}
