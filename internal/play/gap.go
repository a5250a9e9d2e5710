package play

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/scenarios"
	"github.com/sessionspec/sessionspec/targets"
)

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
	if g := e.fixedGap(sc); g != nil {
		return g
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
