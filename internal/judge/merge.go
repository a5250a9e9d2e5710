package judge

import (
	"fmt"
	"slices"

	"github.com/sessionspec/sessionspec/internal/history"
)

// lineages judges refreshes of one session at once: the rightful user is still
// in, by one line of credentials.
func (b *bench) lineages(op *history.Op, was before) {
	bySession := map[string][]*history.Op{}
	other := map[string]bool{} // users of whom something else was done that may end sessions
	for _, branch := range op.Branches {
		for i := range branch {
			o := &branch[i]
			switch {
			case o.Step.Op == "refresh":
				s := was.session[o.Holds]
				bySession[s] = append(bySession[s], o)
			case slices.Contains(endings, o.Step.Op) || o.Step.Op == "sign_in":
				other[o.User] = true
				other[b.world.Owner(o.Target)] = true
			}
		}
	}
	for s, refreshes := range bySession {
		if len(refreshes) < 2 || s == "" || other[b.world.Owner(s)] || b.terms.RefreshStays || was.standing[refreshes[0].Holds] != "live" {
			continue
		}
		live, still := map[string]string{}, "" // fingerprint of a credential -> its id
		for _, p := range op.Probes {
			c, ok := b.creds[p.Credential]
			if !ok || !b.world.SameSession(p.Credential, s) || p.Answer.State != history.Live {
				continue
			}
			still = c.ID
			if slices.ContainsFunc(refreshes, func(o *history.Op) bool { return o.Captured == c.ID }) {
				live[carried(c.Carriers)] = c.ID
			}
		}
		b.race(oneLineage).tries++
		f := Finding{Requirement: oneLineage, Op: op.Index, Probe: -1, Credential: refreshes[0].Holds, Rank: 2,
			Want: fmt.Sprintf("after %d refreshes at once the user is still in, by one line of credentials", len(refreshes)),
			Try:  "exchange in one step, and answer the same refresh credential within a short grace with the same successor"}
		switch {
		case b.found(reuseEnds) || b.found(accountState):
		case still == "":
			f.Got, f.cell = "nobody is signed in any more", "live"
			b.lost(f)
			b.world.Resync(s)
		case len(live) > 1:
			f.Got, f.Rank = fmt.Sprintf("%d lines are live", len(live)), 1
			b.lost(f)
			b.world.Resync(s)
		default:
			b.check(oneLineage)
		}
	}
}

func carried(cs []history.Carrier) (out string) {
	for _, c := range cs {
		out += c.Kind + " " + c.Name + "=" + c.Value + ";"
	}
	return out
}

// merging is a step-up that was made while another request of its session was
// under way.
type merging struct {
	client string
	op     int
}

// merges notes which clients have stepped up at once with another request of
// the session.
func (b *bench) merges(op *history.Op) {
	b.merging = nil
	for i, branch := range op.Branches {
		for _, o := range branch {
			if o.Step.Op != "step_up" || o.Outcome != history.OK {
				continue
			}
			for j, others := range op.Branches {
				if i != j && slices.ContainsFunc(others, func(x history.Op) bool {
					return x.Holds != "" && x.Step.Op != "whoami" && b.world.SameSession(x.Holds, o.Holds) && x.Start.Before(o.End) && x.End.After(o.Start)
				}) {
					b.merging = append(b.merging, merging{o.Step.Client, op.Index})
				}
			}
		}
	}
}

// merged: what a step-up has changed stands after the requests that were under
// way with it. It is judged where a step-up alone is known to help.
func (b *bench) merged(op *history.Op, before string) {
	if op.Step.Op != "sensitive" || op.Outcome != history.OK && op.Outcome != history.Refused {
		return
	}
	i := slices.IndexFunc(b.merging, func(m merging) bool { return m.client == op.Step.Client })
	if i < 0 {
		b.helped = b.helped || op.Outcome == history.OK
		return
	}
	m := b.merging[i]
	b.merging = slices.Delete(b.merging, i, i+1)
	if !b.helped || before != "live" {
		return
	}
	b.race(writesMerge).tries++
	if op.Outcome == history.OK {
		b.check(writesMerge)
		return
	}
	b.lost(Finding{Requirement: writesMerge, Op: op.Index, Probe: -1, Rank: 3,
		Want: fmt.Sprintf("the session of %s is elevated, as it became in step %d", op.Step.Client, m.op+1),
		Got:  "it is not: a request that was under way meanwhile has written back what it had read",
		Try:  "write only what was changed, and only if the stored copy is the one that was read"})
}
