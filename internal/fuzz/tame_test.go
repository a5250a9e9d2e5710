package fuzz

import (
	"slices"
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
)

// What happens at once is put in order as it began, forth and back.
func TestOrders(t *testing.T) {
	a, b, c, d := story.Step{Op: "sign_in", Client: "a"}, story.Step{Op: "sign_out", Client: "a"}, story.Step{Op: "sign_in", Client: "b"}, story.Step{Op: "note", Client: "b"}
	tr := Trace{Clients: []story.Client{{Name: "a"}, {Name: "b"}}, Steps: []story.Step{a, {Op: story.Parallel, Parallel: [][]story.Step{{b}, {c, d}}}, a}}
	at := func(s story.Step, ms int) history.Op {
		return history.Op{Step: s, Start: time.UnixMilli(int64(ms))}
	}
	p := &history.Play{Ops: []history.Op{at(a, 0), {Branches: [][]history.Op{{at(b, 2)}, {at(c, 1), at(d, 3)}}}, at(a, 4)}}
	var got [][]string
	for _, o := range tr.orders(p) {
		var ops []string
		for _, s := range o.Steps {
			ops = append(ops, s.Op+" "+s.Client)
		}
		got = append(got, ops)
	}
	for i, want := range [][]string{
		{"sign_in a", "sign_in b", "sign_out a", "note b", "sign_in a"},
		{"sign_in a", "sign_out a", "sign_in b", "note b", "sign_in a"},
		{"sign_in a", "sign_in b", "note b", "sign_out a", "sign_in a"},
	} {
		if i >= len(got) || !slices.Equal(got[i], want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
}

// What a race shows and an order too is handed over in that order.
func TestNoRaceWhereNoneIsNeeded(t *testing.T) {
	const fault = "fuzz/freed-seat-is-taken"
	o := options(at(t, "app", fault), 400)
	o.Only = []string{"concurrent"}
	o.Until = func(x *Finding) bool { return x.Key.Class == WrongIdentity && x.How != Quarantine }
	r := Run(t.Context(), o)
	i := slices.IndexFunc(r.Findings, o.Until)
	if i < 0 {
		t.Fatalf("not found: %s", r)
	}
	if x := r.Findings[i]; x.trace.races() || x.How != Deterministic || x.StepsFound <= x.StepsShrunk {
		t.Errorf("%s, %d steps to %d\n%s", x.How, x.StepsFound, x.StepsShrunk, x.Story)
	}
}
