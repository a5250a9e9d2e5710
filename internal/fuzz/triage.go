package fuzz

import (
	"context"
	"slices"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/judge"
	"github.com/sessionspec/sessionspec/internal/play"
	"github.com/sessionspec/sessionspec/internal/story"
)

// Bounds of what one suspicion may cost.
const (
	replays       = 3   // alone, before a suspicion counts
	rateTries     = 10  // plays that estimate how often one shows
	shrinkMost    = 400 // shorter stories that are tried for one finding
	playsMost     = 800 // plays of these, where one takes several to show
	suspicionPart = 6   // of the budget at the most one part in so many for one suspicion
	faces         = 3   // stories of one class at one requirement that are made short
	companyMost   = 6   // worlds that are played again together
	raceRepeats   = 5   // plays of a shorter story in which things happen at once, before it is given up
)

// suspect is a play in the crowd that was not clean.
type suspect struct {
	trace  Trace
	play   *history.Play
	result *judge.Result
	origin Origin
}

// alone plays a trace with nobody else around, everybody asked after each step,
// and proves after a finding that the target still tells the truth.
func (f *fuzzer) alone(ctx context.Context, t Trace) (*history.Play, *judge.Result) {
	var r *judge.Result
	p := f.ask(ctx, func() *history.Play {
		p := f.loud.Play(ctx, t.plan(play.PanelAll))
		if r = f.judge(p); len(r.Findings) > 0 {
			p.Control = f.loud.Control(ctx)
			r = f.judge(p)
		}
		return p
	})
	f.mu.Lock()
	f.res.Counts.Requests += p.Requests
	f.res.Counts.SignIns += p.SignIns
	f.policy.learn(p)
	if f.Progress != nil {
		f.Progress(f.res.Counts, len(f.res.Findings))
	}
	f.mu.Unlock()
	return p, r
}

// triage finds out what a suspicion is worth by itself. odd tells that nothing
// alone explains it.
func (f *fuzzer) triage(ctx context.Context, s suspect) (odd bool) {
	f.res.Counts.Suspects++
	f.looking = time.Now()
	screened := aims(s.result)
	if f.boring(screened) {
		f.witness(screened)
		return false
	}
	p, r := f.alone(ctx, s.trace)
	for try := 1; s.trace.races() && len(r.Findings) == 0 && try < rateTries && ctx.Err() == nil && !f.spent(); try++ { // luck is needed again
		p, r = f.alone(ctx, s.trace)
	}
	if ctx.Err() != nil {
		return false
	}
	if r.Error { // what cannot be asked again is kept, and not forgotten
		f.void(r.Stopped)
		for _, a := range screened {
			x, _ := first(s.result, a)
			f.quarantine(s, a, seen{x, s.play}, "it could not be played again: "+r.Stopped)
		}
		return false
	}
	shown := aims(r)
	tamed := f.tame(ctx, s, shown, p)
	for _, a := range shown {
		if !tamed[a.class] {
			f.confirm(ctx, s, a, p, r)
		}
	}
	if len(shown) > 0 {
		for _, a := range screened {
			f.explained[a]++
		}
		return false
	}
	// Alone nothing is wrong. Perhaps only the questions in between were missing;
	// perhaps it was luck, or somebody else.
	for range replays {
		p := f.ask(ctx, func() *history.Play { return f.quiet.Play(ctx, s.trace.plan(play.PanelSome)) })
		if r := f.judge(p); !clean(r) {
			f.res.Counts.Drifted++
			return false
		}
	}
	return true
}

// boring tells that all of this was explained by stories that are found already,
// three times and more. One in ten is looked at all the same: two bugs can break
// one requirement in one way.
func (f *fuzzer) boring(screened []aim) bool {
	for _, a := range screened {
		f.seen[a]++
		if f.explained[a] < 3 || f.seen[a]%10 == 0 {
			return false
		}
	}
	return len(screened) > 0
}

func (f *fuzzer) witness(screened []aim) {
	for _, x := range f.res.Findings {
		if slices.Contains(screened, x.Key.aim()) {
			x.Witnesses++
		}
	}
}

