package reports

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

const (
	// blocksAtMost keeps a broken target from filling the screen.
	blocksAtMost = 10
	// longestText bounds one text of the target on the console.
	longestText = 300
	// timelineLines is how much of a timeline stands under a finding.
	timelineLines = 12
	indent        = "      "
)

// blocks explains each cause once: duty, want, got, at, see, try. A timeline is
// drawn once per scenario. Warnings are one line each.
func (c *Console) blocks(r *Run) {
	requirements := map[string]Requirement{}
	for _, q := range r.Requirements {
		requirements[q.ID] = q
	}
	drawn := map[string]bool{}
	explained := map[string]bool{}
	var warnings []*cause
	shown, hidden := 0, 0
	for _, f := range causesOf(r) {
		switch {
		case f.Verdict == Error: // told with its scenario
		case f.Verdict == Warn:
			warnings = append(warnings, f)
		case shown == c.most(blocksAtMost):
			hidden++
		default:
			shown++
			explained[f.Requirement] = true
			c.block(f, requirements[f.Requirement])
			if !drawn[f.Scenario.ID] {
				drawn[f.Scenario.ID] = true
				c.timeline(f.Scenario)
			}
			fmt.Fprintln(c.W)
		}
	}
	if hidden > 0 {
		fmt.Fprintf(c.W, "and %s more in the report\n\n", Plural(hidden, "finding"))
	}
	for _, q := range r.Requirements {
		if hidden == 0 && q.Verdict.Bad() && q.Verdict != Error && !explained[q.ID] {
			fmt.Fprintf(c.W, "%s %s   %s   %s\n%s%s\n\n", c.word(q.Verdict, 5), q.ID, q.Level, q.Title, indent, cut(q.Reason))
		}
	}
	for i, f := range warnings {
		if i == c.most(blocksAtMost) {
			fmt.Fprintf(c.W, "and %s more in the report\n", Plural(len(warnings)-i, "warning"))
			break
		}
		fmt.Fprintf(c.W, "%s %s   want %s, got %s%s\n", c.word(Warn, 5), f.Requirement, cut(f.Want), cut(f.Got), f.more(c.someOf))
	}
	if len(warnings) > 0 {
		fmt.Fprintln(c.W)
	}
}

func (c *Console) block(f *cause, q Requirement) {
	head := fmt.Sprintf("%s %s   %s", c.word(f.Verdict, 5), f.Requirement, f.Level)
	if len(q.Sources) > 0 {
		head += "   " + oneLine(strings.Join(q.Sources, ", "))
	}
	line := func(word, text string) {
		if text != "" {
			fmt.Fprintf(c.W, "%s%s%s\n", indent, c.paint(dim, pad(word, 6)), text)
		}
	}
	fmt.Fprintln(c.W, head)
	fmt.Fprintln(c.W, indent+oneLine(f.Duty))
	want, got := cut(f.Want), cut(f.Got)
	if f.Credential != "" && !strings.Contains(got, f.Credential) {
		got = oneLine(f.Credential) + " " + got
	}
	if width(want)+width(got) < c.columns()-30 {
		line("want", want+indent+c.paint(dim, "got   ")+c.paint(red, got))
	} else {
		line("want", want)
		line("got", c.paint(red, got))
	}
	step := cut(f.Step)
	if f.StepIndex > 0 {
		step = strings.TrimSuffix(fmt.Sprintf("step %d, %s", f.StepIndex, step), ", ")
	}
	line("at", joinGap(step, cut(f.At)))
	line("", joinGap(f.place(), f.Scenario.ID))
	for i, e := range f.Evidence {
		word := "see"
		if i > 0 {
			word = ""
		}
		line(word, oneLine(inDir(c.Dir, e)))
	}
	try := "try"
	if f.Advice != "" {
		line(try, cut(f.Advice))
		try = ""
	}
	line(try, oneLine(f.Try))
	line("", strings.TrimPrefix(f.more(c.someOf), ", "))
}

