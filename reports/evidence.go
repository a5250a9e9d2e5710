package reports

import (
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sessionspec/sessionspec/internal/history"
)

// Exhibit is one exchange with what it is there for.
type Exhibit struct {
	history.Exchange
	// Title says what it is: a step, or whose credential was asked afterwards.
	Title string
	// Marks point at what is at fault in the answer.
	Marks []Mark
}

// Mark points at a line of an answer, and at a part of it.
type Mark struct {
	// Header is the index of the header line, -1 for the status line.
	Header int
	// Part is the text in the line that is at fault, "" for all of it.
	Part string
	// Note says why, "" where the line speaks for itself.
	Note string
}

// WriteEvidence writes exhibits and commands, which the caller has redacted, as
// text in the manner of curl -v below dir/evidence, and returns the file's path
// relative to dir, with slashes. The name may be a scenario's id; the same name
// gives the same path and replaces what was there. Every line of the wire begins
// with "> " or "< ", so that no body can pass itself off as another exchange;
// carets on a line of their own stand under what is at fault.
func WriteEvidence(dir, name string, exhibits []Exhibit, execs ...history.Exec) (string, error) {
	return WriteEvidenceFile(dir, name, ".http", []byte(evidenceText(exhibits, execs)))
}

// WriteEvidenceFile writes data, which the caller has redacted, below
// dir/evidence and returns the file's path relative to dir, with slashes. The
// name may be a scenario's id; ending is put behind it (".har").
func WriteEvidenceFile(dir, name, ending string, data []byte) (string, error) {
	rel := path.Join(EvidenceDir, fileName(name)+ending)
	file := filepath.Join(dir, filepath.FromSlash(rel))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return "", err
	}
	return rel, writeFile(file, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

var (
	brackets = strings.NewReplacer("[", "-", "]", "", "=", "-", ",", "-", " ", "")
	unsafe   = regexp.MustCompile(`[^A-Za-z0-9._@-]`)
)

// longestPart is a bound all file systems keep.
const longestPart = 120

// fileName makes a path of a scenario's id that any system and any link takes.
// Where something other than the usual punctuation of ids is lost, a hash of the
// name keeps two names apart.
func fileName(name string) string {
	var parts []string
	lossy := false
	for part := range strings.SplitSeq(name, "/") {
		clean := brackets.Replace(part)
		safe := unsafe.ReplaceAllString(clean, "-")
		safe = strings.TrimLeft(safe, ".")
		if len(safe) > longestPart {
			safe = safe[:longestPart]
		}
		lossy = lossy || safe != clean
		if safe != "" {
			parts = append(parts, safe)
		}
	}
	if lossy || len(parts) == 0 {
		h := fnv.New32a()
		h.Write([]byte(name))
		sum := fmt.Sprintf("%08x", h.Sum32())
		if len(parts) == 0 {
			return sum
		}
		parts[len(parts)-1] += "-" + sum
	}
	return path.Join(parts...)
}

// event is an exchange or a command with its place in time.
type event struct {
	start, end time.Time
	title      string
	write      func(b *strings.Builder)
}

func evidenceText(exhibits []Exhibit, execs []history.Exec) string {
	var events []event
	for _, e := range exhibits {
		events = append(events, event{e.Start, e.End, e.Title, func(b *strings.Builder) { writeExchange(b, e) }})
	}
	for _, e := range execs {
		events = append(events, event{e.Start, e.End, "", func(b *strings.Builder) { writeExec(b, e) }})
	}
	slices.SortStableFunc(events, func(a, b event) int { return a.start.Compare(b.start) })
	var b strings.Builder
	for i, e := range events {
		// Times count from the first event: what matters is order and distance.
		fmt.Fprintf(&b, "### %s   +%.3f s, took %.3f s\n", joinGap(fmt.Sprint(i+1), oneLine(e.title)), e.start.Sub(events[0].start).Seconds(), e.end.Sub(e.start).Seconds())
		e.write(&b)
		b.WriteByte('\n')
	}
	return b.String()
}

func writeExchange(b *strings.Builder, e Exhibit) {
	if e.Request.Source != "" {
		fmt.Fprintf(b, "# from %s\n", e.Request.Source)
	}
	if c := curlOf(e.Request); c != "" {
		fmt.Fprintf(b, "# %s\n", c)
	}
	fmt.Fprintf(b, "> %s %s\n", oneLine(e.Request.Method), oneLine(e.Request.URL))
	writeMessage(b, "> ", e.Request.Header, e.Request.Body, false, nil)
	if a := e.Response; a != nil {
		proto := a.Proto
		if proto == "" {
			proto = "HTTP"
		}
		first := fmt.Sprintf("< %s %d", oneLine(proto), a.Status)
		b.WriteString(first + "\n")
		writeMarks(b, first, -1, e.Marks)
		writeMessage(b, "< ", a.Header, a.Body, a.Truncated, e.Marks)
	}
	if e.Error != "" {
		fmt.Fprintf(b, "# error: %s\n", oneLine(e.Error))
	}
}

func writeMessage(b *strings.Builder, mark string, header history.Lines, body string, truncated bool, marks []Mark) {
	for i, h := range header {
		line := fmt.Sprintf("%s%s: %s", mark, oneLine(h.Name), oneLine(h.Value))
		b.WriteString(line + "\n")
		writeMarks(b, line, i, marks)
	}
	if body != "" {
		b.WriteString(strings.TrimSpace(mark) + "\n")
		writeText(b, mark, body)
	}
	if truncated {
		fmt.Fprintf(b, "# the body was longer and is cut here\n")
	}
}

// writeMarks draws carets under what is at fault in a line.
func writeMarks(b *strings.Builder, line string, header int, marks []Mark) {
	for _, m := range marks {
		if m.Header != header {
			continue
		}
		from, long := 2, width(line)-2 // all but the mark of direction
		if i := strings.LastIndex(line, oneLine(m.Part)); m.Part != "" && i > 0 {
			from, long = width(line[:i]), width(oneLine(m.Part))
		}
		text := "#" + strings.Repeat(" ", from-1) + strings.Repeat("^", max(1, long))
		if m.Note != "" {
			text += " " + oneLine(m.Note)
		}
		b.WriteString(text + "\n")
	}
}

func writeExec(b *strings.Builder, e history.Exec) {
	for _, v := range e.Env {
		fmt.Fprintf(b, "# env %s\n", oneLine(v))
	}
	fmt.Fprintf(b, "$ %s\n", oneLine(strings.Join(e.Args, " ")))
	writeText(b, "| ", e.Stdout)
	writeText(b, "! ", e.Stderr)
	if e.Error != "" {
		fmt.Fprintf(b, "# error: %s\n", oneLine(e.Error))
	}
	fmt.Fprintf(b, "# exit %d\n", e.Exit)
}

// writeText marks each line; what is not text is only measured.
func writeText(b *strings.Builder, mark, text string) {
	if text == "" {
		return
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		fmt.Fprintf(b, "# %d bytes that are not text\n", len(text))
		return
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		b.WriteString(mark + printable(line, true) + "\n")
	}
}
