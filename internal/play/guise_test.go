package play

import (
	"context"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/corpus"
	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
)

// shown plays two sign-ins and one `present`, and returns its record and the
// two credentials, the presenting client's first.
func shown(t *testing.T, how, of string) (op history.Op, mine, theirs string) {
	t.Helper()
	e := newService(t).env(t, "pages: [{path: /me, signed_in: h1}]\n")
	p := e.Play(context.Background(), Plan{ID: "p", Routes: map[string]string{}, Story: story.Story{
		Clients: []story.Client{{Name: "laptop", User: "alice", In: "wire"}, {Name: "desk", User: "bob", In: "wire"}},
		Steps: []story.Step{{Op: "sign_in", Client: "laptop", Expect: "ok"}, {Op: "sign_in", Client: "desk", Expect: "ok"},
			{Op: "present", Client: "laptop", How: how, Of: of, Expect: "ok"}}}})
	if p.Aborted != "" || len(p.Ops) != 3 {
		t.Fatal(p.Aborted)
	}
	op = p.Ops[2]
	if len(op.Shown) < 10 || op.Captured != "" || len(op.Jar) != 2 {
		t.Fatalf("%d things shown; the client itself: %q %v", len(op.Shown), op.Captured, op.Jar)
	}
	for _, pr := range op.Probes {
		if pr.Credential != "" && pr.Answer.State != history.Live {
			t.Errorf("afterwards %s is %s", pr.Credential, pr.Answer.State)
		}
	}
	return op, p.Credentials[0].Carriers[0].Value, p.Credentials[1].Carriers[0].Value
}

func TestPresentMalformed(t *testing.T) {
	op, mine, _ := shown(t, story.Malformed, "desk")
	kinds, cases := map[string]int{}, map[string]bool{}
	for _, s := range op.Shown {
		kinds[s.Kind]++
		cases[s.Case] = true
		x := s.Answer.Exchange
		switch {
		case s.Kind == history.ShownBystander:
			if s.Answer.User != "bob" {
				t.Errorf("the bystander: %+v", s.Answer)
			}
		case s.Answer.State == history.Live && !s.MayPass, s.Answer.State == history.NoVerdict && !s.MayDrop:
			t.Errorf("%s: %s %s", s.What, s.Answer.State, s.Answer.Why)
		case strings.Contains(x.Request.Header.Get("Cookie"), "s="+mine+";"):
			t.Errorf("%s shows the good one: %q", s.What, x.Request.Header)
		}
	}
	n := len(corpus.Malformed())
	if kinds[""] != n || kinds[history.ShownPage] != n || kinds[history.ShownBystander] != (n+meanwhileEvery-1)/meanwhileEvery || len(cases) != n+1 {
		t.Errorf("%v of %d entries", kinds, n)
	}
}

func TestPresentTampered(t *testing.T) {
	op, mine, _ := shown(t, story.Tampered, "desk")
	for _, s := range op.Shown {
		if v := s.Answer.Exchange.Request.Header.Get("Cookie"); s.Answer.State != history.Dead || v == "s="+mine || !strings.HasPrefix(v, "s=") {
			t.Errorf("%s: %q is %s", s.What, v, s.Answer.State)
		}
	}
}

func TestPresentInjection(t *testing.T) {
	op, _, _ := shown(t, story.Injection, "desk")
	for _, s := range op.Shown {
		if s.Answer.State != history.Dead && !s.MayDrop {
			t.Errorf("%s is %s: %s", s.What, s.Answer.State, s.Answer.Why)
		}
	}
}

func TestPresentNeighbours(t *testing.T) {
	op, _, _ := shown(t, story.Neighbours, "")
	lines := 0
	for _, s := range op.Shown {
		lines = max(lines, len(s.Answer.Exchange.Request.Header.Values("Cookie")))
		if s.Good && s.Answer.User != "alice" {
			t.Errorf("%s: %+v", s.What, s.Answer)
		}
	}
	if lines != 2 {
		t.Errorf("at most %d Cookie lines in a request", lines)
	}
}

func TestPresentLookalikes(t *testing.T) {
	op, mine, _ := shown(t, story.Lookalike, "")
	for _, s := range op.Shown {
		want := history.Dead
		if s.Good {
			want = history.Live
		}
		field := s.Answer.Exchange.Request.Header.Get("Cookie")
		if s.Answer.State != want || s.Good != strings.Contains("; "+field+";", "; s="+mine+";") {
			t.Errorf("%s: %q is %s", s.What, field, s.Answer.State)
		}
	}
}

func TestPresentElsewhere(t *testing.T) {
	op, mine, theirs := shown(t, story.Elsewhere, "desk")
	methods := map[string]bool{}
	for _, s := range op.Shown {
		r := s.Answer.Exchange.Request
		methods[r.Method] = true
		cookie, all := r.Header.Get("Cookie"), r.URL+" "+r.Body
		for _, l := range r.Header {
			all += " " + l.Value
		}
		basic := strings.Contains(s.Case, "basic")
		switch {
		case s.Case == asItIs:
		case s.Good && (cookie == "" || !strings.Contains(all, mine) || !basic && !strings.Contains(all, theirs)):
			t.Errorf("%s shows %s", s.What, all)
		case !s.Good && (strings.Contains("; "+cookie, "; s=") || !basic && !strings.Contains(all, mine) || s.Answer.State == history.Live):
			t.Errorf("%s shows %s: %s", s.What, all, s.Answer.State)
		}
	}
	if !methods["POST"] || !methods["GET"] {
		t.Errorf("methods: %v", methods)
	}
}

func TestPlantMalformed(t *testing.T) {
	e := newService(t).env(t, "")
	p := e.Play(context.Background(), Plan{ID: "p", Routes: map[string]string{}, Story: story.Story{
		Clients: []story.Client{{Name: "laptop", User: "alice", In: "wire"}, {Name: "desk", User: "bob", In: "wire"}},
		Steps: []story.Step{{Op: "plant", Client: "laptop", How: story.Malformed}, {Op: "plant", Client: "desk", How: story.Malformed},
			{Op: "sign_in", Client: "laptop", Expect: "ok"}}}})
	if p.Aborted != "" || len(p.Credentials) != 3 {
		t.Fatalf("%q %+v", p.Aborted, p.Credentials)
	}
	first, second := p.Credentials[0].Carriers[0].Value, p.Credentials[1].Carriers[0].Value
	entries := corpus.Planted()
	if a, _ := entries[0].Make("", ""); first != a || first == second {
		t.Errorf("planted %q and %q", first, second)
	}
	if p.Ops[2].Captured != "alice.laptop#2" {
		t.Errorf("after the sign-in: %+v", p.Ops[2].Captured)
	}
}