// more counts further occurrences: ", and 3 more scenarios: a, b, c".
func (f *cause) more(someOf func([]string) string) string {
	var parts []string
	if f.Again > 0 {
		parts = append(parts, fmt.Sprintf("%d times more in the same", f.Again))
	}
	if len(f.Others) > 0 {
		ids := make([]string, len(f.Others))
		for i, s := range f.Others {
			ids[i] = s.ID
		}
		parts = append(parts, fmt.Sprintf("%d more %s: %s", len(ids), strings.TrimPrefix(Plural(len(ids), "scenario"), fmt.Sprint(len(ids))+" "), someOf(ids)))
	}
	if len(parts) == 0 {
		return ""
	}
	return ", and " + strings.Join(parts, "; ")
}

// place is "scenarios/frame/x.yaml:12", from the finding or else its scenario.
func (f *cause) place() string {
	file, line := f.File, f.Line
	if file == "" {
		file, line = f.Scenario.File, f.Scenario.Line
	}
	return placeText(file, line)
}

func placeText(file string, line int) string {
	if line > 0 {
		return fmt.Sprintf("%s:%d", file, line)
	}
	return file
}

func (c *Console) timeline(s *Scenario) {
	lines := TimelineText(s.Timeline, c.columns()-len(indent), timelineLines)
	if len(lines) == 0 {
		return
	}
	fmt.Fprintln(c.W)
	for i, l := range lines {
		switch {
		case i == 0:
			l = c.paint(dim, l)
		case strings.Contains(l, ", want "):
			l = c.paint(red, l)
		}
		fmt.Fprintln(c.W, indent+l)
	}
}

// errors tells which scenarios broke, one line for each reason.
func (c *Console) errors(r *Run) {
	var order []string
	byReason := map[string][]string{}
	for _, s := range r.Scenarios {
		if s.Verdict == Error {
			if byReason[s.Reason] == nil {
				order = append(order, s.Reason)
			}
			byReason[s.Reason] = append(byReason[s.Reason], s.ID)
		}
	}
	slices.SortStableFunc(order, func(a, b string) int { return len(byReason[b]) - len(byReason[a]) })
	for i, reason := range order {
		if i == c.most(blocksAtMost) {
			fmt.Fprintf(c.W, "and %s more in the report\n", Plural(len(order)-i, "error"))
			break
		}
		fmt.Fprintf(c.W, "%s %s\n%s%s\n", c.word(Error, 5), c.someOf(byReason[reason]), indent, cut(reason))
	}
	if len(order) > 0 {
		fmt.Fprintln(c.W)
	}
}

func (c *Console) columns() int {
	if c.Width > 0 {
		return c.Width
	}
	return 100
}

// clear removes the progress line.
func (c *Console) clear() {
	if c.drawn {
		fmt.Fprint(c.W, "\r\x1b[K")
		c.drawn = false
	}
}

const (
	red    = "31"
	green  = "32"
	yellow = "33"
	dim    = "2"
)

func (c *Console) paint(color, text string) string {
	if !c.Color || color == "" || text == "" {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

func verdictColor(exit int) string {
	switch exit {
	case ExitConformant:
		return green
	case ExitNothingJudged:
		return yellow
	}
	return red
}

// word is the verdict as it stands on the console: loud where a person has to act.
func (c *Console) word(v Verdict, columns int) string {
	text, color := v.String(), ""
	switch v {
	case Fail, Error, Unstable, SurprisePass:
		text, color = strings.ToUpper(text), red
	case Warn:
		color = yellow
	case Pass:
		color = green
	}
	return c.paint(color, pad(text, columns))
}

func cut(s string) string { return clip(oneLine(s), longestText) }

func joinGap(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), "   ")
}

// inDir puts a slash-separated path below dir, for showing.
func inDir(dir, file string) string {
	if dir == "" {
		return path.Clean(file)
	}
	return filepath.Join(dir, filepath.FromSlash(file))
}
