package reports

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// Console tells a person how a run goes: quiet on success, a scene on failure.
// Its methods may be called from several goroutines. Errors of W are ignored;
// the result is in run.json.
type Console struct {
	W io.Writer
	// TTY allows a progress line that overwrites itself, Color ANSI colours.
	TTY, Color bool
	// Width is the number of columns; 0 means 100.
	Width int
	// Dir is the output directory as the user may type it, "" for none.
	Dir string
	// Output says how much; "" is OutputNormal.
	Output Output

	mu      sync.Mutex
	drawn   bool          // a progress line stands on the terminal
	quarter int           // last quarter reported where there is no terminal
	spoke   time.Duration // when, counted from the first story
}

// NewConsole looks at f and the environment: NO_COLOR, TERM=dumb and anything
// but a terminal mean plain text.
func NewConsole(f *os.File) *Console {
	c := &Console{W: f, TTY: term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"}
	c.Color = c.TTY && os.Getenv("NO_COLOR") == ""
	if c.TTY {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil {
			c.Width = w
		}
	}
	return c
}

// Opening writes the first line, where there is something to know before any
// result: that it is not the product which is played.
func (c *Console) Opening(r *Run) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.Output == OutputJSON:
		c.event(startEvent{"start", linesID, r.SuiteVersion, r.Seed, r.Target.Name, r.Target.Version, r.Target.StandIn})
		return
	case r.Target.Imitates == "", c.Output == OutputQuiet:
		return
	}
	fmt.Fprintln(c.W, oneLine(r.Target.Name+" (stand-in): "+r.Target.Imitates))
}

// Summary writes the end of the run: what went wrong, then the totals, then the
// verdict. It finishes r first.
func (c *Console) Summary(r *Run) {
	r.Finish()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clear()
	switch c.Output {
	case OutputJSON:
		c.endEvents(r)
		return
	case OutputQuiet:
	default:
		if c.Output == OutputVerbose {
			fmt.Fprintln(c.W)
		}
		c.blocks(r)
		c.errors(r)
		c.totals(r)
	}
	exit := ""
	if r.ExitCode != ExitConformant {
		exit = fmt.Sprintf("   exit %d", r.ExitCode)
	}
	fmt.Fprintln(c.W, c.paint(verdictColor(r.ExitCode), Headline(r))+exit)
}

// Headline is the verdict over a run in one line:
// "not conformant: 1 MUST failed (frame/create-user-keeps-sessions)".
func Headline(r *Run) string {
	switch r.ExitCode {
	case ExitConformant:
		return r.Verdict + but(r)
	case ExitNothingJudged:
		return "nothing was judged"
	case ExitBroken:
		if r.Error != "" {
			return "error: " + clip(oneLine(r.Error), longestText)
		}
		return fmt.Sprintf("error: %s could not be judged", Plural(r.ScenarioSummary[Error], "scenario"))
	}
	var parts []string
	for _, level := range []string{"MUST", "SHOULD", "MAY"} {
		if ids := idsWith(r, func(q Requirement) bool { return q.Verdict == Fail && q.Level == level }); len(ids) > 0 {
			parts = append(parts, fmt.Sprintf("%d %s failed (%s)", len(ids), level, someOf(ids)))
		}
	}
	for _, v := range []Verdict{SurprisePass, Unstable} {
		if ids := idsWith(r, func(q Requirement) bool { return q.Verdict == v }); len(ids) > 0 {
			parts = append(parts, fmt.Sprintf("%d %s (%s)", len(ids), v, someOf(ids)))
		}
	}
	for _, b := range r.Baseline {
		if b.bad() {
			parts = append(parts, fmt.Sprintf("baseline entry %s (%s) at %s", b.State, b.Expect, b.At))
		}
	}
	if len(parts) == 0 { // only scenarios are bad
		n := r.ScenarioSummary[Fail] + r.ScenarioSummary[SurprisePass] + r.ScenarioSummary[Unstable]
		parts = append(parts, Plural(n, "scenario")+" failed")
	}
	return r.Verdict + ": " + strings.Join(parts, ", ")
}

