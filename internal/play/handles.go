package play

import (
	"slices"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/targets"
)

// handle is what the client's session is called in lists: what its sign-in kept
// as `handle`, "" for nothing.
func (c *client) handle() string {
	h, _ := c.kept["handle"].(string)
	return h
}

// told is the handle that came with the operation under way: an older one may
// have gone with the credential of before.
func (c *client) told() string {
	if !c.handled {
		return ""
	}
	return c.handle()
}

// listed books the list of sessions that a route kept.
func listed(op *history.Op, t *tally) {
	handles, ok := t.vars["handles"].(targets.List)
	if !ok {
		op.Outcome, op.Why = history.Failed, "list_sessions kept no list as `handles` (an extractor with `all: true`)"
		return
	}
	current, marked := t.vars["current"].(targets.List)
	op.Listed = &history.Listed{Handles: handles, Current: current, Marked: marked}
}

// handles shows what names another client's session, and what that client read
// in its list, in the place of each credential.
func (s *showing) handles(of *client) {
	names := []string{of.handle()}
	for _, op := range s.p.rec.Ops {
		if op.Listed != nil && op.Step.Client == of.spec.Name {
			names = append(names, op.Listed.Handles...)
		}
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if name == "" {
			continue
		}
		carriers := slices.Clone(s.p.env.Cal.Sample)
		for i := range carriers {
			carriers[i].Value = name
		}
		twin := s.c.twin(carriers)
		s.p.extra = append(s.p.extra, twin)
		s.op.Shown = append(s.op.Shown, history.Shown{What: "the handle " + name + " as credential", Answer: twin.whoami(s.ctx, s.p.role)})
	}
}
