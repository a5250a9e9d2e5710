package judge

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/model"
	"github.com/sessionspec/sessionspec/internal/story"
)

// nested is an operation in a branch, from and to in milliseconds.
type nested struct {
	op, client string
	from, to   int
	effects    []effect
}

func one(op, client string, from, to int, effects ...effect) []nested {
	return []nested{{op, client, from, to, effects}}
}

// atOnce makes an operation a parallel step.
func atOnce(branches ...[]nested) effect {
	return func(t *tale, o *history.Op) {
		o.Step = story.Step{Op: story.Parallel, Expect: "ok", Line: o.Step.Line}
		o.Passwords = map[string][]int{"alice": {0}, "bob": {0}}
		o.End = epoch.Add(time.Second)
		o.Events = nil
		for i, b := range branches {
			var ops []history.Op
			var steps []story.Step
			for j, n := range b {
				x := history.Op{Index: o.Index, Place: fmt.Sprintf("%d.%d", i+1, j+1), Step: story.Step{Op: n.op, Client: n.client, Expect: "any"},
					User: t.client(n.client).User, Outcome: history.OK, Holds: t.holds[n.client],
					Start: epoch.Add(time.Duration(n.from) * time.Millisecond), End: epoch.Add(time.Duration(n.to) * time.Millisecond),
					Events: []history.Event{{Exchange: &history.Exchange{Response: &history.Response{Status: 200}}}}}
				for _, e := range n.effects {
					e(t, &x)
				}
				ops, steps = append(ops, x), append(steps, x.Step)
			}
			o.Branches, o.Step.Parallel = append(o.Branches, ops), append(o.Step.Parallel, steps)
		}
	}
}

// after are effects on the truth when all branches are at their end.
func (t *tale) together(branches [][]nested, after ...effect) *tale {
	return t.do(story.Parallel, "", append([]effect{atOnce(branches...)}, after...)...)
}

func sets(number int) effect { return set(func(o *history.Op) { o.NewPassword = number }) }
func target(cred string) effect {
	return set(func(o *history.Op) { o.Target = cred })
}
func saw(cred string, a history.Answer) effect {
	return set(func(o *history.Op) { o.Probes = append(o.Probes, history.Probe{Credential: cred, Answer: a}) })
}

// planted gives a client what another holds.
func planted(cred string) effect {
	return func(t *tale, o *history.Op) { o.Planted, t.holds[o.Step.Client] = cred, cred }
}

func raceDuties() []duty {
	rotates := Terms{Declared: model.Declared{CurrentAfterChange: "rotate", StepUp: "rotate"}}
	changed := func(end ...effect) *tale {
		return home().together([][]nested{one("change_password", "laptop", 0, 20, acted, gets(""), sets(1)), one("sign_in", "phone", 5, 25, gets(""))},
			append([]effect{dies("alice.laptop#1", "alice.phone#1")}, end...)...)
	}
	tabs := func() *tale {
		return tell("laptop=alice", "tab=alice").do("sign_in", "laptop").do("step_up", "laptop", gets(""), dies("alice.laptop#1")).
			do("sensitive", "laptop").do("plant", "tab", planted("alice.laptop#2"))
	}
	return []duty{
		{id: changeVsSignIn, name: "the old password's session lives", terms: rotates,
			tale: func(bad bool) *tale {
				if bad {
					return changed()
				}
				return changed(dies("alice.phone#2"))
			}, op: 4, rank: 1, credential: "alice.phone#2", want: "1.1 change_password: laptop", got: "alice.phone#2 live: no order"},
		{id: outVsRequest, name: "a late note brings it back",
			tale: func(bad bool) *tale {
				t := home()
				t.truth["alice.laptop#1"] = dead
				return t.together([][]nested{one("note", "laptop", 0, 40), one("revoke_session", "phone", 10, 20, of("laptop"), target("alice.laptop#1"), acted)},
					when(bad, lives("alice.laptop#1")))
			}, op: 4, rank: 1, credential: "alice.laptop#1", want: "2.1 revoke_session: {by: phone, of: laptop}", got: "alice.laptop#1 live"},
		{id: oneLineage, name: "nobody is in",
			tale: func(bad bool) *tale {
				return tabs().together([][]nested{one("refresh", "laptop", 0, 20, gets("v")), one("refresh", "tab", 0, 20, gets("v"))},
					dies("alice.laptop#2"), when(bad, dies("alice.laptop#3", "alice.tab#1")))
			}, terms: rotates, op: 4, rank: 2, credential: "alice.laptop#2", want: "by one line", got: "nobody is signed in"},
		{id: oneLineage, name: "two lines",
			tale: func(bad bool) *tale {
				second := "v"
				if bad {
					second = "w"
				}
				return tabs().together([][]nested{one("refresh", "laptop", 0, 20, gets("v")), one("refresh", "tab", 0, 20, gets(second))}, dies("alice.laptop#2"))
			}, terms: rotates, op: 4, rank: 1, credential: "alice.laptop#2", want: "by one line", got: "2 lines are live"},
		{id: writesMerge, name: "the step-up is gone",
			tale: func(bad bool) *tale {
				return tabs().together([][]nested{one("note", "tab", 0, 40), one("step_up", "laptop", 10, 20, gets(""), acted)}, dies("alice.laptop#2")).
					do("sensitive", "laptop", when(bad, refused))
			}, terms: rotates, op: 5, rank: 3, want: "as it became in step 5", got: "it is not"},
	}
}

