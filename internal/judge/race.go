package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/lin"
)

// Requirements about two things at once.
const (
	changeVsSignIn = "race/credential-change-vs-sign-in"
	outVsRequest   = "race/sign-out-vs-request"
	oneLineage     = "race/parallel-refresh"
	writesMerge    = "race/session-writes-merge"

	notAdopted = "establish/foreign-token-not-adopted"
)

// attempts is how often a play gave occasion to a race, and how often it was lost.
type attempts struct{ tries, hits int }

func (b *bench) race(requirement string) *attempts {
	if b.races == nil {
		b.races = map[string]*attempts{}
	}
	if b.races[requirement] == nil {
		b.races[requirement] = &attempts{}
	}
	return b.races[requirement]
}

// countTries says in each finding about a race how often it was tried.
func (b *bench) countTries() {
	for i, f := range b.res.Findings {
		if t, ok := b.races[f.Requirement]; ok && t.tries > 1 {
			b.res.Findings[i].Got += fmt.Sprintf("; in %d of %d tries", t.hits, t.tries)
		}
	}
}

// lost reports a race once a play, and counts it every time.
func (b *bench) lost(f Finding) {
	b.race(f.Requirement).hits++
	if b.found(f.Requirement) {
		b.res.Checks[f.Requirement]++
		return
	}
	b.find(f)
}

// alone is what each ending owes where nothing else is going on. What an
// operation does not do alone is not blamed on a race.
var alone = map[string][]string{
	"change_password": {"terminate/credential-change-ends-others", rotationKills, "frame/account-change-scope"},
	"reset_password":  {"terminate/credential-change-ends-others", "frame/account-change-scope"},
	"disable":         {"terminate/account-end-kills-all", "frame/account-change-scope", explicitAct},
	"delete_user":     {"terminate/account-end-kills-all", "frame/account-change-scope", "isolate/no-identity-reuse"},
	"revoke_all":      {"terminate/admin-can-end"},
	"revoke_session":  {"multi/revoke-exact", foreignHandles},
	"revoke_others":   {"multi/revoke-exact"},
	"sign_out":        {kills, idempotent, "frame/sign-out-keeps-others", noGhost},
	"sign_in":         {"frame/sign-in-keeps-others", "hygiene/relogin-leaves-no-orphan", newToken},
	"step_up":         {rotateOnChange},
	"refresh":         {reuseEnds, accountState, allDie, rotationKills},
	"expire":          {"expiry/dead-stays-dead"},
	"create_user":     {"frame/create-user-keeps-sessions", keepsActor},
}

const rotationKills = "establish/rotation-kills-predecessor"

// knownAlone tells whether one of the operations has failed to do in this play
// what it owes alone, or the user's sessions have differed for any reason before.
func (b *bench) knownAlone(h lin.History) bool {
	for _, o := range h.Ops {
		for _, req := range alone[o.What] {
			if b.found(req) {
				return true
			}
		}
	}
	return slices.ContainsFunc([]string{oneIdentity, byNetwork, anyOrder}, b.found)
}

// changes are operations after which an old credential opens no session.
var changes = []string{"change_password", "reset_password", "disable", "delete_user", "revoke_all"}

// endings are operations after which a session that was there is over.
var endings = []string{"sign_out", "expire", "revoke_session", "revoke_others", "revoke_all", "disable", "delete_user", "change_password", "reset_password", lin.Leave}

// noOrder reports what no order explains.
func (b *bench) noOrder(op *history.Op, user string, h lin.History, r lin.Result) {
	known := b.knownAlone(h)
	settle := func(creds []string) {
		for _, c := range creds {
			b.world.Resync(c)
		}
	}
	defer settle(r.Alive)
	defer settle(r.Died)
	if known {
		b.res.Notes = append(b.res.Notes, fmt.Sprintf("step %s: no order explains what happened to %s; one of the operations does not do alone what it owes, so that no race is to blame", stepNumber(op), user))
		return
	}
	f := Finding{Op: op.Index, Probe: -1, Rank: 1,
		Try: "decide and act in one step: store a session only if what it rests on is still so, and update one only if it is still there"}
	switch {
	case len(r.Alive) > 0:
		f.Credential = r.Alive[0]
		f.Requirement, f.Want = b.aliveDuty(h, f.Credential)
		f.Got = strings.Join(r.Alive, " and ") + " live: no order of what was done at once explains that"
		f.cell = "dead"
	case len(r.Died) > 0:
		f.Credential, f.Rank = r.Died[0], 2
		f.Requirement, f.Want = diedDuty(h), f.Credential+" is live: nothing that was done at once ends it, in whatever order"
		f.Got = strings.Join(r.Died, " and ") + " dead"
		f.cell = "live as " + user
	default:
		f.Requirement = answersDuty(h, r.Unexplained)
		f.Want = "some order of what was done at once explains all answers"
		f.Got = unexplained(r.Unexplained) + listOps(h.Ops, func(o lin.Op) bool { return o.What != "whoami" && !o.Refused })
	}
	for i, p := range op.Probes {
		if p.Credential == f.Credential && p.Credential != "" && (p.Answer.State == history.Live) == (f.Rank == 1) {
			f.Probe = i
		}
	}
	b.lost(f)
}

