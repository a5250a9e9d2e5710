// Package audit asks an installed browser how it treats cookies, by playing
// small scenes against pages of our own (package sites), and lays what it did
// beside what the specifications say. Nothing is looked up: a row without an
// observation of today says "not probed" and why.
package audit

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"time"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/sites"
)

// Options say what to audit.
type Options struct {
	// Engines are asked one after the other.
	Engines []browsers.Engine
	// Only are globs over row ids such as "prefix/*"; none means all.
	Only []string
	// Progress, if set, hears of each probe before it begins.
	Progress func(engine, probe string)
	// Suite is the version of this program, for the file.
	Suite string
}

// Run audits each engine. It returns what it has when ctx ends: rows that it
// did not come to are there, not probed. No process is left.
func Run(ctx context.Context, o Options) (*Audit, error) {
	if err := CheckOnly(o.Only); err != nil {
		return nil, err
	}
	web, err := sites.Start()
	if err != nil {
		return nil, err
	}
	defer web.Close()
	a := &Audit{Schema: SchemaID, Suite: o.Suite, Started: time.Now().UTC().Truncate(time.Second)}
	for _, engine := range o.Engines {
		a.Engines = append(a.Engines, runEngine(ctx, engine, web, o))
		web.Forget()
	}
	a.Took = time.Since(a.Started).Round(100 * time.Millisecond).Seconds()
	return a, nil
}

// CheckOnly refuses globs that mean no row.
func CheckOnly(only []string) error {
	for _, glob := range only {
		if err := anyMatch(glob); err != nil {
			return err
		}
	}
	return nil
}

// anyMatch refuses a glob that means no row.
func anyMatch(glob string) error {
	if wanted([]string{glob}, voiceID) {
		return nil
	}
	for _, p := range Probes() {
		for _, e := range p.Rows {
			if ok, err := path.Match(glob, e.id(p)); err != nil {
				return fmt.Errorf("--only %q: %w", glob, err)
			} else if ok {
				return nil
			}
		}
	}
	return fmt.Errorf("--only %q: no row has such an id; `sessionspec audit --list` prints them", glob)
}

func wanted(only []string, id string) bool {
	return len(only) == 0 || slices.ContainsFunc(only, func(glob string) bool {
		ok, _ := path.Match(glob, id)
		return ok
	})
}

// probeTimeout bounds one probe: far above what it needs, for machines that
// are short of processor time.
const probeTimeout = 3 * time.Minute

// runEngine plays every probe in one engine.
func runEngine(ctx context.Context, engine browsers.Engine, web *sites.Server, o Options) (out Engine) {
	start := time.Now()
	out.Name = engine.Name()
	version, err := engine.Probe(ctx)
	if err != nil {
		out.Missing = err.Error()
		return out
	}
	out.Version = version
	s := &Session{Web: web, engine: engine}
	defer func() {
		if err := s.end(); err != nil && out.Stopped == "" {
			out.Stopped = err.Error()
		}
	}()
	for _, p := range Probes() {
		if !slices.ContainsFunc(p.Rows, func(e Expect) bool { return wanted(o.Only, e.id(p)) }) {
			continue
		}
		seen, err := observe(ctx, s, p, o)
		if ctx.Err() != nil {
			out.Stopped = "interrupted"
		}
		for _, e := range p.Rows {
			if wanted(o.Only, e.id(p)) {
				out.Rows = append(out.Rows, judge(p, e, seen, err))
			}
		}
	}
	if wanted(o.Only, voiceID) {
		if o.Progress != nil {
			o.Progress(engine.Name(), voiceID)
		}
		out.Voice = secondVoice(ctx, s)
		if ctx.Err() != nil {
			out.Stopped = "interrupted"
		}
	}
	out.Took = time.Since(start).Round(100 * time.Millisecond).Seconds()
	return out
}

// observe runs one probe. What it saw before an error still counts.
func observe(ctx context.Context, s *Session, p Probe, o Options) (Observation, error) {
	seen := Observation{}
	if ctx.Err() != nil {
		return seen, errInterrupted
	}
	if o.Progress != nil {
		o.Progress(s.engine.Name(), p.ID)
	}
	inner, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	err := p.Run(inner, s, seen)
	switch {
	case ctx.Err() != nil:
		err = errInterrupted
	case err != nil && inner.Err() != nil:
		err = fmt.Errorf("no end after %s: %w", probeTimeout, err)
	}
	if err != nil {
		s.renew() // the browser may be in any state
	}
	return seen, err
}

var errInterrupted = errors.New("interrupted")
