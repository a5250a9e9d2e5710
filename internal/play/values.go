package play

import (
	"sync"

	"github.com/sessionspec/sessionspec/internal/corpus"
	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/targets"
)

// meanwhileEvery is at how many values the bystander is asked once.
const meanwhileEvery = 4

// malformed shows values that no sign-in has made, to whoami and to a page
// each, the pages in turn. A bystander is asked at the same time.
func (s *showing) malformed() {
	ends := s.ends()
	for _, x := range s.carried() {
		rest := s.rest(x)
		for i, e := range corpus.Malformed() {
			v, ok := e.Make(x.Value, "")
			if !ok {
				continue
			}
			if e.Derived() {
				s.learn(e.ID, v)
			}
			show := func() {
				g, kept := s.value(x, rest, v, e.Raw)
				sh := history.Shown{What: x.Name + ": " + e.About, Case: e.ID, MayDrop: e.MayDrop, MayPass: e.MayPass}
				s.show(g, kept, sh)
				if len(ends) > 0 {
					end := ends[i%len(ends)]
					sh.Kind, sh.What = history.ShownPage, sh.What+", at "+end.name
					sh.Answer = end.ask(s.twin(g, kept))
					s.op.Shown = append(s.op.Shown, sh)
				}
			}
			if i%meanwhileEvery == 0 {
				s.meanwhile(show)
			} else {
				show()
			}
		}
	}
}

// value is a guise with v in the place of x.
func (s *showing) value(x history.Carrier, rest []history.Carrier, v string, raw bool) (guise, string) {
	x.Value = v
	g, kept := worn(append([]history.Carrier{x}, rest...))
	g.raw = raw
	return g, kept
}

// meanwhile asks the client in `of` while something is shown.
func (s *showing) meanwhile(show func()) {
	of := s.op.Step.Of
	if of == "" {
		show()
		return
	}
	twin := s.p.clients[of].twin(s.p.last(of))
	s.p.extra = append(s.p.extra, twin)
	var a history.Answer
	var wg sync.WaitGroup
	wg.Go(func() { a = twin.whoami(s.ctx, s.p.role) })
	show()
	wg.Wait()
	s.op.Shown = append(s.op.Shown, history.Shown{What: of + " meanwhile", Kind: history.ShownBystander, Answer: a})
}

// injected shows values that mean something to stores, files and headers.
func (s *showing) injected() {
	for _, x := range s.carried() {
		rest := s.rest(x)
		for _, e := range corpus.Injection() {
			v, ok := e.Make(x.Value, s.theirs(x))
			if !ok {
				continue
			}
			if e.Derived() {
				s.learn(e.ID, v)
			}
			g, kept := s.value(x, rest, v, e.Raw)
			s.show(g, kept, history.Shown{What: x.Name + ": " + e.About, Case: e.ID, MayDrop: e.MayDrop})
		}
	}
}

// tampered shows the good credential with a part of it altered.
func (s *showing) tampered() {
	for _, x := range s.carried() {
		rest := s.rest(x)
		for _, e := range corpus.Tampered() {
			for _, v := range e.Altered(x.Value, s.theirs(x)) {
				s.learn(e.ID, v)
				g, kept := s.value(x, rest, v, false)
				s.show(g, kept, history.Shown{What: x.Name + " with a change of " + e.About, Case: e.ID})
			}
		}
	}
}

// end is a safe end point besides whoami.
type end struct {
	name string
	ask  func(t *client) history.Answer
}

// ends are the pages that a plain client can read, and read_note where it only reads.
func (s *showing) ends() (out []end) {
	for _, page := range s.p.env.Target.Pages {
		if page.Script && page.SignedIn == "" {
			continue
		}
		out = append(out, end{page.Path.Text, func(t *client) history.Answer {
			v, ev, err := t.page(s.ctx, page)
			a := history.Answer{State: history.Dead, Exchange: ev.Exchange}
			switch {
			case err != nil:
				a.State, a.Why = history.NoVerdict, err.Error()
			case v.Claim == "in" && !page.Script:
				a.State, a.Why = history.Live, "page "+v.Path+" shows "+page.SignedIn
			}
			return a
		}})
	}
	for _, r := range s.p.env.Target.For(s.c.spec.In, "read_note").Usable(false) {
		reads := true
		for _, step := range r.Steps {
			reads = reads && step.Method == "GET"
		}
		if reads {
			out = append(out, end{"read_note", func(t *client) history.Answer { return t.reads(s, r) }})
			break
		}
	}
	return out
}

// reads performs a route that only reads; only whether there was an answer counts.
func (c *client) reads(s *showing, r targets.Route) history.Answer {
	t := c.run(s.ctx, r, nil)
	a := history.Answer{State: history.Dead, Why: t.why}
	for _, ev := range t.events {
		a.Exchange = ev.Exchange
	}
	if x := a.Exchange; x == nil || x.Response == nil || x.Response.Status >= 500 {
		a.State = history.NoVerdict
	}
	return a
}
