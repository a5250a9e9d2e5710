package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Change is one requirement whose verdict differs between two runs.
type Change struct {
	Requirement string  `json:"requirement"`
	Level       string  `json:"level"`
	Before      Verdict `json:"before,omitempty"` // "" where the older run did not have it
	After       Verdict `json:"after,omitempty"`  // "" where the newer run does not
	Reason      string  `json:"reason,omitempty"`
}

// Kinds of change, in the order of interest to who decides about a release.
const (
	NewlyFailing  = "newly failing"
	NewlyUnjudged = "newly not judged"
	NewlyPassing  = "newly passing"
	NewRule       = "only in the new run"
	GoneRule      = "only in the old run"
	OtherChange   = "otherwise changed"
)

var changeKinds = []string{NewlyFailing, NewlyUnjudged, NewlyPassing, NewRule, GoneRule, OtherChange}

// Kind says what the change means.
func (c Change) Kind() string {
	switch {
	case c.Before == "" && c.After.Bad():
		return NewlyFailing // nobody has excused it yet
	case c.Before == "":
		return NewRule
	case c.After == "":
		return GoneRule
	case c.After.Bad() && !c.Before.Bad():
		return NewlyFailing
	case c.After == NotJudged:
		return NewlyUnjudged
	case c.After == Pass:
		return NewlyPassing
	}
	return OtherChange
}

// Comparison is what a newer run says otherwise than an older one.
type Comparison struct {
	Old, New *Run
	Changes  []Change
	// Cautions are reasons to doubt that the two can be compared.
	Cautions []string
}

// Compare finishes both runs and compares them requirement by requirement.
func Compare(before, after *Run) Comparison {
	before.Finish()
	after.Finish()
	out := Comparison{Old: before, New: after}
	was := map[string]Requirement{}
	for _, q := range before.Requirements {
		was[q.ID] = q
	}
	for _, q := range after.Requirements {
		o, ok := was[q.ID]
		delete(was, q.ID)
		if !ok || o.Verdict != q.Verdict {
			out.Changes = append(out.Changes, Change{q.ID, q.Level, o.Verdict, q.Verdict, q.Reason})
		}
	}
	for _, o := range before.Requirements {
		if _, gone := was[o.ID]; gone {
			out.Changes = append(out.Changes, Change{o.ID, o.Level, o.Verdict, "", ""})
		}
	}
	slices.SortStableFunc(out.Changes, func(a, b Change) int {
		return slices.Index(changeKinds, a.Kind()) - slices.Index(changeKinds, b.Kind())
	})
	caution := func(what, a, b string) {
		if a != b {
			out.Cautions = append(out.Cautions, fmt.Sprintf("%s differs: %s, then %s", what, orNone(a), orNone(b)))
		}
	}
	caution("target", before.Target.Name, after.Target.Name)
	caution("suite", before.SuiteVersion, after.SuiteVersion)
	caution("selection", selection(before.Command), selection(after.Command))
	for _, x := range []struct {
		when string
		r    *Run
	}{{"older", before}, {"newer", after}} {
		if x.r.Error != "" {
			out.Cautions = append(out.Cautions, fmt.Sprintf("the %s run is not whole: %s", x.when, oneLine(x.r.Error)))
		}
	}
	return out
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return oneLine(s)
}

// Regressed says whether something fails in the newer run that did not before.
func (c Comparison) Regressed() bool {
	return slices.ContainsFunc(c.Changes, func(x Change) bool { return x.Kind() == NewlyFailing })
}

// WriteText writes the comparison for people, the worst news first.
func (c Comparison) WriteText(w io.Writer) error {
	var b strings.Builder
	for _, s := range c.Cautions {
		fmt.Fprintf(&b, "note: %s\n", s)
	}
	for _, kind := range changeKinds {
		n := 0
		for _, x := range c.Changes {
			if x.Kind() != kind {
				continue
			}
			if n++; n == 1 {
				fmt.Fprintf(&b, "%s\n", kind)
			}
			fmt.Fprintf(&b, "  %-6s %s   %s -> %s", x.Level, x.Requirement, orNone(string(x.Before)), orNone(string(x.After)))
			if x.Reason != "" {
				fmt.Fprintf(&b, "   %s", cut(x.Reason))
			}
			b.WriteByte('\n')
		}
	}
	if len(c.Changes) == 0 {
		fmt.Fprintf(&b, "no verdict changed in %s\n", Plural(len(c.New.Requirements), "requirement"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
