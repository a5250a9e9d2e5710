package judge

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/model"
	"github.com/sessionspec/sessionspec/reports/redact"
)

// reference is what the reference server's target files declare.
var reference = Terms{Persistence: "browser", Declared: model.Declared{OthersAfterChange: "end", CurrentAfterChange: "rotate",
	OthersAfterReset: "end", Disable: "end", AddressChange: "keep", SignInAgain: "replaces"}}

// journal reads plays as a run writes them, one a line.
func journal(tb testing.TB, file string) (lines [][]byte, plays []*history.Play) {
	tb.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	sc := bufio.NewScanner(bytes.NewReader(data))
	sc.Buffer(nil, len(data)+1)
	for sc.Scan() {
		p := &history.Play{}
		if err := json.Unmarshal(sc.Bytes(), p); err != nil {
			tb.Fatalf("%s: %v", file, err)
		}
		lines, plays = append(lines, bytes.Clone(sc.Bytes())), append(plays, p)
	}
	if len(plays) == 0 {
		tb.Fatal("no plays in ", file)
	}
	return lines, plays
}

// written is a finding as run.json has it.
type written struct {
	Requirement, Want, Got, Credential string
	StepIndex                          int `json:"step_index"`
}

// TestJudgedAgain: the journal of a run in which faults were planted gives the
// findings of its run.json, although every secret in it is hidden: a ghost must
// still differ from what the client held, and equal values must be equal.
// Requirements that came later may find more; that is what judging again is for.
func TestJudgedAgain(t *testing.T) {
	data, err := os.ReadFile("testdata/planted.json")
	if err != nil {
		t.Fatal(err)
	}
	var run map[string][]written
	if err := json.Unmarshal(data, &run); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, fs := range run {
		for _, f := range fs {
			known[f.Requirement] = true
		}
	}
	_, plays := journal(t, "testdata/planted.jsonl")
	if len(plays) != len(run) {
		t.Fatalf("%d plays for %d scenarios", len(plays), len(run))
	}
	for _, p := range plays {
		var got []written
		for _, f := range Judge(p, reference).Findings {
			if known[f.Requirement] {
				got = append(got, written{f.Requirement, f.Want, f.Got, f.Credential, f.Op + 1})
			}
		}
		if !reflect.DeepEqual(got, run[p.ID]) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", p.ID, got, run[p.ID])
		}
	}
}

// TestCleanJournal: nothing is found in what a well-behaved server did.
func TestCleanJournal(t *testing.T) {
	_, plays := journal(t, "testdata/clean.jsonl")
	for _, p := range plays {
		t.Run(p.ID, func(t *testing.T) {
			r := Judge(p, reference)
			silent(t, r)
			if len(r.Checks) == 0 || len(r.Timeline) != len(p.Ops) {
				t.Errorf("%s", all(r))
			}
		})
	}
}

// TestHidingKeepsTheVerdict: every tale of every requirement, written with its
// secrets hidden and read again, is judged as before.
func TestHidingKeepsTheVerdict(t *testing.T) {
	type place struct {
		Requirement, Credential string
		Op, Probe, Rank         int
	}
	places := func(r *Result) (out []place) {
		for _, f := range r.Findings {
			out = append(out, place{f.Requirement, f.Credential, f.Op, f.Probe, f.Rank})
		}
		return out
	}
	hidden := 0
	for _, d := range duties() {
		for _, bad := range []bool{false, true} {
			p := d.tale(bad).p
			red := redact.New()
			for _, c := range p.Credentials {
				for _, v := range c.Carriers {
					red.Learn(c.ID, v.Value)
				}
			}
			for _, op := range p.Ops {
				for _, o := range op.Offers {
					red.Learn("offer."+o.Value, o.Value)
				}
				for _, q := range op.Probes {
					for _, o := range q.Answer.Offers {
						red.Learn("offer."+o.Value, o.Value)
					}
				}
			}
			text, err := json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			var again history.Play
			if err := json.Unmarshal(red.Bytes(text), &again); err != nil {
				t.Fatal(err)
			}
			for _, c := range again.Credentials {
				if c.Carriers[0].Value == "‹"+c.ID+"›" {
					hidden++
				}
			}
			before, after := Judge(p, d.terms), Judge(&again, d.terms)
			if !reflect.DeepEqual(places(before), places(after)) || !reflect.DeepEqual(before.Checks, after.Checks) || before.Stopped != after.Stopped {
				t.Errorf("%s %s, faulty %v:\nbefore %s\nafter %s", d.id, d.name, bad, all(before), all(after))
			}
		}
	}
	if hidden == 0 {
		t.Error("nothing was hidden")
	}
}

// Judge reads and does not write: the same play gives the same result twice,
// and stays as it was.
func TestJudgeIsPure(t *testing.T) {
	for _, d := range duties() {
		p := d.tale(true).p
		before, _ := json.Marshal(p)
		one, two := Judge(p, d.terms), Judge(p, d.terms)
		after, _ := json.Marshal(p)
		for _, r := range []*Result{one, two} {
			if r.Orders != nil {
				r.Orders.Took = 0 // a search takes its time
			}
		}
		if !reflect.DeepEqual(one, two) {
			t.Errorf("%s %s: two verdicts:\n%s\n%s", d.id, d.name, all(one), all(two))
		}
		if !bytes.Equal(before, after) {
			t.Errorf("%s %s: the play was changed", d.id, d.name)
		}
	}
}
