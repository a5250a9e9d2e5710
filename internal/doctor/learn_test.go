package doctor

import (
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
)

// scene builds a play of two steps; panels are written "credential state user".
func scene(step story.Step, captured string, before, after [][3]string) *history.Play {
	probes := func(rows [][3]string) (out []history.Probe) {
		for _, r := range rows {
			out = append(out, history.Probe{Credential: r[0], Answer: history.Answer{State: r[1], User: r[2]}})
		}
		return out
	}
	return &history.Play{
		Clients: []history.Client{{Name: "laptop", User: "alice"}, {Name: "phone", User: "alice"}, {Name: "desk", User: "bob"}},
		Credentials: []history.Credential{{ID: "l", Client: "laptop", User: "alice"}, {ID: "p", Client: "phone", User: "alice"},
			{ID: "d", Client: "desk", User: "bob"}, {ID: "n", Client: "laptop", User: "alice", Op: 1}},
		Ops: []history.Op{
			{Index: 0, Step: story.Step{Op: "sign_in", Client: "desk"}, Outcome: history.OK, Probes: probes(before)},
			{Index: 1, Step: step, User: "alice", Outcome: history.OK, Captured: captured, Probes: probes(after)},
		},
	}
}

var allLive = [][3]string{{"l", "live", "alice"}, {"p", "live", "alice"}, {"d", "live", "bob"}, {"", "dead", ""}}

func TestLearn(t *testing.T) {
	step := story.Step{Op: "change_password", Client: "laptop", Expect: "ok"}
	with := func(rows ...[3]string) [][3]string {
		out := append([][3]string{}, allLive...)
		for _, r := range rows {
			found := false
			for i := range out {
				if out[i][0] == r[0] {
					out[i], found = r, true
				}
			}
			if !found {
				out = append(out, r)
			}
		}
		return out
	}
	for name, c := range map[string]struct {
		captured string
		after    [][3]string
		want     [4]string
	}{
		"nothing":        {"", with(), [4]string{Lives, Lives, Lives, Nobody}},
		"ends":           {"", with([3]string{"l", "dead"}), [4]string{Ends, Lives, Lives, Nobody}},
		"rotates":        {"n", with([3]string{"l", "dead"}, [3]string{"n", "live", "alice"}), [4]string{Rotates, Lives, Lives, Nobody}},
		"adds":           {"n", with([3]string{"n", "live", "alice"}), [4]string{Adds, Lives, Lives, Nobody}},
		"orphan":         {"n", with([3]string{"n", "dead"}), [4]string{Orphan, Lives, Lives, Nobody}},
		"ends for all":   {"", with([3]string{"l", "dead"}, [3]string{"p", "dead"}, [3]string{"d", "dead"}), [4]string{Ends, Ends, Ends, Nobody}},
		"another's name": {"", with([3]string{"d", "live", "alice"}), [4]string{Lives, Lives, "as alice", Nobody}},
		"stranger lives": {"", with([3]string{"", "live", "bob"}), [4]string{Lives, Lives, Lives, "as bob"}},
		"no answer":      {"", with([3]string{"d", "error"}, [3]string{"", "error"}), [4]string{Lives, Lives, Unknown, Unknown}},
	} {
		t.Run(name, func(t *testing.T) {
			x := examined{op: step.Op, kind: "wire", step: step}
			r := x.learn(scene(step, c.captured, allLive, c.after))
			if got := [4]string{r.This, r.SameUser, r.OtherUser, r.Anonymous}; got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

// TestUnlearnt: what broke off, was refused or needs leave is a question mark with its reason.
func TestUnlearnt(t *testing.T) {
	step := story.Step{Op: "disable", Client: "office", User: "alice", Expect: "ok"}
	x := examined{op: "disable", kind: "wire", step: step}
	h := scene(step, "", allLive, allLive)
	h.Ops[1].Outcome, h.Ops[1].Why = history.Refused, "POST /disable -> 403"
	if r := x.learn(h); r.This != Unknown || r.Note != "refused: POST /disable -> 403" {
		t.Errorf("%+v", r)
	}
	if r := x.learn(&history.Play{Aborted: "set-up: no way to make accounts"}); r.SameUser != Unknown || r.Note != "set-up: no way to make accounts" {
		t.Errorf("%+v", r)
	}
	if r := x.unplayed(); r.This != Unknown {
		t.Errorf("%+v", r)
	}
	x.why = "not offered"
	if r := x.unplayed(); r.This != Absent || r.Note != "not offered" {
		t.Errorf("%+v", r)
	}
}

// TestMixed: where two sessions of one user fare differently, the note says which.
func TestMixed(t *testing.T) {
	step := story.Step{Op: "disable", Client: "office", User: "alice", Expect: "ok"}
	after := append([][3]string{{"l", "dead", ""}}, allLive[1:]...)
	r := examined{op: "disable", kind: "wire", step: step}.learn(scene(step, "", allLive, after))
	if r.SameUser != Mixed || r.Note != "same user: laptop ends, phone lives" || r.This != None {
		t.Errorf("%+v", r)
	}
}
