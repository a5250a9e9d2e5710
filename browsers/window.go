package browsers

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// window is a Browser in another one's process. Chrome keeps all of it in
// memory, apart from the profile and from other windows: jar, storage, caches,
// downloads, and the proxy with its journal.
type window struct {
	*chrome
	shut func() error
	// lacks is what the errors of Restart, Crash and OpenPrivate say.
	lacks string
}

// newWindow opens a window whose requests go through own. The window closes it.
func (s *step) newWindow(own *proxy, lacks string) (*window, error) {
	w := &window{chrome: &chrome{o: s.c.o, bin: s.c.bin, proxy: own, console: &console{}}, lacks: lacks}
	var err error
	if w.temp, err = newTemp(); err != nil {
		own.close()
		return nil, err
	}
	s.waiting = "the window to open"
	t, err := s.newTab(w.console, chromedp.WithNewBrowserContext(func(p *target.CreateBrowserContextParams) {
		p.ProxyServer, p.ProxyBypassList = own.address(), "<-loopback>"
	}))
	if err != nil {
		return nil, errors.Join(err, w.cleanup())
	}
	w.window = chromedp.FromContext(t.ctx).BrowserContextID
	p := &process{tab: t.ctx, cancel: func() {}}
	p.tabs = []*openTab{t}
	p.first()
	w.proc.Store(p)
	host := s.p.tab
	w.shut = sync.OnceValue(func() error {
		var err error
		if host.Err() == nil { // else it has gone with the process
			err = chromedp.Cancel(t.ctx)
		}
		return errors.Join(err, w.cleanup())
	})
	if err = w.downloads(s.ctx); err != nil {
		return nil, errors.Join(err, w.shut())
	}
	return w, nil
}

// downloads puts what is downloaded among the throw-away files.
func (c *chrome) downloads(ctx context.Context) error {
	_, err := chromedp.CallBrowser(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, BrowserContextID: c.window, DownloadPath: c.temp})
	return err
}

func (w *window) Close(context.Context) error {
	w.steps.Lock()
	defer w.steps.Unlock()
	w.proc.Store(nil)
	return w.shut()
}

func (w *window) Kill() error {
	err := w.shut() // before the lock: a step that is running ends with the window
	w.steps.Lock()
	defer w.steps.Unlock()
	w.proc.Store(nil)
	return err
}

func (w *window) Restart(context.Context, bool) error { return fmt.Errorf("restart: %s", w.lacks) }

func (w *window) Crash(context.Context) error { return fmt.Errorf("crash: %s", w.lacks) }

func (w *window) OpenPrivate(context.Context) (Browser, error) {
	return nil, fmt.Errorf("open a private window: %s", w.lacks)
}
