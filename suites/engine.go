package suites

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/judge"
	"github.com/sessionspec/sessionspec/internal/play"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/scenarios"
)

// job is one plan on its way to a verdict.
type job struct {
	plan play.Plan
	sc   *scenarios.Scenario
	env  *play.Env
	// gap is why it cannot be played, nil if it can.
	gap *play.Gap

	first, final *history.Play
	result       *judge.Result
	verdict      reports.Verdict
	reason       string
	notes        []string
	done         chan struct{}
}

// browserAtOnce bounds how many browsers run at a time: each takes a core.
const browserAtOnce = 2

// engine plays jobs ahead of Ginkgo, so that waits overlap.
type engine struct {
	jobs     []*job
	workers  int
	progress func(p reports.Progress, j *job)

	mu       sync.Mutex
	finished int
	findings int
	playing  int
	began    time.Time
	dead     map[*play.Env]error
	journal  func(*job)
	// film makes plays alone take pictures, for the evidence.
	film bool
}

// jobsFor makes the jobs of one environment.
func jobsFor(env *play.Env, scs []*scenarios.Scenario) (out []*job) {
	for _, sc := range scs {
		plans, gap := env.Plans(sc)
		if gap != nil {
			p := play.Plan{ID: sc.ID + "@" + env.Target.Name, Scenario: sc.ID, File: sc.File, Line: sc.Line, Story: sc.Story}
			out = append(out, &job{plan: p, sc: sc, env: env, gap: gap, done: make(chan struct{})})
			continue
		}
		for _, p := range plans {
			out = append(out, &job{plan: p, sc: sc, env: env, done: make(chan struct{})})
		}
	}
	return out
}

// stillToPlay leaves out what is played once and that an earlier variant can play.
func stillToPlay(jobs []*job, scs []*scenarios.Scenario) []*scenarios.Scenario {
	taken := map[*scenarios.Scenario]bool{}
	for _, j := range jobs {
		taken[j.sc] = taken[j.sc] || j.sc.Once && j.gap == nil
	}
	return slices.DeleteFunc(slices.Clone(scs), func(sc *scenarios.Scenario) bool { return taken[sc] })
}

// shard keeps the i-th of n parts, by a hash of the id: the same everywhere.
func shard(jobs []*job, i, n int) []*job {
	if n <= 1 {
		return jobs
	}
	return slices.DeleteFunc(jobs, func(j *job) bool {
		h := fnv.New32a()
		h.Write([]byte(j.plan.ID))
		return int(h.Sum32()%uint32(n)) != i-1
	})
}

// shuffle brings the jobs into the order that the seed stands for.
func (e *engine) shuffle(seed int64) {
	rng := rand.New(rand.NewPCG(uint64(seed), 0))
	rng.Shuffle(len(e.jobs), func(i, k int) { e.jobs[i], e.jobs[k] = e.jobs[k], e.jobs[i] })
}

// run plays everything: the crowd in parallel, then what must be alone, then
// once more alone whatever was not a plain pass in the crowd.
func (e *engine) run(ctx context.Context) {
	e.dead = map[*play.Env]error{}
	var crowd, alone, again []*job
	for _, j := range e.jobs {
		switch {
		case j.gap != nil:
			e.settleGap(j)
		case j.plan.Serial:
			alone = append(alone, j)
		default:
			crowd = append(crowd, j)
		}
	}
	if e.workers <= 1 { // nobody else is ever around: the first play is the one alone
		alone, crowd = append(crowd, alone...), nil
	}
	e.crowd(ctx, crowd)
	for _, j := range crowd {
		if j.verdict == "" {
			again = append(again, j)
		}
	}
	for _, j := range alone {
		e.playAlone(ctx, j, nil)
		e.finish(j)
	}
	var disturbed []*job
	for _, j := range again {
		suspect := j.result
		e.playAlone(ctx, j, suspect)
		if j.verdict == "" {
			disturbed = append(disturbed, j)
			continue
		}
		e.finish(j)
	}
	for _, j := range disturbed {
		e.settleDisturbed(j, crowd)
		e.finish(j)
	}
}

// crowd plays jobs by a pool of workers. What passes is settled.
func (e *engine) crowd(ctx context.Context, jobs []*job) {
	queue := make(chan *job)
	browsers := make(chan struct{}, browserAtOnce)
	var wg sync.WaitGroup
	for range max(1, e.workers) {
		wg.Go(func() {
			for j := range queue {
				if usesBrowser(j) {
					browsers <- struct{}{}
				}
				e.playFirst(ctx, j)
				if usesBrowser(j) {
					<-browsers
				}
			}
		})
	}
	slices.SortStableFunc(jobs, func(a, b *job) int { return boolInt(usesBrowser(b)) - boolInt(usesBrowser(a)) }) // the long ones first
	for _, j := range jobs {
		queue <- j
	}
	close(queue)
	wg.Wait()
}

