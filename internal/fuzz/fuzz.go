package fuzz

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/judge"
	"github.com/sessionspec/sessionspec/internal/play"
	"github.com/sessionspec/sessionspec/reports"
)

// Options say how much to do and where to put it.
type Options struct {
	// Env is a started, calibrated target; its Learner hears the secrets of all that is kept.
	Env   *play.Env
	Terms judge.Terms
	Seed  uint64
	// Sequences, Budget and SignIns bound a run; 0 is no bound. One of them is needed.
	Sequences int
	Budget    time.Duration
	SignIns   int
	// Workers is how many stories are played at a time.
	Workers int
	// Regressions are played before anything is drawn.
	Regressions []Regression
	// Only, where not empty, names the kinds to draw: sweep, walk, concurrent, browser.
	Only []string
	// Hide takes secrets out of a text.
	Hide func(string) string
	// Progress is told now and then how far it is; Found about each finding as it comes.
	Progress func(Counts, int)
	Found    func(*Finding)
	// Slow is told when the target answers 429, and how long it is left alone; once a pause.
	Slow func(wait time.Duration)
	// Until, where set, ends the run with the first finding that it accepts: for measuring.
	Until func(*Finding) bool
}

// fuzzer is one run.
type fuzzer struct {
	Options
	game  *game
	terms judge.Terms
	// loud learns secrets: what it plays may be shown. quiet does not.
	loud, quiet *play.Env

	mu     sync.Mutex
	res    *Result
	policy learner
	recent []suspect // the plays of the batch under way
	// explained counts suspicions that a lone play confirmed, seen all of them,
	// shrunk the stories made short, by what they show.
	explained, seen, shrunk map[aim]int
	// vain counts stories that did not show it any more once they were short.
	vain     map[aim]int
	deadline time.Time
	barren   int       // plays that say nothing, since the last one that says something
	lastVoid string    // why the last of them says nothing
	looking  time.Time // since when the suspicion at hand is looked at
	awake    *awake
	pause    pause
}

// Run fuzzes until a bound is reached. What goes wrong with the target is in the
// result: it never fails.
func Run(ctx context.Context, o Options) *Result {
	f := begin(o)
	var end func()
	f.awake, end = watch()
	defer end()
	f.regressions(ctx)
	f.play(ctx, f.supply())
	f.res.Policy = f.policy.table()
	f.res.Ended = time.Now()
	if ctx.Err() != nil {
		f.res.Stopped = "interrupted"
	}
	return f.res
}

// begin prepares a run.
func begin(o Options) *fuzzer {
	f := &fuzzer{Options: o, game: newGame(o.Env, o.Terms), terms: o.Terms, loud: o.Env, quiet: o.Env.Muted(),
		policy: learner{}, explained: map[aim]int{}, seen: map[aim]int{}, shrunk: map[aim]int{}, vain: map[aim]int{},
		res: &Result{Schema: Schema, Target: o.Env.Target.Name, Release: o.Env.Target.Release, Seed: o.Seed, Started: time.Now(),
			Findings: []*Finding{}, Counts: Counts{Sequences: map[string]int{}, VoidReasons: map[string]int{}, VoidExamples: map[string]string{}}}}
	if f.Hide == nil {
		f.Hide = func(s string) string { return s }
	}
	if o.Budget > 0 {
		f.deadline = time.Now().Add(o.Budget)
	}
	f.Workers = max(1, f.Workers)
	return f
}

func (f *fuzzer) hide(s string) string { return f.Hide(s) }

