package suites

import (
	"slices"
	"testing"

	"github.com/sessionspec/sessionspec/reports"
)

// standIns are the products that the reference server stands in for: the fault
// that is the product's founding bug, and what of the product's own protocol fails
// with or without it, as its baseline says.
var standIns = map[string]struct {
	bug   string
	known []string
}{
	"mailu": {bug: "frame/create-user-keeps-sessions", known: []string{"frame/safe-methods-are-pure"}},
}

// TestStandIns: a stand-in is found to have the founding bug where that is
// planted, and nothing beyond what its baseline says.
func TestStandIns(t *testing.T) {
	for name, x := range standIns {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check := func(got *reports.Run, want []string) {
				t.Helper()
				if failed := verdicts(got, reports.Fail); !slices.Equal(failed, want) {
					t.Errorf("failing %v, want %v\n%s", failed, want, notPassed(got))
				}
				for _, v := range []reports.Verdict{reports.Error, reports.Unstable, reports.Warn} {
					if ids := verdicts(got, v); len(ids) > 0 {
						t.Errorf("%s: %v\n%s", v, ids, notPassed(got))
					}
				}
			}
			check(outcome(t, name, "", "", "none", 4), x.known)
			want := []string{x.bug}
			for _, id := range x.known {
				if id != x.bug {
					want = append(want, id)
				}
			}
			slices.Sort(want)
			check(outcome(t, name, x.bug, "frame/*", "none", 4), want)
		})
	}
}
