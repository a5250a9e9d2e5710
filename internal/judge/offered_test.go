package judge

import (
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
)

// passed adds what whoami says to a value that the operation of that index
// offered and the client did not keep.
func passed(op int, a history.Answer) effect {
	return set(func(o *history.Op) {
		o.Offered = append(o.Offered, history.Offered{Name: "sid", Value: "first", Op: op, Answer: a})
	})
}

func offeredDuties() []duty {
	return []duty{
		{id: noGhost, name: "taken back", op: 1, rank: 1, want: "offered and took back", got: "sid with value first is live as alice", tale: func(bad bool) *tale {
			return tell("laptop=alice").do("sign_in", "laptop").do("sign_out", "laptop", passed(1, answerIf(bad, liveAs("alice"), dead)))
		}},
		{id: kills, name: "replaced on the way", op: 1, rank: 1, want: "offered to laptop since its sign-in", got: "live as alice", tale: func(bad bool) *tale {
			return tell("laptop=alice").do("sign_in", "laptop").do("sign_out", "laptop", passed(0, answerIf(bad, liveAs("alice"), dead)))
		}},
		{id: oneIdentity, name: "offered on the way", want: "nobody else's", got: "live as bob", tale: func(bad bool) *tale {
			return tell("laptop=alice", "desk=bob").do("sign_in", "laptop", passed(0, answerIf(bad, liveAs("bob"), liveAs("alice"))))
		}},
	}
}

func TestNoVerdictOnAnOfferedValueIsNone(t *testing.T) {
	r := Judge(tell("laptop=alice").do("sign_out", "laptop", passed(0, breaks(500))).p, Terms{})
	silent(t, r)
	if r.Checks[noGhost] > 1 { // one is the answer to the sign-out itself
		t.Error(all(r))
	}
}
