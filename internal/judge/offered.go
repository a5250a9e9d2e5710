package judge

import (
	"fmt"

	"github.com/sessionspec/sessionspec/internal/history"
)

// offered judges values that answers handed out on the way and that the client
// did not keep: after a sign-out none of them is good, and after a sign-in none
// is somebody else's.
func (b *bench) offered(op *history.Op) {
	for _, o := range op.Offered {
		live := o.Answer.State == history.Live
		f := Finding{Requirement: oneIdentity, Op: op.Index, Probe: -1,
			Got: fmt.Sprintf("%s with value %s is %s", o.Name, o.Value, gotText(o.Answer))}
		switch {
		case op.Step.Op != "sign_out":
			if f.Want = "a value offered on the way to the session of " + op.User + " is nobody else's"; live && (o.Answer.Name == "" || o.Answer.User == op.User) {
				live = false
			}
		case o.Op == op.Index:
			f.Requirement, f.Rank = noGhost, 1
			f.Want = "a value that the answers to sign_out offered and took back is nobody's"
		default:
			f.Requirement, f.Rank = kills, 1
			f.Want = "a value that was offered to " + op.Step.Client + " since its sign-in, and replaced, is dead with its session"
		}
		switch {
		case o.Answer.State == history.NoVerdict:
		case !live:
			b.check(f.Requirement)
		case !b.found(f.Requirement) && !b.found(kills):
			b.find(f)
		}
	}
}