// play plays what is drawn in batches: all of a batch beside each other, then,
// with nobody else around, what looked wrong in it.
func (f *fuzzer) play(ctx context.Context, next func() *Trace) {
	for size := f.Workers; ; size = min(2*size, 16*f.Workers) {
		var batch []Trace
		for len(batch) < size && !f.over(len(batch)) {
			t := next()
			if t == nil {
				break
			}
			batch = append(batch, *t)
		}
		if len(batch) == 0 {
			f.over(0)
			return
		}
		var odd []suspect
		for _, s := range f.crowd(ctx, batch) {
			if ctx.Err() != nil {
				return
			}
			if f.late() {
				f.res.Counts.Unlooked++
				continue
			}
			if f.triage(ctx, s) {
				odd = append(odd, s)
			}
			if f.Until != nil && slices.ContainsFunc(f.res.Findings, f.Until) {
				f.res.Stopped = "found"
				return
			}
		}
		for _, s := range odd { // now that it is known what there is in the batch that could disturb others
			if ctx.Err() != nil {
				return
			}
			if f.late() {
				f.res.Counts.Unlooked++
				continue
			}
			f.inCompany(ctx, s, aims(s.result))
			if f.Until != nil && slices.ContainsFunc(f.res.Findings, f.Until) {
				f.res.Stopped = "found"
				return
			}
		}
		if ctx.Err() != nil || f.res.Error != "" {
			return
		}
	}
}

// over tells whether a bound is reached when this many more have been played.
func (f *fuzzer) over(more int) bool {
	c := f.res.Counts
	switch {
	case f.Sequences > 0 && c.total()+more >= f.Sequences:
		f.res.Stopped = "sequences"
	case f.ended():
		f.res.Stopped = "budget"
	case f.SignIns > 0 && c.SignIns >= f.SignIns:
		f.res.Stopped = "sign-ins"
	default:
		return false
	}
	return true
}

// ended tells that the budget is used up.
func (f *fuzzer) ended() bool { return !f.deadline.IsZero() && time.Now().After(f.deadline) }

// late tells that not only the budget is used up, but also the quarter more that
// there is for looking at what was found in it.
func (f *fuzzer) late() bool {
	return !f.deadline.IsZero() && time.Since(f.deadline) > f.Budget/4
}

// spent tells that the suspicion at hand has had its part of the budget.
func (f *fuzzer) spent() bool {
	return f.late() || f.Budget > 0 && time.Since(f.looking) > f.Budget/suspicionPart
}

// crowd plays a batch by a pool of workers and returns what was not clean, in
// the order of the batch.
func (f *fuzzer) crowd(ctx context.Context, batch []Trace) (out []suspect) {
	plays := make([]suspect, len(batch))
	queue := make(chan int)
	var wg, judging sync.WaitGroup
	under := f.res.Counts // with what is played so far, for who waits for it
	under.Sequences = maps.Clone(under.Sequences)
	for range f.Workers {
		wg.Go(func() {
			for i := range queue {
				if ctx.Err() != nil {
					continue
				}
				p := f.screen(ctx, batch[i])
				if p == nil {
					continue
				}
				judging.Go(func() { // while the target is asked on
					plays[i] = suspect{trace: batch[i], play: p, result: f.judge(p)}
					f.tell(&under, plays[i])
				})
			}
		})
	}
	for i := range batch {
		queue <- i
	}
	close(queue)
	wg.Wait()
	judging.Wait()
	f.recent = nil
	for _, s := range plays {
		if s.play != nil {
			f.recent = append(f.recent, s)
		}
	}
	c := &f.res.Counts
	for _, s := range plays {
		if s.play == nil {
			continue
		}
		c.Sequences[s.trace.Kind]++
		c.Operations += len(s.play.Ops)
		c.Requests += s.play.Requests
		c.SignIns += s.play.SignIns
		c.Unspecified += s.result.Unspecified
		if o := s.result.Orders; o != nil {
			c.Orders.OK, c.Orders.Illegal, c.Orders.Unknown = c.Orders.OK+o.OK, c.Orders.Illegal+o.Illegal, c.Orders.Unknown+o.Unknown
		}
		for _, n := range s.result.Checks {
			c.Judged += n
		}
		if !s.result.Error {
			f.count(s)
		}
		s.origin = Origin{Kind: s.trace.Kind, Index: s.trace.Index, Sequences: c.total(), Operations: c.Operations, Requests: c.Requests}
		switch {
		case ctx.Err() != nil:
		case s.result.Error:
			f.void(s.result.Stopped)
		case len(s.result.Findings) > 0:
			out = append(out, s)
		}
	}
	f.alive(ctx)
	return out
}

