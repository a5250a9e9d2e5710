package reports

import (
	"fmt"
	"html"
	"io"
	"strings"
)

// WriteMarkdown writes r as the summary of a CI step: verdict first, each cause
// with what to try next, what was excused and what was not judged. It finishes r.
func WriteMarkdown(r *Run, path string) error {
	return writeFile(path, func(w io.Writer) error { return Markdown(r, w) })
}

// causesInMarkdown bounds the causes told at length: CI services cut long summaries.
const causesInMarkdown = 20

// Markdown is WriteMarkdown to a writer.
func Markdown(r *Run, w io.Writer) error {
	r.Finish()
	var b strings.Builder
	fmt.Fprintf(&b, "## sessionspec: %s\n\n", mdText(Headline(r)))
	fmt.Fprintf(&b, "%s\n\n", mdText(whoWasPlayed(r)))
	for _, c := range counts(r.Summary) {
		fmt.Fprintf(&b, "**%d** %s  \n", c.N, c.Verdict)
	}
	mdFindings(&b, r)
	mdBaseline(&b, r)
	mdUnjudged(&b, r)
	_, err := io.WriteString(w, b.String())
	return err
}

func whoWasPlayed(r *Run) string {
	who := r.Target.Name
	if r.Target.Version != "" {
		who += " " + r.Target.Version
	}
	if r.Target.StandIn {
		who += " (stand-in)"
	}
	parts := []string{who, "suite " + r.SuiteVersion}
	if r.Target.Browser != "" {
		parts = append(parts, r.Target.Browser)
	}
	parts = append(parts, Plural(len(r.Scenarios), "scenario"), fmt.Sprintf("%.1f s", r.Ended.Sub(r.Started).Seconds()))
	return strings.Join(parts, " · ")
}

func mdFindings(b *strings.Builder, r *Run) {
	all := causesOf(r)
	if len(all) == 0 {
		return
	}
	b.WriteString("\n### Findings\n")
	for i, c := range all {
		if i == causesInMarkdown {
			fmt.Fprintf(b, "\nand %s more in report.html\n", Plural(len(all)-i, "finding"))
			break
		}
		fmt.Fprintf(b, "\n**%s %s** (%s) %s\n\n", strings.ToUpper(string(c.Verdict)), mdText(c.Requirement), c.Level, mdText(c.Duty))
		for _, row := range [][2]string{{"want", c.Want}, {"got", c.Got}, {"at", joinGap(c.Step, c.At)}, {"story", joinGap(c.place(), c.Scenario.ID)}, {"try", c.Try}} {
			if row[1] != "" {
				fmt.Fprintf(b, "- %s: %s\n", row[0], mdCode(cut(row[1])))
			}
		}
		if more := strings.TrimPrefix(c.more(someOf), ", "); more != "" {
			fmt.Fprintf(b, "- %s\n", mdText(more))
		}
		if !c.timelineEmpty() {
			fmt.Fprintf(b, "\n<details><summary>timeline</summary>\n\n%s\n</details>\n", mdBlock(TimelineText(c.Scenario.Timeline, 110, timelineLines)))
		}
	}
}

func (f *cause) timelineEmpty() bool { return len(f.Scenario.Timeline) == 0 }

func mdBaseline(b *strings.Builder, r *Run) {
	if len(r.Baseline) == 0 {
		return
	}
	b.WriteString("\n### Baseline\n\n| entry | state | hits | reason |\n|---|---|---|---|\n")
	for _, e := range r.Baseline {
		fmt.Fprintf(b, "| %s | %s | %d of %d | %s |\n", mdText(e.Expect), e.State, e.Hits, e.Tries, mdText(e.because()))
	}
}

func mdUnjudged(b *strings.Builder, r *Run) {
	first := true
	for _, q := range r.Requirements {
		if q.Verdict != NotJudged {
			continue
		}
		if first {
			b.WriteString("\n### Not judged\n\n")
			first = false
		}
		fmt.Fprintf(b, "- %s: %s\n", mdText(q.ID), mdText(cut(q.Reason)))
	}
}

// mdText is text that Markdown and the HTML in it take for text, on one line.
func mdText(s string) string {
	var b strings.Builder
	for _, r := range oneLine(s) {
		switch {
		case strings.ContainsRune("\\`*_[]|~#!", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		case strings.ContainsRune("&<>", r):
			b.WriteString(html.EscapeString(string(r)))
		case r == '@': // a summary must not call people
			b.WriteString("&#64;")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// mdCode is a code span, with a fence longer than any run of backticks inside
// (CommonMark 6.1).
func mdCode(s string) string {
	s = strings.ReplaceAll(oneLine(s), "|", `\|`)
	fence := strings.Repeat("`", longestRun(s)+1)
	return fence + " " + s + " " + fence
}

func mdBlock(lines []string) string {
	text := strings.Join(lines, "\n")
	fence := strings.Repeat("`", max(3, longestRun(text)+1))
	return fence + "text\n" + printable(text, true) + "\n" + fence + "\n"
}

func longestRun(s string) (longest int) {
	n := 0
	for _, r := range s {
		if r == '`' {
			n++
		} else {
			n = 0
		}
		longest = max(longest, n)
	}
	return longest
}
