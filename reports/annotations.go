package reports

import (
	"fmt"
	"io"
	"strings"
)

// annotationsAtMost is what GitHub shows of a step, per kind.
const annotationsAtMost = 10

// Annotations writes workflow commands of GitHub Actions, one for each cause,
// worst first: they become notes at the line of the story. It finishes r.
func Annotations(r *Run, w io.Writer) error {
	r.Finish()
	n := map[string]int{}
	for _, c := range causesOf(r) {
		kind := "error"
		if c.Verdict == Warn {
			kind = "warning"
		}
		if n[kind]++; n[kind] > annotationsAtMost {
			continue
		}
		file, line := c.File, c.Line
		if file == "" {
			file, line = c.Scenario.File, c.Scenario.Line
		}
		if _, err := fmt.Fprintf(w, "::%s file=%s,line=%d,title=%s::%s\n", kind, annotationValue(file), line,
			annotationValue(c.Requirement), annotationText(fmt.Sprintf("%s\nwant %s\ngot %s\nat %s\ntry %s", c.Duty, c.Want, c.Got, joinGap(c.Step, c.At), c.Try))); err != nil {
			return err
		}
	}
	if r.ExitCode == ExitBroken {
		_, err := fmt.Fprintf(w, "::error title=sessionspec::%s\n", annotationText(Headline(r)))
		return err
	}
	return nil
}

// annotationText keeps a message within its command: what a target said may not
// begin another one.
func annotationText(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(printable(s, true))
}

func annotationValue(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(annotationText(oneLine(s)))
}
