package generate

import (
	"fmt"
	"slices"
	"testing"

	"github.com/sessionspec/sessionspec/internal/story"
)

var cast = []story.Client{{Name: "laptop", User: "alice"}, {Name: "phone", User: "alice"}, {Name: "desk", User: "bob"}, {Name: "office", User: "admin"}, {Name: "kiosk"}}

func all(string) bool { return true }

func text(steps []story.Step) (out string) {
	for _, s := range steps {
		out += s.Text() + "\n"
	}
	return out
}

// TestSameSeedSameStory: a finding must come back when it is played again.
func TestSameSeedSameStory(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(20) {
		for i := range 5 {
			one, two := Steps(cast, seed, i, 12, all, story.Step{}), Steps(cast, seed, i, 12, all, story.Step{})
			if text(one) != text(two) {
				t.Fatalf("seed %d, story %d differs", seed, i)
			}
			seen[text(one)] = true
		}
	}
	if len(seen) != 100 {
		t.Errorf("100 stories are %d different ones", len(seen))
	}
}

// TestStepsAreWellFormed: whoever acts is in the cast, a second client is another
// of the same user's, and at the end everybody signs in again.
func TestStepsAreWellFormed(t *testing.T) {
	users := map[string]string{}
	for _, c := range cast {
		users[c.Name] = c.User
	}
	used := map[string]bool{}
	for seed := range uint64(50) {
		steps := Steps(cast, seed, 0, 12, all, story.Step{File: "f.yaml", Line: 7})
		if len(steps) < 12 || len(steps) > 24 {
			t.Fatalf("%d steps", len(steps))
		}
		for _, s := range steps {
			used[s.Op] = true
			op, ok := story.Lookup(s.Op)
			switch {
			case !ok || users[s.Client] == "" || s.Expect != "any" || !s.Optional || s.File != "f.yaml" || s.Line != 7:
				t.Fatalf("%+v", s)
			case Session(s.Op) == (s.Client == "office"):
				t.Fatalf("%s by %s", s.Op, s.Client)
			case op.Of && (users[s.Of] != users[s.Client] || s.Of == s.Client):
				t.Fatalf("%+v", s)
			}
		}
		if last := steps[len(steps)-1]; last.Text() != "sign_in: {by: desk, expect: any}" {
			t.Fatalf("the end is %s", last.Text())
		}
	}
	for _, op := range slices.Concat(acts, affairs) {
		if !used[op] {
			t.Errorf("%s never comes up", op)
		}
	}
}

// TestOnlyWhatIsOffered: a target with little gets stories of little.
func TestOnlyWhatIsOffered(t *testing.T) {
	little := func(op string) bool { return op == "sign_in" || op == "sign_out" }
	for _, s := range Steps(cast[:1], 1, 0, 12, little, story.Step{}) {
		if !little(s.Op) {
			t.Fatal(s.Op)
		}
	}
	none := func(string) bool { return false }
	if got := Steps(cast, 1, 0, 12, none, story.Step{}); len(got) != 0 {
		t.Error(fmt.Sprint(got))
	}
	if got := Steps(cast[3:], 1, 0, 12, all, story.Step{}); got != nil {
		t.Error(text(got))
	}
}
