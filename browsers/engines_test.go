package browsers

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"
)

// enginesEnv limits the tests to some engines, with commas between.
const enginesEnv = "SESSIONSPEC_TEST_ENGINES"

// each runs a test in every engine that is installed.
func each(t *testing.T, f func(t *testing.T, e Engine)) {
	t.Helper()
	for _, known := range engines {
		t.Run(known.name, func(t *testing.T) {
			if only := os.Getenv(enginesEnv); only != "" && !strings.Contains(","+only+",", ","+known.name+",") {
				t.Skipf("NOT TESTED: %s=%s", enginesEnv, only)
			}
			if _, err := known.engine.Probe(t.Context()); err != nil {
				t.Skipf("NOT TESTED: %v", err)
			}
			f(t, known.engine)
		})
	}
}

// launchIn starts a browser for one test.
func launchIn(t *testing.T, e Engine, o Options) Browser {
	t.Helper()
	start := time.Now()
	b, err := e.Launch(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("start: %s", time.Since(start).Round(time.Millisecond))
	t.Cleanup(func() {
		if err := b.Kill(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// tempOf is where a browser keeps its throw-away files.
func tempOf(b Browser) string {
	switch b := b.(type) {
	case *chrome:
		return b.temp
	case *window:
		return b.temp
	case *firefoxBrowser:
		return b.temp
	case *driven:
		return b.temp
	}
	return ""
}

// eachWay is each, and Chrome once more as a window in a shared process.
func eachWay(t *testing.T, f func(t *testing.T, e Engine)) {
	t.Helper()
	each(t, func(t *testing.T, e Engine) {
		if e.Name() != "chrome" {
			f(t, e)
			return
		}
		t.Run("own process", func(t *testing.T) { f(t, e) })
		t.Run("shared process", func(t *testing.T) {
			pool := NewPool(e)
			t.Cleanup(func() { ok(t, pool.Close()) })
			f(t, sharer{pool})
		})
	})
}

// sharer shares whether asked to or not.
type sharer struct{ *Pool }

func (s sharer) Launch(ctx context.Context, o Options) (Browser, error) {
	o.Shared = true
	return s.Pool.Launch(ctx, o)
}
