package browsers

import (
	"context"
	"errors"
	"sync"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// private is a private window: Chrome keeps all of it in memory, apart from the
// profile. It shares the process of the browser that opened it.
type private struct {
	*chrome
	shut func() error
}

func (c *chrome) OpenPrivate(ctx context.Context) (b Browser, err error) {
	err = c.step(ctx, "open a private window", func(s *step) error {
		own, err := newProxy(c.o.Source, c.o.AllowRemote)
		if err != nil {
			return err
		}
		s.waiting = "the window to open"
		messages := &console{}
		t, err := s.newTab(messages, chromedp.WithNewBrowserContext(func(p *target.CreateBrowserContextParams) {
			p.ProxyServer, p.ProxyBypassList = own.address(), "<-loopback>"
		}))
		if err != nil {
			own.close()
			return err
		}
		w := &private{chrome: &chrome{o: c.o, bin: c.bin, proxy: own, console: messages, window: chromedp.FromContext(t.ctx).BrowserContextID}}
		p := &process{tab: t.ctx, cancel: func() {}}
		p.tabs = []*openTab{t}
		p.first()
		w.proc.Store(p)
		w.shut = sync.OnceValue(func() error {
			defer own.close()
			if s.p.tab.Err() != nil { // gone with the browser
				return nil
			}
			return chromedp.Cancel(t.ctx)
		})
		b = w
		return nil
	})
	return b, err
}

func (w *private) Close(context.Context) error {
	w.steps.Lock()
	defer w.steps.Unlock()
	w.proc.Store(nil)
	return w.shut()
}

func (w *private) Kill() error { return w.Close(context.Background()) }

func (w *private) Restart(context.Context, bool) error {
	return errors.New("restart: a private window does not outlive its browser")
}

func (w *private) Crash(context.Context) error {
	return errors.New("crash: a private window does not outlive its browser")
}

func (w *private) OpenPrivate(context.Context) (Browser, error) {
	return nil, errors.New("open a private window: this is one already; its browser can open another")
}
