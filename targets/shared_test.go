package targets

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestWhatTargetFoldersShare: a target anywhere that asks for it finds the shared
// folder beside its work, with programs that can be started; others get none.
func TestWhatTargetFoldersShare(t *testing.T) {
	for name, asks := range map[string]string{
		"start":     "start: {command: [a, '${shared}/venv']}\n",
		"setup":     "setup: {command: a, env: {A: '${shared}'}}\n",
		"provision": "provision: {exec: ['${shared}/venv']}\n",
		"nowhere":   "",
	} {
		ts, err := Load(write(t, "x.yaml", minimal+asks), nil)
		if err != nil {
			t.Fatal(err)
		}
		x := ts[0]
		if err := x.place(StartOptions{}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.RemoveAll(x.Vars["work"]) })
		info, err := os.Stat(filepath.Join(x.Vars["work"], "shared", "venv"))
		switch shared := x.RunVars()["shared"]; {
		case name == "nowhere":
			if !errors.Is(err, os.ErrNotExist) || shared != nil {
				t.Errorf("it was not asked for: %v, %v", shared, err)
			}
		case err != nil || info.Mode()&0o111 == 0 || shared != filepath.Join(x.Vars["work"], "shared"):
			t.Errorf("%s: %v: %v, %v", name, shared, info, err)
		}
	}
}

// TestNoTargetIsCalledShared: the folder holds no target file.
func TestNoTargetIsCalledShared(t *testing.T) {
	if _, err := Load("shared", nil); err == nil {
		t.Error("there is a target `shared`")
	}
}

// fakePython is a Python that makes environments of nothing: what pip is to say
// and how it ends are in PIP and PIP_EXIT; each start of pip is a line in $CALLS.
const fakePython = `#!/bin/sh
case "$1 $2" in
"-V "*) echo "Python $VERSION_OF_PYTHON" ;;
"-c import sys"*) [ "$3 $4" = "3.11 3.99" ] || exit 1 ;;
"-c import os"*) mv "$3" "$4" ;;
"-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
"-m pip") echo "pip $*" >>"$CALLS"; echo "$PIP"; exit "${PIP_EXIT:-0}" ;;
"-B "*) echo "ran $*" ;;
esac
`

// shop is a place with that Python and a lock file.
type shop struct {
	t                       *testing.T
	bin, lock, build, calls string
	cache, finish           string
	env                     []string
}

func newShop(t *testing.T) *shop {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "with a blank")
	s := &shop{t: t, bin: filepath.Join(dir, "bin"), lock: filepath.Join(dir, "locks", "1.0.txt"), build: filepath.Join(dir, "locks", "build.txt"),
		calls: filepath.Join(dir, "calls"), cache: filepath.Join(dir, "cache"), finish: filepath.Join(dir, "finish")}
	for file, text := range map[string]string{
		filepath.Join(s.bin, "python3"): fakePython,
		s.lock:                          "a==1.0\n",
		s.finish:                        "#!/bin/sh\nset -e; test -x \"$1/bin/python\"; touch \"$1/finished\"\n",
	} {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	s.env = []string{"PATH=" + s.bin + ":" + os.Getenv("PATH"), "CALLS=" + s.calls, "VERSION_OF_PYTHON=3.12.1"}
	return s
}

// venv runs the program as the target x and returns its exit code and its words.
func (s *shop) venv(env []string, args ...string) (int, string) {
	s.t.Helper()
	cmd := exec.CommandContext(context.Background(), "shared/venv", args...)
	cmd.Env = append(append(cmd.Env, s.env...), env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); cmd.ProcessState == nil {
		s.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), strings.TrimSpace(out.String())
}

func (s *shop) pips() string {
	b, _ := os.ReadFile(s.calls)
	return string(b)
}

