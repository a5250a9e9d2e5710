package play

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
)

// slow is the small service with a note whose session is looked up at the head of
// the request, and a sign-out by POST; it notes the order of things.
func slow(t *testing.T) (*Env, func() []string) {
	s := newService(t)
	var mu sync.Mutex
	var order []string
	note := func(what string) {
		mu.Lock()
		defer mu.Unlock()
		order = append(order, what)
	}
	mux := http.NewServeMux()
	mux.Handle("/", s.Config.Handler)
	mux.HandleFunc("POST /note", func(w http.ResponseWriter, r *http.Request) {
		note("head")
		_, _ = io.ReadAll(r.Body)
		note("body")
	})
	mux.HandleFunc("POST /leave", func(w http.ResponseWriter, r *http.Request) {
		if c, err := r.Cookie("s"); err == nil {
			s.mu.Lock()
			delete(s.sessions, c.Value)
			s.mu.Unlock()
		}
		note("out")
		w.Header().Add("Set-Cookie", "s=; Path=/; Max-Age=0")
	})
	mux.HandleFunc("POST /password", func(w http.ResponseWriter, r *http.Request) {
		note("password " + r.FormValue("new"))
	})
	s.Config.Handler = mux
	e := s.env(t, `
  note: [{POST: /note, form: {text: "${text}"}}]
  sign_out: [{POST: /leave}]
  change_password: [{POST: /password, form: {new: "${new_password}"}}]
`)
	return e, func() []string { mu.Lock(); defer mu.Unlock(); return slices.Clone(order) }
}

func branchesOf(branches ...[]story.Step) story.Step {
	return story.Step{Op: story.Parallel, Expect: "ok", Parallel: branches}
}

// TestHeldRequest: its head comes before the other branches begin, its body when
// they are at their end; every operation and question has its time.
func TestHeldRequest(t *testing.T) {
	e, order := slow(t)
	p := e.Play(t.Context(), Plan{Story: story.Story{
		Clients: []story.Client{{Name: "laptop", User: "alice"}, {Name: "tab", User: "alice"}},
		Steps: []story.Step{{Op: "sign_in", Client: "laptop", Expect: "ok"}, {Op: "plant", Client: "tab", Of: "laptop", Expect: "ok"},
			branchesOf([]story.Step{{Op: "whoami", Client: "tab"}, {Op: "note", Client: "tab", Hold: true}, {Op: "whoami", Client: "tab"}},
				[]story.Step{{Op: "sign_out", Client: "laptop"}, {Op: "whoami", Client: "laptop"}})}}})
	if p.Aborted != "" {
		t.Fatal(p.Aborted)
	}
	if got := strings.Join(order(), " "); got != "head out body" {
		t.Errorf("order: %s", got)
	}
	op := p.Ops[2]
	var got []string
	for _, b := range op.Branches {
		for i, o := range b {
			state := ""
			for _, x := range o.Probes {
				state = " " + x.Credential + " " + x.Answer.State
			}
			got = append(got, fmt.Sprintf("%s %s %s%s", o.Place, o.Step.Op, o.Outcome, state))
			if o.Start.Before(op.Start) || o.End.After(op.End) || o.End.Before(o.Start) || i > 0 && o.Start.Before(b[i-1].End) || o.Holds != "alice.laptop#1" {
				t.Errorf("%s: %v to %v, holds %q", o.Place, o.Start, o.End, o.Holds)
			}
		}
	}
	want := "1.1 whoami ok alice.laptop#1 live\n1.2 note ok\n1.3 whoami ok alice.laptop#1 dead\n2.1 sign_out ok\n2.2 whoami ok alice.laptop#1 dead"
	if strings.Join(got, "\n") != want {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), want)
	}
	if !op.Branches[0][1].Held || op.Branches[1][0].Held || len(op.Probes) == 0 {
		t.Error("the note is not marked as held, or the panel was not asked")
	}
}

// TestEveryBranchHolds: nobody waits for whoever waits for him.
func TestEveryBranchHolds(t *testing.T) {
	e, order := slow(t)
	note := func(c string) []story.Step {
		return []story.Step{{Op: "note", Client: c, Hold: true}, {Op: "sign_out", Client: c}}
	}
	never := []story.Step{{Op: "revoke_others", Client: "desk", Hold: true, Optional: true}}
	p := e.Play(t.Context(), Plan{Story: story.Story{
		Clients: []story.Client{{Name: "laptop", User: "alice"}, {Name: "tab", User: "alice"}, {Name: "desk", User: "bob"}},
		Steps:   []story.Step{branchesOf(note("laptop"), note("tab"), never)}}})
	if p.Aborted != "" || len(p.Ops) != 1 {
		t.Fatal(p.Aborted)
	}
	if got := order(); len(got) != 6 || got[0] != "head" || got[1] != "head" || p.Ops[0].Branches[2][0].Outcome != history.Skipped {
		t.Errorf("order: %v, %+v", got, p.Ops[0].Branches[2])
	}
}

// TestPasswordsThatCross: where two changes overlap, nobody knows which is the
// last, and the next sign-in tries both.
func TestPasswordsThatCross(t *testing.T) {
	a := &account{password: "first"}
	p := &player{env: &Env{}}
	change := func() (op *history.Op, done func(outcome, fresh string)) {
		op = &history.Op{Step: story.Step{Op: "change_password"}, Place: "1.1"}
		before := p.setsPassword(op, a)
		return op, func(outcome, fresh string) {
			op.Outcome = outcome
			p.passwordSet(op, a, "", fresh, before)
		}
	}
	_, one := change()
	one(history.OK, "second")
	if got := fmt.Sprint(a.password, a.numbers()); got != "second[1]" {
		t.Error("one after the other: ", got)
	}
	_, one = change()
	_, two := change()
	one(history.OK, "third")
	two(history.OK, "fourth")
	if got := fmt.Sprint(a.password, a.numbers()); got != "fourth[3 2]" {
		t.Error("crossing: ", got)
	}
	_, one = change()
	one(history.Refused, "fifth")
	_, one = change()
	one(history.Failed, "sixth")
	if got := fmt.Sprint(a.password, a.numbers()); got != "fourth[3 2 5]" {
		t.Error("broken off: ", got)
	}
	op := &history.Op{Step: story.Step{Op: "sign_in"}, Outcome: history.OK}
	p.passwordSet(op, a, "", "", 0)
	if got := fmt.Sprint(a.password, a.numbers()); got != "fourth[3]" {
		t.Error("after a sign-in: ", got)
	}
}
