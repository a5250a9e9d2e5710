package suites

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/sessionspec/sessionspec/internal/judge"
	"github.com/sessionspec/sessionspec/internal/play"
	"github.com/sessionspec/sessionspec/internal/yamlx"
	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/reports/redact"
	"github.com/sessionspec/sessionspec/scenarios"
	"github.com/sessionspec/sessionspec/targets"
)

// Again judges what earlier runs recorded in their folders with the requirements
// of today, and makes one run of it. Nothing is played. A run that was killed
// gives what it had reached; what is missing is said in the run's error. Evidence
// is written below out, "" for none. A folder without a journal is an error.
func Again(lib *scenarios.Library, out string, dirs ...string) (*reports.Run, error) {
	s := &session{red: redact.New(), engine: &engine{}, Options: Options{Library: lib, Out: out}}
	for _, dir := range dirs {
		if err := s.recall(dir); err != nil {
			return nil, err
		}
	}
	s.collect()
	s.Baseline.Apply(s.run, s.run.Started)
	s.run.Redact(s.hide)
	s.run.Finish()
	return s.run, nil
}

// recall reads one folder's journal and adds its plays to the session's jobs.
func (s *session) recall(dir string) error {
	data, err := os.ReadFile(filepath.Join(dir, reports.JournalFile))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s has no %s: the plays themselves are not there, so they cannot be judged", dir, reports.JournalFile)
	}
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, len(data)+1)
	var head journalHead
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &head) != nil || head.Journal != journalID || head.Run == nil {
		return fmt.Errorf("%s: %s is no %s file, or its run ended before the first story", dir, reports.JournalFile, journalID)
	}
	last, err := reports.Read(filepath.Join(dir, reports.RunJSON))
	if err != nil {
		return err
	}
	jobs, order, err := s.adopt(head, last)
	if err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	for lines.Scan() {
		var l journalLine
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil || l.Play == nil {
			continue // the last line of a run that was killed while it wrote
		}
		if j := jobs[l.Play.ID]; j != nil {
			s.judgeAgain(j, l)
		}
	}
	s.missing(order, last)
	return nil
}

// adopt takes over what the head says, and makes the jobs by their ids.
func (s *session) adopt(head journalHead, last *reports.Run) (byID map[string]*job, order []*job, err error) {
	if s.run == nil {
		s.run = head.Run
		s.run.Command, s.run.Target, s.run.Ended = last.Command, last.Target, last.Ended
		s.run.SuiteVersion, s.run.Commit = Version, commit()
		s.Level, s.Plant, s.AllowExec, s.Set = head.Level, head.Plant, head.AllowExec, head.Set
		s.Browser, s.InBrowser = head.Browser, head.InBrowser
		if head.Baseline != "" {
			s.Baseline = &reports.Baseline{File: head.Baseline, Entries: head.Entries}
			for i := range min(len(head.Entries), len(head.Lines)) {
				s.Baseline.Entries[i].Pos = yamlx.Pos{Line: head.Lines[i]}
			}
		}
	} else if head.Run.Target.Name != s.run.Target.Name || head.Run.Target.Version != s.run.Target.Version {
		return nil, nil, fmt.Errorf("a run of %s %s cannot be put together with one of %s %s", head.Run.Target.Name, head.Run.Target.Version,
			s.run.Target.Name, s.run.Target.Version)
	}
	if head.Run.Started.Before(s.run.Started) {
		s.run.Started = head.Run.Started
	}
	if last.Ended.After(s.run.Ended) {
		s.run.Ended = last.Ended
	}
	envs := map[string]*play.Env{}
	if s.ports == nil {
		s.ports = ports{}
	}
	for _, t := range head.Targets {
		maps.Copy(s.ports, t.Ports)
		envs[t.Name] = &play.Env{Target: &targets.Target{Name: t.Name, File: t.File, Release: t.Release, Trusted: t.Trusted, Declares: t.Declares}}
	}
	byID = map[string]*job{}
	for _, one := range head.Jobs {
		if envs[one.Target] == nil || s.has(one.ID) {
			continue
		}
		j := &job{plan: play.Plan{ID: one.ID, Scenario: one.Scenario, Routes: one.Routes}, env: envs[one.Target], done: make(chan struct{})}
		if j.sc = s.Library.Scenario(one.Scenario); j.sc == nil {
			j.sc = &scenarios.Scenario{ID: one.Scenario} // gone since
		}
		j.plan.Story = j.sc.Story
		if one.Gap != "" {
			j.gap = &play.Gap{Reason: one.Gap, Declared: one.GapDeclared}
			s.engine.settleGap(j)
		}
		byID[one.ID] = j
		order = append(order, j)
	}
	s.engine.jobs = append(s.engine.jobs, order...)
	return byID, order, nil
}

func (s *session) has(id string) bool {
	for _, j := range s.engine.jobs {
		if j.plan.ID == id {
			return true
		}
	}
	return false
}

// judgeAgain settles a job by its play. What the run found to depend on company
// stays so: the play alone does not show it.
func (s *session) judgeAgain(j *job, l journalLine) {
	j.final = l.Play
	if j.sc.File == "" {
		j.sc.File, j.sc.Line = l.Play.File, l.Play.Line
	}
	j.result = judge.Judge(l.Play, termsOf(j.env.Target))
	if l.Verdict == reports.Unstable {
		j.verdict, j.reason, j.notes = l.Verdict, l.Reason, l.Notes
		return
	}
	s.engine.settle(j, "")
	for _, n := range l.Notes {
		if !slices.Contains(j.notes, n) {
			j.notes = append(j.notes, n)
		}
	}
}

// missing settles what was never played, and says so for the whole run.
func (s *session) missing(jobs []*job, last *reports.Run) {
	played, open := 0, 0
	for _, j := range jobs {
		switch {
		case j.final != nil:
			played++
		case j.gap == nil:
			open++
			j.verdict, j.reason = reports.NotJudged, notPlayed
		}
	}
	say := last.Error
	if open > 0 {
		say = fmt.Sprintf("%s; %d of %d stories were played", last.Error, played, played+open)
	}
	if s.run.Error == "" || s.run.Error == reports.Unfinished {
		s.run.Error = say
	}
	if s.run.Ended.IsZero() || s.run.Ended.Before(s.run.Started) {
		s.run.Ended = s.run.Started
		for _, j := range jobs {
			if j.final != nil && j.final.End.After(s.run.Ended) {
				s.run.Ended = j.final.End
			}
		}
	}
}

// Summarize writes the run as the console shows it at its end; dir is where its
// files are, as the user may type it.
func Summarize(r *reports.Run, w io.Writer, dir string, width int) {
	(&reports.Console{W: w, Width: width, Dir: dir}).Summary(r)
}
