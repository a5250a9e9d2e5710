package reports

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
)

// sarifFile writes r and reads it back through somebody else's types, strictly,
// and by the schema of the standard.
func sarifFile(t *testing.T, r *Run) (*sarif.Report, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "r.sarif")
	if err := WriteSARIF(r, path); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	back := &sarif.Report{}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(back); err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	if _, err := sarif.Open(path, sarif.WithStrictValidation()); err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	return back, string(b)
}

func TestSARIFIsValidAndComplete(t *testing.T) {
	for name, r := range map[string]*Run{"sample": sample(), "healthy": healthy(), "poisoned": poisoned()} {
		back, _ := sarifFile(t, r)
		run := back.Runs[0]
		if len(run.Tool.Driver.Rules) != len(r.Requirements) || len(run.Results) != len(allCauses(r)) {
			t.Errorf("%s: %d rules, %d results", name, len(run.Tool.Driver.Rules), len(run.Results))
		}
		if *run.Invocations[0].ExitCode != r.ExitCode {
			t.Errorf("%s: exit %d", name, *run.Invocations[0].ExitCode)
		}
	}
}

func TestSARIFResultsSayWhereAndWhat(t *testing.T) {
	back, text := sarifFile(t, sample())
	res := back.Runs[0].Results[0]
	if *res.RuleID != keeps || res.Level != "error" || !strings.Contains(*res.Message.Text, "Got: dead") {
		t.Errorf("%s %s %s", *res.RuleID, res.Level, *res.Message.Text)
	}
	loc := res.Locations[0].PhysicalLocation
	if *loc.ArtifactLocation.URI != "scenarios/"+keeps+".yaml" || *loc.Region.StartLine != 13 || len(res.RelatedLocations) != 4 {
		t.Errorf("%s:%d, %d others", *loc.ArtifactLocation.URI, *loc.Region.StartLine, len(res.RelatedLocations))
	}
	if !strings.Contains(text, "not-judged: no browser") {
		t.Error("what was not judged is not said")
	}
}

// Code-scanning pages follow a result over runs by its fingerprint.
func TestSARIFFingerprintsStay(t *testing.T) {
	a, _ := sarifFile(t, sample())
	other := sample()
	for i := range other.Scenarios {
		for j := range other.Scenarios[i].Findings {
			f := &other.Scenarios[i].Findings[j]
			f.Want, f.Line = strings.ReplaceAll(f.Want, "bob0", "bob77"), f.Line+1
		}
	}
	b, _ := sarifFile(t, other)
	for i, res := range a.Runs[0].Results {
		if x, y := res.PartialFingerprints["sessionspecCause/v1"], b.Runs[0].Results[i].PartialFingerprints["sessionspecCause/v1"]; x != y || x == "" {
			t.Errorf("%d: %s and %s", i, x, y)
		}
	}
}

func TestSARIFSuppressesWhatTheBaselineExpects(t *testing.T) {
	r := sample()
	(&Baseline{Entries: []BaselineEntry{{Expect: keeps, Reason: "known since 2019"}}}).Apply(r, testDay)
	back, _ := sarifFile(t, r)
	suppressed := 0
	for _, res := range back.Runs[0].Results {
		if len(res.Suppressions) > 0 {
			suppressed++
			if s := res.Suppressions[0]; s.Justification == nil || !strings.Contains(*s.Justification, "known since 2019") {
				t.Errorf("%+v", s)
			}
		}
	}
	if suppressed != 1 {
		t.Errorf("%d suppressed", suppressed)
	}
}
