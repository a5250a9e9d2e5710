// Package terms reads what a target file declares into the words of the judge.
package terms

import (
	"github.com/sessionspec/sessionspec/internal/judge"
	"github.com/sessionspec/sessionspec/internal/model"
	"github.com/sessionspec/sessionspec/targets"
)

// Of turns declarations into what the judge reads; what is not declared
// gets the strict default.
func Of(t *targets.Target) judge.Terms {
	d := t.Declares
	out := judge.Terms{Persistence: d.Persistence, Embedding: d.Embedding}
	out.Declared = model.Declared{AddressChange: d.AddressChange, SignInAgain: d.SignInAgain}
	if d.SignOut != nil {
		out.SignOut = d.SignOut.Scope
	}
	if d.Revoke != nil {
		out.RevokeNeeds = d.Revoke.Needs
	}
	if d.StepUp != nil {
		out.StepUp = d.StepUp.Current
	}
	if d.Sessions != nil {
		out.Limit, out.AtLimit = d.Sessions.Limit, d.Sessions.AtLimit
	}
	if d.ChangePassword != nil {
		out.OthersAfterChange, out.CurrentAfterChange = d.ChangePassword.Others, d.ChangePassword.Current
	}
	if d.ResetPassword != nil {
		out.OthersAfterReset = d.ResetPassword.Others
	}
	if d.Disable != nil {
		out.Disable = d.Disable.Sessions
	}
	if d.Refresh != nil {
		out.RefreshStays = d.Refresh.Rotate != nil && !*d.Refresh.Rotate
		out.ReuseRefused = d.Refresh.Reuse == "refuse"
	}
	out.AnonymousSessions = d.AnonymousSessions != nil && *d.AnonymousSessions
	return out
}
