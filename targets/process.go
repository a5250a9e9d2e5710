package targets

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// ErrUnavailable says that a target cannot be had here and now, for instance
// because a package registry is away. It is never a verdict on the target.
var ErrUnavailable = errors.New("target not available")

// unavailableExit is what a setup command answers when it cannot get what it
// needs from outside (EX_TEMPFAIL of sysexits.h).
const unavailableExit = 75

// stopGrace is how long a target may take to end politely.
const stopGrace = 5 * time.Second

// Process is a started target.
type Process struct {
	child *child
	log   *tail
	work  string
	drive *processDriver // nil where no process drives
	once  sync.Once
}

// StartOptions say where a target may put its things.
type StartOptions struct {
	// Self is the sessionspec binary, for targets that are part of it.
	Self string
	// Cache is kept between runs; "" means the user's cache folder.
	Cache string
	// AllowExec permits commands of targets that did not ship with sessionspec.
	AllowExec bool
	// Log receives what setup and the target say, nil: nobody.
	Log io.Writer
}

// Start fills in the target's variables (port, work, cache, self, dir, base),
// runs its setup and start commands if it has any, and waits until it is ready.
// A target without a start command is only filled in. The Process is never nil
// without an error; Stop it. Errors: a UsageError without leave to run commands,
// ErrUnavailable, or what the target said last.
func (t *Target) Start(ctx context.Context, o StartOptions) (*Process, error) {
	if (t.Launch != nil || t.Setup != nil || t.startsDriver()) && !t.Trusted && !o.AllowExec {
		return nil, usage("%s: target %s starts commands; allow that by --allow-exec", t.File, t.Name)
	}
	if err := t.drivable(); err != nil {
		return nil, err
	}
	p := &Process{log: &tail{also: o.Log}}
	err := t.place(o)
	if p.work = t.Vars["work"]; err == nil {
		err = t.run(ctx, p)
	}
	if err != nil {
		p.Stop()
		return nil, err
	}
	return p, nil
}

func (t *Target) run(ctx context.Context, p *Process) error {
	if t.Setup != nil {
		if err := t.setup(ctx, p); err != nil {
			return err
		}
	}
	if t.startsDriver() {
		p.drive = newProcessDriver(t, p.work)
		t.Driver = p.drive
	}
	start := t.Launch
	if start == nil {
		return nil
	}
	cmd, err := t.command(start)
	if err != nil {
		return err
	}
	c, err := startChild(cmd, p.log, p.work)
	if err != nil {
		return fmt.Errorf("target %s: start: %w", t.Name, err)
	}
	p.child = c
	limit := start.Timeout
	if limit == 0 {
		limit = 60 * time.Second
	}
	return t.awaitReady(ctx, p, start.Ready, limit)
}

// setup runs the setup command to its end, in a group of its own so that an
// interrupted installation leaves no child behind.
func (t *Target) setup(ctx context.Context, p *Process) error {
	limit := t.Setup.Timeout
	if limit == 0 {
		limit = 10 * time.Minute
	}
	cmd, err := t.command(t.Setup)
	if err != nil {
		return err
	}
	out := &tail{also: p.log.also}
	c, err := startChild(cmd, out, p.work)
	if err != nil {
		return fmt.Errorf("target %s: setup: %w", t.Name, err)
	}
	select {
	case <-c.done:
	case <-ctx.Done():
		c.stop(0)
		return fmt.Errorf("target %s: setup was broken off: %w\n%s", t.Name, context.Cause(ctx), out)
	case <-time.After(limit):
		c.stop(0)
		return fmt.Errorf("target %s: setup was not finished after %s\n%s", t.Name, limit, out)
	}
	var exit *exec.ExitError
	if errors.As(c.err, &exit) && exit.ExitCode() == unavailableExit {
		return fmt.Errorf("%w: %s: %s", ErrUnavailable, t.Name, out.lastLine())
	}
	if c.err != nil {
		return fmt.Errorf("target %s: setup: %w\n%s", t.Name, c.err, out)
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
	return cmd, nil
}

// awaitReady asks until the target answers below 500, ends, or the limit passes.
func (t *Target) awaitReady(ctx context.Context, p *Process, ready string, limit time.Duration) error {
	method, path, ok := strings.Cut(ready, " ")
	if !ok {
		method, path = "GET", "/"
	}
	asking, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	go func() { // an end of the target ends the question to it
		select {
		case <-p.child.done:
			cancel()
		case <-asking.Done():
		}
	}()
	last := "no answer yet"
	for {
		status, err := askReady(asking, method, t.Base+path)
		select {
		case <-p.child.done: // also if somebody answered: it was not the target
			return fmt.Errorf("target %s ended before it was ready (%s)\n%s", t.Name, p.child.how(), p.log)
		default:
		}
		switch {
		case err == nil && status < 500:
			return nil
		case err == nil:
			last = strconv.Itoa(status) + " " + http.StatusText(status)
		case asking.Err() == nil:
			last = err.Error()
		}
		select {
		case <-asking.Done():
		case <-time.After(10 * time.Millisecond): // a poll, not a wait: readiness has no event across processes
			continue
		}
		if ctx.Err() != nil {
			return fmt.Errorf("target %s: the wait for it was broken off: %w", t.Name, context.Cause(ctx))
		}
		if errors.Is(asking.Err(), context.DeadlineExceeded) {
			return fmt.Errorf("target %s was not ready after %s: %s %s: %s\n%s", t.Name, limit, method, path, last, p.log)
		}
	}
}

// readyClient only wants an answer, from whatever certificate: who may speak for
// the target is for the run's own client to say, by the target's `ca`. It keeps
// no connection, so that none is in the way of a target that wants to end.
var readyClient = &http.Client{
	Timeout:       5 * time.Second,
	Transport:     &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func askReady(ctx context.Context, method, url string) (status int, err error) {
	req, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return 0, err
	}
	res, err := readyClient.Do(req)
	if err != nil {
		return 0, err
	}
	res.Body.Close()
	return res.StatusCode, nil
}

// Died tells whether a started target ended by itself, and what it said last.
func (p *Process) Died() (string, bool) {
	if p.child == nil {
		return "", false
	}
	select {
	case <-p.child.done:
		return p.child.how() + "\n" + p.log.String(), true
	default:
		return "", false
	}
}

// Stop ends the target's whole process group, politely for five seconds, and
// removes its work folder. It may be called twice.
func (p *Process) Stop() {
	p.once.Do(func() {
		if p.drive != nil {
			p.drive.stop()
		}
		if p.child != nil {
			p.child.stop(stopGrace)
		}
		if p.work != "" {
			os.RemoveAll(p.work)
		}
	})
}
