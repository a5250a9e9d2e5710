package fuzz

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sessionspec/sessionspec/internal/story"
)

// inCompany plays a suspicion together with what ran beside it, as one story, step
// after step in the order of then. What that shows is what had disturbed it,
// whatever the crowd had taken it for: there not everybody was asked after each step.
func (f *fuzzer) inCompany(ctx context.Context, s suspect, screened []aim) {
	f.looking = time.Now()
	crowd := f.beside(s)
	if f.disturber(ctx, s, crowd, screened) {
		return
	}
	if len(crowd) > 0 {
		t := merge(s, crowd)
		p, r := f.alone(ctx, t)
		shown := aims(r)
		merged := s
		merged.trace = t
		tamed := f.tame(ctx, merged, shown, p)
		for _, a := range shown {
			if tamed[a.class] {
				continue
			}
			at, _ := first(r, a)
			if old := f.found(keyOf(at, p)); old != nil || f.shrunk[a] >= faces {
				f.witness([]aim{a})
				continue
			}
			f.shrunk[a]++
			f.settle(ctx, s, a, t, seen{at, p}, Interference, 1, 1)
		}
		if len(shown) > 0 {
			return
		}
	}
	for _, a := range screened {
		x, _ := first(s.result, a)
		f.quarantine(s, a, seen{x, s.play}, fmt.Sprintf("it showed once beside %d others; alone, and merged with them, it did not", len(crowd)))
	}
}

// disturber tells whether a finding that reaches strangers explains the
// suspicion: somebody did beside it what the finding is about. It is a witness
// then. Accounts are made beside every story, when others are set up.
func (f *fuzzer) disturber(ctx context.Context, s suspect, crowd []suspect, screened []aim) bool {
	for _, x := range f.res.Findings {
		if x.How == Quarantine || !slices.ContainsFunc(screened, func(a aim) bool { return a.class == x.Key.Class }) {
			continue
		}
		beside := x.Key.Operation == "create_user"
		for _, o := range append([]suspect{s}, crowd...) {
			for st := range story.Each(o.trace.Steps) {
				beside = beside || st.Op == x.Key.Operation
			}
		}
		if beside && f.reaches(ctx, x) {
			x.Witnesses++
			return true
		}
	}
	return false
}

// reaches tells whether what a finding does is also done to a stranger, who signs
// in in another world before it begins.
func (f *fuzzer) reaches(ctx context.Context, x *Finding) bool {
	if x.Key.Relation == "other-user" || x.reach != nil {
		return x.reach == nil || *x.reach
	}
	const who = "bystander"
	t := x.trace
	t.Clients = append([]story.Client{{Name: who, User: who, World: who, In: "wire"}}, t.Clients...)
	p, r := f.alone(ctx, t.with(append([]story.Step{{Op: "sign_in", Client: who, Expect: "any"}}, t.Steps...)))
	reach := false
	for _, found := range r.Findings {
		for _, c := range p.Credentials {
			reach = reach || c.ID == found.Credential && c.Client == who && aimOf(found).class == x.Key.Class
		}
	}
	x.reach = &reach
	return reach
}

// beside lists the plays that overlapped with a suspicion until it showed, those
// nearest to it first.
func (f *fuzzer) beside(s suspect) (out []suspect) {
	until := s.play.End
	if x, ok := first(s.result, aims(s.result)[0]); ok && x.Op < len(s.play.Ops) {
		until = s.play.Ops[x.Op].End
	}
	for _, o := range f.recent {
		if o.play != s.play && o.play.Start.Before(until) && o.play.End.After(s.play.Start) {
			out = append(out, o)
		}
	}
	near := func(o suspect) time.Duration { return o.play.Start.Sub(s.play.Start).Abs() }
	slices.SortFunc(out, func(a, b suspect) int { return int(near(a) - near(b)) })
	return out[:min(len(out), companyMost)]
}

// merge makes one story of several that ran at the same time: everybody keeps
// their own people and devices, and the steps stand in the order in which they began.
func merge(s suspect, crowd []suspect) Trace {
	type timed struct {
		step story.Step
		at   time.Time
	}
	var steps []timed
	out := Trace{Kind: s.trace.Kind, Index: s.trace.Index, Routes: s.trace.Routes}
	for i, one := range append([]suspect{s}, crowd...) {
		prefix := func(name string) string {
			switch {
			case name == "" || i == 0:
				return name
			case admin(name): // roles of administrators begin with that word
				return fmt.Sprintf("%sw%d", name, i)
			}
			return fmt.Sprintf("w%d%s", i, name)
		}
		for _, c := range one.trace.Clients {
			c.Name, c.User = prefix(c.Name), prefix(c.User)
			if i > 0 {
				c.World = fmt.Sprintf("w%d", i)
			}
			out.Clients = append(out.Clients, c)
		}
		for j, op := range one.play.Ops {
			if j >= len(one.trace.Steps) {
				break
			}
			st := cloneSteps(one.trace.Steps[j : j+1])
			each(st, func(s *story.Step) {
				s.Client, s.Of, s.User, s.Former = prefix(s.Client), prefix(s.Of), prefix(s.User), prefix(s.Former)
				if s.Route == "" {
					s.Route = one.trace.Routes[s.Op]
				}
			})
			steps = append(steps, timed{st[0], op.Start})
		}
	}
	slices.SortStableFunc(steps, func(a, b timed) int { return a.at.Compare(b.at) })
	for _, x := range steps {
		out.Steps = append(out.Steps, x.step)
	}
	return out.pruned()
}

// quarantine keeps what showed once and never again. It is a finding until
// somebody has looked.
func (f *fuzzer) quarantine(s suspect, a aim, once seen, why string) {
	x, key := once.finding, keyOf(once.finding, once.play)
	for _, old := range f.res.Findings { // the operation is what the crowd took it for
		if old.Key.aim() == a {
			old.Witnesses++
			return
		}
	}
	f.add(&Finding{Key: key, Name: key.Name(), How: Quarantine, Hits: 1, Tries: 1 + 2*replays, Want: f.hide(x.Want), Got: f.hide(x.Got) + "; " + why,
		Found: s.origin, StepsFound: countSteps(s.trace.Steps), StepsShrunk: countSteps(s.trace.Steps), NotMinimal: true,
		Story: s.trace.text(), trace: s.trace})
}
