package suites

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/targets"
)

// seeds is how many orders of the stories are tried.
const seeds = 20

// TestTwentySeeds: on the clean server nothing is found, whatever order the
// stories are played in. Each seed plays every story on one variant, the
// variants in turn; SESSIONSPEC_SEEDS=all plays every seed on each of them.
func TestTwentySeeds(t *testing.T) {
	var variants []string
	for _, name := range targets.Names() {
		if strings.HasPrefix(name, "reference-") {
			variants = append(variants, name)
		}
	}
	n := seeds
	if testing.Short() {
		n = len(variants)
	}
	for seed := 1; seed <= n; seed++ {
		for i, name := range variants {
			if os.Getenv("SESSIONSPEC_SEEDS") != "all" && i != seed%len(variants) {
				continue
			}
			t.Run(strconv.Itoa(seed)+"/"+name, func(t *testing.T) {
				lib, err := library()
				if err != nil {
					t.Fatal(err)
				}
				ts, err := targets.Load(name, nil)
				if err != nil {
					t.Fatal(err)
				}
				got := played(t, Options{Library: lib, Targets: ts, Browser: "none", Workers: 8, Seed: int64(seed)})
				if got.Seed != int64(seed) {
					t.Errorf("the report says seed %d", got.Seed)
				}
				for _, v := range []reports.Verdict{reports.Fail, reports.Error, reports.Unstable, reports.Warn} {
					if ids := verdicts(got, v); len(ids) > 0 {
						t.Errorf("%s with seed %d: %v\n%s", v, seed, ids, notPassed(got))
					}
				}
			})
		}
	}
}

// TestSeedDecidesTheOrder: one seed, one order; another seed, another.
func TestSeedDecidesTheOrder(t *testing.T) {
	order := func(seed int64) (ids []string) {
		e := &engine{}
		for i := range 30 {
			j := &job{}
			j.plan.ID = strconv.Itoa(i)
			e.jobs = append(e.jobs, j)
		}
		e.shuffle(seed)
		for _, j := range e.jobs {
			ids = append(ids, j.plan.ID)
		}
		return ids
	}
	if !slices.Equal(order(7), order(7)) {
		t.Error("seed 7 gives two orders")
	}
	if slices.Equal(order(7), order(8)) {
		t.Error("seeds 7 and 8 give one order")
	}
}
