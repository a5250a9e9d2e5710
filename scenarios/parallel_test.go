package scenarios

import (
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/story"
)

const together = `title: t
tests: [frame/one]
clients:
  laptop: alice
  phone: alice
  screen: {user: alice, in: browser}
story:
  - sign_in: laptop
`

func TestParallelLoads(t *testing.T) {
	sc, root, err := loadScenario("s.yaml", "frame/x", []byte(together+`
  - parallel: {times: 2, branches: [[note: {by: phone, hold: true}, whoami: phone], [{change_password: laptop}]]}
  - parallel:
      - [sign_out: phone]
      - - revoke_others: {by: laptop, optional: true}
        - whoami: laptop
`))
	if err != nil {
		t.Fatal(err)
	}
	if err := root.Err(); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range sc.Story.Steps {
		got = append(got, s.Text())
	}
	one := "parallel: [[note: {by: phone, hold: true}, whoami: phone], [change_password: laptop]]"
	want := []string{"sign_in: laptop", one, one, "parallel: [[sign_out: phone], [revoke_others: laptop, whoami: laptop]]"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if s := sc.Story.Steps[1].Parallel[0][0]; !s.Hold || s.Expect != "any" || s.Line != 10 {
		t.Errorf("the held step: %+v", s)
	}
	n := 0
	for range story.Each(sc.Story.Steps) {
		n++
	}
	if n != 13 || sc.Story.Steps[1].BranchOf("laptop") != 1 || sc.Story.Steps[1].BranchOf("screen") != -1 {
		t.Errorf("%d steps; laptop in branch %d", n, sc.Story.Steps[1].BranchOf("laptop"))
	}
	// What a parallel step says of itself is a step again.
	if _, root, err := loadScenario("s.yaml", "frame/x", []byte(together+"  - "+one+"\n")); err != nil || root.Err() != nil {
		t.Errorf("%v %v", err, root.Err())
	}
}

func TestParallelThatCannotBe(t *testing.T) {
	for _, c := range []struct{ step, want string }{
		{"parallel: [[sign_in: laptop], [sign_out: laptop]]", "s.yaml:9:36: laptop acts in two branches"},
		{"parallel: [[sign_in: laptop]]", "s.yaml:9:15: expected a list of 2 to 4 branches"},
		{"parallel: laptop", "s.yaml:9:15: expected a client or a mapping with branches, times"},
		{"parallel:", "s.yaml:9:5: parallel takes a list of branches"},
		{"parallel: [[sign_in: laptop], []]", "s.yaml:9:35: expected a list of steps"},
		{"parallel: [[sign_in: laptop], [parallel: [[whoami: phone], [whoami: phone]]]]", "s.yaml:9:36: parallel in a branch of parallel"},
		{"parallel: [[sign_in: laptop], [visit: phone]]", "s.yaml:9:36: visit cannot be done in a branch"},
		{"parallel: [[sign_in: laptop], [back: screen]]", "s.yaml:9:36: back cannot be done in a branch"},
		{"parallel: [[sign_in: laptop], [sign_in: screen]]", "s.yaml:9:36: screen is a browser"},
		{"parallel: [[sign_in: {by: laptop, times: 3}], [sign_in: phone]]", "s.yaml:9:39: `times` cannot be used"},
		{"parallel: [[sign_in: {by: laptop, expect: refused}], [sign_in: phone]]", "s.yaml:9:39: in a branch any outcome is expected"},
		{"parallel: [[note: {by: laptop, hold: true}, note: {by: laptop, hold: true}], [sign_in: phone]]", "s.yaml:9:68: a branch holds one request only"},
		{"parallel: [[sign_in: tablet], [sign_in: phone]]", `s.yaml:9:26: no client "tablet"`},
		{"parallel: [[w: phone, w: phone], [sign_in: laptop]]", `s.yaml:9:17: unknown operation "w"`},
		{"parallel: [[" + strings.Repeat("whoami: phone, ", 6) + "whoami: phone], [sign_in: laptop]]", "s.yaml:9:16: a branch has at most 6 steps, this one has 7"},
		{"parallel: {times: 3, branches: [[sign_in: laptop], [sign_out: laptop]]}", "s.yaml:9:57: laptop acts in two branches"},
		{"note: {by: laptop, hold: true}", "s.yaml:9:5: hold is for steps in a branch of parallel"},
		{"parallel: {by: laptop, branches: [[sign_in: laptop], [sign_out: phone]]}", "s.yaml:9:16: parallel takes no `by`"},
	} {
		_, root, err := loadScenario("s.yaml", "frame/x", []byte(together+"  - "+c.step+"\n"))
		if err == nil {
			err = root.Err()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\n%v\nwant %s", c.step, err, c.want)
		} else if n := strings.Count(err.Error(), c.want); n != 1 {
			t.Errorf("%s: said %d times", c.step, n)
		}
	}
}
