package play

import (
	"context"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/targets"
)

// walkMost bounds the places that go through the cache; each is asked for as it
// is and with two made-up endings, by three clients.
const walkMost = 5

// throughCache lets the client walk through a shared cache, then the client in
// `of`, then a stranger. All three are copies, so that what a cache hands out
// does not change the story.
func (p *player) throughCache(ctx context.Context, op *history.Op, c *client) {
	op.Outcome = history.OK
	other := p.clients[op.Step.Of]
	if c.browser != nil || other.browser != nil {
		op.Outcome, op.Why = history.Failed, "only plain clients can go through the cache"
		return
	}
	cache := &sharedCache{kept: map[string][]keptAnswer{}}
	stranger := p.env.newClient(story.Client{Name: "stranger"}, p.env.address())
	steps := p.env.walk(c, p.env.nonce())
	for _, w := range []*client{c.twin(c.carriers()), other.twin(other.carriers()), stranger} {
		w.cache = cache
		p.extra = append(p.extra, w)
		for _, s := range steps {
			w.from = ""
			ev, a, err := w.perform(ctx, s, w.vars(nil))
			switch {
			case ctx.Err() != nil || err == nil && a.Status == 429:
				op.Outcome, op.Why = history.Failed, errRate.Error()
				return
			case ev.Exchange == nil || ev.Exchange.Response == nil:
				continue // a place that is no answer to anybody shows nothing
			}
			walk := history.Walk{Client: w.spec.Name, From: w.from, Exchange: ev.Exchange}
			if w.from != "" && w.from != w.spec.Name { // what the same client gets without a cache
				w.cache = nil
				if direct, _, err := w.perform(ctx, s, w.vars(nil)); err == nil {
					walk.Direct = direct.Exchange
				}
				w.cache = cache
			}
			op.Walks = append(op.Walks, walk)
		}
	}
}

// walk lists the requests: where whoami and the note are asked for, the pages,
// and each of them with endings of files that do not exist.
func (e *Env) walk(c *client, name string) (out []targets.Step) {
	var places []targets.Step
	seen := map[string]bool{}
	add := func(s targets.Step) {
		path, _, err := s.Path.Expand(c.vars(nil))
		if s.Method == "GET" && err == nil && !seen[path] && len(places) < walkMost {
			seen[path] = true
			places = append(places, targets.Step{Method: "GET", Path: targets.Template{Text: path, Pos: s.Path.Pos}, Query: s.Query, Headers: s.Headers})
		}
	}
	for _, op := range []string{"whoami", "read_note"} {
		for _, r := range e.Target.Operations[op].Usable(e.Exec) {
			for _, s := range r.Steps {
				add(s)
			}
		}
	}
	for _, page := range e.Target.Pages {
		add(targets.Step{Method: "GET", Path: page.Path})
	}
	for _, s := range places {
		out = append(out, s)
		for _, ending := range []string{"/" + name + ".css", ";" + name + ".css"} {
			path, query, asked := strings.Cut(s.Path.Text, "?")
			if path = strings.TrimSuffix(path, "/") + ending; asked {
				path += "?" + query
			}
			if !strings.HasPrefix(path, "/;") {
				made := s
				made.Path.Text = path
				out = append(out, made)
			}
		}
	}
	return out
}
