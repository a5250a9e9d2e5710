package judge

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/model"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/scenarios"
)

// holds checks what is true of every result, whatever the play says.
func holds(t *testing.T, p *history.Play, r *Result) {
	t.Helper()
	if len(r.Timeline) > len(p.Ops) {
		t.Errorf("%d rows for %d operations", len(r.Timeline), len(p.Ops))
	}
	for i, x := range r.Findings {
		if x.Requirement == "" || x.Want == "" || x.Got == "" || r.Checks[x.Requirement] == 0 || x.Rank < 0 || x.Rank > 4 {
			t.Errorf("finding %d: %+v", i, x)
		}
		if i > 0 && x.Rank < r.Findings[i-1].Rank {
			t.Errorf("finding %d is graver than the one before: %s", i, all(r))
		}
	}
	if c := p.Control; c != nil && !c.OK() && len(r.Findings) > 0 {
		t.Errorf("findings without a control: %s", all(r))
	}
	if r.Error && r.Stopped == "" {
		t.Errorf("an error without a reason: %s", all(r))
	}
}

// FuzzJudge: whatever a history says, judging it ends, without a panic, in a
// result that holds together. Run it with -fuzzminimizetime 1s: its seeds are
// whole plays, and to make them short takes longer than to find them.
func FuzzJudge(f *testing.F) {
	_, plays := journal(f, "testdata/clean.jsonl")
	_, planted := journal(f, "testdata/planted.jsonl")
	for _, p := range append(plays, planted[:3]...) {
		for i := range p.Ops { // without what crossed the wire a play is short enough to be mutated
			p.Ops[i].Events = nil
			for k := range p.Ops[i].Probes {
				p.Ops[i].Probes[k].Answer.Exchange = nil
			}
		}
		seed, err := json.Marshal(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(seed, true, "", "browser")
	}
	f.Add([]byte(`{"ops":[{"step":{"Op":"sign_out"},"probes":[{}]}],"control":{}}`), false, "suspend", "persistent")
	f.Fuzz(func(t *testing.T, data []byte, anonymous bool, disable, persistence string) {
		var p history.Play
		if json.Unmarshal(data, &p) != nil {
			return
		}
		holds(t, &p, Judge(&p, Terms{Declared: model.Declared{Disable: disable, CurrentAfterChange: disable}, AnonymousSessions: anonymous, Persistence: persistence}))
	})
}

// choices reads a fuzzer's bytes as decisions; when they are used up it says 0.
type choices []byte

func (c *choices) n(of int) int {
	if len(*c) == 0 {
		return 0
	}
	v := int((*c)[0]) % of
	*c = (*c)[1:]
	return v
}

func choose[T any](c *choices, list ...T) T { return list[c.n(len(list))] }

// wild makes a play in which anything may follow anything: answers that fit no
// operation, credentials captured twice, operations of nobody on nobody.
func wild(data []byte) (*history.Play, Terms) {
	c := choices(data)
	names := []string{"laptop", "phone", "desk", ""}
	users := []string{"alice", "bob", ""}
	creds := []string{"alice.laptop#1", "alice.laptop#2", "bob.desk#1", "", "unknown#1"}
	states := []string{history.Dead, history.Live, history.HalfLive, history.NoVerdict, ""}
	terms := Terms{AnonymousSessions: c.n(2) == 1, Persistence: choose(&c, "", "browser", "persistent"),
		Declared: model.Declared{Disable: choose(&c, "", "suspend"), CurrentAfterChange: choose(&c, "", "keep", "rotate", "end"),
			OthersAfterChange: choose(&c, "", "keep"), SignInAgain: choose(&c, "", "replaces", "refused", "adds")}}
	p := &history.Play{ID: "wild"}
	for _, n := range names[:1+c.n(3)] {
		p.Clients = append(p.Clients, history.Client{Name: n, User: choose(&c, users...), Address: choose(&c, "127.64.0.1", "127.64.0.2", "")})
	}
	for i := range c.n(4) {
		p.Credentials = append(p.Credentials, history.Credential{ID: creds[i], Client: choose(&c, names...), User: choose(&c, users...), Op: c.n(5) - 1,
			Carriers: []history.Carrier{{Kind: "cookie", Name: "sid", Value: choose(&c, "v", "w")}}})
	}
	answer := func() history.Answer {
		u := choose(&c, users...)
		return history.Answer{State: choose(&c, states...), User: u, Name: u, Offers: make([]history.Offer, c.n(2))}
	}
	ops := append(story.Names(), "dance", "")
	for len(c) > 0 && len(p.Ops) < 30 {
		op := history.Op{Index: len(p.Ops), Step: story.Step{Op: choose(&c, ops...), Client: choose(&c, names...), Of: choose(&c, names...), Restore: c.n(2) == 1, Wrong: c.n(2) == 1},
			User: choose(&c, users...), Outcome: choose(&c, history.OK, history.Refused, history.Pending, history.Failed, history.Skipped),
			Acted: c.n(2) == 1, Captured: choose(&c, append(creds, "", "", "")...), Note: choose(&c, "", "n"), Read: choose(&c, "", "n"), Found: c.n(2) == 1,
			Claim: choose(&c, "", "in", "out"), Offers: make([]history.Offer, c.n(3)), Events: make([]history.Event, c.n(3))}
		for range c.n(3) {
			op.Jar = append(op.Jar, history.JarCookie{Name: choose(&c, "sid", "claim"), Session: c.n(2) == 1, Claim: c.n(2) == 1, Persistent: c.n(2) == 1,
				Expires: time.Unix(int64(c.n(256))<<c.n(63), 0)})
		}
		if c.n(3) == 1 {
			op.Storage = &history.Storage{Holds: c.n(2) == 1}
		}
		if c.n(2) == 1 {
			a := answer()
			op.Self = &a
			op.Visits = []history.Visit{{Path: choose(&c, "/", "/b"), Claim: choose(&c, "", "in", "out"), SignOut: c.n(2) == 1, CanSignOut: c.n(2) == 1, Error: choose(&c, "", "", "", "404")}}
		}
		if n := c.n(256); n < 30 {
			op.Count = &n
		}
		for range c.n(6) {
			op.Probes = append(op.Probes, history.Probe{Credential: choose(&c, creds...), Client: choose(&c, names...), Answer: answer()})
		}
		p.Ops = append(p.Ops, op)
	}
	if c.n(3) == 1 {
		p.Control = &history.Control{Fresh: answer(), Stranger: answer()}
	}
	return p, terms
}

// FuzzWild is FuzzJudge past the parser: every byte is a decision.
func FuzzWild(f *testing.F) {
	for seed := range uint64(4) {
		f.Add(noise(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, terms := wild(data)
		holds(t, p, Judge(p, terms))
	})
}

func noise(seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 11))
	b := make([]byte, 100+r.IntN(900))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// TestWild judges a few thousand such plays, the same ones every time, and sees
// that they are of all kinds.
func TestWild(t *testing.T) {
	kinds := map[string]int{}
	for seed := range uint64(3000) {
		p, terms := wild(noise(seed))
		r := Judge(p, terms)
		holds(t, p, r)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
		kinds[fmt.Sprintf("findings %v, stopped %v, error %v", len(r.Findings) > 0, r.Stopped != "", r.Error)]++
	}
	if len(kinds) < 5 {
		t.Errorf("the plays are too much alike: %v", kinds)
	}
}

// TestDutiesExist: whatever a finding is attributed to, the catalogue has it.
func TestDutiesExist(t *testing.T) {
	lib, err := scenarios.Load(scenarios.Builtin())
	if err != nil {
		t.Skipf("the library does not load: %v", err)
	}
	seen := map[string]bool{}
	for seed := range uint64(3000) {
		p, terms := wild(noise(seed))
		for id := range Judge(p, terms).Checks {
			seen[id] = true
		}
	}
	for _, d := range duties() {
		for id := range Judge(d.tale(true).p, d.terms).Checks {
			seen[id] = true
		}
	}
	for id := range seen {
		if _, ok := lib.Requirement(id); !ok {
			t.Errorf("%s is no requirement", id)
		}
	}
	if len(seen) < 20 {
		t.Errorf("only %d requirements came up: %v", len(seen), seen)
	}
}
