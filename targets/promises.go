package targets

import "github.com/sessionspec/sessionspec/internal/yamlx"

// checkPromises finds declarations that mean nothing, and an operation whose
// result nobody could read.
func (t *Target) checkPromises(n *yamlx.Node) {
	if t.Declares.AddressChange == "end" {
		n.Find("declares", "address_change").Errorf("`address_change: end` is no promise that a requirement asks for; leave it out, and either is accepted")
	}
	if s := t.Declares.Sessions; s != nil && s.Limit < 1 {
		n.Find("declares", "sessions", "limit").Errorf("limit: expected a number from 1")
	}
	for _, r := range t.Operations["list_sessions"] {
		all := false
		for _, s := range r.Steps {
			all = all || s.Keep["handles"].All
		}
		if !all {
			n.ErrorAt(r.Pos, "list_sessions has to keep what names each entry: `keep: {handles: {json: \"$.sessions[*].id\", all: true}}`")
		}
	}
}