// TestVenvIsMadeOnce: by hash from the lock file, completed, used, and not made again.
func TestVenvIsMadeOnce(t *testing.T) {
	s := newShop(t)
	if code, out := s.venv(nil, "run", "x", s.lock, s.cache, "serve.py"); code != 1 || !strings.Contains(out, "not installed") {
		t.Errorf("before: exit %d, %s", code, out)
	}
	for range 2 {
		if code, out := s.venv(nil, "make", "x", s.lock, s.cache, s.finish); code != 0 || out != "" {
			t.Fatalf("make: exit %d, %s", code, out)
		}
	}
	if got := s.pips(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "--require-hashes") || !strings.Contains(got, "-r "+s.lock) {
		t.Errorf("pip: %s", got)
	}
	_, home := s.venv(nil, "home", "x", s.lock, s.cache)
	if _, err := os.Stat(filepath.Join(home, "finished")); err != nil || !strings.HasPrefix(home, filepath.Join(s.cache, "x", "1.0-")) {
		t.Errorf("%s: %v", home, err)
	}
	if code, out := s.venv(nil, "run", "x", s.lock, s.cache, "serve.py", "80"); code != 0 || out != "ran -B serve.py 80" {
		t.Errorf("run: exit %d, %s", code, out)
	}
}

// TestVenvHasAPlaceForEachLock: another lock file, other build tools and another
// Python are another environment.
func TestVenvHasAPlaceForEachLock(t *testing.T) {
	s := newShop(t)
	seen := map[string]bool{}
	place := func(env ...string) {
		_, home := s.venv(env, "home", "x", s.lock, s.cache)
		if seen[home] {
			t.Errorf("%s once more", home)
		}
		seen[home] = true
	}
	place()
	place("VERSION_OF_PYTHON=3.13.0")
	if err := os.WriteFile(s.build, []byte("setuptools==1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	place()
	if err := os.WriteFile(s.lock, []byte("a==1.0 --hash=x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	place()
	if code, out := s.venv(nil, "make", "x", s.lock, s.cache); code != 0 {
		t.Fatalf("exit %d, %s", code, out)
	}
	if build, lock, _ := strings.Cut(s.pips(), "\n"); !strings.Contains(build, "--only-binary :all: -r "+s.build) || !strings.Contains(lock, "-r "+s.lock) {
		t.Errorf("what builds comes first: %s", s.pips())
	}
}

// TestVenvTellsWhy: 75 for what may be better tomorrow, and nothing half made is left.
func TestVenvTellsWhy(t *testing.T) {
	for name, c := range map[string]struct {
		env  string
		args []string
		code int
		says string
	}{
		"registry away":    {"PIP=ERROR: No matching distribution (from versions: none)", nil, 75, "package registry not reachable"},
		"connection":       {"PIP=WARNING: ConnectTimeoutError", nil, 75, "package registry not reachable"},
		"wrong file":       {"PIP=THESE PACKAGES DO NOT MATCH THE HASHES, ConnectionError", nil, 1, "DO NOT MATCH"},
		"other mistake":    {"PIP=ERROR: no space left", nil, 1, "no space left"},
		"python too old":   {"PYTHONS=3.99 3.99", nil, 75, "needs a Python between 3.99 and 3.99"},
		"no lock file":     {"", []string{"make", "x", "locks/2.0.txt", "cache"}, 2, "no lock file"},
		"no arguments":     {"", []string{"make", "x"}, 2, "usage: venv make"},
		"no cache":         {"", []string{"make", "x", "LOCK", ""}, 2, "no cache folder"},
		"no such verb":     {"", []string{"mend", "x", "LOCK", "cache"}, 2, "no verb mend"},
		"cannot be ended":  {"", []string{"make", "x", "LOCK", "CACHE", "false"}, 1, "cannot be completed"},
		"tools for build":  {"", []string{"make", "x", "BUILD", "CACHE"}, 2, "no lock file"},
		"nothing to start": {"", []string{"run", "x", "LOCK", "CACHE", "a.py"}, 1, "not installed"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			args := c.args
			if args == nil {
				args = []string{"make", "x", "LOCK", "CACHE"}
			}
			for i, a := range args {
				args[i] = strings.NewReplacer("LOCK", s.lock, "CACHE", s.cache, "BUILD", s.build).Replace(a)
			}
			env := []string{c.env}
			if strings.HasPrefix(c.env, "PIP=") {
				env = append(env, "PIP_EXIT=1")
			}
			if code, out := s.venv(env, args...); code != c.code || !strings.Contains(out, c.says) {
				t.Errorf("exit %d, %s", code, out)
			}
			left, _ := filepath.Glob(filepath.Join(s.cache, "x", "*"))
			for _, f := range left {
				if !strings.HasSuffix(f, ".lock") && !strings.HasSuffix(f, ".log") {
					t.Errorf("%s was left behind", f)
				}
			}
		})
	}
}
