package reports

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  *int         `xml:"skipped,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`

	seconds float64
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name      string       `xml:"name,attr"`
	Classname string       `xml:"classname,attr"`
	File      string       `xml:"file,attr,omitempty"`
	Line      int          `xml:"line,attr,omitempty"`
	Time      string       `xml:"time,attr"`
	Skipped   *junitResult `xml:"skipped"`
	Error     *junitResult `xml:"error"`
	Failure   *junitResult `xml:"failure"`
	SystemOut string       `xml:"system-out,omitempty"`
}

type junitResult struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes r as JUnit XML: a suite for each group, a case for each
// scenario, with file and line, which most readers show. A run with an exit code
// other than 0 always holds a <failure> or an <error>: what no scenario shows
// gets a case of its own. It finishes r.
func WriteJUnit(r *Run, path string) error {
	r.Finish()
	return writeXML(junitOf(r), path)
}

// WriteXUnit is WriteJUnit for readers that are strict about the schema
// junit-10.xsd, such as Jenkins's xUnit plugin: it knows neither files nor lines
// of cases, nor a sum of the skipped ones.
func WriteXUnit(r *Run, path string) error {
	r.Finish()
	all := junitOf(r)
	all.Skipped = nil
	for i := range all.Suites {
		for j := range all.Suites[i].Cases {
			c := &all.Suites[i].Cases[j]
			c.File, c.Line = "", 0
		}
	}
	return writeXML(all, path)
}

func writeXML(v any, path string) error {
	return writeFile(path, func(w io.Writer) error {
		if _, err := io.WriteString(w, xml.Header); err != nil {
			return err
		}
		enc := xml.NewEncoder(w)
		enc.Indent("", "  ")
		if err := enc.Encode(v); err != nil {
			return err
		}
		_, err := io.WriteString(w, "\n")
		return err
	})
}

func junitOf(r *Run) junitSuites {
	byGroup := map[string]*junitSuite{}
	add := func(group string, seconds float64, c junitCase) {
		s := byGroup[group]
		if s == nil {
			s = &junitSuite{Name: xmlText(group), Timestamp: r.Started.Format(time.RFC3339), Properties: junitProperties(r)}
			byGroup[group] = s
		}
		s.seconds += seconds
		s.add(c)
	}
	type trouble struct {
		id string
		Verdict
	}
	shown := map[trouble]bool{}
	for _, s := range r.Scenarios {
		add(groupOf(s.Scenario), s.Duration, caseOf(s))
		if s.Verdict.Bad() {
			for _, id := range s.Tests {
				shown[trouble{id, s.Verdict}] = true
			}
			for _, f := range s.Findings {
				shown[trouble{f.Requirement, s.Verdict}] = true
			}
		}
	}
	for _, q := range r.Requirements {
		if q.Verdict.Bad() && !shown[trouble{q.ID, q.Verdict}] {
			add(q.Group, 0, requirementCase(q))
		}
	}
	if r.Error != "" || r.ExitCode == ExitNothingJudged {
		c := junitCase{Name: "run", Classname: "run", Time: seconds(0)}
		c.Error = &junitResult{Message: xmlText(Headline(r)), Type: "error"}
		add("run", 0, c)
	}
	all := junitSuites{Skipped: new(int), Name: "sessionspec " + xmlText(r.Target.Name), Time: seconds(r.Ended.Sub(r.Started).Seconds())}
	groups := make([]string, 0, len(byGroup))
	for g := range byGroup {
		groups = append(groups, g)
	}
	slices.Sort(groups)
	for _, g := range groups {
		s := byGroup[g]
		s.Time = seconds(s.seconds)
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Errors += s.Errors
		*all.Skipped += s.Skipped
		all.Suites = append(all.Suites, *s)
	}
	return all
}

func (s *junitSuite) add(c junitCase) {
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
	s.Cases = append(s.Cases, c)
}

func junitProperties(r *Run) []junitProperty {
	var out []junitProperty
	for _, p := range [][2]string{
		{"suite_version", r.SuiteVersion}, {"target", r.Target.Name}, {"target_version", r.Target.Version},
		{"browser", r.Target.Browser}, {"seed", fmt.Sprint(r.Seed)}, {"verdict", r.Verdict},
	} {
		if p[1] != "" {
			out = append(out, junitProperty{p[0], xmlText(p[1])})
		}
	}
	return out
}

func caseOf(s Scenario) junitCase {
	c := junitCase{
		Name: xmlText(s.ID), Classname: xmlText(groupOf(s.Scenario)),
		File: xmlText(s.File), Line: s.Line, Time: seconds(s.Duration),
	}
	text := findingsText(s)
	switch s.Verdict {
	case Fail, Unstable, SurprisePass:
		message, kind := s.Reason, s.Verdict.String()
		if len(s.Findings) > 0 {
			f := s.Findings[0]
			message, kind = fmt.Sprintf("%s: want %s, got %s", f.Duty, f.Want, f.Got), f.Requirement
			if s.Verdict != Fail {
				message = s.Verdict.String() + ": " + message
			}
		}
		c.Failure = &junitResult{Message: xmlText(oneLine(message)), Type: xmlText(kind), Text: text}
	case Error:
		c.Error = &junitResult{Message: xmlText(oneLine(s.Reason)), Type: "error", Text: text}
	case NotApplicable, NotJudged, ExpectedFail:
		message := s.Verdict.String()
		if s.Reason != "" {
			message += ": " + s.Reason
		}
		c.Skipped = &junitResult{Message: xmlText(oneLine(message))}
		c.SystemOut = text
	default:
		c.SystemOut = text
	}
	return c
}

// requirementCase shows trouble that belongs to no scenario, such as a baseline
// entry that has become wrong.
func requirementCase(q Requirement) junitCase {
	c := junitCase{Name: xmlText(q.ID), Classname: xmlText(q.Group), Time: seconds(0)}
	message := xmlText(oneLine(strings.TrimSuffix(q.Verdict.String()+": "+q.Reason, ": ")))
	if q.Verdict == Error {
		c.Error = &junitResult{Message: message, Type: "error"}
	} else {
		c.Failure = &junitResult{Message: message, Type: xmlText(q.ID)}
	}
	return c
}

// findingsText is the block of each finding as plain lines.
func findingsText(s Scenario) string {
	var b strings.Builder
	line := func(word, text string) {
		if text != "" {
			fmt.Fprintf(&b, "  %-5s %s\n", word, printable(text, true))
		}
	}
	for _, f := range s.Findings {
		fmt.Fprintf(&b, "%s (%s): %s\n", f.Requirement, f.Level, f.Duty)
		line("want", f.Want)
		line("got", joinGap(f.Credential, f.Got))
		line("at", joinGap(f.Step, f.At, placeText(f.File, f.Line)))
		line("see", strings.Join(f.Evidence, " "))
		line("try", f.Try)
	}
	for _, n := range s.Notes {
		line("note", n)
	}
	for i, l := range TimelineText(s.Timeline, 120, timelineLines) {
		if i == 0 {
			b.WriteByte('\n')
		}
		b.WriteString(l + "\n")
	}
	return xmlText(b.String())
}

func seconds(s float64) string { return fmt.Sprintf("%.3f", max(0, s)) }

// xmlText drops what XML 1.0 cannot hold, even escaped; encoding/xml would put a
// replacement character for each.
func xmlText(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n', r == '\r', r >= 0x20 && r <= 0xd7ff, r >= 0xe000 && r <= 0xfffc, r >= 0x10000 && r <= 0x10ffff:
			return r // U+FFFD is left out: it is what a broken byte reads as
		}
		return -1
	}, s)
}
