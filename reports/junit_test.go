package reports

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func junitFile(t *testing.T, r *Run) (junitSuites, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), JUnitXML)
	if err := WriteJUnit(r, path); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var back junitSuites
	if err := xml.Unmarshal(b, &back); err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	return back, string(b)
}

// countsOf counts elements, independent of the attributes.
func countsOf(s junitSuites) (tests, failures, errors, skipped int) {
	for _, suite := range s.Suites {
		for _, c := range suite.Cases {
			tests++
			for _, n := range []struct {
				got *junitResult
				sum *int
			}{{c.Failure, &failures}, {c.Error, &errors}, {c.Skipped, &skipped}} {
				if n.got != nil {
					*n.sum++
				}
			}
		}
	}
	return
}

func TestJUnitCountsAndPlaces(t *testing.T) {
	r := sample()
	s, text := junitFile(t, r)
	tests, failures, errors, skipped := countsOf(s)
	if s.Tests != tests || s.Failures != failures || s.Errors != errors || *s.Skipped != skipped {
		t.Errorf("attributes %d/%d/%d/%d, elements %d/%d/%d/%d", s.Tests, s.Failures, s.Errors, *s.Skipped, tests, failures, errors, skipped)
	}
	if tests != 8 || failures != 5 || errors != 0 || skipped != 1 {
		t.Errorf("%d tests, %d failures, %d errors, %d skipped", tests, failures, errors, skipped)
	}
	sum := 0
	for _, suite := range s.Suites {
		sum += suite.Failures
		for _, c := range suite.Cases {
			if c.Name == "" || c.Classname != suite.Name || c.File == "" || c.Line == 0 || c.Time != "0.310" {
				t.Errorf("%+v", c)
			}
			if strings.HasPrefix(c.Name, attrs) && (c.Failure != nil || !strings.Contains(c.SystemOut, "Max-Age")) {
				t.Errorf("a warning must pass and say why: %+v", c)
			}
			if strings.HasPrefix(c.Name, keeps) && (c.Failure.Type != keeps || !strings.Contains(c.Failure.Message, "got dead") ||
				!strings.Contains(c.Failure.Text, "POST /admin/users -> 201")) {
				t.Errorf("%+v", c.Failure)
			}
		}
	}
	if sum != failures {
		t.Errorf("suites count %d failures, cases %d", sum, failures)
	}
	if !strings.HasPrefix(text, "<?xml") {
		t.Error("no XML declaration")
	}
}

func TestJUnitElementForEachVerdict(t *testing.T) {
	for _, v := range Verdicts {
		r := &Run{Requirements: []Requirement{{ID: "g/r", Verdict: v, Checks: 1}},
			Scenarios: []Scenario{{ID: "g/r@x", Scenario: "g/r", Verdict: v, Reason: "because", Tests: []string{"g/r"}}}}
		s, _ := junitFile(t, r)
		c := s.Suites[0].Cases[0]
		got := map[bool]string{c.Failure != nil: "failure", c.Error != nil: "error", c.Skipped != nil: "skipped"}[true]
		want := map[Verdict]string{Fail: "failure", Unstable: "failure", SurprisePass: "failure", Error: "error",
			NotApplicable: "skipped", NotJudged: "skipped", ExpectedFail: "skipped"}[v]
		if got != want {
			t.Errorf("%s gives %q, want %q", v, got, want)
		}
	}
}

// What CI reads must never be green when the exit code is not.
func TestJUnitIsNeverGreenOnABadRun(t *testing.T) {
	runs := map[string]*Run{
		"sample": sample(), "healthy": healthy(), "empty": {}, "unreachable": {Error: "target unreachable"},
		"surprise in the baseline": {Requirements: []Requirement{{ID: "g/r", Verdict: SurprisePass, Reason: "entry expired"}}},
		"requirement error":        {Requirements: []Requirement{{ID: "g/r", Verdict: Error}, {ID: "g/s", Verdict: Pass}}},
		"failed requirement, erring scenario": {Requirements: []Requirement{{ID: "g/r", Verdict: Fail}},
			Scenarios: []Scenario{{ID: "g/r@x", Scenario: "g/r", Verdict: Error, Tests: []string{"g/r"}}}},
	}
	for name, r := range runs {
		s, text := junitFile(t, r)
		if (s.Failures+s.Errors > 0) != (r.ExitCode != 0) {
			t.Errorf("%s: exit %d, but %d failures and %d errors\n%s", name, r.ExitCode, s.Failures, s.Errors, text)
		}
		if r.ExitCode == ExitNotConformant && s.Failures == 0 {
			t.Errorf("%s: not conformant without a failure", name)
		}
	}
}

func TestJUnitSurvivesAHostileTarget(t *testing.T) {
	s, text := junitFile(t, poisoned())
	if s.Failures != 5 {
		t.Errorf("%d failures", s.Failures)
	}
	if strings.Contains(text, "<script") || strings.ContainsAny(text, "\x00\x1b\ufffd") {
		t.Error("hostile text got through")
	}
	if got := xmlText("a\x00b\ufffe\xffc\td"); got != "abc\td" {
		t.Errorf("%q", got)
	}
}

// strictNames are the elements and attributes that junit-10.xsd allows, of those we write.
var strictNames = map[string]string{
	"testsuites": "name time tests failures errors", "testsuite": "name tests failures errors skipped time timestamp",
	"properties": "", "property": "name value", "testcase": "name time classname", "failure": "type message", "error": "type message",
	"skipped": "type message", "system-out": "",
}

func TestXUnitKeepsToTheStrictNames(t *testing.T) {
	for name, r := range map[string]*Run{"sample": sample(), "healthy": healthy(), "poisoned": poisoned(), "unreachable": {Error: "away"}} {
		path := filepath.Join(t.TempDir(), "x.xml")
		if err := WriteXUnit(r, path); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		dec := xml.NewDecoder(f)
		for tok, err := dec.Token(); err == nil; tok, err = dec.Token() {
			e, ok := tok.(xml.StartElement)
			if !ok {
				continue
			}
			allowed, known := strictNames[e.Name.Local]
			if !known {
				t.Errorf("%s: element %s", name, e.Name.Local)
			}
			for _, a := range e.Attr {
				if !slices.Contains(strings.Fields(allowed), a.Name.Local) {
					t.Errorf("%s: attribute %s of %s", name, a.Name.Local, e.Name.Local)
				}
			}
		}
	}
}
