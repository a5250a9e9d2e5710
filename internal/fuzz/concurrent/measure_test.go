package concurrent_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/internal/fuzz/concurrent"
	"github.com/sessionspec/sessionspec/internal/generate"
	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/judge"
	"github.com/sessionspec/sessionspec/internal/play"
	"github.com/sessionspec/sessionspec/internal/reference"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/internal/terms"
	"github.com/sessionspec/sessionspec/scenarios"
	"github.com/sessionspec/sessionspec/targets"
)

// TestMain lets the test binary stand for sessionspec where the reference
// target starts its own server.
func TestMain(m *testing.M) {
	if exit, mine := reference.Command(os.Args[1:], os.Stdout, os.Stderr); mine {
		os.Exit(exit)
	}
	os.Exit(m.Run())
}

type target struct {
	env    *play.Env
	terms  judge.Terms
	offers func(string) bool
}

func begin(t *testing.T, dialect, plant string) target {
	t.Helper()
	ts, err := targets.Load("reference-"+dialect, map[string]string{"plant": plant})
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	p, err := ts[0].Start(ctx, targets.StartOptions{Self: self})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Stop() })
	env, err := play.NewEnv(ts[0], false, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := env.Calibrate(ctx); err != nil {
		t.Fatal(err)
	}
	return target{env, terms.Of(ts[0]), func(op string) bool { return len(ts[0].For("wire", op).Usable(false)) > 0 }}
}

// tally is what came of many stories.
type tally struct {
	dump                      bool
	stories, caught, stopped  int
	ok, illegal, unknown, ops int
	took                      time.Duration
	findings                  []string
}

func (g target) play(st story.Story) (*history.Play, *judge.Result) {
	p := g.env.Play(context.Background(), play.Plan{ID: "drawn", Generated: true, Story: st, Routes: map[string]string{}})
	return p, judge.Judge(p, g.terms)
}

// dump is what happened, for a false alarm.
func dump(p *history.Play) string {
	var b strings.Builder
	for _, op := range p.Ops {
		fmt.Fprintf(&b, "%d %s %s %v\n", op.Index+1, op.Step.Op, op.Outcome, op.Passwords["alice"])
		for _, br := range op.Branches {
			for _, o := range br {
				fmt.Fprintf(&b, "   %s %6d-%6d %-40s %s user %s holds %s gets %s target %s pw %d new %d", o.Place, o.Start.Sub(op.Start).Microseconds(), o.End.Sub(op.Start).Microseconds(),
					o.Step.Text(), o.Outcome, o.User, o.Holds, o.Captured, o.Target, o.Password, o.NewPassword)
				for _, x := range o.Probes {
					fmt.Fprintf(&b, " %s %s", x.Credential, x.Answer.State)
				}
				b.WriteString("\n")
			}
		}
		for _, x := range op.Probes {
			if x.Answer.State != history.Dead {
				fmt.Fprintf(&b, "   panel %s %s %s\n", x.Credential, x.Answer.State, x.Answer.User)
			}
		}
	}
	return b.String()
}

func (g target) all(n int, draw func(i int) story.Story) (out tally) {
	out.dump = os.Getenv("SESSIONSPEC_DUMP") != ""
	var mu sync.Mutex
	var all sync.WaitGroup
	turn := make(chan int)
	for range 4 {
		all.Go(func() {
			for i := range turn {
				st := draw(i)
				p, r := g.play(st)
				mu.Lock()
				out.stories++
				if r.Stopped != "" {
					out.stopped++
					out.findings = append(out.findings, fmt.Sprintf("story %d stopped: %s", i, r.Stopped))
				}
				if o := r.Orders; o != nil {
					out.ok, out.illegal, out.unknown, out.ops, out.took = out.ok+o.OK, out.illegal+o.Illegal, out.unknown+o.Unknown, out.ops+o.Ops, out.took+o.Took
				}
				if len(r.Findings) > 0 {
					out.caught++
				}
				if os.Getenv("SESSIONSPEC_DUMP") == "2" && len(r.Findings) == 0 {
					fmt.Println("MISSED", i, dump(p), r.Notes)
				}
				if out.dump && len(r.Findings) > 0 {
					out.findings = append(out.findings, dump(p))
				}
				for _, f := range r.Findings {
					out.findings = append(out.findings, fmt.Sprintf("story %d step %d %s: want %s; got %s\n     %s", i, f.Op+1, f.Requirement, f.Want, f.Got, st.Steps[f.Op].Text()))
				}
				mu.Unlock()
			}
		})
	}
	for i := range n {
		turn <- i
	}
	close(turn)
	all.Wait()
	return out
}

