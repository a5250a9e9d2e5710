package browsers

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// firefoxPrivate is what stands in for a private window: WebDriver BiDi opens
// none, but it makes user contexts, which Firefox calls containers. Jar, storage
// and caches are apart in the same way, by the same attribute of every origin,
// and it can have a proxy of its own. All of it is deleted at the end.
type firefoxPrivate struct {
	firefoxBrowser
	shut func() error
}

func (b *firefoxBrowser) OpenPrivate(ctx context.Context) (opened Browser, err error) {
	err = b.step(ctx, "open a private window", func(s *drivenStep) error {
		s.waiting = "the window to open"
		w, err := b.ff(s).newWindow(s.ctx, b.o)
		if err == nil {
			opened = w
		}
		return err
	})
	return opened, err
}

func (f *firefox) newWindow(ctx context.Context, o Options) (*firefoxPrivate, error) {
	own, err := newProxy(o.Source, o.AllowRemote)
	if err != nil {
		return nil, err
	}
	own.vetting = f.d.proxy.vetting
	d := &driven{name: "firefox", o: o, proxy: own}
	w := &firefox{d: d, conn: f.conn, nav: &navigation{changed: make(chan struct{})}}
	d.run = w
	var made struct{ UserContext string }
	address := own.listener.Addr().String()
	err = f.conn.Call(ctx, "browser.createUserContext", map[string]any{
		"proxy": map[string]any{"proxyType": "manual", "httpProxy": address, "sslProxy": address}}, &made)
	if err != nil {
		own.close()
		return nil, err
	}
	w.container = made.UserContext
	f.nav.mu.Lock()
	f.windows = append(slices.Clone(f.windows), w)
	f.nav.mu.Unlock()
	p := &firefoxPrivate{firefoxBrowser: firefoxBrowser{d}, shut: sync.OnceValue(func() error {
		defer own.close()
		f.nav.mu.Lock()
		f.windows = slices.DeleteFunc(slices.Clone(f.windows), func(o *firefox) bool { return o == w })
		f.nav.mu.Unlock()
		select {
		case <-f.gone(): // with the browser
			return nil
		default:
		}
		ctx, stop := context.WithTimeout(context.Background(), StepTimeout)
		defer stop()
		return f.conn.Call(ctx, "browser.removeUserContext", map[string]any{"userContext": w.container}, nil)
	})}
	if err := w.newTab(ctx); err != nil {
		return nil, errors.Join(err, p.shut())
	}
	return p, nil
}

func (w *firefoxPrivate) Close(context.Context) error {
	w.steps.Lock()
	defer w.steps.Unlock()
	w.run = nil
	return w.shut()
}

func (w *firefoxPrivate) Kill() error {
	err := w.shut() // before the lock: a step that is running has no tab any more
	w.steps.Lock()
	defer w.steps.Unlock()
	w.run = nil
	return err
}

func (w *firefoxPrivate) Restart(context.Context, bool) error { return errPrivate("restart") }
func (w *firefoxPrivate) Crash(context.Context) error         { return errPrivate("crash") }

func (w *firefoxPrivate) OpenPrivate(context.Context) (Browser, error) {
	return nil, errPrivate("open a private window")
}
