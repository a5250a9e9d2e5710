package fuzz

import (
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
)

// Coverage counts in which situations which operations were tried. It is a
// report and a reason to stop, no guide: choosing by it finds faults no sooner.
type Coverage struct {
	// Pairs of situation and operation that were reached, Once those that were
	// reached once only, Seen all operations.
	Pairs int `json:"pairs"`
	Once  int `json:"once"`
	Seen  int `json:"seen"`
	// Unseen estimates (Good and Turing) how likely the next operation is to be in
	// a situation never seen before.
	Unseen float64 `json:"unseen_estimate"`
	// Table counts by situation, then operation.
	Table map[string]map[string]int `json:"table"`
}

func (c *Coverage) add(g *game, t Trace) {
	if c.Table == nil {
		c.Table = map[string]map[string]int{}
	}
	s := g.begin(t.Clients)
	for st := range story.Each(t.Steps) { // what happens at once has no situation of its own; one order of it has
		if st.Op == story.Parallel {
			continue
		}
		where := s.coarse(st)
		row := c.Table[where]
		if row == nil {
			row = map[string]int{}
			c.Table[where] = row
		}
		switch row[st.Op]++; row[st.Op] {
		case 1:
			c.Pairs++
			c.Once++
		case 2:
			c.Once--
		}
		c.Seen++
		s.apply(st)
	}
	c.Unseen = float64(c.Once) / float64(max(1, c.Seen))
}

// Policy is what one operation was seen to do to sessions in one relation to it.
type Policy struct {
	Operation string `json:"operation"`
	Outcome   string `json:"outcome"`
	// Relation of the session to who acted: this, same user, other user.
	Relation string `json:"relation"`
	Lived    int    `json:"lived"`
	Ended    int    `json:"ended"`
	Renewed  int    `json:"renewed,omitempty"`
}

// learner fills the policy table from plays in which every credential was asked
// before and after an operation: of the sweep, each time the last one, and those
// of suspicions.
type learner map[Policy]*Policy

func (l learner) learn(p *history.Play) {
	state := map[string]string{}
	owner := map[string]history.Credential{}
	for _, c := range p.Credentials {
		owner[c.ID] = c
	}
	for _, op := range p.Ops {
		after := map[string]string{}
		for _, pr := range op.Probes {
			if pr.Credential != "" {
				after[pr.Credential] = pr.Answer.State
			}
		}
		for id, was := range state {
			now, asked := after[id]
			if was != history.Live || !asked {
				continue
			}
			c := owner[id]
			key := Policy{Operation: op.Step.Op, Outcome: op.Outcome, Relation: "other user"}
			switch {
			case c.Client == op.Step.Client:
				key.Relation = "this session"
			case c.User == op.User:
				key.Relation = "same user"
			}
			row := l[key]
			if row == nil {
				fresh := key
				row = &fresh
				l[key] = row
			}
			switch {
			case now == history.Live:
				row.Lived++
			case op.Captured != "" && key.Relation == "this session":
				row.Renewed++
			default:
				row.Ended++
			}
		}
		if len(after) > 0 {
			state = after
		}
	}
}

func (l learner) table() []Policy {
	out := []Policy{}
	for _, p := range l {
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Policy) int {
		return strings.Compare(a.Operation+a.Outcome+a.Relation, b.Operation+b.Outcome+b.Relation)
	})
	return out
}
