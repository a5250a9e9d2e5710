package browsers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"github.com/sessionspec/sessionspec/internal/history"
)

type chromeEngine struct{}

func (chromeEngine) Name() string { return "chrome" }

func (chromeEngine) Probe(ctx context.Context) (string, error) { return probe(ctx, "") }

// chrome is a Browser: a profile, a proxy and, between starts and quits, a
// process.
type chrome struct {
	o       Options
	bin     string
	profile string
	temp    string // holds the throw-away profile and Chrome's temporary files
	proxy   *proxy
	window  cdp.BrowserContextID // of a window apart from the profile; "" is the profile
	console *console
	crashed bool // the run before this one ended by Crash; guarded by steps

	steps  sync.Mutex // one step at a time
	proc   atomic.Pointer[process]
	killed atomic.Bool
	once   sync.Once // cleanup
	err    error     // of the cleanup
}

func (chromeEngine) Launch(ctx context.Context, o Options) (Browser, error) {
	bin, err := Find(o.Bin)
	if err != nil {
		return nil, err
	}
	if o.Headful && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return nil, errors.New("chrome: a visible window needs a display, and neither DISPLAY nor WAYLAND_DISPLAY is set")
	}
	c := &chrome{o: o, bin: bin, console: &console{}}
	if c.proxy, err = newProxy(o.Source, o.AllowRemote); err != nil {
		return nil, fmt.Errorf("chrome: %w", err)
	}
	if c.temp, err = newTemp(); err == nil {
		// Chrome takes a relative path as relative to its own directory.
		c.profile, err = filepath.Abs(o.Profile)
		if o.Profile == "" {
			c.profile = filepath.Join(c.temp, "profile")
		}
	}
	if err == nil {
		err = errors.Join(os.MkdirAll(c.profile, 0o700), os.MkdirAll(c.tempFiles(), 0o700), setThirdParty(c.profile, o.ThirdParty))
	}
	if err == nil {
		err = c.start(ctx, "launch chrome", o.Restore)
	}
	if err != nil {
		return nil, errors.Join(err, c.cleanup())
	}
	return c, nil
}

func (c *chrome) tempFiles() string { return filepath.Join(c.temp, "t") }

// cleanup frees everything but the process, once.
func (c *chrome) cleanup() error {
	c.once.Do(func() {
		c.proxy.close()
		if c.temp != "" {
			endUsers(c.temp)
			c.err = removeTemp(c.temp)
		}
	})
	return c.err
}

func (c *chrome) Journal() []history.Exchange { return c.proxy.journal.since(0) }

func (c *chrome) Close(ctx context.Context) error {
	c.steps.Lock()
	defer c.steps.Unlock()
	return errors.Join(c.quit(ctx, "close chrome"), c.cleanup())
}

func (c *chrome) Kill() error {
	c.killed.Store(true)
	// Before the lock: a step that is running ends with the process.
	if p := c.proc.Load(); p != nil {
		p.kill()
	}
	c.steps.Lock()
	defer c.steps.Unlock()
	// A Restart may have got to a new process meanwhile.
	if p := c.proc.Swap(nil); p != nil {
		p.kill()
	}
	return c.cleanup()
}

func (c *chrome) Restart(ctx context.Context, restore bool) error {
	return c.again(ctx, "restart chrome", restore, func() error { return nil })
}

// Crash quits cleanly and then writes what Chrome itself writes some seconds
// after every start, and takes back at every clean end: that it crashed. Chrome
// reads no more than that at its next start. A real crash gives the same, but
// takes ten seconds.
func (c *chrome) Crash(ctx context.Context) error {
	return c.again(ctx, "crash chrome", false, func() error {
		c.crashed = true
		return c.setExitType("Crashed")
	})
}

// setExitType edits the preferences of a Chrome that does not run.
func (c *chrome) setExitType(kind string) error {
	name := filepath.Join(c.profile, "Default", "Preferences")
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	all, profile := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	if err := json.Unmarshal(all["profile"], &profile); err != nil {
		return err
	}
	profile["exit_type"], _ = json.Marshal(kind)
	if all["profile"], err = json.Marshal(profile); err != nil {
		return err
	}
	if text, err = json.Marshal(all); err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o600)
}

// again quits, calls between while nothing runs, and starts.
func (c *chrome) again(ctx context.Context, name string, restore bool, between func() error) error {
	c.steps.Lock()
	defer c.steps.Unlock()
	if p := c.proc.Load(); p != nil {
		p.first()
	}
	err := c.locked(ctx, name, func(s *step) error {
		s.waiting = "the tabs to become empty"
		return s.neutral()
	})
	if err != nil {
		return err
	}
	if err := c.quit(ctx, name); err != nil {
		return err
	}
	if err := between(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return c.start(ctx, name, restore)
}

// neutral closes all tabs but one and leaves an empty page in that.
func (s *step) neutral() error {
	targets, err := chromedp.Targets(s.ctx)
	if err != nil {
		return err
	}
	own := chromedp.FromContext(s.ctx).Target.TargetID
	for _, t := range targets {
		if t.Type != "page" || t.TargetID == own {
			continue
		}
		// An error here means that the tab has gone by itself.
		_, _ = chromedp.CallBrowser(s.ctx, target.CloseTarget, target.CloseTargetParams{TargetID: t.TargetID})
	}
	return s.navigate("about:blank")
}
