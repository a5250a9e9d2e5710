package play

import (
	"testing"

	"github.com/sessionspec/sessionspec/targets"
)

// TestAnonymousSessionsAreDeclared: only a target that says so has them.
func TestAnonymousSessionsAreDeclared(t *testing.T) {
	yes, no := true, false
	for _, c := range []struct {
		declared *bool
		gap      bool
	}{{nil, false}, {&no, false}, {&yes, true}} {
		e := &Env{Target: &targets.Target{Declares: targets.Declares{AnonymousSessions: c.declared}}}
		g := e.needs("no_anonymous_sessions", nil)
		if (g != nil) != c.gap || g != nil && !g.Declared {
			t.Errorf("declared %v: %+v", c.declared, g)
		}
	}
}

// TestHandles: a list of sessions, or a sign-in that keeps what names its session.
func TestHandles(t *testing.T) {
	keeping := targets.Steps{{Keep: map[string]targets.Extractor{"handle": {}}}}
	for _, c := range []struct {
		ops      targets.Operations
		without  []string
		gap, own bool
	}{
		{targets.Operations{"sign_in": {{}}}, nil, true, false},
		{targets.Operations{"sign_in": {{}}}, []string{"list_sessions"}, true, true},
		{targets.Operations{"sign_in": {{Steps: keeping}}}, nil, false, false},
		{targets.Operations{"list_sessions": {{}}}, nil, false, false},
	} {
		e := &Env{Target: &targets.Target{Operations: c.ops, Declares: targets.Declares{Without: c.without}}}
		g := e.needs("handles", nil)
		if (g != nil) != c.gap || g != nil && g.Declared != c.own {
			t.Errorf("%v %v: %+v", c.ops, c.without, g)
		}
	}
}
