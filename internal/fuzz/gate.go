package fuzz

import (
	"fmt"
	"strings"

	"github.com/sessionspec/sessionspec/reports"
)

// Breaches says in words why a run does not end well, one rule each: those that
// hold for every run, and those of a gate.
func (r *Result) Breaches(gate bool) (out []string) {
	add := func(broken bool, format string, args ...any) {
		if broken {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	c := r.Counts
	add(r.Stopped == "interrupted", "interrupted")
	news := r.News()
	var ids []string
	for _, x := range news {
		ids = append(ids, x.ID())
	}
	add(len(news) > 0, "%d found that nobody expects (%s)", len(news), strings.Join(ids, ", "))
	add(c.Unlooked > 0, "%s not looked at", reports.Plural(c.Unlooked, "suspicion"))
	if gate {
		add(len(r.Vanished) > 0, "vanished, though the baseline expects it: %s", strings.Join(r.Vanished, ", "))
		add(len(r.Quarantined) > 0, "in quarantine, and nobody has looked yet: %s", strings.Join(r.Quarantined, ", "))
	}
	if c.Judged == 0 {
		return append(out, "nothing was judged")
	}
	many := voidMany
	if gate {
		many = voidMost
	}
	add(gate && r.muchVoid() || r.Mute(), "%d of %s say nothing, and %d in 100 may", c.Void, reports.Plural(c.total(), "play"), many)
	return out
}

// muchVoid tells that more plays say nothing than a gate lets pass.
func (r *Result) muchVoid() bool { return r.Counts.Void*100 > voidMost*r.Counts.total() }

// ID is what the finding's scenario is called once it is saved, as run --only takes it.
func (x *Finding) ID() string {
	if x.How == Quarantine && !x.Regression {
		return "quarantine/" + x.Name
	}
	return x.Name
}
