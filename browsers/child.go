package browsers

import (
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"time"
)

// child is a process that leads a group of its own, and dies with this one.
type child struct {
	group int
	done  chan struct{} // closed when the leader has ended
	err   error         // how it ended; read it after done
}

// startChild starts cmd. Its output must go to files or nowhere: a copy to a
// writer would last as long as the last of its children.
func startChild(cmd *exec.Cmd) (*child, error) {
	cmd.SysProcAttr = groupAttr()
	c := &child{done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// One thread until the end: see dieWithParent.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		if err == nil {
			c.group = cmd.Process.Pid
		}
		started <- err
		if err == nil {
			c.err = cmd.Wait()
			close(c.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return c, nil
}

// early is the error for a leader that ended before it could be used.
func (c *child) early() error {
	<-c.done
	if c.err != nil {
		return fmt.Errorf("ended at once: %w", c.err)
	}
	return errors.New("ended at once, without an error")
}

// kill ends the whole group and waits for it.
func (c *child) kill() {
	select {
	case <-c.done:
	default:
		// The leader is not reaped, so its number cannot mean another group.
		killGroup(c.group)
		<-c.done
	}
	reapGroup(c.group, 0)
}

// wait waits for the leader to end by itself, then for its children; false:
// it did not before the channel was closed.
func (c *child) wait(end <-chan struct{}) bool {
	select {
	case <-c.done:
		return reapGroup(c.group, time.Second)
	case <-end:
		return false
	}
}
