package play

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/targets"
)

// fork is a parallel step under way.
type fork struct {
	step story.Step
	// vars and last are what the clients knew and held when it began: another
	// branch may have changed it since, and nobody could tell.
	vars map[string]targets.Vars
	last map[string]string
	gate *gate
}

// parallel plays the branches of a step at once. What a branch came to is in
// the operation; one that broke off breaks the step off, when all are done.
func (p *player) parallel(ctx context.Context, op *history.Op) {
	branches := op.Step.Parallel
	f := &fork{step: op.Step, vars: map[string]targets.Vars{}, last: map[string]string{}, gate: newGate(branches)}
	for _, c := range p.cast {
		f.vars[c.spec.Name], f.last[c.spec.Name] = c.vars(nil), c.last
	}
	for s := range story.Each([]story.Step{op.Step}) { // so that the map is not written to meanwhile
		if s.User != "" {
			p.account(s.User)
		}
	}
	op.Passwords = map[string][]int{}
	for role, a := range p.accounts {
		op.Passwords[role] = a.numbers()
	}
	p.fork = f
	op.Branches = make([][]history.Op, len(branches))
	var ready, all sync.WaitGroup
	ready.Add(len(branches))
	for i, steps := range branches {
		all.Go(func() {
			defer f.gate.leave(i)
			ready.Done()
			ready.Wait()
			f.gate.enter(ctx, i)
			if p.plan.Generated {
				stagger(ctx)
			}
			for j, s := range steps {
				if ctx.Err() != nil {
					return
				}
				op.Branches[i] = append(op.Branches[i], p.stepAt(ctx, op.Index, fmt.Sprintf("%d.%d", i+1, j+1), s))
			}
		})
	}
	all.Wait()
	p.fork = nil
	op.Outcome = history.OK
	for _, b := range op.Branches {
		for _, one := range b {
			if one.Outcome == history.Failed && op.Outcome == history.OK {
				op.Outcome, op.Why = history.Failed, fmt.Sprintf("%s (%s): %s", one.Place, one.Step.Text(), one.Why)
			}
		}
	}
}

// lead is by how much one branch of a drawn story begins before another, at the
// most: about as long as a request takes.
const lead = 2 * time.Millisecond

// stagger waits for a random part of lead, or not at all. Branches that always
// begin together always meet in the same way, and a window that is open somewhat
// later is never hit.
func stagger(ctx context.Context) {
	if rand.IntN(3) == 0 {
		return
	}
	select {
	case <-ctx.Done():
	case <-time.After(rand.N(lead)):
	}
}

// varsOf is what a step may know of its second client: in another branch, what
// that one knew when the branches began.
func (p *player) varsOf(op *history.Op) targets.Vars {
	o, ok := p.clients[op.Step.Of]
	if !ok {
		return nil
	}
	if f := p.fork; f != nil && f.step.BranchOf(op.Step.Of) != f.step.BranchOf(op.Step.Client) {
		op.Target = f.last[op.Step.Of]
		return f.vars[op.Step.Of]
	}
	if op.Place != "" {
		op.Target = o.last
	}
	return o.vars(nil)
}

// askLast asks whoami, in a branch, for the credential that the client held last,
// from a clean client.
func (p *player) askLast(ctx context.Context, op *history.Op, c *client) {
	if c.last == "" {
		return
	}
	p.mu.Lock()
	i := slices.IndexFunc(p.rec.Credentials, func(cr history.Credential) bool { return cr.ID == c.last })
	cr := p.rec.Credentials[i]
	p.mu.Unlock()
	twin := c.twin(cr.Carriers)
	a := twin.whoami(ctx, p.role)
	op.Probes = append(op.Probes, history.Probe{Credential: cr.ID, Client: c.spec.Name, Answer: a})
	p.mu.Lock()
	defer p.mu.Unlock()
	p.extra = append(p.extra, twin)
}
