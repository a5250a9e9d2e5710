package play

import (
	"slices"

	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/scenarios"
	"github.com/sessionspec/sessionspec/targets"
)

// plainOnly are the operations that show or send what a browser's user cannot.
var plainOnly = []string{"present", "through_cache", "plain_http", "plant", "crawl", "swap_token", "open_channel", "use_channel"}

// inBrowser makes the plans of a story of plain clients with the first of them
// in a browser, by the first routes; none where that makes no sense, because the
// story is about what only a plain client can do, or the target describes no such
// browser.
func (e *Env) inBrowser(sc *scenarios.Scenario) (out []Plan) {
	if !e.InBrowser || !e.movable(sc) {
		return nil
	}
	moved := *sc
	moved.Story.Clients = slices.Clone(sc.Story.Clients)
	moved.Story.Clients[0].In = "browser"
	if e.gap(&moved) != nil {
		return nil
	}
	base := e.base(&moved)
	for _, name := range e.enginesFor(&moved) {
		p := base
		p.Browser = name
		p.ID += "[in=" + name + "]"
		out = append(out, e.byRoutes(&moved, p)[0])
	}
	return out
}

// movable tells whether the first client of a story does nothing that only a
// plain one can.
func (e *Env) movable(sc *scenarios.Scenario) bool {
	clients := sc.Story.Clients
	first := clients[0]
	plain := func(c story.Client) bool { return kindOf(c) == "wire" && c.Connection != first.Name }
	if sc.Generate != nil || sc.Serial || slices.Contains(sc.Needs, "remember") || first.Connection != "" || len(first.Strip)+len(first.Headers) > 0 ||
		!slices.ContainsFunc(clients, plain) || slices.ContainsFunc(clients, func(c story.Client) bool { return !plain(c) }) {
		return false
	}
	signIn, ok := e.Target.For("browser", "sign_in").Route("")
	if !ok {
		return false
	}
	refusable := slices.ContainsFunc(signIn.Steps, func(s targets.Step) bool { return s.Refused != "" })
	handled := slices.ContainsFunc(signIn.Steps, func(s targets.Step) bool { _, kept := s.Keep["handle"]; return kept })
	if slices.Contains(sc.Needs, "handles") && !handled {
		return false
	}
	for _, s := range sc.Story.Steps {
		switch {
		case len(s.Parallel) > 0: // a held request is a plain client's
			return false
		case s.Op == "revoke_session" && s.Of == first.Name && !handled:
			return false
		case s.Client != first.Name:
		case slices.Contains(plainOnly, s.Op), s.Times > 1, s.AtOnce, s.Fill, s.With != "":
			return false
		case s.Op == "sign_in" && (s.Wrong || s.Expect != "ok") && !refusable:
			return false
		}
	}
	return true
}
