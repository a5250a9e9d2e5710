package reports

import (
	"fmt"
	"testing"
)

func TestCost(t *testing.T) {
	var list []Scenario
	for i := range 12 {
		list = append(list, Scenario{ID: fmt.Sprintf("a/s%d@web", i), Scenario: fmt.Sprintf("a/s%d", i), Requests: 10 + i, SignIns: 1})
	}
	list = append(list, Scenario{ID: "a/s0@app", Scenario: "a/s0", Requests: 100}, Scenario{ID: "a/unplayed@web", Scenario: "a/unplayed"})
	c := costOf(list)
	if got, want := c.String(), "286 requests in 13 plays: 22 a play, 23.8 a scenario"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if c.SignIns != 12 || len(c.Dearest) != dearest || c.Dearest[0] != (Dear{"a/s0", 2, 110}) || c.Dearest[1].Scenario != "a/s11" {
		t.Errorf("%+v", c)
	}
	if c := costOf(nil); c.Dearest == nil || c.RequestsPerPlay != 0 {
		t.Errorf("%+v", c)
	}
}
