package audit

import (
	"errors"
	"strings"
	"testing"
)

func TestJudge(t *testing.T) {
	p := Probe{ID: "p", Title: "P"}
	for name, c := range map[string]struct {
		e      Expect
		seen   Observation
		err    error
		want   Verdict
		reason string
	}{
		"as wanted":        {Expect{ID: "r", Want: []string{stored}}, Observation{"r": stored}, nil, Same, ""},
		"second wish":      {Expect{ID: "r", Want: []string{stored, "both"}}, Observation{"r": "both"}, nil, Same, ""},
		"otherwise":        {Expect{ID: "r", Want: []string{stored}}, Observation{"r": refused}, nil, Differs, ""},
		"left open":        {Expect{ID: "r"}, Observation{"r": refused}, nil, Open, ""},
		"enough":           {Expect{ID: "r", AtLeast: 50}, Observation{"r": "50"}, nil, Same, ""},
		"more than enough": {Expect{ID: "r", AtLeast: 50}, Observation{"r": "more than 99"}, nil, Same, ""},
		"too few":          {Expect{ID: "r", AtLeast: 50}, Observation{"r": "49"}, nil, Differs, ""},
		"no number":        {Expect{ID: "r", AtLeast: 50}, Observation{"r": "many"}, nil, Differs, ""},
		"not seen":         {Expect{ID: "r", Want: []string{stored}}, Observation{}, errors.New("it fell over"), NotProbed, "it fell over"},
		"seen before":      {Expect{ID: "r", Want: []string{stored}}, Observation{"r": stored}, errors.New("it fell over"), Same, ""},
		"forgotten":        {Expect{ID: "r"}, Observation{}, nil, NotProbed, "the probe did not answer"},
	} {
		r := judge(p, c.e, c.seen, c.err)
		if r.Verdict != c.want || r.Reason != c.reason || r.ID != "p/r" {
			t.Errorf("%s: %+v, want %s", name, r, c.want)
		}
		if (r.Did == "") != (c.want == NotProbed) {
			t.Errorf("%s: did %q", name, r.Did)
		}
	}
	seen := Observation{}
	seen.cannot("r", "no such thing here")
	if r := judge(p, Expect{ID: "r", Want: []string{stored}}, seen, nil); r.Verdict != NotProbed || r.Reason != "no such thing here" {
		t.Errorf("cannot: %+v", r)
	}
}

// TestProbesAreComplete holds the table's own words to their form.
func TestProbesAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Probes() {
		if p.ID == "" || p.Title == "" || p.Run == nil || len(p.Rows) == 0 {
			t.Errorf("%s: not complete", p.ID)
		}
		for _, e := range p.Rows {
			id := e.id(p)
			if seen[id] || e.What == "" || e.Source == "" || strings.ContainsAny(e.ID, "/ *") {
				t.Errorf("%s: there twice, or lacks what or source", id)
			}
			seen[id] = true
		}
	}
	for glob, want := range map[string]bool{"restart/*": true, "*/max-age": true, voiceID: true, "nothing/*": false, "[": false} {
		if err := CheckOnly([]string{glob}); (err == nil) != want {
			t.Errorf("--only %s: %v", glob, err)
		}
	}
}

func TestFate(t *testing.T) {
	for _, c := range []struct{ header, pair, want string }{
		{"a=1; b=2", "b=2", stored},
		{"a=1; b=3", "b=2", "stored as 3"},
		{"a=1", "b=2", refused},
		{"a=1; b=", "b=2", "stored with an empty value"},
		{"", "b=2", refused},
		{"word", "word", stored},
		{"aword", "word", refused},
		{"b=\xff\x01", "b=2", `stored as \xff\x01`},
	} {
		if got := fate(c.header, c.pair); got != c.want {
			t.Errorf("%q in %q: %s, want %s", c.pair, c.header, got, c.want)
		}
	}
	if got := names("lax=1; none=1; other=2", "none", "lax", "strict"); got != "none, lax" {
		t.Error(got)
	}
	if got := names("", "none"); got != nothing {
		t.Error(got)
	}
}

func TestFirstGone(t *testing.T) {
	for want, left := range map[string][]int{"the oldest": {3, 4}, "the newest": {0, 1, 2}, "no plain order": {1, 3}, "all": nil} {
		if got := firstGone(left, 5); got != want {
			t.Errorf("%v of 5 left: %s, want %s", left, got, want)
		}
	}
}
