package judge

import (
	"fmt"
	"slices"

	"github.com/sessionspec/sessionspec/internal/history"
)

const parallelSignIn = "race/parallel-sign-in"

// arrivals judges sign-ins that were made at once: each brings a credential of
// its own, which answers for whoever signed in.
func (b *bench) arrivals(op *history.Op) {
	if len(op.Arrivals) == 0 {
		return
	}
	fail := func(rank int, want, got string) {
		if !b.found(parallelSignIn) {
			b.find(Finding{Requirement: parallelSignIn, Op: op.Index, Probe: -1, Rank: rank, Want: want, Got: got,
				Try: "keep everything about a sign-in in its own request"})
		}
	}
	first := map[string]int{} // value of a carrier -> whose it was first
	for i, a := range op.Arrivals {
		who := fmt.Sprintf("sign-in %d of %d at once (%s)", i+1, len(op.Arrivals), a.User)
		switch {
		case a.Outcome != history.OK:
			b.stop(a.Outcome == history.Failed, "%s was %s: %s", who, a.Outcome, a.Why)
			return
		case a.Answer.State == history.NoVerdict:
			b.stop(true, "whoami gave no verdict for %s: %s", who, a.Answer.Why)
			return
		case a.Answer.State == history.Live && a.Answer.Name != "" && a.Answer.User != a.User:
			fail(0, who+" is live as "+a.User, "it is "+gotText(a.Answer))
		case a.Answer.State != history.Live && someoneLive(op.Arrivals, a.User): // ended by another: another duty
		case a.Answer.State != history.Live:
			fail(2, who+" is live as "+a.User, "it is "+gotText(a.Answer))
		default:
			b.check(parallelSignIn)
		}
		if j, again := b.shared(a, i, first); again {
			fail(1, who+" has a credential of its own", fmt.Sprintf("it has that of sign-in %d (%s)", j+1, op.Arrivals[j].User))
		}
	}
}

// shared finds the sign-in that brought exactly the same credential before.
func (b *bench) shared(a history.Arrival, i int, first map[string]int) (int, bool) {
	key := ""
	for _, c := range a.Carriers {
		key += c.Kind + " " + c.Name + "=" + c.Value + ";"
	}
	j, again := first[key]
	if !again {
		first[key] = i
	}
	return j, again
}

// someoneLive tells whether any of a user's sign-ins is live: the last may have
// ended the others, by a limit or by a fault that is judged elsewhere.
func someoneLive(as []history.Arrival, user string) bool {
	return slices.ContainsFunc(as, func(a history.Arrival) bool { return a.User == user && a.Answer.State == history.Live })
}

// countArrivals: the store has not grown by more than there were sign-ins. It may
// hold fewer: a limit on sessions ends old ones.
func (b *bench) countArrivals(op *history.Op, c *count) {
	if *op.Count <= c.n+c.signIns {
		b.check(parallelSignIn)
		return
	}
	if !b.found(parallelSignIn) {
		b.find(Finding{Requirement: parallelSignIn, Op: op.Index, Probe: -1, Rank: 4,
			Want: fmt.Sprintf("the store holds at most %d sessions more after %d sign-ins, %d of them at once (%d before)", c.signIns, c.signIns, c.atOnce, c.n),
			Got:  fmt.Sprintf("%d sessions", *op.Count)})
	}
}
