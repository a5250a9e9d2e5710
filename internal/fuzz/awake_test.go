package fuzz

import (
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
)

func TestWhatTheHarnessSleptThroughIsVoid(t *testing.T) {
	begun := time.Now()
	at := func(s int) time.Time { return begun.Add(time.Duration(s) * time.Second) }
	a := &awake{last: at(0)}
	for _, s := range []int{1, 4, 64, 65} {
		a.beat(at(s))
	}
	for _, c := range []struct {
		from, to int
		want     time.Duration
	}{{0, 3, 0}, {3, 5, time.Minute}, {10, 20, time.Minute}, {63, 70, time.Minute}, {64, 70, 0}} {
		if got := a.slept(at(c.from), at(c.to)); got != c.want {
			t.Errorf("%d to %d s: %s, want %s", c.from, c.to, got, c.want)
		}
	}
	// The answer to what was slept through may come before the pulse.
	f := &fuzzer{awake: &awake{last: time.Now().Add(-time.Hour)}}
	if r := f.judge(&history.Play{Start: time.Now().Add(-2 * time.Hour), End: time.Now()}); !r.Error || r.Stopped != "the harness itself was stopped for 1h0m0s" {
		t.Errorf("%+v", r)
	}
}
