package play

import (
	"fmt"

	"github.com/sessionspec/sessionspec/internal/generate"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/scenarios"
)

// generated makes the plans of a scenario that goes on at random: one a story,
// each by other routes in turn.
func (e *Env) generated(sc *scenarios.Scenario, base Plan) (out []Plan) {
	offers := func(op string) bool { return len(e.Target.For("wire", op).Usable(e.Exec)) > 0 }
	for i := range sc.Generate.Stories {
		p := base
		p.Generated = true
		p.ID = fmt.Sprintf("%s[story=%d]", base.ID, i+1)
		more := generate.Steps(sc.Story.Clients, uint64(sc.Generate.Seed), i, sc.Generate.Steps, offers, story.Step{File: sc.File, Line: sc.Line})
		p.Story.Steps = append(append([]story.Step{}, sc.Story.Steps...), more...)
		p.Routes = map[string]string{}
		for s := range story.Each(p.Story.Steps) {
			if rs := e.Target.For("wire", s.Op).Usable(e.Exec); len(rs) > 0 {
				p.Routes[s.Op] = rs[i%len(rs)].Name
			}
		}
		out = append(out, p)
	}
	return out
}
