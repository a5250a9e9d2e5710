package play

import (
	"context"
	"slices"
	"sync"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/targets"
)

// gate keeps the order of a parallel step with held requests: first all of them
// go out, then the branches without one begin, and when these are at their end
// the last bytes are let go.
type gate struct {
	holds []bool // which branches have a held step
	mu    sync.Mutex
	out   *latch // branches that have still to send theirs
	rest  *latch // branches without one that are not at their end
	sent  map[int]bool
}

// latch is a count that somebody waits for.
type latch struct {
	n    int
	done chan struct{}
}

func newLatch(n int) *latch {
	l := &latch{n: n, done: make(chan struct{})}
	if n == 0 {
		close(l.done)
	}
	return l
}

func (l *latch) down() {
	if l.n--; l.n == 0 {
		close(l.done)
	}
}

func (l *latch) wait(ctx context.Context) {
	select {
	case <-l.done:
	case <-ctx.Done():
	}
}

func newGate(branches [][]story.Step) *gate {
	g := &gate{sent: map[int]bool{}}
	n := 0
	for _, b := range branches {
		holds := slices.ContainsFunc(b, func(s story.Step) bool { return s.Hold })
		g.holds = append(g.holds, holds)
		if holds {
			n++
		}
	}
	g.out, g.rest = newLatch(n), newLatch(len(branches)-n)
	return g
}

// enter waits until a branch may begin.
func (g *gate) enter(ctx context.Context, branch int) {
	if !g.holds[branch] {
		g.out.wait(ctx)
	}
}

// leave says that a branch is at its end; one with a held step that it has never
// sent counts as if it had.
func (g *gate) leave(branch int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case !g.holds[branch]:
		g.rest.down()
	case !g.sent[branch]:
		g.out.down()
	}
}

// hold says that the branch's request is out, and returns when its last byte may go.
func (g *gate) hold(ctx context.Context, branch int) {
	g.mu.Lock()
	if !g.sent[branch] {
		g.sent[branch] = true
		g.out.down()
	}
	g.mu.Unlock()
	g.out.wait(ctx)
	g.rest.wait(ctx)
}

// holder is what a request that is kept back waits in; nil for a step that is
// not. Before it is given out as sent the target answers two questions that came
// later, so that it has had the time to look at it; nothing tells when it has.
func (p *player) holder(op *history.Op) func(context.Context) {
	if !op.Step.Hold || p.fork == nil {
		return nil
	}
	g, branch := p.fork.gate, p.fork.step.BranchOf(op.Step.Client)
	return func(ctx context.Context) {
		op.Held = true
		stranger := p.throwAway()
		for range 2 {
			stranger.whoami(ctx, p.role)
		}
		g.hold(ctx, branch)
	}
}

// heldStep is the index of the step whose request is kept back: the last that is
// no GET or HEAD, else the last request; -1 for none.
func (c *client) heldStep(r targets.Route) int {
	if c.pause == nil {
		return -1
	}
	last, acts := -1, -1
	for i, s := range r.Steps {
		if s.Method != "" {
			last = i
		}
		if s.Method != "" && s.Method != "GET" && s.Method != "HEAD" {
			acts = i
		}
	}
	if acts >= 0 {
		return acts
	}
	return last
}
