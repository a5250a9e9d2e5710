package play

import (
	"slices"
	"testing"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/scenarios"
	"github.com/sessionspec/sessionspec/targets"
)

// A story is played in each engine of the run, and a client that names its
// browser is that one.
func TestEnginesOfAStory(t *testing.T) {
	t.Parallel()
	engines, err := browsers.List("chrome,firefox")
	if err != nil {
		t.Fatal(err)
	}
	e := &Env{Target: &targets.Target{Clients: map[string]targets.ClientKind{"browser": {}}}, Browsers: engines}
	for _, c := range []struct {
		clients []story.Client
		want    []string
		gap     string
	}{
		{[]story.Client{{In: "browser"}}, []string{"chrome", "firefox"}, ""},
		{[]story.Client{{In: "wire"}, {In: "browser", Engine: "firefox"}}, []string{"firefox"}, ""},
		{[]story.Client{{In: "browser", Engine: "firefox"}, {In: "browser"}}, []string{"chrome", "firefox"}, ""},
		{[]story.Client{{Name: "a", In: "browser", Engine: "firefox"}, {In: "browser", Private: "a"}}, []string{"firefox"}, ""},
		{[]story.Client{{In: "browser", Engine: "webkit"}}, nil, "webkit"},
	} {
		plans, gap := e.Plans(&scenarios.Scenario{ID: "x", Story: story.Story{Clients: c.clients}})
		if c.gap != "" {
			if gap == nil || gap.Missing != c.gap || gap.Declared {
				t.Errorf("%+v: gap %+v", c.clients, gap)
			}
			continue
		}
		var got []string
		for _, p := range plans {
			got = append(got, p.Browser)
		}
		if gap != nil || !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v (%+v)", c.clients, got, c.want, gap)
		}
	}
	for _, name := range story.Engines() {
		if _, err := browsers.Lookup(name); err != nil {
			t.Error(err)
		}
	}
}