// TestOrdersAreCounted: a parallel step is one history for each user concerned.
func TestOrdersAreCounted(t *testing.T) {
	r := Judge(home().together([][]nested{one("sign_out", "laptop", 0, 20, dies("alice.laptop#1")), one("sign_in", "desk", 0, 20, gets(""), dies("bob.desk#1"))}).p, Terms{})
	silent(t, r)
	if r.Orders == nil || r.Orders.OK != 2 || r.Orders.Illegal != 0 || r.Orders.Ops < 4 {
		t.Errorf("%+v", r.Orders)
	}
}

// TestBystandersOfAParallelStep: what was done at once to others is no reason to die.
func TestBystandersOfAParallelStep(t *testing.T) {
	r := Judge(home().together([][]nested{one("sign_out", "laptop", 0, 20, dies("alice.laptop#1")), one("whoami", "phone", 0, 20)}, dies("bob.desk#1")).p, Terms{})
	only(t, r, "frame/account-change-scope")
}

// TestAnswersInsideBranches: a question inside counts like one after.
func TestAnswersInsideBranches(t *testing.T) {
	play := func(asked int) *Result {
		return Judge(home().together([][]nested{one("sign_out", "laptop", 0, 20, dies("alice.laptop#1")),
			one("whoami", "phone", asked, asked+1, saw("alice.laptop#1", liveAs("alice")))}).p, Terms{})
	}
	silent(t, play(10)) // the sign-out may come later
	only(t, play(30), outVsRequest)
	r := Judge(home().together([][]nested{one("note", "laptop", 0, 9), one("whoami", "phone", 0, 9, saw("alice.laptop#1", liveAs("bob")))}).p, Terms{})
	only(t, r, oneIdentity)
}

// TestNoBlameOnARace: what an operation does not do alone is reported as that.
func TestNoBlameOnARace(t *testing.T) {
	r := Judge(home().do("change_password", "laptop", acted, gets(""), dies("alice.laptop#1")). // and the phone lives
													together([][]nested{one("change_password", "laptop", 0, 20, acted, gets(""), sets(1)), one("sign_in", "phone", 5, 25, gets(""))}, dies("alice.laptop#2")).p,
		Terms{Declared: model.Declared{CurrentAfterChange: "rotate"}})
	only(t, r, "terminate/credential-change-ends-others")
	if !strings.Contains(strings.Join(r.Notes, " "), "does not do alone") || r.Orders.Illegal != 1 {
		t.Errorf("%v %+v", r.Notes, r.Orders)
	}
}

// TestTriesAreCounted: one finding, with how often.
func TestTriesAreCounted(t *testing.T) {
	p := home()
	for range 3 {
		p.together([][]nested{one("change_password", "laptop", 0, 20, acted, gets(""), sets(1)), one("sign_in", "phone", 5, 25, gets(""))},
			func(t *tale, o *history.Op) {
				o.Passwords["alice"] = nil
				for c := range t.truth {
					if owner(c) == "alice" && c != t.holds["laptop"] && c != t.holds["phone"] {
						t.truth[c] = dead
					}
				}
				if o.Index == 5 {
					t.truth[t.holds["phone"]] = dead
				}
				o.Branches[1][0].Password = 7
			})
	}
	r := Judge(p.p, Terms{Declared: model.Declared{CurrentAfterChange: "rotate"}})
	if len(r.Findings) > 1 {
		t.Fatal(all(r))
	}
}
