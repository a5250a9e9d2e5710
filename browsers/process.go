package browsers

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/chromedp/chromedp"
)

// process is one run of Chrome.
type process struct {
	tab    context.Context // chromedp's context of the tab that the process began with
	cancel context.CancelFunc
	group  atomic.Int64    // process group, 0 before the start
	tabs   []*openTab      // by number; guarded, as what follows, by the steps of the browser
	at     context.Context // chromedp's context of the tab that steps use
	nav    *navigation     // of that tab
	css    []string        // what Watch said; nil before
	out    *openTab        // where steps go after the frame that they are in; nil outside of frames
	free   func()          // gives up that frame
}

// start starts Chrome on the profile and waits for its tab.
func (c *chrome) start(ctx context.Context, name string, restore bool) error {
	ctx, stop, after := limit(ctx, StartTimeout)
	defer stop()
	if c.killed.Load() {
		return fmt.Errorf("%s: the browser was killed", name)
	}
	p := &process{}
	options := append(chromeFlags(c.o, c.profile, c.proxy.address(), restore),
		chromedp.ExecPath(c.bin),
		// Crash reports would go to the user's configuration directory. The
		// reporter itself cannot be switched off: without it Debian's
		// Chromium 156 aborts every navigation.
		chromedp.Env("BREAKPAD_DUMP_LOCATION="+c.tempFiles()),
		chromedp.ModifyCmdFunc(func(cmd *exec.Cmd) { cmd.SysProcAttr = groupAttr() }))
	if clock := c.o.Clock.environ(); clock != nil {
		options = append(options, chromedp.Env(clock...))
	}
	// The socket below this path must stay under 108 bytes; see newTemp.
	if len(c.tempFiles()) < 60 {
		options = append(options, chromedp.Env("TMPDIR="+c.tempFiles()))
	}
	allocator, freeAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	tab, cancel := chromedp.NewContext(allocator,
		chromedp.WithLogf(func(string, ...any) {}), chromedp.WithErrorf(func(string, ...any) {}))
	// Once: a second wait of chromedp for a browser that never came blocks.
	p.tab, p.cancel = tab, sync.OnceFunc(func() { cancel(); freeAllocator() })
	p.tabs = []*openTab{{ctx: tab, nav: &navigation{console: c.console}}}
	p.first()
	c.proc.Store(p)

	// chromedp binds the life of the browser to the context of the first
	// call, so that call gets the one without a deadline and is waited for
	// from outside.
	started := make(chan error, 1)
	go func() {
		err := chromedp.Do(tab)
		if err == nil {
			p.group.Store(int64(chromedp.FromContext(tab).Browser.Process().Pid))
			err = p.nav.follow(tab)
		}
		if err == nil {
			err = c.downloads(tab)
		}
		started <- err
	}()
	var err error
	select {
	case err = <-started:
	case <-ctx.Done():
		err = ctx.Err()
		if errors.Is(err, context.DeadlineExceeded) {
			err = &TimeoutError{Step: name, After: after, Waiting: "chrome to show its first tab"}
		}
		p.cancel()
		<-started //nolint:errcheck // it ends because it was cancelled
	}
	if err == nil && c.killed.Load() {
		err = errors.New("the browser was killed")
	}
	if err == nil {
		return nil
	}
	p.kill()
	c.proc.Store(nil)
	var timeout *TimeoutError
	if errors.As(err, &timeout) {
		return err
	}
	return fmt.Errorf("%s: %s: %w%s", name, c.bin, err, startHint(err))
}

// startHint explains the two start errors that Chrome words for insiders only.
func startHint(err error) string {
	text := err.Error()
	switch {
	case strings.Contains(text, "No usable sandbox"):
		return "\nThe system forbids user namespaces, which Chrome's sandbox is made of. Allow them (sysctl kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile for this Chrome), or run in a container."
	case strings.Contains(text, "profile appears to be in use"), strings.Contains(text, "existing browser session"):
		return "\nAnother Chrome is running with this profile: end it, or name another profile."
	}
	return ""
}

// quit ends the process as a user does, so that it writes its cookies. SIGTERM
// would lose those of the last 30 seconds, and chromedp's cancel is a SIGKILL.
func (c *chrome) quit(ctx context.Context, name string) error {
	p := c.proc.Swap(nil)
	if p == nil {
		return nil
	}
	ctx, stop, after := limit(ctx, StepTimeout)
	defer stop()
	if p.tab.Err() != nil {
		p.kill()
		return fmt.Errorf("%s: the browser process had ended by itself", name)
	}
	quit := make(chan error, 1)
	go func() { quit <- chromedp.Cancel(p.tab) }()
	select {
	case err := <-quit:
		if err != nil {
			p.kill()
			return fmt.Errorf("%s: %w", name, err)
		}
	case <-ctx.Done():
		p.kill()
		if err := ctx.Err(); !errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("%s: %w", name, err)
		}
		return &TimeoutError{Step: name, After: after, Waiting: "chrome to write its profile and quit; it was killed"}
	}
	// The main process is gone; its children need a few milliseconds.
	if !reapGroup(int(p.group.Load()), time.Second) {
		return fmt.Errorf("%s: processes of group %d cannot be ended", name, p.group.Load())
	}
	p.cancel()
	if c.crashed {
		// As long as nobody answers its question whether to restore the
		// tabs, Chrome counts every later end as a crash too. Answer it.
		c.crashed = false
		if err := c.setExitType("Normal"); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// kill ends the whole process group and waits for it. It may be called twice.
func (p *process) kill() {
	group := int(p.group.Load())
	if group != 0 && p.tab.Err() == nil {
		// While chromedp has not reaped the leader its number cannot mean
		// another group.
		killGroup(group)
	}
	p.cancel()
	if group != 0 {
		reapGroup(group, 0)
	}
}
