package suites

import (
	"regexp"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/scenarios"
)

// Describe adds the stories to a Ginkgo suite: a container with a spec for each
// requirement, labelled with its group and level. It belongs where Describe of
// Ginkgo does, and takes its decorators:
//
//	var config = suites.Config{Target: "sessions.yaml"}
//	var _ = suites.Describe("sessions", &config)
//	var _ = BeforeSuite(func() { config.Handler = app.New() })
//
// Only and Scenarios have to be there at once, since they say which specs there
// are; the rest of c is read when the first spec runs. The stories of all specs
// that are not filtered out are then played, many at a time; a spec tells what
// came of its requirement, as in Run. The container is Ordered, so that in a
// parallel run one process has it. It panics on a mistake in Only or Scenarios.
func Describe(text string, c *Config, decorators ...any) bool {
	lib, err := c.library()
	if err != nil {
		panic(err)
	}
	scs, err := lib.Select(c.Only)
	if err != nil {
		panic(err)
	}
	var duties []*scenarios.Requirement
	for _, r := range lib.Requirements {
		if slices.ContainsFunc(scs, func(sc *scenarios.Scenario) bool { return slices.Contains(sc.Tests, r.ID) }) {
			duties = append(duties, r)
		}
	}
	selected := map[string]bool{}
	play := func(ctx ginkgo.SpecContext, these bool) *trial {
		x, err := c.open(func(j *job) bool {
			return slices.ContainsFunc(j.sc.Tests, func(id string) bool { return selected[id] == these })
		}, func(requirement string) string { return "ginkgo --focus '" + regexp.QuoteMeta(requirement) + "'" })
		if err != nil {
			ginkgo.Fail(err.Error())
		}
		ginkgo.DeferCleanup(x.close)
		if err := x.playAll(ctx); err != nil {
			ginkgo.Fail(err.Error())
		}
		ginkgo.AddReportEntry(x.summary(), ginkgo.ReportEntryVisibilityFailureOrVerbose)
		return x
	}
	var x, rest *trial
	body := func() {
		ginkgo.BeforeAll(func(ctx ginkgo.SpecContext) {
			clear(selected)
			above := ctx.SpecReport()
			for _, r := range duties {
				labels := append(slices.Concat(above.ContainerHierarchyLabels...), specLabels(r)...)
				selected[r.ID] = filtered(strings.Join(append(slices.Clone(above.ContainerHierarchyTexts), specText(r)), " "), labels)
			}
			if !slices.ContainsFunc(duties, func(r *scenarios.Requirement) bool { return selected[r.ID] }) {
				clear(selected) // some filter that is not ours to read, or this would not be called
				for _, r := range duties {
					selected[r.ID] = true
				}
			}
			x, rest = play(ctx, true), nil
		})
		for _, r := range duties {
			at := types.CodeLocation{FileName: r.Pos.File, LineNumber: r.Pos.Line}
			ginkgo.It(specText(r), specLabels(r), at, func(ctx ginkgo.SpecContext) {
				from := x
				if !selected[r.ID] { // by such a filter
					if rest == nil {
						rest = play(ctx, false)
					}
					from = rest
				}
				handOver(from.ofDuty(r.ID))
			})
		}
		ginkgo.It("is conformant as a whole", func() {
			if rest != nil {
				x = rest
			}
			if text := x.whole(); text != "" {
				ginkgo.Fail(text)
			}
		})
	}
	return ginkgo.Describe(text, append([]any{ginkgo.Offset(1), ginkgo.Ordered, ginkgo.ContinueOnFailure, body}, decorators...)...)
}

func specText(r *scenarios.Requirement) string { return r.ID + ": " + r.Statement }

func specLabels(r *scenarios.Requirement) ginkgo.Labels {
	return ginkgo.Labels{"group:" + r.Group, "level:" + string(r.Level)}
}

// ofDuty tells what all stories show about a requirement.
func (x *trial) ofDuty(id string) told {
	q := x.requirement(id)
	if q == nil {
		return told{reports.NotJudged, "no story that tests it could be played"}
	}
	out := told{q.Verdict, q.Reason}
	var scenes []string
	for _, s := range q.Scenarios {
		if s := x.scenarioRun(s); s != nil {
			if one := x.ofStory(q, s); one.verdict.Bad() || one.verdict == reports.ExpectedFail || one.verdict == reports.Warn {
				scenes = append(scenes, s.ID+"\n"+one.text)
			}
		}
	}
	if len(scenes) > 0 {
		out.text = strings.Join(scenes, "\n\n")
	}
	return out
}

// handOver gives a verdict to the user's Ginkgo, as hand does to our own.
func handOver(x told) {
	text := string(x.verdict) + ": " + x.text
	switch x.verdict {
	case reports.Pass:
	case reports.Warn:
		ginkgo.AddReportEntry(text)
	case reports.NotApplicable, reports.NotJudged, reports.ExpectedFail:
		ginkgo.Skip(text)
	default:
		ginkgo.Fail(text)
	}
}

// filtered guesses whether the command line asks for a spec, so that no more is
// played than is asked for. Ginkgo has the last word.
func filtered(text string, labels []string) bool {
	sc, _ := ginkgo.GinkgoConfiguration()
	if len(sc.FocusStrings) > 0 {
		re, err := regexp.Compile(strings.Join(sc.FocusStrings, "|"))
		if err == nil && !re.MatchString(text) {
			return false
		}
	}
	if sc.LabelFilter == "" {
		return true
	}
	filter, err := types.ParseLabelFilter(sc.LabelFilter)
	return err != nil || filter(labels)
}