func (e *engine) playFirst(ctx context.Context, j *job) {
	if e.isDead(j) || ctx.Err() != nil {
		e.settleUnplayed(j)
		e.finish(j)
		return
	}
	j.first = e.play(ctx, j, j.plan)
	j.final = j.first
	j.result = judge.Judge(j.first, termsOf(j.env.Target))
	if clean(j.result) || unable(j) || ctx.Err() != nil {
		note := ""
		if len(j.result.Findings) > 0 {
			note = seenOnce
		}
		e.settle(j, note)
		e.finish(j)
		return
	}
	e.checkAlive(ctx, j)
}

// playAlone plays a job with nobody else around. suspect is what the judge
// found in the crowd, nil if it was not there.
func (e *engine) playAlone(ctx context.Context, j *job, suspect *judge.Result) {
	if e.isDead(j) || ctx.Err() != nil {
		if suspect == nil || e.isDead(j) {
			e.settleUnplayed(j)
		} else {
			e.settle(j, seenOnce)
		}
		return
	}
	plan := j.plan
	plan.Film = e.film
	j.final = e.play(ctx, j, plan)
	terms := termsOf(j.env.Target)
	j.result = judge.Judge(j.final, terms)
	if len(j.result.Findings) > 0 {
		j.final.Control = j.env.Control(ctx)
		if ctx.Err() != nil {
			j.final.Interrupt()
		}
		j.result = judge.Judge(j.final, terms)
	}
	e.checkAlive(ctx, j)
	if suspect != nil && clean(j.result) {
		return // disturbed: only in company
	}
	e.settle(j, "")
}

// seenOnce is noted with what a whole play has shown that had company.
const seenOnce = "seen once in the crowd; interrupted before it could be played alone"

// settleDisturbed judges a story that went wrong in the crowd and right alone.
// Where a confirmed finding of the same target explains it, the story itself is
// judged by its undisturbed play; otherwise the interference is the finding.
func (e *engine) settleDisturbed(j *job, crowd []*job) {
	for _, o := range crowd {
		if o.env == j.env && o.verdict == reports.Fail && o.final != o.first {
			e.settle(j, "")
			j.notes = append(j.notes, fmt.Sprintf("disturbed while other stories ran (%s), as %s explains; judged by its play alone", firstWords(j.first, j), o.result.Findings[0].Requirement))
			return
		}
	}
	alone := j.result
	j.result = judge.Judge(j.first, termsOf(j.env.Target))
	j.final = j.first
	j.verdict = reports.Unstable
	j.reason = fmt.Sprintf("differs while other stories run, and not alone; running then: %s", overlapping(j, crowd))
	if alone.Stopped == "" && len(j.result.Findings) == 0 {
		j.reason = j.result.Stopped + "; " + j.reason
	}
}

func firstWords(p *history.Play, j *job) string {
	r := judge.Judge(p, termsOf(j.env.Target))
	if len(r.Findings) > 0 {
		return r.Findings[0].Got
	}
	return r.Stopped
}

// overlapping names up to five operations of other plays that were under way.
func overlapping(j *job, crowd []*job) string {
	seen := map[string]bool{}
	for _, o := range crowd {
		if o == j || o.env != j.env || o.first == nil {
			continue
		}
		for _, op := range o.first.Ops {
			if op.End.After(j.first.Start) && op.Start.Before(j.first.End) {
				seen[op.Step.Op] = true
			}
		}
	}
	names := make([]string, 0, len(seen))
	for n := range seen {
		names = append(names, n)
	}
	slices.Sort(names)
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, ", ")
}

func (e *engine) isDead(j *job) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.dead[j.env] != nil
}

// checkAlive asks, after trouble, whether the target is there at all: a dead
// one is one line, not a hundred failures.
func (e *engine) checkAlive(ctx context.Context, j *job) {
	if !j.result.Error || ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := j.env.Preflight(ctx); err != nil {
		e.mu.Lock()
		e.dead[j.env] = err
		e.mu.Unlock()
	}
}

func usesBrowser(j *job) bool {
	return slices.ContainsFunc(j.plan.Story.Clients, func(c storyClient) bool { return c.In == "browser" })
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func clean(r *judge.Result) bool { return len(r.Findings) == 0 && r.Stopped == "" }
