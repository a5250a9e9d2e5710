package suites

import (
	"fmt"
	"strings"

	"github.com/sessionspec/sessionspec/internal/judge"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/internal/terms"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/targets"
)

type storyClient = story.Client

func termsOf(t *targets.Target) judge.Terms { return terms.Of(t) }

// notDeclared lists the promises that the target file leaves open.
func notDeclared(t *targets.Target) (out []string) {
	d := t.Declares
	add := func(missing bool, what string) {
		if missing {
			out = append(out, what)
		}
	}
	_, changes := t.Operations["change_password"]
	_, resets := t.Operations["reset_password"]
	_, disables := t.Operations["disable"]
	add(changes && (d.ChangePassword == nil || d.ChangePassword.Others == ""), "change_password.others (judged as: end)")
	add(changes && (d.ChangePassword == nil || d.ChangePassword.Current == ""), "change_password.current (judged as: kept, rotated or ended)")
	add(resets && (d.ResetPassword == nil || d.ResetPassword.Others == ""), "reset_password.others (judged as: end)")
	add(disables && d.Disable == nil, "disable.sessions (judged as: end)")
	_, refreshes := t.Operations["refresh"]
	add(refreshes && (d.Refresh == nil || d.Refresh.Rotate == nil), "refresh.rotate (judged as: true)")
	add(refreshes && (d.Refresh == nil || d.Refresh.Reuse == ""), "refresh.reuse (judged as: end)")
	add(d.AnonymousSessions == nil, "anonymous_sessions (judged as: none)")
	add(len(t.Pages) > 0 && d.Embedding == "" && !t.Without("browser"), "embedding (judged as: none)")
	add(d.Persistence == "", "persistence (judged as: either, but consistent)")
	add(d.AddressChange == "", "address_change (judged as: either)")
	_, revokes := t.Operations["revoke_session"]
	_, steps := t.Operations["step_up"]
	add(d.SignOut == nil, "sign_out.scope (judged as: this)")
	add(revokes && d.Revoke == nil, "revoke.needs (not judged)")
	add(steps && d.StepUp == nil, "step_up.current (judged as: either, without the new right)")
	add(d.Sessions == nil && !t.Without("session_limit"), "sessions.limit (not judged)")
	return out
}

// settleGap: what cannot be played is not applicable if the target itself says
// that it has no such thing, and not judged otherwise.
func (e *engine) settleGap(j *job) {
	j.verdict = reports.NotJudged
	j.reason = j.gap.Reason
	if j.gap.Declared {
		j.verdict = reports.NotApplicable
		j.reason += " (declared)"
		if strings.HasPrefix(j.gap.Reason, "calibration:") {
			j.reason = j.gap.Reason
		}
	}
	e.finish(j)
}

// settleUnplayed: a target that died is trouble, a run that was broken off only
// leaves something open.
func (e *engine) settleUnplayed(j *job) {
	j.verdict, j.reason = reports.NotJudged, notPlayed
	e.mu.Lock()
	if err := e.dead[j.env]; err != nil {
		j.verdict, j.reason = reports.Error, "not played: "+err.Error()
	}
	e.mu.Unlock()
}

// unable tells whether all that was in the way is what the browser cannot do.
func unable(j *job) bool {
	return j.final != nil && j.final.Unable != "" && len(j.result.Findings) == 0
}

// notPlayed is why a story has no verdict that the run had no time for.
const notPlayed = "not played: the run ended before"

// settle reads the verdict off the judge's result.
func (e *engine) settle(j *job, note string) {
	if note != "" {
		j.notes = append(j.notes, note)
	}
	r := j.result
	j.notes = append(j.notes, r.Notes...)
	switch {
	case len(r.Findings) > 0:
		j.verdict = reports.Fail
	case unable(j):
		j.verdict, j.reason = reports.NotApplicable, j.final.Unable
	case r.Stopped != "" && r.Error:
		j.verdict, j.reason = reports.Error, r.Stopped
	case r.Stopped != "":
		j.verdict, j.reason = reports.NotJudged, r.Stopped
	default:
		var open []string
		for _, id := range j.sc.Tests {
			if r.Checks[id] == 0 {
				open = append(open, id)
			}
		}
		if len(open) > 0 {
			j.verdict, j.reason = reports.NotJudged, fmt.Sprintf("the story gave no occasion to judge %s", strings.Join(open, ", "))
			return
		}
		j.verdict = reports.Pass
	}
}
