package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/reference"
	"github.com/sessionspec/sessionspec/internal/words"
	"github.com/sessionspec/sessionspec/scenarios"
)

type explainCmd struct {
	ID        string   `arg:"" help:"Requirement id, such as frame/create-user-keeps-sessions."`
	Scenarios []string `help:"Folders of scenarios besides the embedded ones." type:"path"`
}

// explainWidth is how wide the text may be, indentation included.
const explainWidth = 98

// Run explains one requirement.
func (e *explainCmd) Run(s streams) error {
	lib, err := library(e.Scenarios)
	if err != nil {
		return err
	}
	r, ok := lib.Requirement(e.ID)
	if !ok {
		var ids []string
		for _, r := range lib.Requirements {
			ids = append(ids, r.ID)
		}
		return usagef("no requirement %q%s", e.ID, suggest(e.ID, ids))
	}
	explain(s.out, lib, r)
	return nil
}

// channels say through what kind of client a duty is tested.
var channels = map[string]string{"wire": "by plain HTTP clients", "browser": "in a browser", "both": "by plain HTTP clients and in a browser"}

// needs say what judging takes beyond one target and its clients.
var needs = map[scenarios.Means]string{
	scenarios.Clock: "control over the target's clock, or limits of seconds", scenarios.SecondSite: "a second site",
	scenarios.PeerStub: "a stub of the identity provider or relying party", scenarios.Nodes: "two nodes of the target",
	scenarios.StoreRestart: "a target or store that can be stopped and started again", scenarios.HeldRequest: "a request that can be held open",
	scenarios.SharedCache: "a cache between client and target", scenarios.AdminRoute: "an administrator's way past the target's pages",
	scenarios.SourceIP: "a second source address", scenarios.Declared: "the target's word about it, in `declares`",
}

// explain writes what is known about a requirement: the duty first, then why,
// how, what proves the test, and what to do about it.
func explain(w io.Writer, lib *scenarios.Library, r *scenarios.Requirement) {
	state := ""
	if r.Planned {
		state = "   planned: not judged yet"
	}
	fmt.Fprintf(w, "%s   %s%s\n", r.ID, strings.ToUpper(string(r.Level)), state)
	indent := func(text string) string { return words.Bullets("  ", []string{text}, explainWidth) }
	fmt.Fprintln(w, indent(r.Statement))
	p := func(head, text string) {
		if text != "" {
			fmt.Fprintf(w, "\n%s\n%s\n", head, text)
		}
	}
	par := func(head, text string) {
		if text != "" {
			p(head, indent(text))
		}
	}
	par("Why it matters", r.Why)
	par("How it is tested, "+channels[r.Channel], r.How)
	var needed []string
	for _, n := range r.Needs {
		needed = append(needed, needs[n])
	}
	par("What that needs", strings.Join(needed, "; "))
	var in []string
	for _, sc := range lib.Scenarios {
		if slices.Contains(sc.Tests, r.ID) {
			in = append(in, fmt.Sprintf("%s: %s", sc.File, sc.Title))
		}
	}
	if len(in) > 0 {
		p("Stories that test it", words.Bullets("  - ", in, explainWidth))
	}
	for _, f := range reference.Faults() {
		if f.ID == r.ID {
			p("The fault that proves the test", indent(f.How)+"\n"+indent("in "+strings.Join(f.Dialects, ", "))+
				"\n  ./run.sh run --target reference --plant "+r.ID+" --only "+r.ID)
		}
	}
	par("How targets get it wrong", r.Wrong)
	par("How to mend it", r.Fix)
	sources := strings.Join(r.Sources, "; ")
	if r.Derived {
		sources += "\n(derived: none of them says it in one sentence; the step to the duty is ours)"
	}
	par("Sources", strings.TrimSpace(sources))
}
