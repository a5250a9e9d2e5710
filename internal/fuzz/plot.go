package fuzz

import (
	"slices"

	"github.com/sessionspec/sessionspec/internal/story"
)

// themes are what happens to an account or to a session in the course of its
// life; what undoes an operation belongs to its theme.
var themes = [][]string{{"create_user", "delete_user"}, {"disable", "enable"}, {"change_password"}, {"reset_password"}, {"rename"}, {"set_role"},
	{"refresh"}, {"step_up"}, {"revoke_session"}, {"revoke_others"}, {"revoke_all"}, {"expire"}, {"sign_out"}, {"request_link", "redeem"}, {"note", "read_note"}}

// ends are the operations that end sessions, or must not.
var ends = []string{"sign_out", "change_password", "reset_password", "revoke_session", "revoke_others", "revoke_all", "disable", "delete_user", "expire", "create_user", "enable"}

// plot makes the story one about alice, of signing in, one or two themes and one
// operation that ends: sessions from every time of an account, and few ways to go
// on. What takes four steps in order is rare among all kinds, and likely here.
func (d *drawing) plot() (out []kind) {
	d.about = d.g.cast[0].User
	missing := func(op string) bool { return !d.g.offers(op) }
	weights := map[string]int{"sign_in": 6}
	if themes := slices.DeleteFunc(slices.Clone(themes), func(ops []string) bool { return slices.ContainsFunc(ops, missing) }); len(themes) > 0 {
		for range 1 + d.dice.IntN(2) {
			theme := themes[d.dice.IntN(len(themes))]
			for _, op := range theme {
				weights[op] += 4 / len(theme)
			}
		}
	}
	if ends := slices.DeleteFunc(slices.Clone(ends), missing); len(ends) > 0 {
		weights[ends[d.dice.IntN(len(ends))]] += 2
	}
	for _, k := range kinds {
		if k.weight = weights[k.op]; k.weight > 0 && !missing(k.op) {
			out = append(out, k)
		}
	}
	return out
}

// aside tells whether a step leads away from the plot.
func (d *drawing) aside(st story.Step) bool {
	return d.about != "" && (d.s.account(st) != d.about || st.Op == "sign_in" && d.s.world.ClientState(st.Client) == "live")
}
