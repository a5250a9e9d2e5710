package suites

import (
	"testing"

	"github.com/sessionspec/sessionspec/internal/play"
	"github.com/sessionspec/sessionspec/scenarios"
)

func TestOnceIsPlayedByTheFirstThatCan(t *testing.T) {
	once, each := &scenarios.Scenario{ID: "a/once", Once: true}, &scenarios.Scenario{ID: "a/each"}
	both := []*scenarios.Scenario{once, each}
	unable := []*job{{sc: once, gap: &play.Gap{}}, {sc: each}}
	if got := stillToPlay(unable, both); len(got) != 2 {
		t.Errorf("a variant that cannot play it took it: %d left", len(got))
	}
	if got := stillToPlay([]*job{{sc: once}, {sc: each}}, both); len(got) != 1 || got[0] != each {
		t.Errorf("%d left", len(got))
	}
	if len(both) != 2 {
		t.Error("the selection was changed")
	}
}
