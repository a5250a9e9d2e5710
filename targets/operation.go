package targets

import (
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/internal/words"
	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// Operations maps an operation of the story language to the target's routes
// for it, in file order; all are tried, because bugs hide in the command line,
// the API and the deletion form.
type Operations map[string]Routes

// Routes are the ways to do one operation.
type Routes []Route

// Route is one way: steps, and how to read the outcome.
type Route struct {
	Name string `json:"route,omitempty"`
	// By is "self" (the acting client) or "nobody" (a clean throw-away client).
	By    string `json:"by,omitempty"`
	Steps Steps  `json:"steps"`
	// Registers marks a sign_in that makes the account: it is taken for a person's first sign-in.
	Registers bool `json:"registers,omitempty"`
	// OK and Pending are judged on the last answer; without OK every step must be ok.
	OK      *Expr `json:"ok,omitempty"`
	Pending *Expr `json:"pending,omitempty"`
	// Live and User belong to whoami: is the credential live, and as whom.
	Live *Expr      `json:"live,omitempty"`
	User *Extractor `json:"name,omitempty"`
	Pos  yamlx.Pos  `json:"-"`
}

func operationNames() []string {
	var out []string
	for _, o := range story.Ops() {
		if !o.Local || o.Name == "whoami" {
			out = append(out, o.Name)
		}
	}
	return out
}

// DecodeYAML reads operations and checks their names.
func (o *Operations) DecodeYAML(n *yamlx.Node) {
	if !n.IsMap() {
		n.Errorf("expected a mapping from operations to routes")
		return
	}
	*o = Operations{}
	names := operationNames()
	for _, e := range n.Entries() {
		if !slices.Contains(names, e.Key) {
			e.KeyAt.Errorf("unknown operation %q%s; operations are %s", e.Key, words.DidYouMean(e.Key, names), strings.Join(names, ", "))
			continue
		}
		var rs Routes
		e.Value.Decode(&rs)
		if len(rs) == 0 {
			e.Value.Errorf("%s: no route", e.Key)
		}
		for i := range rs {
			if slices.IndexFunc(rs, func(r Route) bool { return r.Name == rs[i].Name }) != i {
				n.ErrorAt(rs[i].Pos, "%s: two routes are called %q; give them names: `route: name`", e.Key, rs[i].Name)
			}
			if rs[i].Registers && (e.Key != "sign_in" || i == 0) {
				n.ErrorAt(rs[i].Pos, "`registers` belongs to a further route of sign_in: an account that is there already signs in by the first")
			}
			rs[i].checkDriven(n)
			if e.Key == "whoami" && rs[i].Live == nil && !rs[i].driven() {
				n.ErrorAt(rs[i].Pos, "whoami needs `live:`, the condition under which somebody is signed in")
			}
		}
		(*o)[e.Key] = rs
	}
}

var routeKeys = []string{"route", "by", "steps", "registers", "ok", "pending", "live", "name"}

// DecodeYAML reads a route; the keys of a single step may stand in it directly.
func (r *Route) DecodeYAML(n *yamlx.Node) {
	r.Pos = n.Pos()
	r.By = "self"
	if !n.IsMap() {
		n.Errorf("expected a route: a request such as `POST: /login`, or `steps:`")
		return
	}
	var own []yamlx.Entry
	hasSteps := false
	for _, e := range n.Entries() {
		switch e.Key {
		case "route":
			e.Value.Decode(&r.Name)
		case "by":
			e.Value.Decode(&r.By)
			if e.Value.IsScalar() {
				e.Value.OneOf(r.By, []string{"self", "nobody"})
			}
		case "steps":
			hasSteps = true
			e.Value.Decode(&r.Steps)
		case "registers":
			e.Value.Decode(&r.Registers)
		case "ok":
			e.Value.Decode(&r.OK)
		case "pending":
			e.Value.Decode(&r.Pending)
		case "live":
			e.Value.Decode(&r.Live)
		case "name":
			e.Value.Decode(&r.User)
		default:
			own = append(own, e)
		}
	}
	switch {
	case hasSteps && len(own) > 0:
		own[0].KeyAt.Errorf("unknown key %q%s; a route with `steps:` takes %s", own[0].Key,
			words.DidYouMean(own[0].Key, routeKeys), strings.Join(routeKeys, ", "))
	case !hasSteps:
		var s Step
		s.decode(n, own, routeKeys)
		r.Steps = Steps{s}
	case len(r.Steps) == 0:
		n.Errorf("a route without steps")
	}
	if r.Name == "" && len(r.Steps) > 0 {
		r.Name = r.Steps[0].kind()
	}
}

// Route finds a route by name; "" means the first.
func (rs Routes) Route(name string) (Route, bool) {
	for _, r := range rs {
		if name == "" || r.Name == name {
			return r, true
		}
	}
	return Route{}, false
}

// Names lists the routes.
func (rs Routes) Names() []string {
	out := make([]string, len(rs))
	for i, r := range rs {
		out[i] = r.Name
	}
	return out
}

// Usable leaves out the routes that run commands, unless that is allowed.
func (rs Routes) Usable(exec bool) Routes {
	if exec {
		return rs
	}
	return slices.DeleteFunc(slices.Clone(rs), func(r Route) bool { return r.Steps.Exec() })
}

// For returns the operations as a client of that kind performs them: its own
// first, the plain ones for the rest.
func (t *Target) For(kind, op string) Routes {
	if k, ok := t.Clients[kind]; ok {
		if rs, ok := k.Operations[op]; ok {
			return rs
		}
	}
	return t.Operations[op]
}
