package judge

import "github.com/sessionspec/sessionspec/internal/history"

const userSwitch = "isolate/user-switch-leaves-nothing"

// switchedFrom is the user who was at the client before somebody else signed in
// there by this operation; "" if nobody was, or the same person.
func (b *bench) switchedFrom(op *history.Op) string {
	if op.Step.Op != "sign_in" || op.Outcome != history.OK {
		return ""
	}
	for i := op.Index - 1; i >= 0 && i < len(b.play.Ops); i-- {
		o := b.play.Ops[i]
		if o.Step.Client == op.Step.Client && o.Step.Op == "sign_in" && o.Outcome == history.OK {
			if o.User == op.User {
				return ""
			}
			return o.User
		}
	}
	return ""
}

// keptToken tells that the client's old credential answers for whoever has just
// signed in there: it is the sign-in that did not make a new one.
func (b *bench) keptToken(op *history.Op, p history.Probe, holder history.Client) bool {
	return op.Step.Op == "sign_in" && op.Outcome == history.OK && holder.Name == op.Step.Client && p.Credential != op.Captured && p.Answer.User == op.User
}

// notOurs is the duty by which a client must not read a note, "" where it may.
func (b *bench) notOurs(c history.Client, cred string, w writer) string {
	switch {
	case w.client.Name == c.Name && b.world.SameSession(w.cred, cred):
		return ""
	case w.client.Name == c.Name && b.world.Owner(w.cred) != b.world.Owner(cred):
		return userSwitch
	case b.sharesNetwork(c, w.client):
		return byNetwork
	}
	return dataPer
}
