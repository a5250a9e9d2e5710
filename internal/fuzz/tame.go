package fuzz

import (
	"context"
	"slices"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
)

// tame plays a story in which things happened at once again, one thing after the
// other. What is wrong then is no race: it is confirmed as it shows there, where
// each play is certain, and the classes of what it shows are returned, as
// explained by it. p is a play of the story.
func (f *fuzzer) tame(ctx context.Context, s suspect, shown []aim, p *history.Play) map[string]bool {
	if !s.trace.races() {
		return nil
	}
	out := map[string]bool{}
	for _, t := range s.trace.orders(p) {
		if f.spent() {
			break
		}
		calm := s
		calm.trace = t
		p, r := f.alone(ctx, t)
		if r.Error || ctx.Err() != nil {
			break
		}
		for _, a := range aims(r) {
			if !out[a.class] && slices.ContainsFunc(shown, func(o aim) bool { return o.class == a.class }) {
				f.confirm(ctx, calm, a, p, r)
				out[a.class] = true
			}
		}
		if len(out) > 0 {
			break
		}
	}
	return out
}

// orders are stories in which what a parallel step does at once happens one
// operation after the other: as they began in a play, and branch after branch,
// from the first and from the last.
func (t Trace) orders(p *history.Play) (out []Trace) {
	began := func(i int, _ story.Step) (steps []story.Step) {
		if i >= len(p.Ops) {
			return nil
		}
		ops := slices.Concat(p.Ops[i].Branches...)
		slices.SortStableFunc(ops, func(a, b history.Op) int { return a.Start.Compare(b.Start) })
		for _, op := range ops {
			steps = append(steps, op.Step)
		}
		return steps
	}
	forth := func(_ int, st story.Step) []story.Step { return slices.Concat(st.Parallel...) }
	back := func(_ int, st story.Step) []story.Step {
		branches := slices.Clone(st.Parallel)
		slices.Reverse(branches)
		return slices.Concat(branches...)
	}
	for _, order := range []func(int, story.Step) []story.Step{began, forth, back} {
		var steps []story.Step
		for i, st := range t.Steps {
			if len(st.Parallel) > 0 {
				steps = append(steps, order(i, st)...)
			} else {
				steps = append(steps, st)
			}
		}
		out = append(out, t.with(steps).pruned())
	}
	return out
}

// rounds is how often the last parallel step of a short story has to happen in one
// play for each of three plays to show it: what is saved is to be red as long as
// the bug is there. 0 where that cannot be had, or is not needed.
func (f *fuzzer) rounds(ctx context.Context, a aim, t Trace) int {
	last := len(t.Steps) - 1
	if !t.races() || len(t.Steps[last].Parallel) == 0 {
		return 0
	}
	for _, n := range []int{4, 8} {
		steps := slices.Clone(t.Steps)
		for range n - 1 {
			steps = append(steps, t.Steps[last])
		}
		shown := 0
		for shown < replays && ctx.Err() == nil && !f.spent() {
			if _, _, ok := f.shown(ctx, a, t.with(steps), 1); !ok {
				break
			}
			shown++
		}
		if shown == replays {
			return n
		}
	}
	return 0
}
