package judge

import (
	"slices"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/lin"
)

// orderLimit bounds one search for an order.
const orderLimit = 2 * time.Second

// Orders is what became of the histories of parallel steps: one for each account
// concerned. Unknown ones are no findings; the search was given up.
type Orders struct {
	OK, Illegal, Unknown int
	// Ops is how many operations and questions they had.
	Ops  int
	Took time.Duration
}

// before is what the model says of a moment.
type before struct {
	standing map[string]string
	session  map[string]string
	account  func(user string) (exists, enabled, unclear bool)
}

// moment notes what the model says now.
func (b *bench) moment(users []string) before {
	type account struct{ exists, enabled, unclear bool }
	all := map[string]account{}
	for _, u := range users {
		x, e, q := b.world.Account(u)
		all[u] = account{x, e, q}
	}
	return before{b.world.Standings(), b.world.Sessions(), func(u string) (bool, bool, bool) {
		return all[u].exists, all[u].enabled, all[u].unclear
	}}
}

// usersOf are the users that a parallel step is about, sorted.
func (b *bench) usersOf(op *history.Op) []string {
	var out []string
	add := func(u string) {
		if u != "" && !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	for _, c := range b.play.Clients {
		add(c.User)
	}
	for _, branch := range op.Branches {
		for _, o := range branch {
			add(o.User)
		}
	}
	slices.Sort(out)
	return out
}

// historyOf is a parallel step as far as it is about one user's account, the
// panel after it included. It is called after the model has booked the step.
func (b *bench) historyOf(op *history.Op, user string, was before) lin.History {
	h := lin.History{Declared: b.terms.Declared, Start: lin.Start{Passwords: op.Passwords[user], Session: was.session}}
	h.Start.Exists, h.Start.Enabled, h.Start.Unclear = was.account(user)
	for _, c := range b.play.Credentials {
		if b.world.Owner(c.ID) == user {
			switch was.standing[c.ID] {
			case "live":
				h.Start.Live = append(h.Start.Live, c.ID)
			case "open":
				h.Start.Open = append(h.Start.Open, c.ID)
			}
		}
	}
	for i, branch := range op.Branches {
		lost := false // something the client was handed may turn up with a later operation
		for j := range branch {
			o := &branch[j]
			if o.Outcome == history.Skipped || o.Outcome == history.Failed && len(o.Events) == 0 { // nothing was sent
				continue
			}
			for _, x := range b.opsOf(o, user) {
				s := o.Step
				s.Expect = "ok" // what it says goes without saying
				x.Name, x.Process = o.Place+" "+s.Text(), i
				x.Start, x.End = o.Start.Sub(op.Start).Nanoseconds(), o.End.Sub(op.Start).Nanoseconds()
				x.Doubt = lost && x.What != "whoami"
				lost = lost || x.Unknown && slices.Contains(bringers, x.What)
				h.Ops = append(h.Ops, x)
			}
		}
	}
	spentAtOnce(h)
	end := op.End.Sub(op.Start).Nanoseconds()
	for i, p := range op.Probes {
		if q, ok := b.question(p, user); ok {
			q.Process, q.Start, q.End = len(op.Branches), end+int64(2*i), end+int64(2*i+1)
			h.Ops = append(h.Ops, q)
		}
	}
	return h
}

// spentAtOnce marks the refreshes of a session of which there are several: each
// may come after another, with what that one has spent.
func spentAtOnce(h lin.History) {
	n := map[string]int{}
	session := func(o lin.Op) string {
		if s, ok := h.Start.Session[o.Cred]; ok {
			return s
		}
		return o.Cred
	}
	for _, o := range h.Ops {
		if o.What == "refresh" {
			n[session(o)]++
		}
	}
	for i, o := range h.Ops {
		h.Ops[i].Spent = o.What == "refresh" && n[session(o)] > 1
	}
}

// question is an answer of whoami for a credential of the user, if it is one
// that says whether it is live: another's name is judged elsewhere.
func (b *bench) question(p history.Probe, user string) (lin.Op, bool) {
	a := p.Answer
	if b.world.Owner(p.Credential) != user || b.world.Settled(p.Credential) || foreignTo(a, user) || a.State != history.Live && a.State != history.Dead {
		return lin.Op{}, false
	}
	return lin.Op{What: "whoami", Name: "whoami " + p.Credential, Cred: p.Credential, Live: a.State == history.Live}, true
}

// opsOf is what an operation in a branch is for one user's account: nothing, or
// one operation, or several questions.
func (b *bench) opsOf(o *history.Op, user string) []lin.Op {
	if o.Step.Op == "whoami" {
		var out []lin.Op
		for _, p := range o.Probes {
			if q, ok := b.question(p, user); ok {
				out = append(out, q)
			}
		}
		return out
	}
	x := lin.Op{What: o.Step.Op, Refused: o.Outcome != history.OK, Password: o.Password, New: o.NewPassword, Acted: o.Acted,
		Unknown: o.Outcome == history.Failed || unansweredBy(o) != ""}
	x.Offered = len(o.Offers) > 0
	owner := b.world.Owner(o.Holds)
	if owner == user {
		x.Cred = o.Holds
	}
	if o.Captured != "" && b.world.Owner(o.Captured) == user {
		x.Gets = o.Captured
	}
	switch o.Step.Op {
	case "sign_in":
		x.Presented = b.presented(o)
		if o.User != user {
			if x.Cred == "" {
				return nil
			}
			x.What, x.Gets = lin.Leave, ""
		}
		return []lin.Op{x}
	case "revoke_session":
		target := b.world.Owner(o.Target)
		if target != user && owner != user {
			return nil
		}
		x.Vague = o.Step.Wrong || o.Step.Unanswered || target != owner
		if target == user {
			x.Target = o.Target
		}
		return []lin.Op{x}
	case "revoke_others":
		x.Vague = o.Step.Wrong || o.Step.Unanswered
	}
	account := affair(o.Step.Op)
	switch {
	case account && o.User == user:
		if owner != user { // an administrator's
			x.Cred, x.Gets, x.Acted = "", "", false
		}
	case owner == user || x.Gets != "":
		if account { // what the administrator's own session makes of it
			x.What = "note"
		}
	default:
		return nil
	}
	return []lin.Op{x}
}

// bringers are operations that may hand out a credential.
var bringers = []string{"sign_in", lin.Leave, "refresh", "step_up", "change_password"}

// affair tells whether an operation is about the account that it names.
func affair(op string) bool {
	return slices.Contains([]string{"create_user", "reset_password", "revoke_all", "expire", "disable", "enable", "delete_user", "set_role", "rename"}, op)
}

// judgeOrders looks for an order of what was done to each account, and reports
// where there is none.
func (b *bench) judgeOrders(op *history.Op, was before) {
	for _, user := range b.usersOf(op) {
		h := b.historyOf(op, user, was)
		if !slices.ContainsFunc(h.Ops, func(o lin.Op) bool { return o.What != "whoami" }) {
			continue
		}
		r := lin.Check(h, orderLimit)
		if b.res.Orders == nil {
			b.res.Orders = &Orders{}
		}
		all := b.res.Orders
		all.Ops += len(h.Ops)
		all.Took += r.Took
		switch r.Verdict {
		case lin.OK:
			all.OK++
		case lin.Unknown:
			all.Unknown++
			b.res.Notes = append(b.res.Notes, "step "+stepNumber(op)+": whether some order explains what happened to "+user+" was not found out in "+orderLimit.String())
		default:
			all.Illegal++
			b.noOrder(op, user, h, r)
		}
		b.tries(h)
	}
}

// listOps joins what operations are called.
func listOps(ops []lin.Op, when func(lin.Op) bool) string {
	var out []string
	for _, o := range ops {
		if when(o) {
			out = append(out, o.Name)
		}
	}
	return strings.Join(out, ", ")
}
