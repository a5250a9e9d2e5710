package play

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/cookie"
	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
)

// presentMost bounds the cookies of which every choice is tried: 2^5 questions.
const presentMost = 5

// present asks whoami with what the client holds, changed as the step's `how`
// says, each time from a clean client. The client itself goes on as it is.
func (p *player) present(ctx context.Context, op *history.Op, c *client) {
	op.Outcome = history.OK
	if c.browser != nil {
		op.Outcome, op.Why = history.Failed, "only a plain client can choose its cookies"
		return
	}
	show := &showing{p: p, ctx: ctx, op: op, c: c, seen: map[string]int{}}
	do, ok := presenters[op.Step.How]
	if !ok {
		op.Outcome, op.Why = history.Failed, fmt.Sprintf("nothing is known of how: %q", op.Step.How)
		return
	}
	do(show)
}

// presenters perform each `how`, one entry a line.
var presenters = map[string]func(*showing){
	story.Loss: (*showing).losses,
	story.Mix:  func(s *showing) { s.mix(s.c.choosable(), s.p.clients[s.op.Step.Of].choosable()) },
	story.Twin: func(s *showing) { s.twins(s.c.choosable(), s.p.last(s.op.Step.Of)) },

	story.Malformed:  (*showing).malformed,
	story.Injection:  (*showing).injected,
	story.Tampered:   (*showing).tampered,
	story.Neighbours: (*showing).neighbours,
	story.Lookalike:  (*showing).lookalikes,
	story.Elsewhere:  (*showing).elsewhere,
	story.Handles:    func(s *showing) { s.handles(s.p.clients[s.op.Step.Of]) },
	story.Artefacts:  (*showing).artefacts,
	story.Origins:    (*showing).origins,
}

// losses drops every choice of the cookies; none of them dropped is no loss.
func (s *showing) losses() {
	mine := s.c.choosable()
	for bits := range 1<<len(mine) - 1 {
		s.ask(pairsOf(mine, bits), "only "+namesOf(mine, bits))
	}
}

// choosable are the cookies of the client's jar, those that matter first.
func (c *client) choosable() []cookie.Cookie {
	all := c.jar.All()
	weight := func(k cookie.Cookie) int {
		switch {
		case c.env.sessionCookie(k.Name):
			return 0
		case c.env.claimCookie(k.Name):
			return 1
		}
		return 2
	}
	slices.SortStableFunc(all, func(a, b cookie.Cookie) int { return weight(a) - weight(b) })
	return all[:min(len(all), presentMost)]
}

// last is what a client held last, also when it is signed out by now.
func (p *player) last(client string) (out []history.Carrier) {
	for _, cr := range p.rec.Credentials {
		if cr.Client == client {
			out = cr.Carriers
		}
	}
	return out
}

// showing asks, and asks nothing twice.
type showing struct {
	p    *player
	ctx  context.Context
	op   *history.Op
	c    *client
	seen map[string]int
}

// ask shows cookies and returns the index of the answer.
func (s *showing) ask(pairs []string, what string) int {
	field := strings.Join(pairs, "; ")
	if i, ok := s.seen[field]; ok {
		return i
	}
	var values []history.Carrier
	for _, x := range s.c.carriers() {
		if x.Kind != "cookie" {
			values = append(values, x)
		}
	}
	twin := s.c.twin(values)
	twin.shows = &guise{cookies: []string{field}}
	a := twin.whoami(s.ctx, s.p.role)
	s.p.extra = append(s.p.extra, twin)
	s.seen[field] = len(s.op.Shown)
	s.op.Shown = append(s.op.Shown, history.Shown{What: what, Answer: a})
	return s.seen[field]
}

// mix takes each choice of the cookies that both have from the other client,
// and asks for each part alone: a part that is enough by itself is not mixed.
func (s *showing) mix(mine, theirs []cookie.Cookie) {
	other := map[string]cookie.Cookie{}
	for _, k := range theirs {
		other[k.Name] = k
	}
	var both []cookie.Cookie
	for _, k := range mine {
		if o, ok := other[k.Name]; ok && o.Value != k.Value {
			both = append(both, k)
		}
	}
	for bits := 1; bits < 1<<len(both)-1; bits++ {
		var whole, kept, taken []string
		for _, k := range mine {
			switch i := slices.IndexFunc(both, func(x cookie.Cookie) bool { return x.Name == k.Name }); {
			case i >= 0 && bits&(1<<i) != 0:
				taken = append(taken, other[k.Name].Pair())
				whole = append(whole, other[k.Name].Pair())
			default:
				kept = append(kept, k.Pair())
				whole = append(whole, k.Pair())
			}
		}
		names := namesOf(both, bits)
		m := s.ask(kept, s.c.spec.Name+" without "+names)
		t := s.ask(taken, "only "+names+" of "+s.op.Step.Of)
		i := s.ask(whole, names+" of "+s.op.Step.Of+" among the cookies of "+s.c.spec.Name)
		s.op.Shown[i].Mine, s.op.Shown[i].Theirs = &m, &t
	}
}

// twins puts the other client's session cookie before and after the own one.
func (s *showing) twins(mine []cookie.Cookie, theirs []history.Carrier) {
	for i, k := range mine {
		for _, x := range theirs {
			if x.Kind != "cookie" || x.Name != k.Name || x.Value == k.Value {
				continue
			}
			var rest []string
			for j, r := range mine {
				if j != i {
					rest = append(rest, r.Pair())
				}
			}
			twin := x.Name + "=" + x.Value
			s.ask(append([]string{twin, k.Pair()}, rest...), "two "+k.Name+", first that of "+s.op.Step.Of)
			s.ask(append([]string{k.Pair(), twin}, rest...), "two "+k.Name+", last that of "+s.op.Step.Of)
		}
	}
}

// pairsOf and namesOf read a choice: bit i stands for cookie i.
func pairsOf(ks []cookie.Cookie, bits int) (out []string) {
	for i, k := range ks {
		if bits&(1<<i) != 0 {
			out = append(out, k.Pair())
		}
	}
	return out
}

func namesOf(ks []cookie.Cookie, bits int) string {
	var out []string
	for i, k := range ks {
		if bits&(1<<i) != 0 {
			out = append(out, k.Name)
		}
	}
	if len(out) == 0 {
		return "nothing"
	}
	return strings.Join(out, " and ")
}
