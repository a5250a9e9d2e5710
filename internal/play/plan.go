package play

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/browsers"
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

// gap finds the first thing that the scenario needs and the target lacks.
func (e *Env) gap(sc *scenarios.Scenario) *Gap {
	t := e.Target
	lack := func(what, reason string) *Gap {
		return &Gap{Missing: what, Declared: t.Without(what), Reason: reason}
	}
	for _, c := range sc.Story.Clients {
		switch k := kindOf(c); k {
		case "wire":
		case "browser":
			if _, ok := t.Clients["browser"]; !ok {
				return lack("browser", "the target file describes no pages for a browser")
			}
			if len(e.Browsers) == 0 {
				return &Gap{Missing: "browser", Reason: "no browser in this run (--browser none)"}
			}
			if c.Engine != "" && e.engine(c.Engine) == nil {
				return &Gap{Missing: c.Engine, Reason: fmt.Sprintf("no %s in this run (--browser %s)", c.Engine, c.Engine)}
			}
		default:
			if _, ok := t.Clients[k]; !ok {
				return lack(k, fmt.Sprintf("the target file describes no client %q", k))
			}
			if !e.Exec {
				return &Gap{Missing: k, Reason: "needs --allow-exec"}
			}
		}
		if (c.Address != "" || len(c.Headers) > 0) && !e.loopback {
			return &Gap{Missing: "address", Reason: "source addresses can be chosen on 127.0.0.0/8 only"}
		}
	}
	for s := range story.Each(sc.Story.Steps) {
		if s.Window {
			if err := browsers.CanMoveClocks(); err != nil {
				return &Gap{Missing: "clock", Reason: "the clock of a browser cannot be moved: " + err.Error()}
			}
		}
		if d := t.Declares.Sessions; d != nil && d.AtLimit == "refuse" && s.Times > d.Limit {
			return &Gap{Missing: "sessions", Declared: true, Reason: fmt.Sprintf("an account may have %d sessions, and the story needs %d", d.Limit, s.Times)}
		}
		if s.Optional {
			continue
		}
		if op, _ := story.Lookup(s.Op); op.Local {
			if g := e.formGap(s); g != nil {
				return g
			}
			if g := e.localGap(op.Name); g != nil {
				return g
			}
			continue
		}
		c, _ := sc.Story.Client(s.Client)
		all := t.For(kindOf(c), s.Op)
		if len(all) == 0 {
			return lack(s.Op, "the target file has no operation "+s.Op)
		}
		routes := all.Usable(e.Exec)
		if len(routes) == 0 {
			return &Gap{Missing: s.Op, Reason: s.Op + " runs a command: needs --allow-exec"}
		}
		if s.Route != "" && !slices.Contains(routes.Names(), s.Route) {
			return lack("second_route", fmt.Sprintf("the target file has no route %q for %s", s.Route, s.Op))
		}
	}
	for _, n := range sc.Needs {
		if g := e.needs(n, sc); g != nil {
			return g
		}
	}
	return nil
}

