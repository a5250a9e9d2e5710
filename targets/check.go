package targets

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/internal/words"
	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// Variables that sessionspec itself gives: runVars to everything in the file,
// storyVars to steps, pages and storage, in addition.
var (
	runVars   = []string{"port", "plain_port", "work", "cache", "self", "dir", "shared", "release"}
	storyVars = []string{"base", "home", "user", "password", "new_password", "new_name", "email", "role", "actor", "agent", "connection", "text", "credential"}
)

var readyForm = regexp.MustCompile(`^(GET|HEAD|POST|OPTIONS) /\S*$`)

// CheckYAML finds what only shows across the file: variables that nothing could
// ever set, words in `without` that mean nothing, steps no client can make.
func (t *Target) CheckYAML(n *yamlx.Node) {
	t.checkHead(n)
	t.checkWithout(n.Find("declares", "without"))
	t.checkLacks(n.Find("releases"))
	t.checkPromises(n)
	if name := t.Declares.Remember; name != "" {
		if _, ok := t.Operations["sign_in"].Route(name); !ok {
			n.Find("declares", "remember").Errorf("sign_in has no route %q%s", name, words.DidYouMean(name, t.Operations["sign_in"].Names()))
		}
	}
	t.checkStandIn(n)
	t.checkDriver(n)
	t.checkVars(n)
	t.checkSteps(n)
	ops := n.Find("operations")
	for _, need := range []struct{ op, why string }{{"whoami", "every verdict rests on it"}, {"sign_in", "every story begins with it"}} {
		if ops != n && ops.IsMap() && ops.Find(need.op) == ops {
			ops.Errorf("operations need %s: %s", need.op, need.why)
		}
	}
}

func (t *Target) checkHead(n *yamlx.Node) {
	if d := t.DefaultRelease; d != "" {
		if _, ok := t.Releases[d]; !ok {
			names := slices.Sorted(maps.Keys(t.Releases))
			n.Find("default_release").Errorf("default_release %q is not among the releases%s", d, words.DidYouMean(d, names))
		}
	}
	checkBase(n.Find("base"), t.Base)
	switch p := n.Find("plain"); {
	case t.Plain == "":
	case !strings.HasPrefix(t.Plain, "http://") && !strings.HasPrefix(t.Plain, "${"):
		p.Errorf("plain %q is no http address", t.Plain)
	case strings.HasPrefix(t.Base, "http://"):
		p.Errorf("base is plain http itself, so that `plain` says nothing")
	}
	if t.Setup != nil && t.Setup.Ready != "" {
		n.Find("setup", "ready").Errorf("setup is run to its end and takes no `ready`")
	}
	for key, c := range map[string]*Command{"setup": t.Setup, "start": t.Launch} {
		if c != nil {
			checkCommand(n.Find(key), c)
		}
	}
	for i, p := range t.Pages {
		at := n.Find("pages")
		if at.IsList() {
			at = at.Items()[i]
		}
		checkPath(at.Find("path"), p.Path)
		for key, sel := range map[string]string{"signed_in": p.SignedIn, "signed_out": p.SignedOut, "sign_out": p.SignOut} {
			if sel == "" || p.Script { // browsers know more selectors than we do
				continue
			}
			if _, err := parseSelector(sel); err != nil {
				at.Find(key).Errorf("%v", err)
			}
		}
	}
}

func checkBase(n *yamlx.Node, base string) {
	if base != "" && !strings.HasPrefix(base, "http://") && !strings.HasPrefix(base, "https://") && !strings.HasPrefix(base, "${") {
		n.Errorf("base %q is no http or https address", base)
	}
}

func checkCommand(n *yamlx.Node, c *Command) {
	if c.Command != nil && len(c.Command) == 0 {
		n.Find("command").Errorf("a command needs at least one word")
	}
	if c.Ready != "" && !readyForm.MatchString(c.Ready) {
		n.Find("ready").Errorf("expected a request such as `GET /health`, found %q", c.Ready)
	}
}

// reserved complains about variables that are not the file's to set.
func reserved(vars *yamlx.Node) {
	for _, e := range vars.Entries() {
		if e.Key != "port" && slices.Contains(slices.Concat(runVars, storyVars), e.Key) {
			e.KeyAt.Errorf("the variable %q is sessionspec's own", e.Key)
		}
	}
}

// checkPath complains about a path that would run into the port number.
func checkPath(n *yamlx.Node, t Template) {
	if t.Text != "" && !strings.HasPrefix(t.Text, "/") && !strings.HasPrefix(t.Text, "${") && !strings.Contains(t.Text, "://") {
		n.Errorf("path %q has to begin with /", t.Text)
	}
}

