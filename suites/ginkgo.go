package suites

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/extensions/globals"
	"github.com/onsi/ginkgo/v2/formatter"
	"github.com/onsi/ginkgo/v2/types"
	"github.com/onsi/gomega"

	"github.com/sessionspec/sessionspec/reports"
)

// quiet takes Ginkgo's verdict on the whole run; ours is in the report.
type quiet struct{ failed bool }

// Fail is called by Ginkgo when a spec failed.
func (q *quiet) Fail() { q.failed = true }

// play starts the players and runs the specs that wait for them.
func (s *session) play(ctx context.Context) {
	s.engine.shuffle(s.Seed)
	finished := make(chan struct{})
	go func() { defer close(finished); s.engine.run(ctx) }()
	globals.Reset() // a second run in one process starts from an empty tree
	s.specs()
	sc, rc := ginkgo.GinkgoConfiguration()
	sc.FailOnEmpty, sc.RandomSeed, sc.GracePeriod = true, s.Seed, 5*time.Second
	rc.NoColor, rc.Succinct = true, true
	formatter.ColorableStdOut, formatter.ColorableStdErr = io.Discard, io.Discard // ours is the console
	ginkgo.RunSpecs(&quiet{}, "session conformance", sc, rc)
	<-finished
}

// specs builds the tree: a container for each scenario file, at its line, with
// one spec for each plan. Ginkgo's tree is quadratic in siblings, so one flat
// container would not do.
func (s *session) specs() {
	gomega.RegisterFailHandler(ginkgo.Fail)
	byFile := map[string][]*job{}
	var files []string
	for _, j := range s.engine.jobs {
		if _, ok := byFile[j.sc.File]; !ok {
			files = append(files, j.sc.File)
		}
		byFile[j.sc.File] = append(byFile[j.sc.File], j)
	}
	for _, f := range files {
		jobs := byFile[f]
		at := types.CodeLocation{FileName: f, LineNumber: jobs[0].sc.Line}
		ginkgo.Describe(jobs[0].sc.ID, at, func() {
			for _, j := range jobs {
				ginkgo.It(j.plan.ID+" "+j.sc.Title, at, s.labels(j), func(ctx ginkgo.SpecContext) {
					select {
					case <-j.done:
					case <-ctx.Done():
						ginkgo.Fail("interrupted")
					}
					hand(j)
				})
			}
		})
	}
}

// hand gives a verdict to Ginkgo: the one place where words become pass, fail and skip.
func hand(j *job) {
	switch j.verdict {
	case reports.Pass, reports.Warn:
	case reports.NotApplicable, reports.NotJudged:
		ginkgo.Skip(string(j.verdict) + ": " + j.reason)
	case reports.Fail:
		var text []string
		for _, f := range j.result.Findings {
			text = append(text, f.Requirement+": want "+f.Want+"; got "+f.Got)
		}
		ginkgo.Fail(strings.Join(text, "\n"))
	default:
		ginkgo.Fail(string(j.verdict) + ": " + j.reason)
	}
}

func (s *session) labels(j *job) ginkgo.Labels {
	out := ginkgo.Labels{"group:" + j.sc.Group, "channel:" + channel(j), "target:" + j.env.Target.Name}
	for _, id := range j.sc.Tests {
		if r, ok := s.Library.Requirement(id); ok {
			out = append(out, "level:"+string(r.Level))
			break
		}
	}
	return out
}

func channel(j *job) string {
	for _, c := range j.plan.Story.Clients {
		switch c.In {
		case "browser":
			return reports.ChannelBrowser
		case "wire", "":
		default:
			return reports.ChannelCLI
		}
	}
	return reports.ChannelWire
}
