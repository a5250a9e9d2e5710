package fuzz

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/play"
)

const (
	limitedMost  = 8 // plays of one story, before it is void because of 429
	pauseFirst   = time.Second
	pauseLongest = time.Minute
	pauseLeast   = 100 * time.Millisecond // where Retry-After says now
	pauseQuiet   = 10 * time.Second       // without 429, after which a pause is as short as the first
)

// pause is the time for which a target that limits the rate is left alone by all
// workers.
type pause struct {
	mu    sync.Mutex
	until time.Time
	last  time.Duration
}

// begin starts a pause because of a play that began at a moment and met 429; false
// where a pause that this play had not waited for is under way or was made: it
// counts for both. wanted is what the target asked for, 0 for nothing.
func (p *pause) begin(now, began time.Time, wanted time.Duration) (wait time.Duration, fresh bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if began.Before(p.until) {
		return p.until.Sub(now), false
	}
	switch {
	case wanted > 0:
		p.last = min(max(wanted, pauseLeast), pauseLongest)
	case p.last == 0 || now.Sub(p.until) >= pauseQuiet:
		p.last = pauseFirst
	default:
		p.last = min(2*p.last, pauseLongest)
	}
	p.until = now.Add(p.last)
	return p.last, true
}

// left is how long the pause under way lasts.
func (p *pause) left(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.until.Sub(now)
}

// ask plays while no pause is under way, and anew where the target limited the
// rate: such a play is void, and says nothing either way. The last one is handed
// out as it is, and so is one after which the budget is used up.
func (f *fuzzer) ask(ctx context.Context, once func() *history.Play) *history.Play {
	for try := 1; ; try++ {
		f.rest(ctx)
		began := time.Now()
		p := once()
		if !limited(p) || ctx.Err() != nil {
			return p
		}
		wait, fresh := f.pause.begin(time.Now(), began, retryAfter(p))
		f.mu.Lock()
		f.res.Counts.Slowed++
		if wait = f.within(wait); fresh && f.Slow != nil && wait > 0 && try < limitedMost {
			f.Slow(wait.Round(100 * time.Millisecond))
		}
		f.mu.Unlock()
		if try == limitedMost {
			return p
		}
		if f.rest(ctx); ctx.Err() != nil || f.ended() {
			return p
		}
	}
}

// rest waits for the end of the pause under way, of the budget, or of the run.
func (f *fuzzer) rest(ctx context.Context) {
	wait := f.within(f.pause.left(time.Now()))
	if wait <= 0 {
		return
	}
	end := time.NewTimer(wait)
	defer end.Stop()
	select {
	case <-ctx.Done():
	case <-end.C:
	}
}

// within cuts a time off where the budget ends.
func (f *fuzzer) within(wait time.Duration) time.Duration {
	if f.deadline.IsZero() {
		return wait
	}
	return max(0, min(wait, time.Until(f.deadline)+time.Millisecond))
}

// limited tells whether the target answered anything in a play with 429.
func limited(p *history.Play) bool {
	if strings.Contains(p.Aborted, play.RateLimited) {
		return true
	}
	if c := p.Control; c != nil && (strings.Contains(c.Error, play.RateLimited) || tooMany(c.Fresh.Exchange) || tooMany(c.Stranger.Exchange)) {
		return true
	}
	met := false
	each429(p.Ops, func(*history.Exchange) { met = true })
	return met
}

func tooMany(x *history.Exchange) bool {
	return x != nil && x.Response != nil && x.Response.Status == http.StatusTooManyRequests
}

// each429 goes through the operations that met 429, branches included; the
// exchange is nil where only the reason tells.
func each429(ops []history.Op, do func(*history.Exchange)) {
	for i := range ops {
		op := &ops[i]
		if strings.Contains(op.Why, play.RateLimited) {
			do(nil)
		}
		for _, ev := range op.Events {
			if tooMany(ev.Exchange) {
				do(ev.Exchange)
			}
		}
		for _, p := range op.Probes {
			if tooMany(p.Answer.Exchange) {
				do(p.Answer.Exchange)
			}
		}
		for _, b := range op.Branches {
			each429(b, do)
		}
	}
}

// retryAfter is the longest time that an answer 429 of a play asks to wait, 0 for none.
func retryAfter(p *history.Play) (most time.Duration) {
	see := func(x *history.Exchange) {
		if tooMany(x) {
			most = max(most, waitOf(x.Response.Header))
		}
	}
	each429(p.Ops, see)
	most = max(most, waitOf(history.Lines{{Name: "Retry-After", Value: p.RetryAfter}}))
	if c := p.Control; c != nil {
		see(c.Fresh.Exchange)
		see(c.Stranger.Exchange)
	}
	return most
}

// waitOf reads Retry-After (RFC 9110 10.2.3), a moment by the clock of the target
// where it tells its Date; 0 where there is none, or none that can be read.
func waitOf(h history.Lines) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if digits := text != "" && !slices.ContainsFunc([]byte(text), func(c byte) bool { return c < '0' || c > '9' }); digits {
		n, err := strconv.Atoi(text)
		if err != nil || n > int(pauseLongest/time.Second) {
			return pauseLongest
		}
		return max(pauseLeast, time.Duration(n)*time.Second)
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	now := time.Now()
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return max(pauseLeast, at.Sub(now))
}
