package play

import (
	"context"
	"fmt"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
)

// Each value offered is tried: a sign-in that hands out two sessions, and a
// sign-out that hands out one and takes it back, in one answer each.
func TestEveryValueOfferedIsTried(t *testing.T) {
	s := newService(t)
	e := s.env(t, `
  sign_out: [{POST: /twice-out}]
`)
	e.Target.Operations["sign_in"][0].Steps[0].Path.Text = "/twice"
	e.Cal.Session = map[string]bool{"s": true}
	rec := e.Play(context.Background(), Plan{ID: "x", Story: story.Story{Clients: []story.Client{{Name: "laptop", User: "alice"}},
		Steps: []story.Step{{Op: "sign_in", Client: "laptop", Expect: "ok"}, {Op: "sign_out", Client: "laptop", Expect: "ok"}}}})
	if rec.Aborted != "" || len(rec.Ops) != 2 {
		t.Fatalf("aborted: %s", rec.Aborted)
	}
	got := ""
	for _, op := range rec.Ops {
		for _, o := range op.Offered {
			got += fmt.Sprintf("%s: %s of step %d is %s\n", op.Step.Op, o.Value, o.Op, o.Answer.State)
		}
	}
	want := "sign_in: first of step 0 is " + history.Live + "\n" +
		"sign_out: first of step 0 is " + history.Live + "\nsign_out: fleeting of step 1 is " + history.Live + "\n"
	if got != want {
		t.Errorf("asked:\n%swant:\n%s", got, want)
	}
}
