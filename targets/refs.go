package targets

import (
	"maps"
	"slices"

	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// use is a variable in an operation (or "provision", "pages", "storage").
type use struct {
	op string
	ref
}

// Refs lists every variable that the target's steps, conditions, pages and
// storage use, by name, with repetitions.
func (t *Target) Refs() (out []string) {
	for _, u := range t.stepRefs() {
		out = append(out, u.name)
	}
	return out
}

// uses tells whether a command or a step of the target has this variable.
func (t *Target) uses(name string) bool {
	has := func(r ref) bool { return r.name == name }
	return slices.ContainsFunc(slices.Concat(t.Setup.refs(), t.Launch.refs(), t.DrivenBy.asCommand().refs()), has) || slices.Contains(t.Refs(), name)
}

// UsesSelf tells whether a command of the target is sessionspec's own.
func (t *Target) UsesSelf() bool {
	if t.uses("self") {
		return true
	}
	if t.Imitation() {
		for _, v := range t.StandIn.Vars {
			if slices.Contains(v.Refs(), "self") {
				return true
			}
		}
	}
	return false
}

// eachRoute calls f for every route, in the order of names.
func (t *Target) eachRoute(f func(op string, r *Route)) {
	visit := func(ops Operations) {
		for _, name := range slices.Sorted(maps.Keys(ops)) {
			for i := range ops[name] {
				f(name, &ops[name][i])
			}
		}
	}
	visit(t.Operations)
	for _, k := range slices.Sorted(maps.Keys(t.Clients)) {
		visit(t.Clients[k].Operations)
	}
}

// EachStep calls f for every step of the file with the operation it belongs to
// ("provision" for those that make accounts).
func (t *Target) EachStep(f func(op string, s *Step)) {
	for i := range t.Provision {
		f("provision", &t.Provision[i])
	}
	t.eachRoute(func(op string, r *Route) {
		for i := range r.Steps {
			f(op, &r.Steps[i])
		}
	})
}

// stepRefs lists the variables filled in while a story is played.
func (t *Target) stepRefs() (out []use) {
	add := func(op string, rs []ref) {
		for _, r := range rs {
			out = append(out, use{op, r})
		}
	}
	for i := range t.Provision {
		add("provision", t.Provision[i].refs())
	}
	t.eachRoute(func(op string, r *Route) { add(op, r.refs()) })
	for _, p := range t.Pages {
		add("pages", p.Path.refs())
	}
	for _, k := range slices.Sorted(maps.Keys(t.Clients)) {
		if s := t.Clients[k].Storage; s != nil {
			add("storage", append(s.File.refs(), s.Credential.refs()...))
		}
	}
	return out
}

// headRefs lists the variables filled in before any story.
func (t *Target) headRefs(n *yamlx.Node) (out []ref) {
	for _, c := range []*Command{t.Setup, t.Launch, t.DrivenBy.asCommand()} {
		out = append(out, c.refs()...)
	}
	for _, k := range slices.Sorted(maps.Keys(t.Users)) {
		out = append(append(out, t.Users[k].User.refs()...), t.Users[k].Password.refs()...)
	}
	return append(out, Template{t.CA, n.Find("ca").Pos()}.refs()...)
}

func (c *Command) refs() (out []ref) {
	if c == nil {
		return nil
	}
	for _, a := range c.Command {
		out = append(out, a.refs()...)
	}
	for _, k := range slices.Sorted(maps.Keys(c.Env)) {
		out = append(out, c.Env[k].refs()...)
	}
	return out
}

func (s *Step) refs() (out []ref) {
	for _, t := range append([]Template{s.Path}, s.Exec...) {
		out = append(out, t.refs()...)
	}
	for _, t := range []*Template{s.Body, s.Stdin, s.Websocket, s.Stream, s.Open} {
		if t != nil {
			out = append(out, t.refs()...)
		}
	}
	for _, fs := range []Fields{s.Headers, s.Query, s.Form, s.Multipart, s.Env, s.Fill} {
		for _, f := range fs {
			out = append(out, f.Value.refs()...)
		}
	}
	for _, f := range s.Frames {
		out = append(out, f.refs()...)
	}
	if s.Frame != nil {
		out = append(out, s.Frame.refs()...)
	}
	for _, d := range slices.Concat(s.Send, s.Channel) {
		out = append(out, d.refs()...)
	}
	if s.JSON != nil {
		out = append(out, s.JSON.refs()...)
	}
	for _, k := range slices.Sorted(maps.Keys(s.Keep)) {
		x := s.Keep[k]
		out = append(out, x.refs()...)
	}
	for _, e := range []*Expr{s.OK, s.If, s.Until} {
		out = append(out, e.refs()...)
	}
	return out
}

// Refs lists every variable that the route's steps and conditions use.
func (r Route) Refs() (out []string) {
	for _, x := range r.refs() {
		out = append(out, x.name)
	}
	return out
}

func (r *Route) refs() (out []ref) {
	for i := range r.Steps {
		out = append(out, r.Steps[i].refs()...)
	}
	for _, e := range []*Expr{r.OK, r.Pending, r.Live} {
		out = append(out, e.refs()...)
	}
	return append(out, r.User.refs()...)
}
