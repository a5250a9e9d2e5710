package reports

import (
	"cmp"
	"slices"
	"strconv"
)

// Cost is what a run asked of its target. Plays that were repeated count once,
// as they were judged.
type Cost struct {
	// Plays are the stories played, each on one variant by one choice of routes;
	// Scenarios the files that they come from.
	Plays     int `json:"plays"`
	Scenarios int `json:"scenarios"`
	Requests  int `json:"requests"`
	SignIns   int `json:"sign_ins"`
	// RequestsPerPlay and RequestsPerScenario are rounded to a tenth.
	RequestsPerPlay     float64 `json:"requests_per_play"`
	RequestsPerScenario float64 `json:"requests_per_scenario"`
	// Dearest are the scenarios with the most requests, at most ten, the dearest first.
	Dearest []Dear `json:"dearest"`
}

// Dear is a scenario and what all its plays cost together.
type Dear struct {
	Scenario string `json:"scenario"`
	Plays    int    `json:"plays"`
	Requests int    `json:"requests"`
}

// dearest is how many scenarios Cost names.
const dearest = 10

// costOf adds the scenarios up. What was not played cost nothing and is not counted.
func costOf(scenarios []Scenario) Cost {
	c := Cost{Dearest: []Dear{}}
	at := map[string]*Dear{}
	for _, s := range scenarios {
		if s.Requests == 0 {
			continue
		}
		c.Plays++
		c.Requests += s.Requests
		c.SignIns += s.SignIns
		d := at[s.Scenario]
		if d == nil {
			d = &Dear{Scenario: s.Scenario}
			at[s.Scenario] = d
		}
		d.Plays++
		d.Requests += s.Requests
	}
	c.Scenarios = len(at)
	c.RequestsPerPlay, c.RequestsPerScenario = tenths(c.Requests, c.Plays), tenths(c.Requests, c.Scenarios)
	for _, d := range at {
		c.Dearest = append(c.Dearest, *d)
	}
	slices.SortFunc(c.Dearest, func(a, b Dear) int {
		return cmp.Or(cmp.Compare(b.Requests, a.Requests), cmp.Compare(a.Scenario, b.Scenario))
	})
	c.Dearest = c.Dearest[:min(len(c.Dearest), dearest)]
	return c
}

// tenths is a/b rounded to a tenth, 0 for b = 0.
func tenths(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64((20*a+b)/(2*b)) / 10
}

// String is the cost in a line: "2431 requests in 436 plays: 5.6 a play, 54.1 a scenario".
func (c Cost) String() string {
	return Plural(c.Requests, "request") + " in " + Plural(c.Plays, "play") + ": " + figure(c.RequestsPerPlay) + " a play, " +
		figure(c.RequestsPerScenario) + " a scenario"
}

func figure(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
