package play

import (
	"fmt"
	"strconv"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/targets"
)

// after books what the operation changed about accounts and the client.
func (p *player) after(op *history.Op, c *client, subject *account, t *tally) {
	switch op.Step.Op {
	case "sign_in", "sign_in_partial", "redeem":
		p.mu.Lock()
		p.rec.SignIns++
		p.mu.Unlock()
		if op.Step.Op == "sign_in_partial" && t.outcome == history.OK {
			op.Outcome = history.Pending
		}
		if op.Outcome != history.Refused && op.Outcome != history.Failed {
			c.who = subject
			if subject != nil {
				subject.mu.Lock()
				subject.unborn = false
				subject.mu.Unlock()
			}
		}
	case "sign_out":
		if t.outcome == history.OK {
			given := false
			for _, o := range t.offers {
				given = given || o.Kind == "value" && o.Value == c.kept["credential"]
			}
			if !given {
				c.kept["credential"] = targets.Missing{}
			}
		}
	case "refresh":
		if t.outcome == history.OK && op.Step.With == "" {
			c.spent = c.using
		}
	case "rename":
		if name, ok := t.vars["new_name"].(string); ok && t.outcome == history.OK && subject != nil {
			subject.rename(name)
		}
	case "list_sessions":
		if t.outcome == history.OK {
			listed(op, t)
		}
	case "read_note":
		if v, ok := t.vars["note"].(string); ok {
			op.Read, op.Found = v, v != ""
		}
	case "count_sessions":
		if v, ok := t.vars["count"].(string); ok {
			if n, err := strconv.Atoi(v); err == nil {
				op.Count = &n
				return
			}
		}
		if t.outcome == history.OK {
			op.Outcome, op.Why = history.Failed, "count_sessions kept no number as `count`"
		}
	}
}

// capture notes a credential that the client did not hold before.
func (p *player) capture(op *history.Op, c *client) {
	now := c.carriers()
	fp := fingerprint(now)
	if fp == c.holds || c.spec.Name == "nobody" {
		return
	}
	c.holds = fp
	if len(now) == 0 {
		return
	}
	user := op.User
	if c.who != nil {
		user = c.who.role
	}
	c.creds++
	id := fmt.Sprintf("%s.%s#%d", user, c.spec.Name, c.creds)
	p.mu.Lock()
	p.rec.Credentials = append(p.rec.Credentials, history.Credential{ID: id, Client: c.spec.Name, User: user, Op: op.Index, Carriers: now, Handle: c.told()})
	p.mu.Unlock()
	op.Captured, c.last = id, id
	if p.env.Learn != nil {
		for _, x := range now {
			p.env.Learn.Learn(tagOf(id, now, x), x.Value)
		}
	}
}