// needs checks one capability beyond operations.
func (e *Env) needs(n string, sc *scenarios.Scenario) *Gap {
	t := e.Target
	switch n {
	case "cookies":
		if len(e.Cal.Session) == 0 {
			return &Gap{Missing: n, Declared: true, Reason: "calibration: no cookie presents the session"}
		}
	case "cookie_set":
		if e.Cal.Set() < 2 {
			return &Gap{Missing: n, Declared: true, Reason: "calibration: fewer than two cookies present or signal the session"}
		}
	case "several_cookies":
		if len(e.Cal.Session)+len(e.Cal.Others) < 2 {
			return &Gap{Missing: n, Declared: true, Reason: "calibration: a sign-in leaves fewer than two cookies"}
		}
	case "https":
		if !strings.HasPrefix(t.Base, "https://") {
			return &Gap{Missing: n, Declared: true, Reason: "the target's base is plain http"}
		}
	case "claim":
		if t.Claim == nil {
			return &Gap{Missing: n, Declared: t.Without(n), Reason: "the target file names no signal cookie"}
		}
	case "pages":
		browser := slices.ContainsFunc(sc.Story.Clients, func(c story.Client) bool { return c.In == "browser" })
		if !slices.ContainsFunc(t.Pages, func(p targets.Page) bool { return browser || !p.Script }) {
			return &Gap{Missing: n, Declared: t.Without(n) || t.Without("visit") || len(t.Pages) > 0, Reason: "the target file has no pages that this client can read"}
		}
	case "claims":
		if t.Claim == nil && !slices.ContainsFunc(t.Pages, func(p targets.Page) bool { return !p.Script }) {
			return &Gap{Missing: n, Declared: t.Without("claim"), Reason: "the target file names no signal cookie and no page that works without scripts"}
		}
	case "no_anonymous_sessions":
		if d := t.Declares.AnonymousSessions; d != nil && *d {
			return &Gap{Missing: n, Declared: true, Reason: "strangers have sessions, so an answer may hand out a new one"}
		}
	case "handles":
		if len(t.For("wire", "list_sessions")) == 0 && !keepsHandle(t) {
			return &Gap{Missing: n, Declared: t.Without("list_sessions"), Reason: "nothing in the target file says what names a session"}
		}
	case "relogin":
		if t.Declares.SignInAgain == "adds" {
			return &Gap{Missing: n, Declared: true, Reason: "signing in again is declared to add a session"}
		}
	case "remember":
		if t.Declares.Remember == "" {
			return &Gap{Missing: n, Declared: t.Without(n), Reason: "the target file declares no sign-in that is remembered"}
		}
	case "refresh_reuse":
		if d := t.Declares.Refresh; d != nil && (d.Rotate != nil && !*d.Rotate || d.Grace > graceMost) {
			return &Gap{Missing: n, Declared: true, Reason: "a refresh credential is declared to be good for more than one refresh, or for long after it"}
		}
	case "user_switch":
		if t.Declares.SignInAgain == "refused" {
			return &Gap{Missing: n, Declared: true, Reason: "signing in over a session is declared to be refused"}
		}
	case "embedding":
		if e := t.Declares.Embedding; e != "partitioned" {
			return &Gap{Missing: n, Declared: e != "", Reason: "no sessions of their own are declared for frames of other sites"}
		}
	case "no_embedding":
		if t.Declares.Embedding == "partitioned" {
			return &Gap{Missing: n, Declared: true, Reason: "frames of other sites are declared to have sessions"}
		}
	case "rotation":
		if d := t.Declares.ChangePassword; d == nil || d.Current != "rotate" {
			return &Gap{Missing: n, Declared: d != nil && d.Current != "", Reason: "change_password.current is not declared as rotate"}
		}
	case "revoke_password":
		if d := t.Declares.Revoke; d == nil || d.Needs != "password" {
			return &Gap{Missing: n, Declared: d != nil, Reason: revokeGap(d)}
		}
	case "session_limit":
		if t.Declares.Sessions == nil {
			return &Gap{Missing: n, Declared: t.Without(n), Reason: "no limit of sessions is declared"}
		}
	case "acting_creation", "admin_creation":
		if n == "admin_creation" && t.Without(n) {
			return &Gap{Missing: n, Declared: true, Reason: "no route of create_user is open to administrators only"}
		}
		if len(e.routes(sc, "wire", "create_user")) == 0 {
			return &Gap{Missing: n, Declared: t.Without(n), Reason: "no route of create_user acts through the session of its client"}
		}
	case "connection":
		if !usesConnection(t) {
			return &Gap{Missing: n, Declared: t.Without(n), Reason: "nothing in the target file uses ${connection}"}
		}
	default:
		return &Gap{Missing: n, Reason: fmt.Sprintf("unknown need %q", n)}
	}
	return nil
}

// revokeGap says why it cannot be judged what a revocation needs.
func revokeGap(d *targets.Revocation) string {
	switch {
	case d == nil:
		return "revoke.needs is not declared"
	case d.Needs == "fresh":
		return "revoke.needs is declared as fresh: to a session that is no minute old nothing is asked"
	}
	return "revoke.needs is declared as none"
}

func usesConnection(t *targets.Target) bool {
	return slices.ContainsFunc(t.Refs(), func(r string) bool { return strings.TrimPrefix(r, "of.") == "connection" })
}

// keepsHandle tells whether a sign-in keeps what names its session.
func keepsHandle(t *targets.Target) bool {
	return slices.ContainsFunc(t.For("wire", "sign_in"), func(r targets.Route) bool {
		return slices.ContainsFunc(r.Steps, func(s targets.Step) bool { _, kept := s.Keep["handle"]; return kept })
	})
}