// but adds what a reader of "conformant" should not overlook.
func but(r *Run) string {
	var parts []string
	if n := r.Summary[ExpectedFail]; n > 0 {
		parts = append(parts, Plural(n, "known failure"))
	}
	for _, b := range r.Baseline {
		if b.Intermittent && (b.State == BaselineHolds || b.State == BaselineAbsent) {
			parts = append(parts, fmt.Sprintf("intermittent %s (%d of %s)", b.Expect, b.Hits, tries(b.Tries)))
		}
	}
	if n := r.Summary[NotJudged]; n > 0 {
		parts = append(parts, fmt.Sprintf("%d not judged", n))
	}
	if len(parts) == 0 {
		return ""
	}
	return " but for " + strings.Join(parts, ", ")
}

func idsWith(r *Run, is func(Requirement) bool) []string {
	var ids []string
	for _, q := range r.Requirements {
		if is(q) {
			ids = append(ids, q.ID)
		}
	}
	return ids
}

// someOf names the first three, or all where nothing is left out.
func (c *Console) someOf(ids []string) string {
	if c.Output == OutputVerbose {
		return strings.Join(ids, ", ")
	}
	return someOf(ids)
}

// someOf names the first three.
func someOf(ids []string) string {
	if len(ids) > 3 {
		return fmt.Sprintf("%s and %d more", strings.Join(ids[:3], ", "), len(ids)-3)
	}
	return strings.Join(ids, ", ")
}

func (c *Console) totals(r *Run) {
	head := []string{r.Target.Name}
	if r.Target.Version != "" {
		head[0] += " " + r.Target.Version
	}
	if r.Target.StandIn {
		head[0] += " (stand-in)"
	}
	head = append(head, "suite "+r.SuiteVersion)
	if r.Target.Browser != "" {
		head = append(head, r.Target.Browser)
	}
	head = append(head, Plural(len(r.Scenarios), "scenario"), fmt.Sprintf("%.1f s", r.Ended.Sub(r.Started).Seconds()),
		fmt.Sprintf("seed %d", r.Seed))
	fmt.Fprintln(c.W, oneLine(strings.Join(head, "   ")))
	var counts []string
	for _, v := range byInterest {
		if n := r.Summary[v]; n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, c.word(v, 0)))
		}
	}
	if len(counts) > 0 {
		fmt.Fprintln(c.W, "  "+strings.Join(counts, "   "))
	}
	c.known(r)
	c.unjudged(r)
	if r.Cost.Requests > 0 {
		fmt.Fprintln(c.W, "  cost    "+r.Cost.String())
	}
	if line := r.coverageLine(); line != "" {
		fmt.Fprintln(c.W, "  looked at sections of  "+line)
	}
	if c.Dir != "" {
		fmt.Fprintln(c.W, "  report  "+inDir(c.Dir, ReportHTML))
	}
}

// known tells what became of baseline entries, where it is more than that they hold.
func (c *Console) known(r *Run) {
	for _, b := range r.Baseline {
		if b.State == BaselineHolds && !b.Intermittent && c.Output != OutputVerbose {
			continue
		}
		text := fmt.Sprintf("  known   %s   %s", b.Expect, b.State)
		if b.Intermittent {
			text += fmt.Sprintf("   intermittent: %d of %s   %s", b.Hits, tries(b.Tries), b.Issue)
		}
		fmt.Fprintln(c.W, oneLine(text))
	}
}

func tries(n int) string {
	if n == 1 {
		return "1 try"
	}
	return fmt.Sprintf("%d tries", n)
}

// byInterest is the order in which counts are read.
var byInterest = []Verdict{Pass, Fail, Error, Unstable, SurprisePass, Warn, ExpectedFail, NotApplicable, NotJudged}

// unjudged gives the reasons why requirements were not judged, commonest first.
func (c *Console) unjudged(r *Run) {
	reasons := map[string][]string{}
	for _, q := range r.Requirements {
		if q.Verdict == NotJudged {
			reasons[q.Reason] = append(reasons[q.Reason], q.ID)
		}
	}
	order := make([]string, 0, len(reasons))
	for reason := range reasons {
		order = append(order, reason)
	}
	slices.SortFunc(order, func(a, b string) int {
		if d := len(reasons[b]) - len(reasons[a]); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	for i, reason := range order {
		if i == c.most(3) {
			fmt.Fprintf(c.W, "  not judged: %s more in the report\n", Plural(len(order)-i, "reason"))
			return
		}
		text := fmt.Sprintf("  not judged: %s", c.someOf(reasons[reason]))
		if reason != "" {
			text += ": " + oneLine(reason)
		}
		fmt.Fprintln(c.W, clip(text, c.most(2*c.columns())))
	}
}
