package suites

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/sessionspec/sessionspec/reports"
)

// told is what a test says of a duty, or of one story's part in it.
type told struct {
	verdict reports.Verdict
	text    string
}

// ofStory tells what one story shows about a requirement. What else the story
// shows is told with the other requirements.
func (x *trial) ofStory(q *reports.Requirement, s *reports.Scenario) told {
	var texts []string
	for _, f := range s.Findings {
		if f.Requirement == q.ID {
			texts = append(texts, x.scene(f))
		}
	}
	switch {
	case s.Verdict == reports.Error:
		return told{reports.Error, s.Reason}
	case len(texts) > 0 && (q.Verdict == reports.ExpectedFail || s.Verdict == reports.ExpectedFail):
		return told{reports.ExpectedFail, strings.Join(append([]string{q.Reason}, texts...), "\n")}
	case len(texts) > 0 && q.Verdict == reports.Warn:
		return told{reports.Warn, strings.Join(texts, "\n")}
	case s.Verdict == reports.Unstable:
		return told{reports.Unstable, strings.Join(append([]string{s.Reason}, texts...), "\n")}
	case len(texts) > 0:
		if lines := reports.TimelineText(s.Timeline, 110, 14); len(lines) > 0 {
			texts = append(texts, "", strings.Join(lines, "\n"))
		}
		return told{reports.Fail, strings.Join(texts, "\n")}
	case s.Verdict == reports.NotJudged || s.Verdict == reports.NotApplicable || s.Verdict == reports.SurprisePass:
		return told{s.Verdict, s.Reason}
	}
	return told{reports.Pass, ""}
}

// scene explains a finding: duty, want, got, at, see, try.
func (x *trial) scene(f reports.Finding) string {
	var b strings.Builder
	line := func(word, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%-5s %s\n", word, text)
		}
	}
	fmt.Fprintf(&b, "%s   %s\n%s\n", f.Requirement, f.Level, f.Duty)
	line("want", f.Want)
	got := f.Got
	if f.Credential != "" && !strings.Contains(got, f.Credential) {
		got = f.Credential + " " + got
	}
	line("got", got)
	line("at", strings.TrimSuffix(fmt.Sprintf("step %d, %s   %s", f.StepIndex, f.Step, f.At), "   "))
	line("", fmt.Sprintf("%s:%d", f.File, f.Line))
	for _, e := range f.Evidence {
		line("see", filepath.Join(x.Out, filepath.FromSlash(e)))
	}
	line("try", f.Try)
	return strings.TrimRight(b.String(), "\n")
}

// whole is what the run comes to beyond its requirements, "" where they say all:
// that nothing was judged, that it was interrupted, an entry of the baseline that
// does not hold.
func (x *trial) whole() string {
	if x.run.ExitCode == reports.ExitConformant {
		return ""
	}
	for _, q := range x.run.Requirements {
		if q.Verdict.Bad() && x.run.Error == "" {
			return ""
		}
	}
	return reports.Headline(x.run)
}

// summary is the run in one line.
func (x *trial) summary() string {
	counts := ""
	for i := len(reports.Verdicts) - 1; i >= 0; i-- {
		if n := x.run.Summary[reports.Verdicts[i]]; n > 0 {
			counts += fmt.Sprintf(", %d %s", n, reports.Verdicts[i])
		}
	}
	out := fmt.Sprintf("sessionspec %s, seed %d: %s%s", Version, x.run.Seed, reports.Headline(x.run), counts)
	if x.Out != "" {
		out += "; " + filepath.Join(x.Out, reports.ReportHTML)
	}
	return out
}
