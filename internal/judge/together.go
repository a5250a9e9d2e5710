package judge

import (
	"slices"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/model"
)

// together judges a parallel step: as a whole for the users concerned, by the
// model for the others. true means that nothing after it counts.
func (b *bench) together(op *history.Op) (stop bool) {
	row := Row{Op: op.Index, Step: op.Step.Text(), Line: op.Step.Line, Outcome: op.Outcome}
	if b.unanswered(op) {
		return true
	}
	seen := map[string]string{}
	for _, p := range op.Probes {
		if p.Credential != "" {
			seen[p.Credential] = p.Answer.State
		}
	}
	was := b.moment(b.usersOf(op))
	expects := b.world.Together(b.eventsOf(op), seen)
	b.namesAtOnce(op)
	b.elevateAtOnce(op)
	b.lineages(op, was)
	b.judgeOrders(op, was)
	b.merges(op)
	for i, p := range op.Probes {
		if p.Credential == "" {
			b.stranger(op, i, p)
			continue
		}
		cell := Cell{Credential: p.Credential, Got: gotText(p.Answer)}
		if k := slices.IndexFunc(expects, func(x model.Expect) bool { return x.Credential == p.Credential }); k >= 0 {
			cell.Bad = b.compare(op, i, p, expects[k])
			if expects[k].Want != model.Any {
				cell.Want = wantText(expects[k])
			}
		} else if f := slices.IndexFunc(b.res.Findings, func(f Finding) bool { return f.Op == op.Index && f.Credential == p.Credential }); f >= 0 {
			// A question in a branch may have shown it, and the answer now be right.
			if want := b.res.Findings[f].cell; want != cell.Got {
				cell.Bad, cell.Want = true, want
			}
		}
		row.Cells = append(row.Cells, cell)
	}
	b.res.Timeline = append(b.res.Timeline, row)
	return b.res.Stopped != ""
}

// namesAtOnce: whatever order there was, a credential answers for one user.
func (b *bench) namesAtOnce(op *history.Op) {
	ask := func(i int, p history.Probe) {
		user := b.world.Owner(p.Credential)
		if user == "" || !foreignTo(p.Answer, user) || b.world.Settled(p.Credential) {
			return
		}
		b.foreign(op, i, p, model.Expect{Credential: p.Credential, User: user})
	}
	for i, p := range op.Probes {
		ask(i, p)
	}
	for _, branch := range op.Branches {
		for _, o := range branch {
			for _, p := range o.Probes {
				ask(-1, p)
			}
		}
	}
}

// eventsOf are the operations of the branches as the model takes them.
func (b *bench) eventsOf(op *history.Op) [][]model.Event {
	var out [][]model.Event
	for _, branch := range op.Branches {
		var es []model.Event
		for i := range branch {
			if branch[i].Outcome == history.Skipped {
				continue
			}
			e := b.event(&branch[i])
			e.Holds = branch[i].Holds
			es = append(es, e)
		}
		out = append(out, es)
	}
	return out
}
