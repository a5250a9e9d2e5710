package play

import (
	"context"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/targets"
)

// A rename changes whom a name means: whoever has it now, then whoever had it.
// The address stays, and a name can go to somebody else.
func TestRoleAfterRename(t *testing.T) {
	p := &player{env: &Env{}, nonce: "n", rec: &history.Play{}, accounts: map[string]*account{}}
	alice, bob := p.account("alice"), p.account("bob")
	old, mail := alice.name, alice.email()
	fresh := p.newName(&history.Op{User: "alice", Index: 3})
	alice.rename(fresh)
	if fresh == old || alice.email() != mail || p.role(fresh) != "alice" || p.role(old) != "alice" || p.role("Alice-N@x") != "alice" {
		t.Errorf("renamed to %s: %+v", fresh, alice)
	}
	taken := p.newName(&history.Op{User: "bob", Step: story.Step{Former: "alice"}})
	bob.rename(taken)
	if taken != old || p.role(old) != "bob" || p.role(fresh) != "alice" || p.role("bob-n") != "bob" {
		t.Errorf("bob is %s, alice's name of before means %s", taken, p.role(old))
	}
	if name := p.newName(&history.Op{User: "bob", Step: story.Step{Former: "carol"}}); name != p.account("carol").name {
		t.Errorf("who was never renamed has %s to give", name)
	}
}

// A sign-in is repeated up to the declared limit, less what the story has made.
func TestFill(t *testing.T) {
	limit := func(n int) *player {
		return &player{env: &Env{Target: &targets.Target{Declares: targets.Declares{Sessions: &targets.SessionLimit{Limit: n}}}}, rec: &history.Play{Ops: []history.Op{
			{Step: story.Step{Op: "sign_in"}, User: "bob", Outcome: history.OK},
			{Step: story.Step{Op: "sign_in"}, User: "alice", Outcome: history.OK},
			{Step: story.Step{Op: "sign_in", Times: 3}, User: "alice", Outcome: history.OK},
			{Step: story.Step{Op: "sign_in"}, User: "alice", Outcome: history.Refused},
		}}}
	}
	op := &history.Op{User: "alice"}
	if !limit(6).fill(op) || op.Step.Times != 2 {
		t.Errorf("%+v", op)
	}
	op = &history.Op{User: "alice"}
	if limit(4).fill(op) || op.Outcome != history.Skipped {
		t.Errorf("%+v", op)
	}
	if (&player{env: &Env{Target: &targets.Target{}}, rec: &history.Play{}}).fill(&history.Op{User: "alice"}) {
		t.Error("no limit is nothing to fill")
	}
}

func TestListed(t *testing.T) {
	op := &history.Op{Outcome: history.OK}
	listed(op, &tally{vars: targets.Vars{"handles": targets.List{"a", "b"}, "current": targets.List{"b"}}})
	if op.Listed == nil || len(op.Listed.Handles) != 2 || !op.Listed.Marked || op.Listed.Current[0] != "b" {
		t.Errorf("%+v", op.Listed)
	}
	op = &history.Op{Outcome: history.OK}
	listed(op, &tally{vars: targets.Vars{"handles": "a"}})
	if op.Listed != nil || op.Outcome != history.Failed {
		t.Errorf("%+v", op)
	}
}

// A question for the password is left out, and handles stand in for cookies.
func TestUnansweredAndHandles(t *testing.T) {
	s := newService(t)
	e := s.env(t, "")
	p := signedIn(t, e, "alice", "bob")
	op := &history.Op{Step: story.Step{Op: "revoke_session", Unanswered: true}, User: "alice"}
	if v := p.vars(op, p.account("alice"), "x"); v["password"] != (targets.Missing{}) {
		t.Errorf("%v", v["password"])
	}
	alice := p.clients["alice"]
	alice.kept["handle"] = "h1"
	if alice.told() != "" {
		t.Error("a handle from before the operation")
	}
	p.rec.Ops = append(p.rec.Ops, history.Op{Step: story.Step{Client: "alice"}, Listed: &history.Listed{Handles: []string{"h1", "", alice.jarValue("s")}}})
	op = &history.Op{Step: story.Step{Op: "present", Client: "bob", Of: "alice", How: story.Handles}}
	p.present(context.Background(), op, p.clients["bob"])
	if len(op.Shown) != 2 || op.Shown[0].Answer.State != history.Dead || op.Shown[1].Answer.User != "alice" {
		t.Errorf("%+v", op.Shown)
	}
}

// Whoever moves says where to, and the cast stays where it began.
func TestMoveIsBookedWithItsOperation(t *testing.T) {
	s := newService(t)
	p := signedIn(t, s.env(t, ""), "alice")
	before := p.clients["alice"].address
	op := &history.Op{}
	p.move(op, p.clients["alice"])
	if op.Address == before || op.Address != p.clients["alice"].address {
		t.Errorf("%q after %q", op.Address, before)
	}
}

// What the target declares decides which stories of lists and limits are played.
func TestGapsOfDeclarations(t *testing.T) {
	e := &Env{Target: &targets.Target{}}
	for _, c := range []struct {
		need     string
		d        targets.Declares
		declared bool
		gap      bool
	}{
		{"revoke_password", targets.Declares{}, false, true},
		{"revoke_password", targets.Declares{Revoke: &targets.Revocation{Needs: "none"}}, true, true},
		{"revoke_password", targets.Declares{Revoke: &targets.Revocation{Needs: "fresh"}}, true, true},
		{"revoke_password", targets.Declares{Revoke: &targets.Revocation{Needs: "password"}}, false, false},
		{"embedding", targets.Declares{}, false, true},
		{"embedding", targets.Declares{Embedding: "third_party"}, true, true},
		{"embedding", targets.Declares{Embedding: "partitioned"}, false, false},
		{"no_embedding", targets.Declares{}, false, false},
		{"no_embedding", targets.Declares{Embedding: "partitioned"}, true, true},
		{"session_limit", targets.Declares{}, false, true},
		{"session_limit", targets.Declares{Without: []string{"session_limit"}}, true, true},
		{"session_limit", targets.Declares{Sessions: &targets.SessionLimit{Limit: 3}}, false, false},
	} {
		e.Target.Declares = c.d
		if g := e.needs(c.need, nil); (g != nil) != c.gap || g != nil && (g.Declared != c.declared || g.Reason == "") {
			t.Errorf("%s with %+v: %+v", c.need, c.d, g)
		}
	}
}
