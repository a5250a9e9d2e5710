package targets

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/words"
	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// StandIn says what plays the product where no server of it is given, that is
// where `base` comes out empty: the reference server in the product's dialect.
// The rest of the target file is used as it stands.
type StandIn struct {
	// Vars are variables that only the stand-in has, or has otherwise; over those of the file, below --set.
	// They may use the variables of the run, such as ${port} and ${self}, and each other where those are plain text.
	Vars map[string]Template `yaml:"vars" json:"vars,omitempty"`
	// Launch is how the stand-in is started.
	Launch *Command `yaml:"start,required" json:"start"`
	// Base is where the stand-in answers.
	Base string `yaml:"base,required" json:"base"`
	// CA is a PEM file with the authority of an https stand-in.
	CA string `yaml:"ca" json:"ca,omitempty"`
	// Plain is where an https stand-in answers without TLS.
	Plain string `yaml:"plain" json:"plain,omitempty"`
}

// Imitation tells whether the target's stand-in is played instead of the product.
func (t *Target) Imitation() bool { return t.StandIn != nil && t.Launch == t.StandIn.Launch }

// Instead says, where the stand-in is played, what it is played instead of and
// how the real server is given; "" otherwise.
func (t *Target) Instead() string {
	if !t.Imitation() {
		return ""
	}
	return fmt.Sprintf("no server was given, so this is the reference server in that dialect, and no verdict on the product; --set %s=... names a server",
		strings.Join(t.where, "=... --set "))
}

// standIn puts the stand-in in the place of a server that nobody gave. release
// is the one that the user named, set are the user's own variables.
func (t *Target) standIn(release string, set map[string]string) error {
	if t.StandIn == nil || t.given(set) {
		return nil
	}
	t.where = nil
	for _, r := range (Template{Text: t.Base}).refs() {
		t.where = append(t.where, r.name)
	}
	if release != "" {
		return fmt.Errorf("%s: a release says which %s your server is; the stand-in has none, so --set %s=... has to say where the server is",
			t.File, t.Name, strings.Join(t.where, "=... --set "))
	}
	t.Release = ""
	t.Setup, t.Launch, t.Base, t.CA, t.Plain = nil, t.StandIn.Launch, t.StandIn.Base, t.StandIn.CA, t.StandIn.Plain
	for k, v := range t.StandIn.Vars {
		t.Vars[k] = v.Text
	}
	return nil
}

// given tells whether the variables make an address of the file's base.
func (t *Target) given(set map[string]string) bool {
	vars := t.vars()
	for k, v := range set {
		if _, ok := t.Vars[k]; ok {
			vars[k] = v
		}
	}
	for _, k := range runVars {
		if _, ok := vars[k]; !ok {
			vars[k] = "?" // not known before the start, and never empty then
		}
	}
	base, _, err := Template{Text: t.Base}.Expand(vars)
	return err != nil || base != ""
}

// placeStandIn expands the stand-in's variables, which may use those of the run.
// What the user set is left as it is.
func (t *Target) placeStandIn() error {
	if !t.Imitation() {
		return nil
	}
	vars := t.vars()
	for _, k := range slices.Sorted(maps.Keys(t.StandIn.Vars)) {
		tmpl := t.StandIn.Vars[k]
		if t.Vars[k] != tmpl.Text {
			continue
		}
		s, _, err := tmpl.Expand(vars)
		if err != nil {
			return err
		}
		t.Vars[k] = s
	}
	return nil
}

func (t *Target) checkStandIn(n *yamlx.Node) {
	s := t.StandIn
	if s == nil {
		return
	}
	at := n.Find("stand_in")
	if t.Launch != nil {
		at.Errorf("a file with `start` starts its own server and needs no `stand_in`")
	} else if t.Base != "" && !strings.HasPrefix(t.Base, "${") {
		n.Find("base").Errorf("the stand-in would never be played: base is never empty; write ${url} and `vars: {url: \"\"}`")
	}
	if s.Launch != nil {
		checkCommand(at.Find("start"), s.Launch)
	}
	checkBase(at.Find("base"), s.Base)
	if vars := at.Find("vars"); vars != at {
		reserved(vars)
	}
	complain := func(r ref, known []string) {
		if !slices.Contains(known, r.name) {
			n.ErrorAt(r.pos, "no value for ${%s}%s: a stand-in is made of the variables of the run, of `vars` and of plain ones of its own",
				r.name, words.DidYouMean(r.name, known))
		}
	}
	known := slices.AppendSeq(slices.Clone(runVars), maps.Keys(t.Vars))
	names := slices.Sorted(maps.Keys(s.Vars))
	for _, k := range names {
		if len(s.Vars[k].refs()) == 0 { // plain text, such as what --plant gives, may stand in the others
			known = append(known, k)
		}
	}
	for _, k := range names {
		for _, r := range s.Vars[k].refs() {
			complain(r, known)
		}
	}
	known = slices.AppendSeq(known, maps.Keys(s.Vars))
	for _, x := range []Template{{s.Base, at.Find("base").Pos()}, {s.Plain, at.Find("plain").Pos()}, {s.CA, at.Find("ca").Pos()}} {
		for _, r := range x.refs() {
			complain(r, known)
		}
	}
	for _, r := range s.Launch.refs() {
		complain(r, append(known, "base"))
	}
}
