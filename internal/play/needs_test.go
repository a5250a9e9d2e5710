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
