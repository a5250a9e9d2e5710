package play

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/scenarios"
)

// A fixed account is shared by all stories: none changes it, neither where that
// is written nor where it shows only as it goes.
func TestFixedAccountsAreSpared(t *testing.T) {
	s := newService(t)
	e := s.env(t, "  change_password: [{POST: /twice}]\n  disable: [{POST: /twice}]\nusers: {admin: {user: root, password: secret}}\n")
	clients := []story.Client{{Name: "laptop", User: "alice", In: "wire"}, {Name: "office", User: "admin", In: "wire"}}
	steps := func(list ...story.Step) []story.Step {
		for i := range list {
			list[i].Expect = "any"
		}
		return list
	}
	for _, c := range []struct {
		name  string
		steps []story.Step
		gap   bool
		last  string
	}{
		{"its own password", steps(story.Step{Op: "sign_in", Client: "office"}, story.Step{Op: "change_password", Client: "office"}), true, history.Skipped},
		{"at another's device", steps(story.Step{Op: "sign_in", Client: "laptop", User: "admin"}, story.Step{Op: "change_password", Client: "laptop"}), false, history.Skipped},
		{"named", steps(story.Step{Op: "disable", Client: "office", User: "admin"}), true, history.Skipped},
		{"somebody else's", steps(story.Step{Op: "disable", Client: "office", User: "alice"}), false, history.OK},
	} {
		st := story.Story{Clients: clients, Steps: c.steps}
		p := e.Play(context.Background(), Plan{ID: "x", Generated: true, Story: st})
		if op := p.Ops[len(p.Ops)-1]; op.Outcome != c.last || c.last == history.Skipped && (len(op.Events) > 0 || !strings.Contains(op.Why, "users:")) {
			t.Errorf("%s: %s, %s, %d events", c.name, op.Outcome, op.Why, len(op.Events))
		}
		if g := e.gap(&scenarios.Scenario{Story: st}); (g != nil) != c.gap {
			t.Errorf("%s: %+v", c.name, g)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.seen {
		if r.Method != http.MethodGet {
			t.Errorf("%s %s", r.Method, r.URL)
		}
	}
}
