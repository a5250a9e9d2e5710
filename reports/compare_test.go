package reports

import (
	"bytes"
	"strings"
	"testing"
)

func verdicts(list ...any) *Run {
	r := &Run{Target: Target{Name: "x"}}
	for i := 0; i < len(list); i += 2 {
		r.Requirements = append(r.Requirements, Requirement{ID: list[i].(string), Level: "MUST", Verdict: list[i+1].(Verdict), Checks: 1})
	}
	return r
}

func TestCompareSortsByWhatMatters(t *testing.T) {
	before := verdicts("g/broke", Pass, "g/mended", Fail, "g/dark", Pass, "g/same", Pass, "g/old", Pass, "g/excused", Fail, "g/still", Fail)
	after := verdicts("g/broke", Fail, "g/mended", Pass, "g/dark", NotJudged, "g/same", Pass, "g/new", Pass, "g/newbad", Fail, "g/excused", ExpectedFail, "g/still", Fail)
	c := Compare(before, after)
	got := map[string]string{}
	for _, x := range c.Changes {
		got[x.Requirement] = x.Kind()
	}
	want := map[string]string{"g/broke": NewlyFailing, "g/newbad": NewlyFailing, "g/dark": NewlyUnjudged, "g/mended": NewlyPassing, "g/new": NewRule,
		"g/old": GoneRule, "g/excused": OtherChange}
	for id, kind := range want {
		if got[id] != kind {
			t.Errorf("%s: %q, want %q", id, got[id], kind)
		}
	}
	if len(got) != len(want) || !c.Regressed() {
		t.Errorf("%v, regressed %v", got, c.Regressed())
	}
	var b bytes.Buffer
	if err := c.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); !strings.HasPrefix(text, NewlyFailing+"\n  MUST   g/broke   pass -> fail\n") || strings.Index(text, NewlyUnjudged) > strings.Index(text, NewlyPassing) {
		t.Error(text)
	}
}

func TestCompareOfEqualRuns(t *testing.T) {
	c := Compare(sample(), sample())
	var b bytes.Buffer
	if err := c.WriteText(&b); err != nil || c.Regressed() || b.String() != "no verdict changed in 6 requirements\n" {
		t.Errorf("%q %v", b.String(), err)
	}
}

func TestCompareWarnsOfWhatCannotBeCompared(t *testing.T) {
	before, after := verdicts("g/a", Pass), verdicts("g/a", Pass)
	before.SuiteVersion, after.SuiteVersion = "0.1.0", "0.2.0"
	after.Target.Name, after.Command, after.Error = "y", []string{"sessionspec", "run", "--only=g/*"}, "interrupted"
	text := strings.Join(Compare(before, after).Cautions, "\n")
	mustContain(t, text, "target differs: x, then y", "suite differs: 0.1.0, then 0.2.0", "selection differs: none, then a part of the suite: --only g/*", "the newer run is not whole: interrupted")
}
