package fuzz

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/play"
)

// met429 is a play in which the target limited the rate.
func met429(header ...history.Line) *history.Play {
	return &history.Play{Ops: []history.Op{{Probes: []history.Probe{{Answer: history.Answer{
		Exchange: &history.Exchange{Response: &history.Response{Status: 429, Header: header}}}}}}}}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) // the target's clock may be wrong
	date := history.Line{Name: "date", Value: now.Format(http.TimeFormat)}
	for text, want := range map[string]time.Duration{
		"1": time.Second, "0": pauseLeast, "7200": pauseLongest, "99999999999999999999": pauseLongest, "": 0, "soon": 0, "-1": 0,
		now.Add(20 * time.Second).Format(http.TimeFormat): 20 * time.Second, now.Add(-time.Hour).Format(http.TimeFormat): pauseLeast,
	} {
		if got := retryAfter(met429(history.Line{Name: "retry-after", Value: text}, date)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	branch := &history.Play{Ops: []history.Op{{Branches: [][]history.Op{{{Why: play.RateLimited}}}}}}
	setUp := &history.Play{Aborted: "set-up: " + play.RateLimited, RetryAfter: "3"}
	control := &history.Play{Control: &history.Control{Error: "a fresh sign-in was not ok: " + play.RateLimited}}
	if !limited(branch) || !limited(setUp) || !limited(control) || limited(&history.Play{}) || retryAfter(setUp) != 3*time.Second {
		t.Error("not seen where it was met")
	}
}

// One pause for all who met 429 before it; it doubles, and goes back to its start
// after a quiet while.
func TestPauses(t *testing.T) {
	var p pause
	now := epochOfPauses
	begin := func(began time.Time, asked, want time.Duration, fresh bool) {
		t.Helper()
		if wait, f := p.begin(now, began, asked); f != fresh || fresh && wait != want {
			t.Errorf("%s %t, want %s %t", wait, f, want, fresh)
		}
	}
	begin(now, 0, time.Second, true)
	begin(now.Add(-time.Second), 0, 0, false) // under way since before
	now = now.Add(1500 * time.Millisecond)
	begin(now.Add(-time.Second), 0, 0, false) // it had not waited
	begin(now, 0, 2*time.Second, true)
	now = now.Add(3 * time.Second)
	begin(now, 0, 4*time.Second, true)
	now = now.Add(5 * time.Second)
	begin(now, time.Second, time.Second, true) // what the target asks for
	now = now.Add(time.Second + pauseQuiet)
	begin(now, 0, time.Second, true)
	now = now.Add(time.Second)
	begin(now, time.Hour, pauseLongest, true)
}

var epochOfPauses = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// pausing is a fuzzer without a target.
func pausing(lines *int) *fuzzer {
	return &fuzzer{res: &Result{}, Options: Options{Slow: func(time.Duration) { *lines++ }}}
}

// A story that met 429 is played anew, and handed out as void only when that fails
// several times. All workers make one pause.
func TestAnewAfter429(t *testing.T) {
	now := history.Line{Name: "Retry-After", Value: "0"}
	lines := 0
	f := pausing(&lines)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			plays := 0
			p := f.ask(t.Context(), func() *history.Play {
				time.Sleep(20 * time.Millisecond)
				if plays++; plays == 1 {
					return met429(now)
				}
				return &history.Play{}
			})
			if plays != 2 || limited(p) {
				t.Errorf("%d plays, limited %t", plays, limited(p))
			}
		})
	}
	all.Wait()
	if lines != 1 || f.res.Counts.Slowed != 4 {
		t.Errorf("%d lines, %d plays", lines, f.res.Counts.Slowed)
	}
	lines, plays := 0, 0
	p := pausing(&lines).ask(t.Context(), func() *history.Play { plays++; return met429(now) })
	if plays != limitedMost || !limited(p) || lines != plays-1 {
		t.Errorf("%d plays, %d lines", plays, lines)
	}
}

// A budget ends a pause.
func TestBudgetEndsAPause(t *testing.T) {
	lines := 0
	f := pausing(&lines)
	f.deadline = time.Now().Add(50 * time.Millisecond)
	began := time.Now()
	f.ask(t.Context(), func() *history.Play { return met429(history.Line{Name: "Retry-After", Value: "30"}) })
	if d := time.Since(began); d > 5*time.Second || !f.ended() {
		t.Errorf("it took %s", d)
	}
}
