package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestWorst(t *testing.T) {
	for _, c := range []struct {
		in   []Verdict
		want Verdict
	}{
		{nil, NotJudged},
		{[]Verdict{Pass, NotApplicable}, Pass},
		{[]Verdict{NotApplicable}, NotApplicable},
		{[]Verdict{Pass, NotJudged}, NotJudged},
		{[]Verdict{Warn, Pass, ExpectedFail}, Warn},
		{[]Verdict{Error, Fail, Pass}, Fail},
		{[]Verdict{Pass, ""}, Error},
		{[]Verdict{Pass, "passed"}, Error},
	} {
		if got := Worst(c.in...); got != c.want {
			t.Errorf("Worst(%v) = %s, want %s", c.in, got, c.want)
		}
	}
}

func TestExitCode(t *testing.T) {
	q := func(v ...Verdict) *Run {
		r := &Run{}
		for _, v := range v {
			r.Requirements = append(r.Requirements, Requirement{ID: "g/" + v.String(), Verdict: v})
		}
		return r
	}
	for name, c := range map[string]struct {
		r    *Run
		want int
		word string
	}{
		"pass":               {q(Pass, NotApplicable), 0, Conformant},
		"warn is no failure": {q(Pass, Warn), 0, Conformant},
		"known failure":      {q(ExpectedFail), 0, Conformant},
		"partly judged":      {q(Pass, NotJudged), 0, Conformant},
		"fail":               {q(Pass, Fail), 1, NotConformant},
		"fail beats error":   {q(Error, Fail), 1, NotConformant},
		"surprise":           {q(Pass, SurprisePass), 1, NotConformant},
		"unstable":           {q(Pass, Unstable), 1, NotConformant},
		"error":              {q(Pass, Error), 3, Broken},
		"interrupted":        {&Run{Error: "interrupted", Requirements: q(Fail).Requirements}, 3, Broken},
		"nothing":            {q(), 4, NothingJudged},
		"only not judged":    {q(NotJudged, NotApplicable), 4, NothingJudged},
		"no verdict at all":  {q(Pass, ""), 3, Broken},
		"scenario only":      {&Run{Requirements: q(Pass).Requirements, Scenarios: []Scenario{{ID: "a", Verdict: Error}}}, 3, Broken},
		"scenario fails":     {&Run{Requirements: q(Pass).Requirements, Scenarios: []Scenario{{ID: "a", Verdict: Fail}}}, 1, NotConformant},
	} {
		c.r.Finish()
		if c.r.ExitCode != c.want || c.r.Verdict != c.word {
			t.Errorf("%s: exit %d %q, want %d %q", name, c.r.ExitCode, c.r.Verdict, c.want, c.word)
		}
	}
}

func TestFinishSortsAndCounts(t *testing.T) {
	r := sample()
	r.Finish()
	if r.Requirements[0].ID != chrome || r.Scenarios[0].ID != chrome+"@web" {
		t.Errorf("not sorted: %s, %s", r.Requirements[0].ID, r.Scenarios[0].ID)
	}
	if want := (map[Verdict]int{Pass: 2, Fail: 1, Warn: 1, NotApplicable: 1, NotJudged: 1}); !reflect.DeepEqual(r.Summary, want) {
		t.Errorf("summary %v, want %v", r.Summary, want)
	}
	if want := (map[Verdict]int{Pass: 1, Fail: 5, Warn: 1, NotJudged: 1}); !reflect.DeepEqual(r.ScenarioSummary, want) {
		t.Errorf("scenario summary %v, want %v", r.ScenarioSummary, want)
	}
	if err := r.Validate(); err != nil {
		t.Error(err)
	}
}

