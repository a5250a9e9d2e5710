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

	"github.com/sessionspec/sessionspec/internal/words"
	"github.com/sessionspec/sessionspec/internal/yamlx"
)

//go:embed all:axum-login
//go:embed all:chainlit
//go:embed all:django-allauth
//go:embed all:django-auth
//go:embed all:express-session
//go:embed all:flask-login
//go:embed all:kanidm
//go:embed all:mailu
//go:embed all:php-native
//go:embed all:reference
//go:embed all:scs
//go:embed all:shared
//go:embed all:sinatra
//go:embed all:spring-security
//go:embed all:warehouse
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
	base, release, err := split(name)
	if err != nil {
		return nil, err
	}
	var files []found
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

// split takes "name@release" apart. A path may have an @ of its own.
func split(name string) (base, release string, err error) {
	i := strings.LastIndex(name, "@")
	if i < 0 || strings.ContainsAny(name[i:], `/\`) {
		return name, "", nil
	}
	if _, err := os.Stat(name); err == nil {
		return name, "", nil
	}
	if i+1 == len(name) {
		return "", "", usage("--target %s: no release after the @", name)
	}
	return name[:i], name[i+1:], nil
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

// name is the folder's and the file's; a folder's only file may be called
// target.yaml and adds nothing.
func (f found) name() string {
	if f.file == "target.yaml" {
		return f.folder
	}
	return f.folder + "-" + strings.TrimSuffix(f.file, ".yaml")
}

func all() []found {
	files, _ := fs.Glob(builtin, "*/*.yaml")
	var out []found
	for _, p := range files {
		if path.Base(p) == baselineFile {
			continue
		}
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
	dir, names := filepath.Dir(file), []string{filepath.Base(file)}
	if info.IsDir() {
		dir = file
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		names, _ = fs.Glob(os.DirFS(abs), "*.yaml")
	}
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

// resolve picks the release and merges variables: file, release, --set.
func (t *Target) resolve(release string, set map[string]string) error {
	if t.Vars == nil {
		t.Vars = map[string]string{}
	}
	names := slices.Sorted(maps.Keys(t.Releases))
	named := release
	if release == "" {
		release = t.DefaultRelease
	}
	if release != "" {
		r, ok := t.Releases[release]
		if !ok {
			if len(names) == 0 {
				return fmt.Errorf("%s: target %s has no releases, so @%s means nothing", t.File, t.Name, release)
			}
			return fmt.Errorf("%s: target %s has no release %q%s; there are %s", t.File, t.Name, release,
				words.DidYouMean(release, names), strings.Join(names, ", "))
		}
		maps.Copy(t.Vars, r.Vars)
		t.Release = release
		t.lack(r.Without)
	}
	if err := t.standIn(named, set); err != nil {
		return err
	}
	for _, k := range slices.Sorted(maps.Keys(set)) {
		if _, ok := t.Vars[k]; !ok && k != "port" && (k != "plain_port" || t.Plain == "") {
			known := append(slices.Sorted(maps.Keys(t.Vars)), "port")
			return fmt.Errorf("--set %s: target %s has no such variable%s; it has %s", k, t.Name,
				words.DidYouMean(k, known), strings.Join(known, ", "))
		}
		t.Vars[k] = set[k]
	}
	for _, n := range names {
		for _, k := range slices.Sorted(maps.Keys(t.Releases[n].Vars)) {
			if _, ok := t.Vars[k]; !ok {
				return fmt.Errorf("%s: target %s has no value for ${%s}: name a release, as in %s@%s; there are %s", t.File, t.Name, k,
					t.Name, n, strings.Join(names, ", "))
			}
		}
	}
	return nil
}

// lack takes operations out, as if the file had said that the target has none.
func (t *Target) lack(operations []string) {
	for _, op := range operations {
		delete(t.Operations, op)
		for _, kind := range t.Clients {
			delete(kind.Operations, op)
		}
	}
	t.Declares.Without = append(slices.Clip(t.Declares.Without), operations...)
}

// Capabilities lists what `declares.without` may name besides operations.
func Capabilities() []string { return slices.Clone(capabilities) }

// Without tells whether the target declares that it lacks something.
func (t *Target) Without(what string) bool { return slices.Contains(t.Declares.Without, what) }
