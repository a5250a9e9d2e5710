package targets

import (
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// child is a process of the target's with everything it starts, as far as that
// stays in its process group.
type child struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended and its group was killed
	err  error         // how it ended; read after done
}

// startChild starts a command in a group of its own. What it says goes to log,
// less its standard output where the command has another place for that.
// work is removed if this process dies before the child does.
func startChild(cmd *exec.Cmd, log io.Writer, work string) (*child, error) {
	// A pipe of our own: with one of exec's, Wait would wait for whoever
	// inherited it, not for the process.
	out, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stderr = in
	if cmd.Stdout == nil {
		cmd.Stdout = in
	}
	cmd.SysProcAttr = groupAttr()
	c := &child{cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go c.live(started, in, out, log, work)
	return c, <-started
}

// live starts the process and stays until it has ended, on one thread: the
// kernel takes the end of the thread that forked for that of the parent.
func (c *child) live(started chan<- error, in, out *os.File, log io.Writer, work string) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer out.Close()
	err := c.cmd.Start()
	in.Close()
	if err != nil {
		started <- err
		return
	}
	pid := c.cmd.Process.Pid
	watch := guard(pid, work)
	started <- nil
	copied := make(chan struct{})
	go func() { _, _ = io.Copy(log, out); close(copied) }()
	c.err = c.cmd.Wait()
	// Now rather than at Stop: as long as something is left of the group its
	// number belongs to it, later it may belong to strangers.
	killGroup(pid, syscall.SIGKILL)
	select {
	case <-copied: // everybody who could speak is gone
	case <-time.After(time.Second): // somebody left the group and took the pipe along
	}
	watch.dismiss()
	close(c.done)
}

// stop ends the group, politely for the time of grace.
func (c *child) stop(grace time.Duration) {
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		select {
		case <-c.done:
			return
		default:
		}
		killGroup(c.cmd.Process.Pid, sig)
		select {
		case <-c.done:
		case <-time.After(grace):
		}
	}
	<-c.done
}

// how says in words how the child ended.
func (c *child) how() string {
	if c.err == nil {
		return "exit status 0"
	}
	return c.err.Error()
}

// guardian is a shell that outlives this process if that is killed (kill -9, out
// of memory), and then ends the child's whole group. The kernel's own means,
// Pdeathsig, reaches the child alone, and Linux alone has it.
type guardian struct {
	cmd  *exec.Cmd
	line *os.File // the shell reads from it; its end is the end of this process
}

const guardScript = `read -r _ || { kill -s KILL -- "-$1"; rm -rf -- "$2"; }`

// guard starts the shell; nil where there is none.
func guard(pid int, work string) *guardian {
	read, write, err := os.Pipe()
	if err != nil {
		return nil
	}
	defer read.Close()
	cmd := exec.Command("sh", "-c", guardScript, "sessionspec-guard", strconv.Itoa(pid), work)
	cmd.Dir, cmd.Stdin, cmd.SysProcAttr = "/", read, sessionAttr()
	if cmd.Start() != nil {
		write.Close()
		return nil
	}
	return &guardian{cmd, write}
}

// dismiss tells the shell that its help is not needed.
func (g *guardian) dismiss() {
	if g == nil {
		return
	}
	_, _ = g.line.WriteString("\n")
	g.line.Close()
	_ = g.cmd.Wait()
}

// tail keeps the last lines a process said.
type tail struct {
	mu   sync.Mutex
	buf  []byte
	also io.Writer
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.also != nil {
		_, _ = t.also.Write(p)
	}
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