// count adds what a play that says something has reached.
func (f *fuzzer) count(s suspect) {
	f.barren = 0
	f.res.Coverage.add(f.game, s.trace)
	if s.trace.Kind == "sweep" && f.res.Sweep != nil {
		f.res.Sweep.Played++
	}
	if s.trace.panel() == play.PanelLast {
		f.policy.learn(s.play)
	}
}

// tell says how far it is, a play more.
func (f *fuzzer) tell(c *Counts, s suspect) {
	if f.Progress == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	c.Sequences[s.trace.Kind]++
	c.Operations += len(s.play.Ops)
	c.Requests += s.play.Requests
	f.Progress(*c, len(f.res.Findings))
}

// screen plays one trace in the crowd, nil where that was not to be.
func (f *fuzzer) screen(ctx context.Context, t Trace) *history.Play {
	p := f.ask(ctx, func() *history.Play { return f.quiet.Play(ctx, t.plan(t.panel())) })
	if limited(p) && (ctx.Err() != nil || f.ended()) { // the budget ended a pause, and the story with it
		return nil
	}
	return p
}

// void books a play that says nothing, by the beginning of its reason; of each
// kind of reason the first one is kept whole.
func (f *fuzzer) void(why string) {
	c := &f.res.Counts
	c.Void++
	f.barren++
	f.lastVoid = f.hide(why)
	kind := f.lastVoid
	if strings.Contains(why, play.RateLimited) { // wherever that was
		kind = play.RateLimited
	}
	if i := strings.IndexAny(kind, `:"`); i > 0 {
		kind = strings.TrimSpace(kind[:i])
	}
	if len(c.VoidReasons) < 20 || c.VoidReasons[kind] > 0 {
		c.VoidReasons[kind]++
		if _, known := c.VoidExamples[kind]; !known && kind != f.lastVoid {
			c.VoidExamples[kind] = f.lastVoid
		}
	}
}

// barrenMost is how many plays one after the other may say nothing before the
// run ends: what no story gets over will not get better.
const barrenMost = 60

// alive ends the run where the target is gone, or no story can be played any
// more: that is one line, not thousands.
func (f *fuzzer) alive(ctx context.Context) {
	if f.res.Counts.Void == 0 || ctx.Err() != nil {
		return
	}
	if f.barren >= barrenMost {
		f.res.Error = fmt.Sprintf("the last %d plays say nothing: %s", f.barren, f.lastVoid)
		f.res.Stopped = "nothing can be played"
	}
	if err := f.quiet.Preflight(ctx); err != nil && ctx.Err() == nil {
		f.res.Error = f.hide(err.Error())
		f.res.Stopped = "target gone"
	}
}

func clean(r *judge.Result) bool { return len(r.Findings) == 0 && r.Stopped == "" }

// found is the finding of that key that was confirmed, nil for none.
func (f *fuzzer) found(k Key) *Finding {
	for _, x := range f.res.Findings {
		if x.Key == k && x.How != Quarantine {
			return x
		}
	}
	return nil
}

// add books a finding. One that is confirmed explains those of its kind that were
// seen once and never again.
func (f *fuzzer) add(x *Finding) {
	if x.How != Quarantine {
		f.res.Findings = slices.DeleteFunc(f.res.Findings, func(old *Finding) bool {
			explained := old.How == Quarantine && !old.Regression && old.Key.aim() == x.Key.aim()
			if explained {
				x.Witnesses += 1 + old.Witnesses
			}
			return explained
		})
	}
	f.res.Findings = append(f.res.Findings, x)
	if f.Found != nil {
		f.Found(x)
	}
}

// String says what a run came to in one line.
func (r *Result) String() string {
	return fmt.Sprintf("%d sequences, %d operations, %d requests, %s", r.Counts.total(), r.Counts.Operations, r.Counts.Requests, reports.Plural(len(r.Findings), "finding"))
}