func (t *Target) checkWithout(n *yamlx.Node) {
	can := append(Capabilities(), story.Names()...)
	for i, w := range t.Declares.Without {
		at := n
		if n.IsList() {
			at = n.Items()[i]
		}
		if !slices.Contains(can, w) {
			at.Errorf("unknown word %q%s; known are operations and %s", w, words.DidYouMean(w, can), strings.Join(capabilities, ", "))
		}
		if len(t.Operations[w]) > 0 {
			at.Errorf("`without` names %q, yet `operations` has it", w)
		}
		_, client := t.Clients[w]
		if client || w == "claim" && t.Claim != nil || w == "pages" && len(t.Pages) > 0 {
			at.Errorf("`without` names %q, yet the file describes it", w)
		}
	}
}

// checkLacks looks at what single releases have not: a word that takes nothing
// away is a mistake.
func (t *Target) checkLacks(n *yamlx.Node) {
	can := slices.Sorted(maps.Keys(t.Operations))
	for _, r := range n.Entries() {
		list := r.Value.Find("without")
		for i, w := range t.Releases[r.Key].Without {
			at := list
			if list.IsList() {
				at = list.Items()[i]
			}
			checkLack(at, w, can)
		}
	}
}

func checkLack(at *yamlx.Node, word string, can []string) {
	switch {
	case word == "whoami" || word == "sign_in":
		at.Errorf("every release has %s: all verdicts rest on it", word)
	case !slices.Contains(can, word):
		at.Errorf("%q is no operation of this file%s", word, words.DidYouMean(word, can))
	}
}

func (t *Target) checkVars(n *yamlx.Node) {
	own := slices.Clone(runVars)
	own = slices.AppendSeq(own, maps.Keys(t.Vars))
	for _, r := range t.Releases {
		own = slices.AppendSeq(own, maps.Keys(r.Vars))
	}
	if vars := n.Find("vars"); vars != n {
		reserved(vars)
	}
	for _, e := range n.Find("releases").Entries() {
		if vars := e.Value.Find("vars"); len(t.Releases) > 0 && vars != e.Value {
			reserved(vars)
		}
	}
	complain := func(r ref, known []string) {
		n.ErrorAt(r.pos, "no value for ${%s}%s: not a variable of sessionspec, of `vars`, or of any `keep`", r.name, words.DidYouMean(r.name, known))
	}
	for _, r := range append(Template{t.Base, n.Find("base").Pos()}.refs(), Template{t.Plain, n.Find("plain").Pos()}.refs()...) {
		if !slices.Contains(own, r.name) {
			complain(r, own)
		}
	}
	own = append(own, "base")
	for _, r := range t.headRefs(n) {
		if !slices.Contains(own, r.name) {
			complain(r, own)
		}
	}
	known := append(own, storyVars...)
	if t.DrivenBy != nil {
		known = append(known, t.DrivenBy.Keeps...)
	}
	t.EachStep(func(_ string, s *Step) { known = slices.AppendSeq(known, maps.Keys(s.Keep)) })
	for _, u := range t.stepRefs() {
		name, other := strings.CutPrefix(u.name, "of.")
		if !slices.Contains(known, name) {
			complain(u.ref, known)
		} else if op, ok := story.Lookup(u.op); other && (!ok || !op.Of) {
			n.ErrorAt(u.pos, "no value for ${%s}: there is no second client in %s", u.name, u.op)
		}
	}
}

func (t *Target) checkSteps(n *yamlx.Node) {
	visit := func(ops Operations, browser bool) {
		for _, name := range slices.Sorted(maps.Keys(ops)) {
			for _, r := range ops[name] {
				if name != "whoami" && r.Live != nil {
					n.ErrorAt(r.Live.Pos, "`live` belongs to whoami")
				}
				if name != "whoami" && r.User != nil {
					n.ErrorAt(r.User.Pos, "`name` belongs to whoami; to name a route write `route: name`")
				}
				for _, s := range r.Steps {
					if s.Stream != nil && name != "open_channel" {
						n.ErrorAt(s.Pos, "a stream never ends by itself: it belongs into open_channel")
					}
					if s.Channel != nil && name != "use_channel" {
						n.ErrorAt(s.Pos, "`channel` uses what open_channel has opened: it belongs into use_channel")
					}
					if s.Browser() && !browser {
						n.ErrorAt(s.Pos, "a browser step (open, fill, click, wait) outside of clients.browser")
					}
				}
			}
		}
	}
	visit(t.Operations, false)
	for _, k := range slices.Sorted(maps.Keys(t.Clients)) {
		visit(t.Clients[k].Operations, k == "browser")
	}
	for _, s := range t.Provision {
		if s.Browser() {
			n.ErrorAt(s.Pos, "a browser step (open, fill, click, wait) outside of clients.browser")
		}
	}
}