func TestWriteIsStableAndReadsBack(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, r *Run) []byte {
		path := filepath.Join(dir, name)
		if err := r.Write(path); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	one := write("one.json", sample())
	shuffled := sample()
	for i, j := 0, len(shuffled.Scenarios)-1; i < j; i, j = i+1, j-1 {
		shuffled.Scenarios[i], shuffled.Scenarios[j] = shuffled.Scenarios[j], shuffled.Scenarios[i]
	}
	two := write("two.json", shuffled)
	if !bytes.Equal(one, two) {
		t.Error("the order of play shows in run.json")
	}
	if !bytes.Contains(one, []byte("POST /admin/users -> 201")) {
		t.Error("an arrow was escaped")
	}
	back, err := Read(filepath.Join(dir, "one.json"))
	if err != nil {
		t.Fatal(err)
	}
	want := sample()
	want.Finish()
	if !reflect.DeepEqual(back, want) {
		t.Errorf("read back another run:\n%+v\n%+v", back, want)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
		t.Errorf("temporary files stay: %v", left)
	}
}

func TestWriteReplacesNothingOnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), RunJSON)
	if err := sample().Write(path); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	r := sample()
	r.Target.Declares = func() {} // cannot be written as JSON
	if err := r.Write(path); err == nil {
		t.Fatal("no error")
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("the old file was damaged")
	}
}

func TestReadIsStrict(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct {
		text   string
		schema bool // whether ErrSchema is expected
	}{
		"other schema":    {`{"schema":"sessionspec/run/v2"}`, true},
		"no schema":       {`{}`, true},
		"not JSON":        {`run`, true},
		"unknown verdict": {`{"schema":"sessionspec/run/v1","requirements":[{"id":"a","verdict":"passed"}]}`, false},
		"unknown count":   {`{"schema":"sessionspec/run/v1","summary":{"passed":1}}`, false},
	} {
		path := filepath.Join(dir, "x.json")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(path); err == nil || errors.Is(err, ErrSchema) != c.schema {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read(filepath.Join(dir, "absent")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestValidateFindsContradictions(t *testing.T) {
	for want, spoil := range map[string]func(*Run){
		"requirement " + keeps + ": id used twice":  func(r *Run) { r.Requirements = append(r.Requirements, r.Requirements[1]) },
		"scenario " + keeps + "@web: id used twice": func(r *Run) { r.Scenarios = append(r.Scenarios, r.Scenarios[0]) },
		"unknown requirement":                       func(r *Run) { r.Scenarios[0].Findings[0].Requirement = "x/y" },
		"not a clean relative path":                 func(r *Run) { r.Scenarios[0].Findings[0].Evidence = []string{"../../etc/passwd"} },
		"unknown scenario":                          func(r *Run) { r.Requirements[0].Scenarios = []string{"nobody"} },
		"fails without a finding":                   func(r *Run) { r.Scenarios[0].Findings = nil },
		"passes without a check":                    func(r *Run) { r.Requirements[0].Checks = 0 },
	} {
		r := sample()
		spoil(r)
		if err := r.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

func TestRedactReachesWhatTheTargetSaid(t *testing.T) {
	r := sample()
	const secret = "s3cr3t-one"
	r.Command = []string{secret}
	r.Error = secret
	r.Target.Base = secret
	r.Requirements[0].Reason = secret
	s := &r.Scenarios[0]
	s.Reason, s.Notes = secret, []string{secret}
	f := &s.Findings[0]
	f.Want, f.Got, f.Step, f.At, f.Try = secret, secret, secret, secret, secret
	s.Timeline[0].Step, s.Timeline[0].Outcome = secret, secret
	s.Timeline[0].Cells["alice.laptop#1"] = Cell{Want: secret, Got: secret}
	r.Redact(func(s string) string { return strings.ReplaceAll(s, secret, "‹S›") })
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(b), secret); n > 0 {
		t.Errorf("%d times left in %s", n, b)
	}
	if n := strings.Count(string(b), "‹S›"); n != 15 {
		t.Errorf("%d tags, want 15", n)
	}
}

func TestDurationsAreMilliseconds(t *testing.T) {
	r := &Run{Started: time.Unix(0, 1_999_999), Scenarios: []Scenario{{ID: "a", Verdict: Pass, Duration: 0.12345}}}
	r.Finish()
	if r.Scenarios[0].Duration != 0.123 || r.Started.Nanosecond() != 1_000_000 || r.Started.Location() != time.UTC {
		t.Errorf("%v %v", r.Scenarios[0].Duration, r.Started)
	}
}
