package bench

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"sort"
	"strings"

	"github.com/sessionspec/sessionspec/internal/fuzz"
	"github.com/sessionspec/sessionspec/internal/play"
	"github.com/sessionspec/sessionspec/internal/reference"
	"github.com/sessionspec/sessionspec/internal/terms"
	"github.com/sessionspec/sessionspec/reports/redact"
	"github.com/sessionspec/sessionspec/targets"
)

// FaultOptions choose what is measured.
type FaultOptions struct {
	// Target takes faults by its variable `plant`.
	Target string
	// Only names faults, none for all; Held measures those not used for tuning, too.
	Only []string
	// Seeds is how many, From the first of them; Sequences bounds each run.
	Seeds     int
	From      int
	Sequences int
	Workers   int
}

// faultRow is what one fault came to.
type faultRow struct {
	id                     string
	minimal                int
	held                   bool
	found, missed, minimum int
	operations, runs       []int
	steps                  []int
	missedSeeds            []int
}

// Faults plants each compound fault in turn, fuzzes it with seed after seed until
// the first finding, and prints how often it was found, in how many operations,
// and how short the story became in how many plays.
func Faults(ctx context.Context, w io.Writer, o FaultOptions) error {
	fmt.Fprintf(w, "seeds %d to %d, at most %d sequences each, at %s; operations and plays are medians [p10..p90]\n\n", o.From, o.From+o.Seeds-1, o.Sequences, o.Target)
	fmt.Fprintf(w, "%-44s %-5s %3s  %-9s %-22s %-9s %s\n", "fault", "held", "min", "found", "operations to find", "minimal", "plays to shrink")
	var found, minimum int
	var runs []int
	for _, f := range reference.CompoundFaults() {
		if len(o.Only) > 0 && !slices.Contains(o.Only, strings.TrimPrefix(f.ID, "fuzz/")) && !slices.Contains(o.Only, f.ID) {
			continue
		}
		row := faultRow{id: f.ID, minimal: f.Minimal, held: f.Held}
		for seed := o.From; seed < o.From+o.Seeds && ctx.Err() == nil; seed++ {
			if err := row.measure(ctx, f, o, seed); err != nil {
				return fmt.Errorf("%s: %w", f.ID, err)
			}
		}
		row.print(w)
		found, minimum, runs = found+row.found, minimum+row.minimum, append(runs, row.runs...)
	}
	if found > 0 {
		fmt.Fprintf(w, "\nall: %d found, %d of them (%.1f %%) as short as known; plays to shrink %s\n", found, minimum, 100*float64(minimum)/float64(found), spread(runs))
	}
	return ctx.Err()
}

func (r *faultRow) measure(ctx context.Context, f reference.CompoundFault, o FaultOptions, seed int) error {
	ts, err := targets.Load(o.Target, map[string]string{"plant": f.ID})
	if err != nil {
		return err
	}
	return with(ctx, ts[0], func(env *play.Env) error {
		res := fuzz.Run(ctx, fuzz.Options{Env: env, Terms: terms.Of(env.Target), Seed: uint64(seed), Sequences: o.Sequences, Workers: o.Workers,
			Until: func(x *fuzz.Finding) bool { return is(f, x) }})
		for _, x := range res.Findings {
			if !is(f, x) {
				continue
			}
			r.found++
			r.operations = append(r.operations, x.Found.Operations)
			r.runs = append(r.runs, x.ShrinkRuns)
			r.steps = append(r.steps, x.StepsShrunk)
			fmt.Fprintf(os.Stderr, "%s seed %d: %d operations, %d steps, %d plays to shrink\n", f.ID, seed, x.Found.Operations, x.StepsShrunk, x.ShrinkRuns)
			if x.StepsShrunk <= f.Minimal {
				r.minimum++
			} else {
				fmt.Fprintln(os.Stderr, x.Story)
			}
			return nil
		}
		if ctx.Err() != nil { // interrupted, which says nothing
			return ctx.Err()
		}
		fmt.Fprintf(os.Stderr, "%s seed %d: missed in %d operations\n", f.ID, seed, res.Counts.Operations)
		r.missed++
		r.missedSeeds = append(r.missedSeeds, seed)
		return nil
	})
}

// is tells whether a finding is about the fault: one that does its damage in
// other worlds breaks what these are about.
func is(f reference.CompoundFault, x *fuzz.Finding) bool {
	racing := len(f.Overlap) > 0 && strings.HasPrefix(x.Key.Requirement, "race/")
	return x.How != fuzz.Quarantine && (f.Abroad || racing || slices.Contains(f.Breaks, x.Key.Requirement))
}

func (r *faultRow) print(w io.Writer) {
	held := ""
	if r.held {
		held = "held"
	}
	fmt.Fprintf(w, "%-44s %-5s %3d  %-9s %-22s %-9s %s", r.id, held, r.minimal, fmt.Sprintf("%d/%d", r.found, r.found+r.missed), spread(r.operations),
		fmt.Sprintf("%d/%d", r.minimum, r.found), spread(r.runs))
	if len(r.missedSeeds) > 0 {
		fmt.Fprintf(w, "  missed by seeds %v", r.missedSeeds)
	}
	fmt.Fprintln(w)
}

// spread is a median with its tenth and ninetieth percentile.
func spread(list []int) string {
	if len(list) == 0 {
		return "-"
	}
	s := slices.Clone(list)
	sort.Ints(s)
	at := func(p int) int { return s[min(len(s)-1, len(s)*p/100)] }
	return fmt.Sprintf("%d [%d..%d]", at(50), at(10), at(90))
}

// with starts a target, prepares it and ends it.
func with(ctx context.Context, t *targets.Target, do func(*play.Env) error) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	p, err := t.Start(ctx, targets.StartOptions{Self: self, Cache: os.Getenv("SESSIONSPEC_CACHE"), AllowExec: true})
	if err != nil {
		return err
	}
	defer p.Stop()
	env, err := play.NewEnv(t, t.Trusted, nil, redact.New())
	if err != nil {
		return err
	}
	defer env.Close()
	if err := env.Preflight(ctx); err != nil {
		return err
	}
	if err := env.Calibrate(ctx); err != nil {
		return err
	}
	return do(env)
}
