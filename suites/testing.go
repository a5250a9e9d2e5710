package suites

import (
	"context"
	"flag"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/reports"
)

// reportTime is left to a test that runs out of time, to say what it has.
const reportTime = 5 * time.Second

// Run plays the stories against the service of c and reports each requirement as
// a subtest group/requirement, with a subtest for each story that bears on it:
//
//	func TestSessions(t *testing.T) {
//		suites.Run(t, suites.Config{Target: "sessions.yaml", Handler: app.New()})
//	}
//
// A breach fails, as does an error, which is no verdict about the service. What
// could not be judged, and what a baseline knows to fail, is skipped and says
// why: only a pass passes. Where nothing at all was judged the test fails.
//
// All stories are played before the first subtest, many at a time, with users of
// their own. go test -run 'TestSessions/frame' plays only what it asks for.
func Run(t *testing.T, c Config) {
	t.Helper()
	ctx := t.Context()
	if by, ok := t.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadlineCause(ctx, by.Add(-reportTime), fmt.Errorf("the tests run out of time (go test -timeout)"))
		defer cancel()
	}
	asked := asksFor(t.Name())
	var wanted func(*job) bool
	if asked != nil {
		wanted = func(j *job) bool {
			return slices.ContainsFunc(j.sc.Tests, func(id string) bool { return asked(append(strings.Split(id, "/"), storyName(j.plan.ID))) })
		}
	}
	x, err := c.open(wanted, func(requirement string) string {
		return fmt.Sprintf("go test -run '^%s$/^%s$'", strings.ReplaceAll(t.Name(), "/", "$/^"), strings.ReplaceAll(requirement, "/", "$/^"))
	})
	if err != nil {
		t.Fatal(err)
	}
	defer x.close()
	if err := x.playAll(ctx); err != nil {
		t.Fatal(err)
	}
	x.subtests(t)
	if text := x.whole(); text != "" && (asked == nil || x.run.ExitCode != reports.ExitNothingJudged) {
		t.Error(text)
	}
	t.Log(x.summary())
}

// subtests tells group by group, duty by duty, story by story.
func (x *trial) subtests(t *testing.T) {
	for start := 0; start < len(x.run.Requirements); {
		group, end := x.run.Requirements[start].Group, start
		for end < len(x.run.Requirements) && x.run.Requirements[end].Group == group {
			end++
		}
		t.Run(group, func(t *testing.T) {
			for i := range x.run.Requirements[start:end] {
				q := &x.run.Requirements[start+i]
				t.Run(strings.TrimPrefix(q.ID, group+"/"), func(t *testing.T) { x.subtest(t, q) })
			}
		})
		start = end
	}
}

func (x *trial) subtest(t *testing.T, q *reports.Requirement) {
	for _, id := range q.Scenarios {
		if s := x.scenarioRun(id); s != nil {
			t.Run(storyName(id), func(t *testing.T) { tell(t, x.ofStory(q, s)) })
		}
	}
	// A group of skipped tests would pass, and only a pass may.
	if !t.Failed() && q.Verdict != reports.Pass {
		tell(t, told{q.Verdict, q.Reason})
	}
}

// tell is the one place where words become pass, fail and skip of package testing.
func tell(t *testing.T, x told) {
	text := string(x.verdict)
	if x.text != "" {
		text += ": " + x.text
	}
	switch x.verdict {
	case reports.Pass:
	case reports.Warn:
		t.Log(text)
	case reports.NotApplicable, reports.NotJudged, reports.ExpectedFail:
		t.Skip(text)
	case reports.Fail:
		t.Error("\n" + x.text)
	default:
		t.Error(text)
	}
}

// storyName is the id of a played scenario as the name of a subtest, in which a
// slash would begin another level.
func storyName(id string) string { return strings.ReplaceAll(id, "/", ".") }

// asksFor reads go test -run: whether subtests of that name are asked for. It is
// nil where all are. What it cannot read counts as asked for: it saves plays, and
// testing itself has the last word.
func asksFor(test string) func(names []string) bool {
	f := flag.Lookup("test.run")
	if f == nil {
		return nil
	}
	pattern := f.Value.String()
	if strings.ContainsAny(pattern, `|[(\`) {
		return nil
	}
	parts := strings.Split(pattern, "/")
	above := strings.Count(test, "/") + 1
	if len(parts) <= above {
		return nil
	}
	var levels []*regexp.Regexp
	for _, p := range parts[above:] {
		re, err := regexp.Compile(p)
		if err != nil {
			return nil
		}
		levels = append(levels, re)
	}
	return func(names []string) bool {
		for i, name := range names {
			if i < len(levels) && !levels[i].MatchString(name) {
				return false
			}
		}
		return true
	}
}
