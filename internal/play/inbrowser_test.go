package play

import (
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/scenarios"
	"github.com/sessionspec/sessionspec/targets"
)

// What only a plain client can do is played by one; the rest can be moved into a
// browser.
func TestStoriesThatABrowserCanPlay(t *testing.T) {
	t.Parallel()
	engines, err := browsers.List("chrome")
	if err != nil {
		t.Fatal(err)
	}
	page := targets.Routes{{Name: "page", Steps: targets.Steps{{Wait: &targets.Template{Text: "#a"}, Refused: "#b"}}}}
	ops := targets.Operations{"sign_in": {{Name: "form"}}, "sign_out": {{Name: "form"}}, "note": {{Name: "form"}, {Name: "api"}}}
	target := &targets.Target{Name: "t", Operations: ops, Clients: map[string]targets.ClientKind{"browser": {Operations: targets.Operations{"sign_in": page}}}}
	two := []story.Client{{Name: "laptop", In: "wire"}, {Name: "desk", In: "wire"}}
	step := func(op, by string) story.Step { return story.Step{Op: op, Client: by, Expect: "ok"} }
	for name, c := range map[string]struct {
		sc   scenarios.Scenario
		want string
	}{
		"plain":             {scenarios.Scenario{Story: story.Story{Clients: two, Steps: []story.Step{step("sign_in", "laptop"), step("note", "laptop")}}}, "g/s@t[in=chrome]"},
		"another presents":  {scenarios.Scenario{Story: story.Story{Clients: two, Steps: []story.Step{step("present", "desk")}}}, "g/s@t[in=chrome]"},
		"presents":          {scenarios.Scenario{Story: story.Story{Clients: two, Steps: []story.Step{step("present", "laptop")}}}, ""},
		"refused":           {scenarios.Scenario{Story: story.Story{Clients: two, Steps: []story.Step{{Op: "sign_in", Client: "laptop", Wrong: true}}}}, "g/s@t[in=chrome]"},
		"at once":           {scenarios.Scenario{Story: story.Story{Clients: two, Steps: []story.Step{{Op: "sign_in", Client: "laptop", AtOnce: true}}}}, ""},
		"alone":             {scenarios.Scenario{Serial: true, Story: story.Story{Clients: two}}, ""},
		"remembered":        {scenarios.Scenario{Needs: []string{"remember"}, Story: story.Story{Clients: two}}, ""},
		"handle":            {scenarios.Scenario{Story: story.Story{Clients: two, Steps: []story.Step{{Op: "revoke_session", Client: "desk", Of: "laptop"}}}}, ""},
		"headers":           {scenarios.Scenario{Story: story.Story{Clients: []story.Client{{Name: "laptop", In: "wire", Strip: []string{"X"}}}}}, ""},
		"connection of its": {scenarios.Scenario{Story: story.Story{Clients: []story.Client{{Name: "laptop"}, {Name: "desk", Connection: "laptop"}}}}, ""},
		"a browser already": {scenarios.Scenario{Story: story.Story{Clients: []story.Client{{Name: "laptop"}, {Name: "desk", In: "browser"}}}}, ""},
	} {
		e := &Env{Target: target, Browsers: engines, InBrowser: true}
		c.sc.ID = "g/s"
		var got []string
		for _, p := range e.inBrowser(&c.sc) {
			got = append(got, p.ID)
			if p.Browser != "chrome" || p.Story.Clients[0].In != "browser" || c.sc.Story.Clients[0].In == "browser" {
				t.Errorf("%s: %+v", name, p)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %q", name, got, c.want)
		}
		e.InBrowser = false
		if len(e.inBrowser(&c.sc)) > 0 {
			t.Errorf("%s: moved unasked", name)
		}
	}
}
