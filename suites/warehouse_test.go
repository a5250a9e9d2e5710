package suites

import (
	"slices"
	"testing"

	"github.com/sessionspec/sessionspec/reports"
)

// TestWarehouseStandIn: Warehouse's stand-in passes without its founding bug, and
// is found to have it where it is planted.
func TestWarehouseStandIn(t *testing.T) {
	for plant, want := range map[string][]string{
		"":                    nil,
		"cookieset/same-life": {"browser/restart-without-restore", "cookie/lifetime-sane", "cookieset/same-life"},
	} {
		got := outcome(t, "warehouse", plant, "cookieset/*,browser/*,establish/*,terminate/*,frame/*", "none", 4)
		if failed := verdicts(got, reports.Fail); !slices.Equal(failed, want) {
			t.Errorf("%q: failing %v, want %v\n%s", plant, failed, want, notPassed(got))
		}
		for _, v := range []reports.Verdict{reports.Error, reports.Unstable, reports.Warn} {
			if ids := verdicts(got, v); len(ids) > 0 {
				t.Errorf("%q: %s %v\n%s", plant, v, ids, notPassed(got))
			}
		}
		if passed := verdicts(got, reports.Pass); len(passed) < 20 {
			t.Errorf("%q: only %d requirements passed", plant, len(passed))
		}
	}
}
