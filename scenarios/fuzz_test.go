package scenarios

import (
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/schemagen"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// Whatever the bytes are: no panic, and an error has a place in the file.
func FuzzParseScenario(f *testing.F) {
	for p, data := range schemagen.Files(f, builtin) {
		f.Add(strings.HasSuffix(p, "requirements.yaml"), data)
	}
	for _, c := range brokenScenarios {
		f.Add(false, []byte(c.in))
	}
	for _, c := range brokenRequirements {
		f.Add(true, []byte(c.in))
	}
	f.Fuzz(func(t *testing.T, requirements bool, data []byte) {
		var err error
		if requirements {
			_, err = loadRequirements("f.yaml", "group", data)
		} else {
			var sc *Scenario
			var root *yamlx.Node
			if sc, root, err = loadScenario("f.yaml", "group/name", data); err == nil {
				err = root.Err()
			}
			if err == nil {
				for s := range story.Each(sc.Story.Steps) {
					if _, ok := sc.Story.Client(s.Client); !ok && s.Op != "count_sessions" && s.Op != story.Parallel {
						t.Errorf("accepted a step of nobody: %+v", s)
					}
				}
			}
		}
		if err == nil {
			return
		}
		schemagen.Placed(t, err, "f.yaml")
	})
}
