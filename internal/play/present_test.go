package play

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
)

// presented plays two sign-ins and one `present`, and returns the Cookie fields
// that it sent, with the record.
func presented(t *testing.T, how string) (fields []string, op history.Op, laptop, desk string) {
	t.Helper()
	s := newService(t)
	e := s.env(t, "")
	of := "desk"
	if how == story.Loss {
		of = ""
	}
	p := e.Play(context.Background(), Plan{ID: "p", Routes: map[string]string{}, Story: story.Story{
		Clients: []story.Client{{Name: "laptop", User: "alice", In: "wire"}, {Name: "desk", User: "bob", In: "wire"}},
		Steps: []story.Step{{Op: "sign_in", Client: "laptop", Expect: "ok"}, {Op: "sign_in", Client: "desk", Expect: "ok"},
			{Op: "present", Client: "laptop", How: how, Of: of, Expect: "ok"}}}})
	if p.Aborted != "" || len(p.Ops) != 3 {
		t.Fatal(p.Aborted)
	}
	op = p.Ops[2]
	for _, x := range op.Shown {
		fields = append(fields, x.Answer.Exchange.Request.Header.Get("Cookie"))
	}
	if len(op.Jar) != 2 || op.Captured != "" || len(op.Events) != 0 {
		t.Errorf("the client itself was changed: %+v", op)
	}
	return fields, op, p.Credentials[0].Carriers[0].Value, p.Credentials[1].Carriers[0].Value
}

func TestPresentLoss(t *testing.T) {
	fields, op, mine, _ := presented(t, story.Loss)
	if want := []string{"", "s=" + mine, "t=dark"}; !slices.Equal(fields, want) {
		t.Errorf("asked with %q, want %q", fields, want)
	}
	if op.Shown[1].Answer.User != "alice" || op.Shown[0].Answer.State != history.Dead || op.Shown[2].Answer.State != history.Dead {
		t.Errorf("%+v", op.Shown)
	}
}

// The two hold the same t, so only s can be swapped: with one cookie nothing is mixed.
func TestPresentMixNeedsTwoThatDiffer(t *testing.T) {
	if fields, _, _, _ := presented(t, story.Mix); len(fields) != 0 {
		t.Errorf("asked with %q", fields)
	}
}

func TestPresentTwins(t *testing.T) {
	fields, _, mine, theirs := presented(t, story.Twin)
	if want := []string{"s=" + theirs + "; s=" + mine + "; t=dark", "s=" + mine + "; s=" + theirs + "; t=dark"}; !slices.Equal(fields, want) {
		t.Errorf("asked with %q, want %q", fields, want)
	}
	if strings.Contains(strings.Join(fields, ""), "s=;") {
		t.Error(fields)
	}
}
