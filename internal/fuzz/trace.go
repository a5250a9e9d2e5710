package fuzz

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/play"
	"github.com/sessionspec/sessionspec/internal/story"
)

// Trace is a story that was drawn: its cast, its steps, and the route that each
// operation takes ("" or none for the target's first).
type Trace struct {
	Clients []story.Client
	Steps   []story.Step
	Routes  map[string]string
	// Kind says where it comes from: "regression", "sweep", "walk", "mutator", "concurrent", "browser".
	Kind string
	// Index is its number within its kind: with the seed it gives the trace again.
	Index int
	// Engine is the browser of clients in one, "" for none.
	Engine string
}

// plan is the trace as the player takes it.
func (t Trace) plan(panel play.Panel) play.Plan {
	return play.Plan{Generated: true, ID: fmt.Sprintf("fuzz/%s-%d", t.Kind, t.Index), Scenario: "fuzz/" + t.Kind, Panel: panel,
		Story: story.Story{Clients: t.Clients, Steps: t.Steps}, Routes: t.Routes, Browser: t.Engine, File: "fuzz", Line: 1}
}

// races tells whether things happen at once in it.
func (t Trace) races() bool {
	for _, s := range t.Steps {
		if len(s.Parallel) > 0 {
			return true
		}
	}
	return false
}

// valid tells whether the trace could stand in a file: at once, a client is in one
// place only.
func (t Trace) valid() bool {
	for _, s := range t.Steps {
		for i, b := range s.Parallel {
			for _, one := range b {
				if s.BranchOf(one.Client) != i {
					return false
				}
			}
		}
	}
	return true
}

// text is the trace in one string: equal texts are equal stories.
func (t Trace) text() string {
	var b strings.Builder
	for _, c := range t.Clients {
		fmt.Fprintf(&b, "%s: %s", c.Name, c.User)
		if c.In != "wire" {
			b.WriteString(" in " + c.In)
		}
		if c.World != "" {
			b.WriteString(" of world " + c.World)
		}
		b.WriteString("; ")
	}
	for _, s := range t.Steps {
		b.WriteByte('\n')
		b.WriteString(s.Text())
	}
	for _, op := range slices.Sorted(maps.Keys(t.Routes)) {
		if r := t.Routes[op]; r != "" {
			fmt.Fprintf(&b, "\n%s by %s", op, r)
		}
	}
	return b.String()
}

// with is the trace with other steps.
func (t Trace) with(steps []story.Step) Trace {
	t.Steps = steps
	return t
}

// pruned leaves out routes of operations that are not in it, and clients that
// take no part and stand for nobody who is named.
func (t Trace) pruned() Trace {
	ops, used, users := map[string]bool{}, map[string]bool{}, map[string]bool{}
	each(t.Steps, func(s *story.Step) {
		ops[s.Op], used[s.Client], used[s.Of] = true, true, true
		users[s.User], users[s.Former] = true, true
	})
	for _, c := range t.Clients {
		if used[c.Name] {
			delete(users, c.User)
		}
	}
	var clients []story.Client
	for _, c := range t.Clients {
		if used[c.Name] || users[c.User] {
			clients = append(clients, c)
			delete(users, c.User)
		}
	}
	routes := map[string]string{}
	for op, r := range t.Routes {
		if ops[op] && r != "" {
			routes[op] = r
		}
	}
	t.Clients, t.Routes = clients, routes
	return t
}

// each visits the steps and what stands inside them.
func each(steps []story.Step, do func(*story.Step)) {
	for i := range steps {
		do(&steps[i])
		for _, b := range steps[i].Parallel {
			each(b, do)
		}
	}
}
