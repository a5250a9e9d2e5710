package targets

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// place fills in the variables that only a run can know, and makes its work folder.
func (t *Target) place(o StartOptions) error {
	if o.Cache == "" {
		c, err := os.UserCacheDir()
		if err != nil {
			return err
		}
		o.Cache = filepath.Join(c, "sessionspec")
	}
	work, err := os.MkdirTemp("", "sessionspec-")
	if err != nil {
		return err
	}
	t.Vars["work"] = work
	if t.source.Dir == "" && t.source.FS != nil {
		t.Dir = filepath.Join(work, "target")
		if err := unpack(t.source.FS, t.Dir); err != nil {
			return err
		}
	}
	if t.uses("shared") {
		t.Vars["shared"] = filepath.Join(work, "shared")
		common, err := fs.Sub(builtin, "shared")
		if err == nil {
			err = unpack(common, t.Vars["shared"])
		}
		if err != nil {
			return err
		}
	}
	set := func(k, v string) {
		if t.Vars[k] == "" {
			t.Vars[k] = v
		}
	}
	for _, name := range []string{"port", "plain_port"} {
		if t.Vars[name] == "" && t.Launch != nil && (name == "port" || t.Plain != "") {
			port, err := freePort()
			if err != nil {
				return err
			}
			set(name, strconv.Itoa(port))
		}
		set(name, "")
	}
	t.Vars["cache"], t.Vars["self"], t.Vars["dir"] = o.Cache, o.Self, t.Dir
	t.Vars["release"] = t.Release
	if err := t.placeStandIn(); err != nil {
		return err
	}
	base, _, err := Template{t.Base, t.Pos}.Expand(t.vars())
	if err != nil {
		return err
	}
	t.Base = strings.TrimRight(base, "/")
	t.Vars["base"] = t.Base
	plain, _, err := Template{t.Plain, t.Pos}.Expand(t.vars())
	t.Plain = strings.TrimRight(plain, "/")
	return err
}

func (t *Target) vars() Vars {
	v := make(Vars, len(t.Vars)+20) // with room for what a step knows besides
	for k, s := range t.Vars {
		v[k] = s
	}
	return v
}

// RunVars returns the variables of the run, for steps to build upon.
func (t *Target) RunVars() Vars { return t.vars() }

// unpack writes embedded files to disk. The embed keeps no modes, so files that
// begin with #! are made executable.
func unpack(from fs.FS, to string) error {
	return fs.WalkDir(from, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		dst := filepath.Join(to, filepath.FromSlash(p))
		if d.IsDir() {
			return os.MkdirAll(dst, 0o755)
		}
		data, err := fs.ReadFile(from, p)
		if err != nil {
			return err
		}
		mode := fs.FileMode(0o644)
		if bytes.HasPrefix(data, []byte("#!")) {
			mode = 0o755
		}
		return os.WriteFile(dst, data, mode)
	})
}
