// Package scenarios holds what to play: one folder a group, with its
// requirements and its stories. The files are embedded; users add folders of
// their own.
package scenarios

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/words"
)

//go:embed */*.yaml
var builtin embed.FS

// Source is a folder of groups: `group/requirements.yaml` and `group/*.yaml`.
type Source struct {
	Name string
	FS   fs.FS
}

// Builtin is the set that ships with sessionspec.
func Builtin() Source { return Source{"builtin", builtin} }

// Library is everything loaded: requirements and scenarios, both sorted by id.
type Library struct {
	Requirements []*Requirement
	Scenarios    []*Scenario
}

// Load reads all sources. Ids are global: a second one of the same name is an
// error, as is a scenario that tests a requirement nobody defined. All
// complaints come back joined, each with its place.
func Load(sources ...Source) (*Library, error) {
	lib := &Library{}
	var errs []error
	type pending struct {
		sc    *Scenario
		check func(known []string) error
	}
	var scs []pending
	for _, src := range sources {
		files, err := fs.Glob(src.FS, "*/*.yaml")
		if err != nil {
			return nil, err
		}
		top, _ := fs.Glob(src.FS, "*.yaml")
		files = append(files, top...)
		if len(files) == 0 {
			errs = append(errs, fmt.Errorf("%s: no scenario files (*.yaml) in it", src.Name))
		}
		for _, f := range files {
			data, err := fs.ReadFile(src.FS, f)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			shown := path.Join(display(src.Name), f)
			if path.Base(f) == "requirements.yaml" {
				rs, err := loadRequirements(shown, path.Dir(f), data)
				if err != nil {
					errs = append(errs, err)
				}
				lib.Requirements = append(lib.Requirements, rs...)
				continue
			}
			sc, root, err := loadScenario(shown, strings.TrimSuffix(f, ".yaml"), data)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			sc.Source = src.Name
			scs = append(scs, pending{sc, func(known []string) error {
				for _, e := range root.Entries() {
					if e.Key != "tests" {
						continue
					}
					for _, it := range append(e.Value.Items(), e.Value) {
						if it.IsScalar() && !slices.Contains(known, it.Text()) {
							it.Errorf("unknown requirement %q%s", it.Text(), words.DidYouMean(it.Text(), known))
						}
					}
				}
				return root.Err()
			}})
		}
	}
	ids := lib.ids()
	for _, p := range scs {
		if err := p.check(ids); err != nil {
			errs = append(errs, err)
			continue
		}
		lib.Scenarios = append(lib.Scenarios, p.sc)
	}
	slices.SortStableFunc(lib.Requirements, func(a, b *Requirement) int { return strings.Compare(a.ID, b.ID) })
	slices.SortStableFunc(lib.Scenarios, func(a, b *Scenario) int { return strings.Compare(a.ID, b.ID) })
	errs = append(errs, lib.duplicates()...)
	return lib, errors.Join(errs...)
}

func display(source string) string {
	if source == "builtin" {
		return "scenarios"
	}
	return source
}

func (l *Library) ids() []string {
	out := make([]string, len(l.Requirements))
	for i, r := range l.Requirements {
		out[i] = r.ID
	}
	return out
}

func (l *Library) duplicates() (errs []error) {
	for i := 1; i < len(l.Requirements); i++ {
		if a, b := l.Requirements[i-1], l.Requirements[i]; a.ID == b.ID {
			errs = append(errs, fmt.Errorf("%s: requirement %s is defined a second time, first at %s", b.Pos, b.ID, a.Pos))
		}
	}
	for i := 1; i < len(l.Scenarios); i++ {
		if a, b := l.Scenarios[i-1], l.Scenarios[i]; a.ID == b.ID {
			errs = append(errs, fmt.Errorf("%s:%d:1: scenario %s is defined a second time, first in %s", b.File, b.Line, b.ID, a.File))
		}
	}
	return errs
}

// Requirement finds one by id.
func (l *Library) Requirement(id string) (*Requirement, bool) {
	i, ok := slices.BinarySearchFunc(l.Requirements, id, func(r *Requirement, id string) int { return strings.Compare(r.ID, id) })
	if !ok {
		return nil, false
	}
	return l.Requirements[i], true
}

// Scenario finds one by id, nil if there is none.
func (l *Library) Scenario(id string) *Scenario {
	for _, s := range l.Scenarios {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// Select returns the scenarios whose own id, or an id they test, matches one of
// the comma-separated globs (`*` within a path part, `**` across). A pattern that
// matches nothing is an error that names the nearest id. "" selects all.
func (l *Library) Select(globs string) ([]*Scenario, error) {
	if globs == "" {
		return l.Scenarios, nil
	}
	var out []*Scenario
	for _, g := range strings.Split(globs, ",") {
		g = strings.TrimSpace(g)
		if _, err := path.Match(g, ""); err != nil {
			return nil, fmt.Errorf("--only %q: %w", g, err)
		}
		hit := false
		for _, s := range l.Scenarios {
			if s.matches(g) {
				hit = true
				if !slices.Contains(out, s) {
					out = append(out, s)
				}
			}
		}
		if !hit {
			var all []string
			for _, s := range l.Scenarios {
				all = append(all, s.ID)
			}
			all = append(all, l.ids()...)
			return nil, fmt.Errorf("--only %q matches no scenario and no requirement%s", g, words.DidYouMean(g, all))
		}
	}
	slices.SortFunc(out, func(a, b *Scenario) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

func (s *Scenario) matches(glob string) bool {
	for _, id := range append([]string{s.ID}, s.Tests...) {
		if id == glob {
			return true
		}
		if ok, _ := path.Match(glob, id); ok || glob == "**" {
			return true
		}
	}
	return false
}
