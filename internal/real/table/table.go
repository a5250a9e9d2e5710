package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/reports"
)

// letters stand for verdicts in a cell, in this order.
var letters = []struct {
	verdict reports.Verdict
	letter  string
}{{reports.Pass, "P"}, {reports.Fail, "F"}, {reports.Warn, "W"}, {reports.NotApplicable, "A"}, {reports.NotJudged, "N"}}

const head = `# Real implementations

What sessionspec says of real software, installed from package registries and not changed (in @latest+ghost a session
store of ours brings a defect back, in @latest+reauth a setting is on). Made by

    go run ./internal/real/table DIR...

from the run.json of one run each; do not edit. Why each failure is a defect of the implementation or a property of it is in the
README.md of its folder in [targets/](../targets).

`

// document renders runs, in the order of their names.
func document(runs []*reports.Run) string {
	runs = slices.Clone(runs)
	slices.SortFunc(runs, func(a, b *reports.Run) int { return strings.Compare(name(a), name(b)) })
	return head + byGroup(runs) + byRequirement(runs) + notJudged(runs)
}

func name(r *reports.Run) string {
	if r.Target.Version == "" || r.Target.Version == "latest" {
		return r.Target.Name
	}
	return r.Target.Name + "@" + r.Target.Version
}

// byGroup has a line for each run and a column for each group of requirements.
func byGroup(runs []*reports.Run) string {
	var groups []string
	for _, r := range runs {
		for _, q := range r.Requirements {
			if !slices.Contains(groups, q.Group) {
				groups = append(groups, q.Group)
			}
		}
	}
	slices.Sort(groups)
	var b strings.Builder
	b.WriteString("## By group\n\n**P** pass, **F** fail, **W** warn, **A** not applicable, **N** not judged. Runs of " + days(runs) + ", without a browser. An empty\ncell: that release of the suite had nothing of the group.\n\n")
	fmt.Fprintf(&b, "| implementation | suite | %s | all |\n|---%s|\n", strings.Join(groups, " | "), strings.Repeat("|---", len(groups)+2))
	for _, r := range runs {
		fmt.Fprintf(&b, "| %s | %s |", name(r), r.SuiteVersion)
		for _, g := range groups {
			fmt.Fprintf(&b, " %s |", cell(r, g))
		}
		fmt.Fprintf(&b, " %s |\n", cell(r, ""))
	}
	return b.String()
}

// days says when the runs were made.
func days(runs []*reports.Run) string {
	var all []string
	for _, r := range runs {
		all = append(all, r.Started.Format("2006-01-02"))
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ", ")
}

// cell counts the verdicts of a group, of all groups if it is "".
func cell(r *reports.Run, group string) string {
	var out []string
	for _, l := range letters {
		n := 0
		for _, q := range r.Requirements {
			if q.Verdict == l.verdict && (group == "" || q.Group == group) {
				n++
			}
		}
		switch {
		case n == 0:
		case l.verdict == reports.Fail:
			out = append(out, fmt.Sprintf("**%d%s**", n, l.letter))
		default:
			out = append(out, fmt.Sprintf("%d%s", n, l.letter))
		}
	}
	return strings.Join(out, " ")
}

// byRequirement says which runs fail, or are warned about, what.
func byRequirement(runs []*reports.Run) string {
	var b strings.Builder
	b.WriteString("\n## What fails where\n\n| requirement | level | fails in | warned about in |\n|---|---|---|---|\n")
	for _, id := range ids(runs) {
		level, fails, warns := "", []string(nil), []string(nil)
		for _, r := range runs {
			for _, q := range r.Requirements {
				if q.ID != id {
					continue
				}
				level = q.Level
				switch q.Verdict {
				case reports.Fail:
					fails = append(fails, name(r))
				case reports.Warn:
					warns = append(warns, name(r))
				default:
				}
			}
		}
		if len(fails)+len(warns) > 0 {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", id, level, strings.Join(fails, ", "), strings.Join(warns, ", "))
		}
	}
	return b.String()
}

// notJudged lists the reasons for which nothing was said.
func notJudged(runs []*reports.Run) string {
	var b strings.Builder
	b.WriteString("\n## What was not judged\n\n| implementation | requirement | because |\n|---|---|---|\n")
	for _, r := range runs {
		for _, q := range r.Requirements {
			if q.Verdict == reports.NotJudged {
				reason, _, _ := strings.Cut(q.Reason, "http://") // the port differs from run to run
				fmt.Fprintf(&b, "| %s | `%s` | %s |\n", name(r), q.ID, strings.ReplaceAll(strings.TrimSpace(reason), "|", "\\|"))
			}
		}
	}
	return b.String()
}

func ids(runs []*reports.Run) (out []string) {
	for _, r := range runs {
		for _, q := range r.Requirements {
			if !slices.Contains(out, q.ID) {
				out = append(out, q.ID)
			}
		}
	}
	slices.Sort(out)
	return out
}
