package fuzz

import (
	"flag"
	"runtime"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/sessionspec/sessionspec/internal/story"
)

// beaten is a test that rapid may fail.
type beaten struct{ *testing.T }

func (beaten) Errorf(string, ...any) {}
func (beaten) Error(...any)          {}
func (beaten) Fatalf(string, ...any) { runtime.Goexit() }
func (beaten) Fatal(...any)          { runtime.Goexit() }
func (beaten) FailNow()              { runtime.Goexit() }
func (beaten) Fail()                 {}
func (beaten) Log(...any)            {}
func (beaten) Logf(string, ...any)   {}

// TestReferee lays our shrinker beside rapid's, which somebody else wrote and
// which knows nothing of stories: from the same first story ours must not end
// longer, and must not try more.
func TestReferee(t *testing.T) {
	for name, value := range map[string]string{"rapid.nofailfile": "true", "rapid.checks": "5000", "rapid.shrinktime": "5s", "rapid.seed": "1"} {
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	g := testGame()
	for _, r := range []rule{
		{"sign_in", "sign_out"},
		{"sign_in", "change_password", "sign_out"},
		{"sign_in", "disable", "enable", "sign_in"},
	} {
		var first, last Trace
		tried := 0 // after the first
		var done sync.WaitGroup
		done.Go(func() {
			rapid.Check(beaten{t}, func(rt *rapid.T) {
				if first.Steps != nil {
					tried++
				}
				tr := drawn(rt, g)
				ok, _ := r.shows(tr)
				if !ok {
					return
				}
				if first.Steps == nil {
					first = tr
				}
				last = tr
				rt.Fatalf("shows")
			})
		})
		done.Wait()
		if first.Steps == nil {
			t.Fatalf("%v: rapid has not drawn it", r)
		}
		_, at := r.shows(first)
		s := &shrinker{most: 400, shows: r.shows}
		ours := s.shrink(first, at)
		t.Logf("%v: %d steps; ours %d in %d plays, rapid's %d in %d", r, len(first.Steps), len(ours.Steps), s.runs, len(last.Steps), tried)
		if len(ours.Steps) > len(last.Steps) || s.runs > tried {
			t.Errorf("ours:\n%s\nrapid's:\n%s", ours.text(), last.text())
		}
	}
}

// drawn is a story that rapid draws on the model.
func drawn(rt *rapid.T, g *game) Trace {
	s := g.begin(g.cast)
	var steps []story.Step
	for range rapid.IntRange(1, 20).Draw(rt, "steps") {
		var fit []story.Step
		for _, st := range s.moves(rapid.SampledFrom(kinds).Draw(rt, "kind")) {
			if ok, effect := s.able(st); ok && effect {
				fit = append(fit, st)
			}
		}
		if len(fit) == 0 {
			continue
		}
		st := rapid.SampledFrom(fit).Draw(rt, "step")
		steps = append(steps, st)
		s.apply(st)
	}
	return Trace{Kind: "walk", Clients: g.cast, Steps: steps, Routes: map[string]string{}}.pruned()
}
