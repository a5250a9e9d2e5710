package play

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/scenarios"
	"github.com/sessionspec/sessionspec/targets"
)

// Plan is one scenario on one target by fixed routes.
type Plan struct {
	// Generated stories take any outcome, and go on after trouble.
	Generated bool
	ID        string
	Scenario  string
	Routes    map[string]string
	// Browser is the engine that its browsers are of, "" for none.
	Browser string
	Story   story.Story
	Serial  bool
	// Panel says how much is asked after each operation.
	Panel Panel
	// Slot, from 1, gives the play source addresses of its own; 0 for any.
	Slot int
	// Film takes a picture of the acting browser after every step, and of every
	// page that it visits.
	Film bool
	File string
	Line int
}

// Gap says why a scenario cannot be played on a target.
type Gap struct {
	// Missing is the operation or capability, Declared whether the target
	// itself says that it has none.
	Missing  string
	Declared bool
	Reason   string
}

// Plans makes the plans of a scenario: one by the first routes, and one more
// for each further route of an operation in the story; where a browser takes
// part, so many for each engine. A scenario that cannot
// be played gives a Gap.
func (e *Env) Plans(sc *scenarios.Scenario) ([]Plan, *Gap) {
	if g := e.gap(sc); g != nil {
		return nil, g
	}
	base := e.base(sc)
	if sc.Generate != nil {
		return e.generated(sc, base), nil
	}
	if !slices.ContainsFunc(sc.Story.Clients, func(c story.Client) bool { return c.In == "browser" }) {
		return append(e.byRoutes(sc, base), e.inBrowser(sc)...), nil
	}
	var out []Plan
	for _, name := range e.enginesFor(sc) {
		p := base
		p.Browser = name
		if p.Browser != DefaultBrowser {
			p.ID += "[browser=" + p.Browser + "]"
		}
		out = append(out, e.byRoutes(sc, p)...)
	}
	return out, nil
}

// base is what all plans of a scenario have in common.
func (e *Env) base(sc *scenarios.Scenario) Plan {
	return Plan{Generated: sc.Unscripted, ID: sc.ID + "@" + e.Target.Name, Scenario: sc.ID, Story: sc.Story, Serial: sc.Serial, File: sc.File, Line: sc.Line, Routes: map[string]string{}}
}

// enginesFor lists the engines that a scenario is played in: each of the run's,
// or, where every browser in it has to be a certain one, the first of these.
func (e *Env) enginesFor(sc *scenarios.Scenario) (out []string) {
	first := ""
	for _, c := range sc.Story.Clients {
		if c.In != "browser" || c.Private != "" {
			continue
		}
		if first = cmp.Or(first, c.Engine); c.Engine == "" {
			first = ""
			break
		}
	}
	if first != "" {
		return []string{first}
	}
	for _, b := range e.Browsers {
		out = append(out, b.Name())
	}
	return out
}

// DefaultBrowser is the engine that goes without saying in the id of a plan.
const DefaultBrowser = "chrome"

// byRoutes makes the plans of a scenario in one engine.
func (e *Env) byRoutes(sc *scenarios.Scenario, base Plan) []Plan {
	out := []Plan{base}
	out[0].Routes = map[string]string{}
	seen := map[string]bool{}
	for s := range story.Each(sc.Story.Steps) {
		c, _ := sc.Story.Client(s.Client)
		routes := e.routes(sc, kindOf(c), s.Op)
		if s.Op == "use_channel" { // goes the way of the channel that is open
			continue
		}
		if s.Route != "" || seen[s.Op] || len(routes) == 0 {
			continue
		}
		seen[s.Op] = true
		out[0].Routes[s.Op] = routes[0].Name
		for _, r := range routes[1:] {
			p := base
			p.Routes = map[string]string{s.Op: r.Name}
			p.ID = fmt.Sprintf("%s[%s=%s]", base.ID, s.Op, r.Name)
			out = append(out, p)
		}
	}
	for _, p := range out {
		if slices.Contains(sc.Needs, "remember") {
			p.Routes["sign_in"] = e.Target.Declares.Remember
		}
	}
	return out
}

// routes lists the routes that a scenario may take for an operation.
func (e *Env) routes(sc *scenarios.Scenario, kind, op string) targets.Routes {
	rs := e.Target.For(kind, op).Usable(e.Exec)
	if _, ok := rs.Route(e.Target.Declares.Remember); op == "sign_in" && e.Target.Declares.Remember != "" && ok {
		// What such a sign-in leaves behind is a story of its own.
		remember := slices.Contains(sc.Needs, "remember")
		rs = slices.DeleteFunc(slices.Clone(rs), func(r targets.Route) bool { return (r.Name == e.Target.Declares.Remember) != remember })
	}
	for s := range story.Each(sc.Story.Steps) {
		if s.Op != op || !s.Wrong && !s.Unanswered {
			continue
		}
		// A wrong password means nothing to a route that asks for none.
		rs = slices.DeleteFunc(slices.Clone(rs), func(r targets.Route) bool { return !slices.Contains(r.Refs(), "password") })
	}
	if op == "create_user" && (slices.Contains(sc.Needs, "acting_creation") || slices.Contains(sc.Needs, "admin_creation")) {
		rs = slices.DeleteFunc(slices.Clone(rs), func(r targets.Route) bool { return r.By != "self" || r.Steps.Exec() })
	}
	return rs
}

func kindOf(c story.Client) string {
	if c.In == "" {
		return "wire"
	}
	return c.In
}