// confirm takes one thing that a lone play has shown through replays and
// shrinking to a finding.
func (f *fuzzer) confirm(ctx context.Context, s suspect, a aim, p *history.Play, r *judge.Result) {
	at, _ := first(r, a)
	if old := f.found(keyOf(at, p)); old != nil {
		old.Witnesses++
		return
	}
	if f.shrunk[a] >= faces {
		f.witness([]aim{a})
		return
	}
	f.shrunk[a]++
	t := s.trace.with(s.trace.Steps[:min(at.Op+1, len(s.trace.Steps))])
	hits, tries := 1, 1
	again := func() bool {
		_, r := f.alone(ctx, t)
		_, ok := first(r, a)
		tries++
		if ok {
			hits++
		}
		return ok
	}
	for tries < replays && !f.spent() {
		again()
	}
	how := Deterministic
	if slices.ContainsFunc(t.Clients, func(c story.Client) bool { return c.World != "" }) {
		how = Interference
	}
	if hits < tries {
		how = Sometimes
		for tries < rateTries && ctx.Err() == nil && !f.spent() {
			again()
		}
	}
	f.settle(ctx, s, a, t, seen{at, p}, how, hits, tries)
}

// seen is what one play showed.
type seen struct {
	finding judge.Finding
	play    *history.Play
}

// settle shrinks a trace and books the finding, which was seen before.
func (f *fuzzer) settle(ctx context.Context, s suspect, a aim, t Trace, before seen, how string, hits, tries int) {
	repeats, last := 1, 1
	if how == Sometimes {
		repeats = patience(hits, tries)
		last = rateTries
	}
	if t.races() { // fewer steps meet less often
		repeats, last = max(repeats, raceRepeats), 3*rateTries
	}
	plays, long := 0, countSteps(s.trace.Steps)
	sh := &shrinker{most: shrinkMost, chancy: t.races()}
	sh.late = func() bool { return f.spent() || plays >= playsMost }
	sh.shows = func(t Trace) (bool, int) {
		n := repeats
		if sh.patient {
			n *= 3
		}
		for range n {
			if ctx.Err() != nil {
				return false, 0
			}
			plays++
			_, r := f.alone(ctx, t)
			if x, ok := first(r, a); ok && !r.Error {
				return true, x.Op
			}
		}
		return false, 0
	}
	small := sh.shrink(t, before.finding.Op)
	x, p, ok := before.finding, before.play, true
	if sh.runs > 0 { // the last word has a play of the short story itself
		for _, story := range []Trace{small, t} { // what is left may show too rarely: the story as it was shows more often
			small = story
			if x, p, ok = f.shown(ctx, a, small, last); ok {
				break
			}
			sh.exhausted = true
		}
	}
	if !ok && f.spent() {
		x, p, ok = before.finding, before.play, true
	}
	if !ok {
		if f.vain[a]++; f.vain[a] <= faces { // another story may show it better
			f.shrunk[a]--
		}
		f.quarantine(s, a, before, "it was seen again while it was made short, and not at the end")
		return
	}
	f.shrunk[a]--                                              // in order it is the same face, and not one more
	if s.trace = small; f.tame(ctx, s, []aim{a}, p)[a.class] { // the long story had too much in it to show that
		return
	}
	f.shrunk[a]++
	key := keyOf(x, p)
	for _, old := range f.res.Findings {
		if old.How != Quarantine && (old.Key == key || old.trace.text() == small.text()) {
			old.Witnesses++
			return
		}
	}
	f.add(&Finding{Key: key, Name: key.Name(), How: how, Hits: hits, Tries: tries, Rounds: f.rounds(ctx, a, small), Want: f.hide(x.Want), Got: f.hide(x.Got), Found: s.origin,
		StepsFound: long, StepsShrunk: countSteps(small.Steps), ShrinkRuns: plays, NotMinimal: sh.exhausted,
		Story: small.text(), trace: small})
}

// shown plays a trace until it shows the aim, at the most so many times.
func (f *fuzzer) shown(ctx context.Context, a aim, t Trace, most int) (x judge.Finding, p *history.Play, ok bool) {
	for range most {
		var r *judge.Result
		p, r = f.alone(ctx, t)
		if x, ok = first(r, a); ok || f.spent() {
			break
		}
	}
	return x, p, ok
}

// patience is how often a story that shows hits of tries times is played before
// "not any more" is believed: until the chance of a miss is below one in a hundred.
func patience(hits, tries int) int {
	miss, chance := 1-float64(hits)/float64(tries), 1.0
	for n := 1; n < 12; n++ {
		if chance *= miss; chance < 0.01 {
			return n
		}
	}
	return 12
}
