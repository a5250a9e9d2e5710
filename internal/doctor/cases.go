package doctor

import (
	"fmt"
	"slices"

	"github.com/sessionspec/sessionspec/internal/play"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/targets"
)

// examined is one operation by one route, and the story that shows what it does.
type examined struct {
	op, variant string
	kind        string // of the acting client, "wire" for plain HTTP
	route       targets.Route
	// before are steps between the sign-ins and the operation.
	before []story.Step
	step   story.Step
	// late clients are not signed in beforehand.
	late []string
	// why there is nothing to play, "" if there is.
	why string
}

// prerequisites are operations that another one needs to have anything to do.
var prerequisites = map[string]string{
	"enable": "disable", "read_note": "note", "redeem": "request_link", "use_channel": "open_channel", "sensitive": "step_up",
}

// Cases that only some target files have something to say about.
const (
	noPassword = "no password"
	beyond     = "beyond the limit"
)

// variants are the cases of an operation beyond the plain one.
var variants = map[string][]examined{
	"sign_in": {
		{step: story.Step{Client: "phone"}, late: []string{"phone"}},
		{variant: "again", step: story.Step{Client: "laptop", Expect: "any"}},
		{variant: "wrong password", step: story.Step{Client: "laptop", Wrong: true, Expect: "refused"}},
		{variant: beyond, step: story.Step{Client: "phone", Expect: "any"}, late: []string{"phone", "crowd"},
			before: []story.Step{{Op: "sign_in", Client: "crowd", Fill: true, Expect: "ok"}}},
	},
	"sign_in_partial": {{step: story.Step{Client: "phone"}, late: []string{"phone"}}},
	"create_user": {
		{step: story.Step{Client: "office", User: "carol"}},
		{variant: "name taken", step: story.Step{Client: "office", User: "bob", Expect: "refused"}},
	},
	"revoke_session": {
		{step: story.Step{Client: "laptop", Of: "phone"}},
		{variant: noPassword, step: story.Step{Client: "laptop", Of: "phone", Unanswered: true, Expect: "any"}},
	},
	"set_role": {{step: story.Step{Client: "office", User: "alice", To: "admin"}}},
	"refresh": {
		{step: story.Step{Client: "laptop"}},
		{variant: "spent one", step: story.Step{Client: "laptop", With: "spent", Expect: "any"},
			before: []story.Step{{Op: "refresh", Client: "laptop", Expect: "ok"}}},
	},
	"request_link": {{step: story.Step{Client: "phone"}, late: []string{"phone"}}},
	"redeem":       {{step: story.Step{Client: "phone"}, late: []string{"phone"}}},
	"use_channel":  {{step: story.Step{Client: "laptop", Of: "desk"}}},
}

// silent operations have no row: they only look, or are no operation of the target's.
var silent = []string{"whoami", "count_sessions", "present", "plant", "restart_browser", "leave", "back",
	"open_tab", "begin_form", "send_form", "close_private_window", "arrive", "forge", "swap_token", "embed"}

// cases lists everything to play, in the order of the vocabulary.
func cases(t *targets.Target) (out []examined) {
	for _, op := range story.Ops() {
		if slices.Contains(silent, op.Name) {
			continue
		}
		for _, v := range casesOf(op) {
			v.op = op.Name
			v.step.Op = op.Name
			if v.step.Expect == "" {
				v.step.Expect = "ok"
			}
			if pre, ok := prerequisites[op.Name]; ok {
				v.before = []story.Step{{Op: pre, Client: v.step.Client, User: v.step.User, Expect: "ok"}}
			}
			out = append(out, v.byRoute(t, op)...)
		}
	}
	return out
}

func casesOf(op story.Op) []examined {
	if vs, ok := variants[op.Name]; ok {
		return slices.Clone(vs)
	}
	s := story.Step{Client: "laptop"}
	if op.Account {
		s = story.Step{Client: "office", User: "alice"}
	}
	if op.Of {
		s.Of = "phone"
	}
	return []examined{{step: s}}
}

// byRoute gives one case for each route of each kind of client.
func (x examined) byRoute(t *targets.Target, op story.Op) (out []examined) {
	x.kind = "wire"
	if op.Local {
		switch {
		case op.Name == "move":
		case op.Name == "visit" && len(t.Pages) > 0:
		default:
			return nil
		}
		return []examined{x}
	}
	kinds := []string{"wire"}
	for kind := range t.Clients {
		if kind != "browser" {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds[1:])
	for _, kind := range kinds {
		routes := t.Operations[op.Name]
		if kind != "wire" {
			routes = t.Clients[kind].Operations[op.Name]
		}
		for _, r := range routes {
			if x.idle(t, r) {
				continue
			}
			y := x
			y.kind, y.route = kind, r
			y.step.Route = r.Name
			out = append(out, y)
		}
	}
	if len(out) == 0 && x.variant == "" {
		x.why = "not offered"
		if t.Without(op.Name) {
			x.why = "declared as absent"
		}
		out = append(out, x)
	}
	return out
}

// idle tells that the case would show no more of this route than the plain one.
func (x examined) idle(t *targets.Target, r targets.Route) bool {
	switch asks := slices.Contains(r.Refs(), "password"); {
	case x.variant == beyond:
		return t.Declares.Sessions == nil
	case x.step.Unanswered: // where one is promised, a route that sends none is the one to look at
		return !asks && revokeNeeds(t.Declares) != "password"
	default:
		return x.step.Wrong && !asks
	}
}

// plan is the story of a case: everybody signs in, then the operation.
func (x examined) plan(t *targets.Target) play.Plan {
	st := story.Story{Clients: []story.Client{{Name: "laptop", User: "alice"}, {Name: "phone", User: "alice"}, {Name: "desk", User: "bob"}}}
	if x.step.Client == "office" {
		st.Clients = append(st.Clients, story.Client{Name: "office", User: "admin"})
	}
	if x.variant == beyond {
		st.Clients = append(st.Clients, story.Client{Name: "crowd", User: "alice"})
	}
	for i, c := range st.Clients {
		st.Clients[i].In = "wire"
		if c.Name == x.step.Client {
			st.Clients[i].In = x.kind
		}
		if !slices.Contains(x.late, c.Name) {
			st.Steps = append(st.Steps, story.Step{Op: "sign_in", Client: c.Name, Expect: "ok"})
		}
	}
	st.Steps = append(append(st.Steps, x.before...), x.step)
	id := fmt.Sprintf("doctor/%s@%s[%s %s]", x.op, t.Name, x.kind, x.route.Name)
	return play.Plan{ID: id, Scenario: "doctor/" + x.op, Story: st, Routes: map[string]string{}}
}
