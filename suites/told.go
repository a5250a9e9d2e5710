package suites

import (
	"context"
	"io"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/play"
	"github.com/sessionspec/sessionspec/reports"
)

// play counts who is playing, for the progress.
func (e *engine) play(ctx context.Context, j *job, plan play.Plan) *history.Play {
	e.count(1)
	defer e.count(-1)
	return j.env.Play(ctx, plan)
}

func (e *engine) count(n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.playing += n
	if e.began.IsZero() {
		e.began = time.Now()
	}
}

func (e *engine) finish(j *job) {
	e.mu.Lock()
	e.finished++
	if j.verdict == reports.Fail {
		e.findings++
	}
	p := reports.Progress{Done: e.finished, Total: len(e.jobs), Playing: e.playing, Findings: e.findings}
	began := e.began
	e.mu.Unlock()
	if e.journal != nil && j.final != nil {
		e.journal(j)
	}
	if e.progress != nil {
		if !began.IsZero() {
			p.Elapsed = time.Since(began)
			p.Left = p.Elapsed / time.Duration(p.Done) * time.Duration(p.Total-p.Done)
		}
		e.progress(p, j)
	}
	close(j.done)
}

// progress tells the console of a story that is through.
func (s *session) progress(p reports.Progress, j *job) {
	p.Story = reports.StoryResult{ID: j.plan.ID, Verdict: j.verdict, Reason: j.reason}
	if j.verdict == reports.Fail {
		p.Story.Verdict = reports.Pass
		for _, f := range j.result.Findings {
			p.Story.Verdict = reports.Worst(p.Story.Verdict, s.weigh(f.Requirement))
		}
		p.Story.Reason = j.result.Findings[0].Requirement + ": " + j.result.Findings[0].Got
	}
	if j.final != nil {
		p.Story.Seconds = float64(j.final.End.Sub(j.final.Start).Milliseconds()) / 1000
		p.Story.Requests = j.final.Requests
	}
	s.console.Progress(p)
}

// aside is where things are told that are no part of the result.
func (s *session) aside() io.Writer {
	switch {
	case s.Output != reports.OutputJSON:
		return s.Stdout
	case s.Stderr != nil:
		return s.Stderr
	}
	return io.Discard
}

func (s *session) updateBaseline() error {
	if s.run.Error != "" {
		return s.Options.Update(nil, nil)
	}
	var left []string
	for _, q := range s.run.Requirements {
		if q.Verdict == reports.Error {
			left = append(left, q.ID)
		}
	}
	return s.Options.Update(s.Baseline.Update(s.run, time.Now().AddDate(0, 3, 0)), left)
}
