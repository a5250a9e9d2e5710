package doctor

import (
	"fmt"
	"slices"

	"github.com/sessionspec/sessionspec/targets"
)

// Columns of the table that a promise can be about.
const (
	thisColumn = "this_session"
	sameColumn = "same_user"
)

// promise is one field of `declares` that a row can bear out.
type promise struct {
	name            string
	op, variant     string
	column          string
	value           func(d targets.Declares) string
	learnt          map[string][]string // declared value -> words that agree; no entry: any
	onlyWhenAgainst bool                // it is another row's promise, shown here only if broken
}

// Passwords and switched-off accounts are optional groups of the target file.
func change(d targets.Declares) targets.PasswordChange {
	if d.ChangePassword == nil {
		return targets.PasswordChange{}
	}
	return *d.ChangePassword
}

func reset(d targets.Declares) targets.PasswordChange {
	if d.ResetPassword == nil {
		return targets.PasswordChange{}
	}
	return *d.ResetPassword
}

func disabled(d targets.Declares) string {
	if d.Disable == nil {
		return ""
	}
	return d.Disable.Sessions
}

func scope(d targets.Declares) string {
	if d.SignOut == nil {
		return ""
	}
	return d.SignOut.Scope
}

func stepUp(d targets.Declares) string {
	if d.StepUp == nil {
		return ""
	}
	return d.StepUp.Current
}

func revokeNeeds(d targets.Declares) string {
	if d.Revoke == nil {
		return ""
	}
	return d.Revoke.Needs
}

func atLimit(d targets.Declares) string {
	if d.Sessions == nil {
		return ""
	}
	return d.Sessions.AtLimit
}

// reuse of a spent refresh credential; within a declared grace it may still be taken.
func reuse(d targets.Declares) string {
	switch {
	case d.Refresh == nil:
		return ""
	case d.Refresh.Grace > 0:
		return "grace"
	}
	return d.Refresh.Reuse
}

// promises: a session that goes on keeps its word even if its credential is renewed.
var promises = []promise{
	{name: "change_password.others", op: "change_password", column: sameColumn,
		value:  func(d targets.Declares) string { return change(d).Others },
		learnt: map[string][]string{"end": {Ends}, "keep": {Lives}}},
	{name: "change_password.current", op: "change_password", column: thisColumn,
		value:  func(d targets.Declares) string { return change(d).Current },
		learnt: map[string][]string{"keep": {Lives, Rotates, Adds}, "rotate": {Rotates}, "end": {Ends}}},
	{name: "reset_password.others", op: "reset_password", column: sameColumn,
		value:  func(d targets.Declares) string { return reset(d).Others },
		learnt: map[string][]string{"end": {Ends}, "keep": {Lives}}},
	{name: "disable.sessions", op: "disable", column: sameColumn, value: disabled,
		learnt: map[string][]string{"end": {Ends}, "suspend": {Ends}}},
	{name: "disable.sessions", op: "enable", column: sameColumn, value: disabled, onlyWhenAgainst: true,
		learnt: map[string][]string{"end": {Dead}}},
	{name: "sign_in_again", op: "sign_in", variant: "again", column: thisColumn,
		value:  func(d targets.Declares) string { return d.SignInAgain },
		learnt: map[string][]string{"replaces": {Rotates}, "refused": {Lives}, "adds": {Adds}}},
	{name: "refresh.reuse", op: "refresh", variant: "spent one", column: thisColumn, value: reuse,
		learnt: map[string][]string{"end": {Ends}, "refuse": {Lives}}},
	{name: "sign_out.scope", op: "sign_out", column: sameColumn, value: scope,
		learnt: map[string][]string{"this": {Lives}, "all": {Ends}}},
	{name: "step_up.current", op: "step_up", column: thisColumn, value: stepUp,
		learnt: map[string][]string{"keep": {Lives, Adds}, "rotate": {Rotates}}},
	{name: "revoke.needs", op: "revoke_session", variant: noPassword, column: sameColumn, value: revokeNeeds,
		learnt: map[string][]string{"password": {Lives}, "none": {Ends}, "fresh": {Ends}}}, // every sign-in here is a fresh one
	{name: "sessions.at_limit", op: "sign_in", variant: beyond, column: thisColumn, value: atLimit,
		learnt: map[string][]string{"end_oldest": {New}, "refuse": {None}}},
	{name: "sessions.at_limit", op: "sign_in", variant: beyond, column: sameColumn, value: atLimit,
		learnt: map[string][]string{"end_oldest": {Mixed, Ends}, "refuse": {Lives}}},
	{name: "address_change", op: "move", column: thisColumn,
		value:  func(d targets.Declares) string { return d.AddressChange },
		learnt: map[string][]string{"keep": {Lives, Rotates}, "end": {Ends}}},
}

// NotDeclared stands in a row for a promise that the target file leaves open.
const NotDeclared = "not declared"

// compare puts the declarations beside the rows.
func (r *Report) compare(t *targets.Target) {
	for i := range r.Rows {
		row := &r.Rows[i]
		for _, p := range promises {
			if p.op == row.Operation && p.variant == row.Case && row.This != Absent {
				r.hold(row, p, p.value(t.Declares))
			}
		}
	}
	r.general(t)
}

// hold compares one row with one promise.
func (r *Report) hold(row *Row, p promise, declared string) {
	got := map[string]string{thisColumn: row.This, sameColumn: row.SameUser}[p.column]
	words := p.learnt[declared]
	against := words != nil && got != Unknown && got != None && !slices.Contains(words, got)
	if p.onlyWhenAgainst && !against {
		return
	}
	if row.Declared == nil {
		row.Declared = map[string]string{}
	}
	if declared == "" {
		row.Declared[p.column] = NotDeclared
		if !slices.Contains(r.NotDeclared, p.name) {
			r.NotDeclared = append(r.NotDeclared, p.name)
		}
		return
	}
	row.Declared[p.column] = declared
	if against {
		row.Contradicts = append(row.Contradicts, p.column)
		by := row.Route
		if by != "" {
			by = " by " + by
		}
		r.Contradictions = append(r.Contradictions, fmt.Sprintf("%s is declared as %s; %s%s: %s", p.name, declared, row.title(), by, got))
	}
}

// general compares the declarations that belong to no single operation.
func (r *Report) general(t *targets.Target) {
	d := t.Declares
	against := func(format string, args ...any) {
		r.Contradictions = append(r.Contradictions, fmt.Sprintf(format, args...))
	}
	switch {
	case r.Lasting == "": // no cookie carries the session
	case d.Persistence == "":
		r.NotDeclared = append(r.NotDeclared, "persistence")
	case r.Lasting != d.Persistence:
		against("persistence is declared as %s; the session's cookies last: %s", d.Persistence, r.Lasting)
	}
	switch {
	case d.AnonymousSessions == nil:
		r.NotDeclared = append(r.NotDeclared, "anonymous_sessions")
	case !*d.AnonymousSessions && r.Strangers:
		against("anonymous_sessions is declared as false; whoami hands credentials to strangers")
	}
	if r.Signal != "" && !r.SignalSeen {
		against("claim.cookie is declared as %s; a sign-in does not bring it", r.Signal)
	}
}

func (row Row) title() string {
	if row.Case == "" {
		return row.Operation
	}
	return row.Operation + ", " + row.Case
}
