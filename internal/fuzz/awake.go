package fuzz

import (
	"fmt"
	"sync"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/judge"
)

const (
	pulse = 200 * time.Millisecond
	// nap is for how long the harness may not have run without its plays becoming
	// void: well below the time that a request has.
	nap = 5 * time.Second
)

// awake knows when this process did not run: stopped, in a machine that slept, or
// starved. What timed out then says nothing of the target.
type awake struct {
	mu   sync.Mutex
	last time.Time
	gaps []gap
}

type gap struct{ from, to time.Time }

// watch begins to listen; end ends it.
func watch() (a *awake, end func()) {
	a = &awake{last: time.Now()}
	done := make(chan struct{})
	go func() {
		beat := time.NewTicker(pulse)
		defer beat.Stop()
		for {
			select {
			case <-done:
				return
			case <-beat.C:
				a.beat(time.Now())
			}
		}
	}()
	return a, func() { close(done) }
}

// beat notes that the process runs.
func (a *awake) beat(now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if now.Sub(a.last) > nap {
		a.gaps = append(a.gaps, gap{a.last, now})
	}
	a.last = now
}

// slept is how long the process did not run during a time, 0 for always.
func (a *awake) slept(from, to time.Time) (most time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, g := range a.gaps {
		if g.from.Before(to) && from.Before(g.to) {
			most = max(most, g.to.Sub(g.from))
		}
	}
	return most
}

// judge reads a play. One during which the harness slept is void.
func (f *fuzzer) judge(p *history.Play) *judge.Result {
	if f.awake == nil {
		return judge.Judge(p, f.terms)
	}
	f.awake.beat(time.Now()) // the pulse may come after the answer to what it slept through
	if d := f.awake.slept(p.Start, p.End); d > 0 {
		return &judge.Result{Stopped: fmt.Sprintf("the harness itself was stopped for %s", d.Round(time.Second)), Error: true, Checks: map[string]int{}}
	}
	return judge.Judge(p, f.terms)
}
