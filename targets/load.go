package targets

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/internal/words"
	"github.com/sessionspec/sessionspec/internal/yamlx"
)

//go:embed all:reference all:django-allauth
var builtin embed.FS

// Source is where a target file comes from.
type Source struct {
	FS fs.FS
	// Dir is its place on disk, "" for embedded files.
	Dir string
}

// UsageError is a mistake in what the user wrote: exit code 2.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }
func (e *UsageError) Unwrap() error { return e.Err }

func usage(format string, args ...any) error { return &UsageError{fmt.Errorf(format, args...)} }

// Load finds targets by name ("folder", "folder-file", either with "@release")
// or by path of a file, and resolves each to one release. set overrides
// variables. A folder's name stands for all target files in it. Mistakes are
// UsageErrors.
func Load(name string, set map[string]string) ([]*Target, error) {
	base, release, _ := strings.Cut(name, "@")
	var files []found
	var err error
	if strings.HasSuffix(base, ".yaml") || strings.HasSuffix(base, ".yml") || strings.ContainsAny(base, `/\`) {
		files, err = onDisk(base)
	} else {
		files, err = byName(base)
	}
	if err != nil {
		return nil, err
	}
	var out []*Target
	var errs []error
	for _, f := range files {
		t, err := f.load()
		if err == nil {
			err = t.resolve(release, set)
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		out = append(out, t)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, &UsageError{err}
	}
	return out, nil
}

// Names lists the targets that ship with sessionspec.
func Names() []string {
	var out []string
	for _, f := range all() {
		out = append(out, f.name())
	}
	return out
}

type found struct {
	src     Source
	folder  string
	file    string
	trusted bool
}

func (f found) name() string { return f.folder + "-" + strings.TrimSuffix(f.file, ".yaml") }

func all() []found {
	files, _ := fs.Glob(builtin, "*/*.yaml")
	var out []found
	for _, p := range files {
		folder := path.Dir(p)
		sub, _ := fs.Sub(builtin, folder)
		out = append(out, found{Source{FS: sub}, folder, path.Base(p), true})
	}
	return out
}

func byName(name string) ([]found, error) {
	var out []found
	var names []string
	for _, f := range all() {
		if f.folder == name || f.name() == name {
			out = append(out, f)
		}
		names = append(names, f.folder, f.name())
	}
	if len(out) == 0 {
		slices.Sort(names)
		return nil, usage("no target %q%s; there are %s, or give the path of a target file", name,
			words.DidYouMean(name, names), strings.Join(slices.Compact(names), ", "))
	}
	return out, nil
}

func onDisk(file string) ([]found, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, usage("target file %s: %v", file, errors.Unwrap(err))
	}
	dir, pattern := filepath.Dir(file), filepath.Base(file)
	if info.IsDir() {
		dir, pattern = file, "*.yaml"
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	names, _ := fs.Glob(os.DirFS(abs), pattern)
	var out []found
	for _, n := range names {
		out = append(out, found{Source{os.DirFS(abs), abs}, dir, n, false})
	}
	if len(out) == 0 {
		return nil, usage("no target files (*.yaml) in %s", file)
	}
	return out, nil
}

func (f found) load() (*Target, error) {
	data, err := fs.ReadFile(f.src.FS, f.file)
	if err != nil {
		return nil, err
	}
	shown := path.Join(f.folder, f.file)
	if f.trusted {
		shown = path.Join("targets", shown)
	}
	t, err := Parse(shown, data)
	if err != nil {
		return nil, err
	}
	t.Folder, t.File, t.source, t.Dir, t.Trusted = f.folder, shown, f.src, f.src.Dir, f.trusted
	return t, nil
}

// Parse reads one target file; the error is a yamlx.Errors with the place of
// every mistake. Variables are checked as far as the file alone allows.
func Parse(file string, data []byte) (*Target, error) {
	root, err := yamlx.Parse(file, data)
	if err != nil {
		return nil, err
	}
	t := &Target{}
	root.Decode(t)
	return t, root.Err()
}

// builtinVars are always there; the ones of a story only inside operations.
var builtinVars = []string{"port", "work", "cache", "self", "dir", "base", "home", "release",
	"user", "password", "new_password", "email", "role", "actor", "agent", "connection", "text", "credential"}

// CheckYAML finds variables that nothing in the file could ever set, and words
// in `without` that mean nothing.
func (t *Target) CheckYAML(n *yamlx.Node) {
	known := slices.Clone(builtinVars)
	known = slices.AppendSeq(known, maps.Keys(t.Vars))
	for _, r := range t.Releases {
		known = slices.AppendSeq(known, maps.Keys(r.Vars))
	}
	t.eachStep(func(s *Step) { known = slices.AppendSeq(known, maps.Keys(s.Keep)) })
	t.eachStep(func(s *Step) {
		for _, ref := range s.refs() {
			if !slices.Contains(known, strings.TrimPrefix(ref, "of.")) {
				n.ErrorAt(s.Pos, "no value for ${%s}%s: not a variable of sessionspec, of `vars`, or of any `keep`", ref, words.DidYouMean(ref, known))
			}
		}
	})
	if t.DefaultRelease != "" {
		if _, ok := t.Releases[t.DefaultRelease]; !ok {
			n.Errorf("default_release %q is not among the releases", t.DefaultRelease)
		}
	}
	can := append(Capabilities(), story.Names()...)
	for _, w := range t.Declares.Without {
		if !slices.Contains(can, w) {
			n.Errorf("declares.without: unknown word %q%s", w, words.DidYouMean(w, can))
		}
		if _, ok := t.Operations[w]; ok {
			n.Errorf("declares.without names %q, yet `operations` has it", w)
		}
	}
	if _, ok := t.Operations["whoami"]; !ok {
		n.Errorf("operations need whoami: every verdict rests on it")
	}
	if _, ok := t.Operations["sign_in"]; !ok {
		n.Errorf("operations need sign_in")
	}
}

func (t *Target) eachStep(f func(*Step)) {
	visit := func(ops Operations) {
		for _, name := range slices.Sorted(maps.Keys(ops)) {
			for i := range ops[name] {
				for j := range ops[name][i].Steps {
					f(&ops[name][i].Steps[j])
				}
			}
		}
	}
	for i := range t.Provision {
		f(&t.Provision[i])
	}
	visit(t.Operations)
	for _, k := range slices.Sorted(maps.Keys(t.Clients)) {
		visit(t.Clients[k].Operations)
	}
}

// Refs lists every variable that the target's steps use.
func (t *Target) Refs() (out []string) {
	t.eachStep(func(s *Step) { out = append(out, s.refs()...) })
	return out
}

func (s *Step) refs() (out []string) {
	for _, t := range append([]Template{s.Path}, s.Exec...) {
		out = append(out, refs(t.Text)...)
	}
	for _, p := range []*Template{s.Body, s.Stdin, s.Websocket, s.Open, s.Click, s.Wait} {
		if p != nil {
			out = append(out, refs(p.Text)...)
		}
	}
	for _, fs := range []Fields{s.Headers, s.Query, s.Form, s.Multipart, s.Env, s.Fill} {
		for _, f := range fs {
			out = append(out, refs(f.Value.Text)...)
		}
	}
	for _, d := range s.Send {
		out = append(out, d.refs()...)
	}
	if s.JSON != nil {
		out = append(out, s.JSON.refs()...)
	}
	for _, e := range s.Keep {
		out = append(out, refs(e.JSON+e.CSS+e.Regex+e.StdoutJSON+e.StdoutRegex)...)
	}
	return out
}

// resolve picks the release and merges variables: file, release, --set.
func (t *Target) resolve(release string, set map[string]string) error {
	if t.Vars == nil {
		t.Vars = map[string]string{}
	}
	if release == "" {
		release = t.DefaultRelease
	}
	if release != "" {
		r, ok := t.Releases[release]
		if !ok {
			names := slices.Sorted(maps.Keys(t.Releases))
			if len(names) == 0 {
				return fmt.Errorf("%s: target %s has no releases, so @%s means nothing", t.File, t.Name, release)
			}
			return fmt.Errorf("%s: target %s has no release %q%s; there are %s", t.File, t.Name, release,
				words.DidYouMean(release, names), strings.Join(names, ", "))
		}
		maps.Copy(t.Vars, r.Vars)
		t.Release = release
	}
	for k, v := range set {
		if _, ok := t.Vars[k]; !ok && k != "port" {
			names := slices.Sorted(maps.Keys(t.Vars))
			return fmt.Errorf("--set %s: target %s has no such variable%s; it has %s", k, t.Name,
				words.DidYouMean(k, names), strings.Join(names, ", "))
		}
		t.Vars[k] = v
	}
	return nil
}

// Capabilities lists what `declares.without` may name besides operations.
func Capabilities() []string { return slices.Clone(capabilities) }

// Without tells whether the target declares that it lacks something.
func (t *Target) Without(what string) bool { return slices.Contains(t.Declares.Without, what) }
