package reports

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// xsdEnv names a schema of somebody else's, such as Jenkins's junit-10.xsd, to hold xunit.xml against.
const xsdEnv = "SESSIONSPEC_TEST_XSD"

func validate(t *testing.T, schema, file string) error {
	t.Helper()
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("NOT TESTED: xmllint is not installed (Debian: apt-get install libxml2-utils)")
	}
	out, err := exec.Command(lint, "--nonet", "--noout", "--schema", schema, file).CombinedOutput()
	if err != nil {
		t.Logf("%s", clip(string(out), 600))
	}
	return err
}

func TestJUnitMeetsItsSchema(t *testing.T) {
	for name, r := range map[string]*Run{"sample": sample(), "healthy": healthy(), "poisoned": poisoned(), "unreachable": {Error: "away"}, "empty": {},
		"surprise": {Requirements: []Requirement{{ID: "g/r", Verdict: SurprisePass, Reason: "entry expired"}}}} {
		dir := t.TempDir()
		if _, err := Render(r, dir, dir, "junit", "xunit"); err != nil {
			t.Fatal(err)
		}
		for _, file := range []string{JUnitXML, "xunit.xml"} {
			if err := validate(t, "testdata/junit.xsd", filepath.Join(dir, file)); err != nil {
				t.Errorf("%s: %s: %v", name, file, err)
			}
		}
		if other := os.Getenv(xsdEnv); other != "" {
			if err := validate(t, other, filepath.Join(dir, "xunit.xml")); err != nil {
				t.Errorf("%s: xunit.xml against %s: %v", name, other, err)
			}
		}
	}
}

func TestJUnitSchemaRefusesWhatHarnessesGotWrong(t *testing.T) {
	dir := t.TempDir()
	if err := WriteJUnit(sample(), filepath.Join(dir, JUnitXML)); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(filepath.Join(dir, JUnitXML))
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"a case without a name":       {`<testcase name="`, `<testcase nom="`},
		"a status instead of element": {`<testcase name="`, `<testcase status="failure" name="`},
		"a count that is no number":   {`tests="8"`, `tests="many"`},
		"a result without a message":  {`<failure message="`, `<failure massage="`},
		"two results":                 {`<failure message="`, `<skipped message=""></skipped><failure message="`},
	} {
		text := strings.Replace(string(good), change[0], change[1], 1)
		if text == string(good) {
			t.Fatalf("%s: nothing was changed", name)
		}
		file := filepath.Join(dir, "bad.xml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if validate(t, "testdata/junit.xsd", file) == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
