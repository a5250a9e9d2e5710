package targets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// ErrUnavailable says that a target cannot be had here and now, for instance
// because a package registry is away. It is never a verdict on the target.
var ErrUnavailable = errors.New("target not available")

// unavailableExit is what a setup command answers when it cannot get what it
// needs from outside (EX_TEMPFAIL of sysexits.h).
const unavailableExit = 75

// Process is a started target.
type Process struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error
	log  *tail
	work string
}

// StartOptions say where a target may put its things.
type StartOptions struct {
	// Self is the sessionspec binary, for targets that are part of it.
	Self string
	// Cache is kept between runs; "" means the user's cache folder.
	Cache string
	// AllowExec permits commands of targets that did not ship with sessionspec.
	AllowExec bool
	Log       io.Writer
}

// Start fills in the target's variables (port, work, cache, self, dir, base),
// runs its setup and start commands if it has any, and waits until it is ready.
// A target without a start command is only filled in. The Process is never nil
// without an error; Stop it.
func (t *Target) Start(ctx context.Context, o StartOptions) (*Process, error) {
	if (t.Launch != nil || t.Setup != nil) && !t.Trusted && !o.AllowExec {
		return nil, usage("%s: target %s starts commands; allow that by --allow-exec", t.File, t.Name)
	}
	if err := t.place(o); err != nil {
		return nil, err
	}
	p := &Process{work: t.Vars["work"], log: &tail{}}
	if err := t.run(ctx, p); err != nil {
		p.Stop()
		return nil, err
	}
	return p, nil
}

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
	if t.Dir == "" {
		t.Dir = filepath.Join(work, "target")
		if err := unpack(t.source.FS, t.Dir); err != nil {
			return err
		}
	}
	set := func(k, v string) {
		if t.Vars[k] == "" {
			t.Vars[k] = v
		}
	}
	if t.Vars["port"] == "" && t.Launch != nil {
		port, err := freePort()
		if err != nil {
			return err
		}
		set("port", strconv.Itoa(port))
	}
	set("port", "")
	t.Vars["work"], t.Vars["cache"], t.Vars["self"], t.Vars["dir"] = work, o.Cache, o.Self, t.Dir
	t.Vars["release"] = t.Release
	base, _, err := Template{t.Base, t.Pos}.Expand(t.vars())
	if err != nil {
		return err
	}
	t.Base = strings.TrimRight(base, "/")
	t.Vars["base"] = t.Base
	return nil
}

func (t *Target) vars() Vars {
	v := Vars{}
	for k, s := range t.Vars {
		v[k] = s
	}
	return v
}

// RunVars returns the variables of the run, for steps to build upon.
func (t *Target) RunVars() Vars { return t.vars() }

func (t *Target) run(ctx context.Context, p *Process) error {
	if t.Setup != nil {
		if err := t.setup(ctx); err != nil {
			return err
		}
	}
	start := t.Launch
	if start == nil {
		return nil
	}
	cmd, err := t.command(start)
	if err != nil {
		return err
	}
	cmd.Stdout, cmd.Stderr = p.log, p.log
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("target %s: start: %w", t.Name, err)
	}
	p.cmd, p.done = cmd, make(chan struct{})
	go func() { p.err = cmd.Wait(); close(p.done) }()
	limit := start.Timeout
	if limit == 0 {
		limit = 60 * time.Second
	}
	return t.awaitReady(ctx, p, start.Ready, limit)
}

// setup runs the setup command to its end, in a group of its own so that an
// interrupted installation leaves no child behind.
func (t *Target) setup(ctx context.Context) error {
	limit := t.Setup.Timeout
	if limit == 0 {
		limit = 10 * time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd, err := t.command(t.Setup)
	if err != nil {
		return err
	}
	out := &tail{}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("target %s: setup: %w", t.Name, err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case err = <-done:
	case <-ctx.Done():
		killGroup(cmd.Process.Pid, syscall.SIGKILL)
		<-done
		return fmt.Errorf("target %s: setup: %w\n%s", t.Name, context.Cause(ctx), out)
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == unavailableExit {
		return fmt.Errorf("%w: %s: %s", ErrUnavailable, t.Name, out.lastLine())
	}
	if err != nil {
		return fmt.Errorf("target %s: setup: %w\n%s", t.Name, err, out)
	}
	return nil
}

func (t *Target) command(c *Command) (*exec.Cmd, error) {
	var args []string
	for _, a := range c.Command {
		s, ok, err := a.Expand(t.vars())
		if err != nil {
			return nil, err
		}
		if ok {
			args = append(args, s)
		}
	}
	env := os.Environ()
	for k, v := range c.Env {
		s, _, err := v.Expand(t.vars())
		if err != nil {
			return nil, err
		}
		env = append(env, k+"="+s)
	}
	if strings.HasPrefix(args[0], "./") {
		args[0] = filepath.Join(t.Dir, args[0])
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir, cmd.Env = t.Dir, env
	cmd.SysProcAttr = groupAttr()
	return cmd, nil
}

// awaitReady asks until the target answers below 500, ends, or the limit passes.
func (t *Target) awaitReady(ctx context.Context, p *Process, ready string, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	method, path, ok := strings.Cut(ready, " ")
	if !ok {
		method, path = "GET", "/"
	}
	client := &http.Client{Timeout: 5 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	last := "no answer yet"
	for {
		req, err := http.NewRequestWithContext(ctx, method, t.Base+path, nil)
		if err != nil {
			return err
		}
		if res, err := client.Do(req); err != nil {
			last = err.Error()
		} else {
			res.Body.Close()
			if res.StatusCode < 500 {
				return nil
			}
			last = res.Status
		}
		select {
		case <-p.done:
			return fmt.Errorf("target %s ended before it was ready (%v)\n%s", t.Name, p.err, p.log)
		case <-ctx.Done():
			return fmt.Errorf("target %s was not ready after %s: %s %s: %s\n%s", t.Name, limit, method, path, last, p.log)
		case <-time.After(10 * time.Millisecond): // a poll, not a wait: readiness has no event across processes
		}
	}
}

// Died tells whether a started target ended by itself, and what it said last.
func (p *Process) Died() (string, bool) {
	if p.cmd == nil {
		return "", false
	}
	select {
	case <-p.done:
		return fmt.Sprintf("%v\n%s", p.err, p.log), true
	default:
		return "", false
	}
}

// Stop ends the target's whole process group, politely for five seconds, and
// removes its work folder.
func (p *Process) Stop() {
	if p.cmd != nil && p.cmd.Process != nil {
		pid := p.cmd.Process.Pid
		killGroup(pid, syscall.SIGTERM)
		select {
		case <-p.done:
		case <-time.After(5 * time.Second):
		}
		killGroup(pid, syscall.SIGKILL) // what the leader left behind
		<-p.done
	}
	if p.work != "" {
		os.RemoveAll(p.work)
	}
}

// unpack writes embedded files to disk; scripts keep no mode in the embed, so
// every file without an ending is made executable.
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

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// tail keeps the last lines a process said.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, p...)
	if len(t.buf) > 8<<10 {
		t.buf = append([]byte(nil), t.buf[len(t.buf)-4<<10:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.buf))
}

func (t *tail) lastLine() string {
	lines := strings.Split(t.String(), "\n")
	return lines[len(lines)-1]
}
