package judge

import (
	"slices"

	"github.com/sessionspec/sessionspec/internal/history"
)

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

// person is who signed in last at a client, at a point of the story. It is not
// always the owner of the credential: the sign-in may have made no new one.
func (b *bench) person(c history.Client, op int) string {
	for i := min(op, len(b.play.Ops)-1); i >= 0; i-- {
		if o := b.play.Ops[i]; o.Step.Client == c.Name && o.Step.Op == "sign_in" && o.Outcome == history.OK {
			return o.User
		}
	}
	return c.User
}

// notOurs is the duty by which a client must not read a note, "" where it may.
func (b *bench) notOurs(r, w writer) string {
	switch {
	case w.client.Name == r.client.Name && w.person != r.person:
		return userSwitch
	case w.client.Name == r.client.Name && (b.world.SameSession(w.cred, r.cred) || b.carriedOver(w, r)):
		return ""
	case b.sharesNetwork(r.client, w.client):
		return byNetwork
	}
	return dataPer
}

// carriedOver: where the same person signs in again without having signed out,
// the new session may well take over what the old one held.
func (b *bench) carriedOver(w, r writer) bool {
	return !slices.ContainsFunc(b.play.Ops, func(o history.Op) bool {
		return o.Index > w.op && o.Index < r.op && o.Step.Client == w.client.Name && o.Step.Op == "sign_out"
	})
}
