package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// WriteStatement writes r as a conformance statement that a project can publish:
// what was tested by what, what it promises, each requirement's verdict, what is
// known to fail, and how to repeat it. It finishes r. A run of a stand-in says
// that it is no statement about the product.
func WriteStatement(r *Run, path string) error {
	return writeFile(path, func(w io.Writer) error { return Statement(r, w) })
}

// Statement is WriteStatement to a writer.
func Statement(r *Run, w io.Writer) error {
	r.Finish()
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# Session conformance: %s\n", mdText(strings.TrimSpace(r.Target.Name+" "+r.Target.Version)))
	if r.Target.StandIn {
		line("> This run was against a stand-in, a server of sessionspec's own. It says nothing about a product.\n")
	}
	line("| | |\n|---|---|")
	row := func(name, value string) {
		if value != "" {
			line("| %s | %s |", name, mdText(value))
		}
	}
	row("Verdict", Headline(r))
	row("Target", strings.TrimSpace(r.Target.Name+" "+r.Target.Version))
	row("Description", r.Target.Title)
	row("Suite", strings.TrimSpace("sessionspec "+r.SuiteVersion+" "+r.Commit))
	row("Date", r.Started.Format("2006-01-02 15:04 UTC"))
	row("Browser", r.Target.Browser)
	row("Stories", fmt.Sprintf("%d plays of %d stories", len(r.Scenarios), stories(r)))
	row("Selection", selection(r.Command))
	for _, level := range []string{"MUST", "SHOULD", "MAY"} {
		row(level, levelLine(r, level))
	}
	line("\n## Requirements\n\n| requirement | level | verdict | checks | |\n|---|---|---|---|---|")
	for _, q := range r.Requirements {
		line("| %s | %s | %s | %d | %s |", mdText(q.ID), q.Level, q.Verdict, q.Checks, mdText(cut(q.Reason)))
	}
	mdBaseline(&b, r)
	line("\n## What the target promises\n")
	if r.Target.Declares != nil {
		if text, err := json.MarshalIndent(r.Target.Declares, "", "  "); err == nil {
			line("%s", strings.Replace(mdBlock(strings.Split(string(text), "\n")), "text\n", "json\n", 1))
		}
	}
	if len(r.Target.NotDeclared) > 0 {
		line("Not declared, and judged by the strict default: %s.\n", mdText(strings.Join(r.Target.NotDeclared, ", ")))
	}
	line("## Reproduce\n\nWith sessionspec %s and the same target file:\n\n%s", mdText(r.SuiteVersion), mdBlock([]string{reproduce(r)}))
	_, err := io.WriteString(w, b.String())
	return err
}

func stories(r *Run) int {
	seen := map[string]bool{}
	for _, s := range r.Scenarios {
		seen[s.Scenario] = true
	}
	return len(seen)
}

func levelLine(r *Run, level string) string {
	summary := map[Verdict]int{}
	for _, q := range r.Requirements {
		if q.Level == level {
			summary[q.Verdict]++
		}
	}
	var parts []string
	for _, c := range counts(summary) {
		parts = append(parts, fmt.Sprintf("%d %s", c.N, c.Verdict))
	}
	return strings.Join(parts, ", ")
}

// selection says what was left out on purpose: a statement about a part should
// not look like one about the whole.
func selection(command []string) string {
	for i, a := range command {
		name, value, ok := strings.Cut(a, "=")
		if name != "--only" && name != "--shard" {
			continue
		}
		if !ok && i+1 < len(command) {
			value = command[i+1]
		}
		return "a part of the suite: " + name + " " + value
	}
	return ""
}

// reproduce is the command line with the order of the stories fixed.
func reproduce(r *Run) string {
	args := slices.Clone(r.Command)
	if len(args) > 0 {
		args[0] = "./run.sh"
	}
	if !slices.ContainsFunc(args, func(a string) bool { return strings.HasPrefix(a, "--seed") }) {
		args = append(args, "--seed", fmt.Sprint(r.Seed))
	}
	for i := range args {
		args[i] = ShellWord(oneLine(args[i]))
	}
	return strings.Join(args, " ")
}
