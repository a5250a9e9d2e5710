package play

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/targets"
)

// execTimeout bounds one command; a command line that waits for a terminal
// would otherwise hold the run for ever.
const execTimeout = 60 * time.Second

// command runs a program beside the target, in a group of its own.
func (c *client) command(ctx context.Context, s targets.Step, vars targets.Vars) (history.Event, *targets.Answer, error) {
	var args []string
	for _, a := range s.Exec {
		v, ok, err := a.Expand(vars)
		if err != nil {
			return history.Event{}, nil, err
		}
		if ok {
			args = append(args, v)
		}
	}
	env, err := fields(s.Env, vars)
	if err != nil {
		return history.Event{}, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, execTimeout)
	defer cancel()
	name := args[0]
	if strings.HasPrefix(name, "./") {
		name = filepath.Join(c.env.Target.Dir, name)
	}
	cmd := exec.CommandContext(ctx, name, args[1:]...)
	cmd.Dir, cmd.Env = c.env.Target.Dir, os.Environ()
	if c.home != "" {
		cmd.Env = append(cmd.Env, "HOME="+c.home, "XDG_CONFIG_HOME=", "XDG_CACHE_HOME=")
	}
	rec := history.Exec{Args: args}
	for _, e := range env {
		cmd.Env = append(cmd.Env, e.name+"="+e.value)
		rec.Env = append(rec.Env, e.name+"="+e.value)
	}
	if s.Stdin != nil {
		in, _, err := s.Stdin.Expand(vars)
		if err != nil {
			return history.Event{}, nil, err
		}
		cmd.Stdin = strings.NewReader(in)
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 2 * time.Second
	rec.Start = time.Now()
	err = cmd.Run()
	rec.End = time.Now()
	rec.Stdout, rec.Stderr = limit(stdout.String()), limit(stderr.String())
	if cmd.ProcessState != nil {
		rec.Exit = cmd.ProcessState.ExitCode()
	}
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || ctx.Err() != nil) {
		if ctx.Err() != nil {
			err = fmt.Errorf("not finished after %s", execTimeout)
		}
		rec.Error = err.Error()
		return history.Event{Exec: &rec}, nil, fmt.Errorf("%s: %w", args[0], err)
	}
	a := &targets.Answer{Exit: rec.Exit, Stdout: rec.Stdout, Body: rec.Stdout, Cookie: c.jarValue}
	return history.Event{Exec: &rec}, a, nil
}

func limit(s string) string {
	if len(s) > 64<<10 {
		return s[:64<<10] + "\n[cut]"
	}
	return s
}