func (a tally) String() string {
	return fmt.Sprintf("%d stories, %d with findings, %d stopped; orders: %d ok, %d illegal, %d unknown; %d operations, %v in all",
		a.stories, a.caught, a.stopped, a.ok, a.illegal, a.unknown, a.ops, a.took.Round(time.Millisecond))
}

// size is how many stories the measurement takes: many by MEASURE=n.
func size(few int) int {
	if n, err := strconv.Atoi(os.Getenv("SESSIONSPEC_MEASURE")); err == nil {
		return n
	}
	return few
}

// TestConcurrentFindsTheRace: a sign-in that checks and then acts is caught by
// stories that do things at once, and the server without it by none.
func TestConcurrentFindsTheRace(t *testing.T) {
	const seed = 1
	at := story.Step{File: "drawn"}
	dialects := []string{"web", "app"}
	if os.Getenv("SESSIONSPEC_MEASURE") != "" {
		dialects = append(dialects, "two-cookie", "bearer", "realtime")
	}
	for _, dialect := range dialects {
		for _, plant := range []string{"fuzz/sign-in-checks-then-acts", "race/credential-change-vs-sign-in"} {
			t.Run(dialect+"/"+plant, func(t *testing.T) {
				g := begin(t, dialect, plant)
				n := size(6)
				got := g.all(n, func(i int) story.Story { return concurrent.Stress(seed, i, 4, concurrent.Long, g.offers, at) })
				t.Log(got)
				if got.caught == 0 { // how many of how many depends on the machine, and is said above
					t.Errorf("caught in none of %d", n)
				}
			})
		}
		t.Run(dialect+"/clean", func(t *testing.T) {
			g := begin(t, dialect, "")
			n := size(6)
			got := g.all(n, func(i int) story.Story { return concurrent.Stress(seed, i, 4, concurrent.Long, g.offers, at) })
			t.Log("stress:", got)
			short := g.all(n, func(i int) story.Story { return concurrent.Draw(seed, i, g.offers, at) })
			t.Log("short:", short)
			for _, f := range append(got.findings, short.findings...) {
				t.Error(f)
			}
		})
	}
}

// TestRaceStoriesAreQuiet: on a server without a fault the written stories of
// group race find nothing, however often they are played.
func TestRaceStoriesAreQuiet(t *testing.T) {
	lib, err := scenarios.Load(scenarios.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	dialects := []string{"app"}
	if os.Getenv("SESSIONSPEC_MEASURE") != "" {
		dialects = reference.Dialects()
	}
	for _, dialect := range dialects {
		t.Run(dialect, func(t *testing.T) {
			g := begin(t, dialect, "")
			plays, steps := 0, 0
			for _, sc := range lib.Scenarios {
				if sc.Group != "race" || sc.Serial || sc.Generate != nil {
					continue
				}
				plans, gap := g.env.Plans(sc)
				if gap != nil {
					continue
				}
				for range size(2) {
					for _, plan := range plans {
						p := g.env.Play(t.Context(), plan)
						r := judge.Judge(p, g.terms)
						plays++
						if r.Orders != nil {
							steps += r.Orders.OK
						}
						if r.Stopped != "" || len(r.Findings) > 0 || r.Orders != nil && r.Orders.Illegal+r.Orders.Unknown > 0 {
							t.Errorf("%s: %s %+v\n%s", plan.ID, r.Stopped, r.Findings, dump(p))
						}
					}
				}
			}
			t.Logf("%d plays, %d histories explained", plays, steps)
		})
	}
}

// TestWalksMissTheRace: one thing after the other, nothing is to be seen.
func TestWalksMissTheRace(t *testing.T) {
	g := begin(t, "app", "fuzz/sign-in-checks-then-acts")
	cast := concurrent.Cast(3)
	got := g.all(size(6), func(i int) story.Story {
		return story.Story{Clients: cast, Steps: generate.Steps(cast, 1, i, 40, g.offers, story.Step{})}
	})
	t.Log(got)
	if got.caught > 0 {
		t.Error(strings.Join(got.findings, "\n"))
	}
}
