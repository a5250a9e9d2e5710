package scenarios_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sessionspec/sessionspec/scenarios"
)

var update = flag.Bool("update", false, "write docs/REQUIREMENTS.md anew")

func builtin(t *testing.T) *scenarios.Library {
	t.Helper()
	lib, err := scenarios.Load(scenarios.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// families are the ways in which sources are written.
var families = regexp.MustCompile(`^(` + strings.Join([]string{
	`ASVS 5\.0 \d+\.\d+(\.\d+)?`, `ASVS 4\.0\.3 (V\d+\.\d+|\d+\.\d+\.\d+)`, `NIST 800-63[BC]-4 \d+(\.\d+)*`,
	`RFC (6265bis|\d{4}) \d+(\.\d+)*( step \d+)?`, `CWE-\d+`, `CAPEC-\d+`, `WSTG-(SESS|ATHN)-\d\d`,
	`OWASP (Session Management|Forgot Password|Cross-Site Request Forgery Prevention) Cheat Sheet( \([^()]+\))?`,
	`OIDC (Core|(RP-Initiated|Back-Channel|Front-Channel) Logout) \d+(\.\d+)*`, `DBSC \d+(\.\d+)*`, `CHIPS`, `FedCM`,
}, "|") + `)$`)

func TestEveryRequirementIsComplete(t *testing.T) {
	for _, r := range builtin(t).Requirements {
		for what, text := range map[string]string{"statement": r.Statement, "why": r.Why, "how": r.How, "wrong": r.Wrong, "fix": r.Fix} {
			if !strings.HasSuffix(text, ".") || text != strings.TrimSpace(text) || strings.Contains(text, "\n") {
				t.Errorf("%s: %s is not a text of whole sentences: %q", r.ID, what, text)
			}
		}
		if len(r.Sources) == 0 {
			t.Errorf("%s: no sources", r.ID)
		}
		for i, s := range r.Sources {
			if !families.MatchString(s) {
				t.Errorf("%s: source %q is of no known family", r.ID, s)
			}
			if slices.Contains(r.Sources[:i], s) {
				t.Errorf("%s: source %s twice", r.ID, s)
			}
		}
	}
}

func TestNeedsOfRequirements(t *testing.T) {
	const text = "x: {statement: S., level: must, channel: wire, needs: [clock, %s]}"
	load := func(word string) error {
		_, err := scenarios.Load(scenarios.Source{Name: "mine", FS: fstest.MapFS{
			"g/requirements.yaml": {Data: []byte(strings.Replace(text, "%s", word, 1))}}})
		return err
	}
	if err := load("nodes"); err != nil {
		t.Error(err)
	}
	if err := load("node"); err == nil || !strings.Contains(err.Error(), `mine/g/requirements.yaml:1:`) || !strings.Contains(err.Error(), `"nodes"`) {
		t.Errorf("an unknown need: %v", err)
	}
}

// TestCoverage: a section of a covered standard that is cited is in the tables,
// one that nobody cites says why, and all ids exist.
func TestCoverage(t *testing.T) {
	lib, tables, listed := builtin(t), 0, map[string]bool{}
	for _, std := range lib.Coverage() {
		tables++
		for _, s := range std.Sections {
			if listed[s.Source] {
				t.Errorf("%s: listed twice", s.Source)
			}
			listed[s.Source] = true
			if (len(s.Judged)+len(s.Planned) == 0) != (s.Note != "") {
				t.Errorf("%s: %d judged, %d planned, note %q", s.Source, len(s.Judged), len(s.Planned), s.Note)
			}
			for _, id := range slices.Concat(s.Judged, s.Planned, s.Via) {
				if r, ok := lib.Requirement(id); !ok || r.Planned && slices.Contains(s.Judged, id) {
					t.Errorf("%s: %s does not exist, or is not judged", s.Source, id)
				}
			}
		}
	}
	if tables != 4 || len(listed) != 19+5+11+5 {
		t.Errorf("%d tables with %d sections", tables, len(listed))
	}
	covered := regexp.MustCompile(`^(ASVS 5\.0 (7|3\.3)\.|WSTG-SESS-|NIST 800-63B-4 5\b)`)
	for _, r := range lib.Requirements {
		for _, s := range r.Sources {
			if covered.MatchString(s) && !listed[s] {
				t.Errorf("%s cites %s, which is in no table", r.ID, s)
			}
		}
	}
}

// TestDocs: the committed document is the one that the data make.
func TestDocs(t *testing.T) {
	const file = "../docs/REQUIREMENTS.md"
	var b bytes.Buffer
	if err := scenarios.WriteDocs(&b, builtin(t)); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.MkdirAll("../docs", 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if old, err := os.ReadFile(file); err != nil || !bytes.Equal(old, b.Bytes()) {
		t.Errorf("docs/REQUIREMENTS.md is stale (reading it: %v): go test ./scenarios -run TestDocs -update", err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestDocsOfUsersGroups(t *testing.T) {
	lib := &scenarios.Library{Requirements: []*scenarios.Requirement{
		{ID: "aaa/own", Group: "aaa", Statement: "A __Host- name | a < b.", Level: scenarios.May, Sources: []string{"X 1"}},
		{ID: "stepup/x", Group: "stepup", Statement: "S.", Level: scenarios.Must, Sources: []string{"ASVS 5.0 7.4.1"}, Derived: true, Planned: true,
			Needs: []scenarios.Means{scenarios.SecondSite, scenarios.Declared}},
	}}
	var b strings.Builder
	if err := scenarios.WriteDocs(&b, lib); err != nil {
		t.Fatal(err)
	}
	at := -1
	for _, want := range []string{
		"2 requirements in 2 groups: 1 must, 0 should, 1 may. 1 are judged today; 1 are planned",
		"| `stepup/x` | S. | must | planned; needs second site, a declaration | derived; ASVS 5.0 7.4.1 |",
		"| `aaa/own` | A \\_\\_Host- name \\| a &lt; b. | may | judged | X 1 |",
		"| ASVS 5.0 7.4.1 | sign-out and expiry end the session for good | – | `stepup/x` |",
	} {
		i := strings.Index(b.String(), want)
		if i <= at {
			t.Errorf("missing, or out of order: %s", want)
		}
		at = i
	}
	if err := scenarios.WriteDocs(full{}, lib); err == nil {
		t.Error("an error of the writer is lost")
	}
}