// aliveDuty is the requirement that a credential breaks which lives in spite of
// what was done, and what it wants. A session that was opened meanwhile has raced
// a change of what it rests on; one that was there has outlived its end.
func (b *bench) aliveDuty(h lin.History, cred string) (requirement, want string) {
	opened := func(o lin.Op) bool { return o.Gets == cred && (o.What == "sign_in" || o.What == "refresh") }
	changed := func(o lin.Op) bool { return slices.Contains(changes, o.What) && !o.Refused }
	ended := func(o lin.Op) bool { return slices.Contains(endings, o.What) && !o.Refused }
	adopted := func(o lin.Op) bool {
		return o.What == "sign_in" && !o.Refused && o.Gets == "" && o.Cred != "" && b.world.SameSession(o.Cred, cred)
	}
	switch {
	case slices.ContainsFunc(h.Ops, func(o lin.Op) bool { return opened(o) && o.Refused }):
		return explicitAct, cred + " is dead: its sign-in was refused"
	case slices.ContainsFunc(h.Ops, adopted):
		return notAdopted, cred + " is dead: it was over, and its client goes on with it after a sign-in"
	}
	if slices.ContainsFunc(h.Ops, opened) && slices.ContainsFunc(h.Ops, changed) || b.raced(cred) {
		return changeVsSignIn, fmt.Sprintf("%s is dead, or its sign-in comes after what was changed: %s", cred, listOps(h.Ops, changed))
	}
	return outVsRequest, fmt.Sprintf("%s is dead: %s", cred, listOps(h.Ops, ended))
}

// raced tells whether a credential was opened in an earlier parallel step in which
// something was changed: what slept with a disabled account wakes up with it.
func (b *bench) raced(cred string) bool {
	c, ok := b.creds[cred]
	if !ok || c.Op < 0 || c.Op >= len(b.play.Ops) {
		return false
	}
	opened, changed := false, false
	for _, branch := range b.play.Ops[c.Op].Branches {
		for _, o := range branch {
			opened = opened || o.Captured == cred && (o.Step.Op == "sign_in" || o.Step.Op == "refresh")
			changed = changed || o.User == c.User && o.Outcome == history.OK && slices.Contains(changes, o.Step.Op)
		}
	}
	return opened && changed
}

// diedDuty is the requirement that an end breaks which nothing explains.
func diedDuty(h lin.History) string {
	has := func(what string) bool {
		return slices.ContainsFunc(h.Ops, func(o lin.Op) bool { return o.What == what })
	}
	switch {
	case slices.ContainsFunc(h.Ops, func(o lin.Op) bool { return o.What == "sign_in" && o.Refused }):
		return "frame/failed-sign-in-changes-nothing"
	case has("refresh"):
		return oneLineage
	case has("sign_in"):
		return parallelSignIn
	}
	return writesMerge
}

// tries counts the occasions that a history gave, and what came of them: an end
// or a change that went well while another operation of the kind that it may
// race was under way.
func (b *bench) tries(h lin.History) {
	overlap := func(x, y lin.Op) bool { return x.Start < y.End && y.Start < x.End && x.Process != y.Process }
	signIn, request := false, false
	for _, x := range h.Ops {
		if x.Refused || x.What == "whoami" {
			continue
		}
		for _, y := range h.Ops {
			if !overlap(x, y) || y.What == "whoami" {
				continue
			}
			signIn = signIn || slices.Contains(changes, x.What) && (y.What == "sign_in" || y.What == "refresh")
			request = request || slices.Contains(endings, x.What) && y.Cred != "" && y.What != "sign_in" && h.Start.Session[y.Cred] != "" &&
				(x.What != "sign_out" || h.Start.Session[x.Cred] == h.Start.Session[y.Cred])
		}
	}
	for req, occasion := range map[string]bool{changeVsSignIn: signIn, outVsRequest: request} {
		if occasion {
			b.race(req).tries++
			if !b.found(req) {
				b.check(req)
			}
		}
	}
}

func stepNumber(op *history.Op) string { return fmt.Sprint(op.Index + 1) }
