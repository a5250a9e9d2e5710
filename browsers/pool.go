package browsers

import (
	"context"
	"errors"
	"sync"
)

// Pool is an Engine whose browsers share a process where their Options say that
// they may, and that keeps some started ahead of their use. It is worth its
// while with Chrome, the one engine with windows that are apart from each other
// in everything; others start as ever. A Pool may be used by several goroutines.
type Pool struct {
	Engine

	starting sync.Mutex // one start of the process at a time; guards host
	host     *chrome    // the process; nil before the first use
	filling  sync.WaitGroup
	life     context.Context // of what nobody has asked for yet
	end      context.CancelFunc

	mu     sync.Mutex // guards what follows
	spare  []*window
	making bool // somebody fills up spare
}

// spares is how many windows wait for their use.
const spares = 2

// NewPool is a pool of browsers of one engine. Nothing is started yet.
func NewPool(e Engine) *Pool {
	p := &Pool{Engine: e}
	p.life, p.end = context.WithCancel(context.Background())
	return p
}

// Warm starts the process and its first windows, and does not wait for them. An
// error shows at the first Launch.
func (p *Pool) Warm() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fill()
}

// Launch is Engine.Launch. With Options.Shared the browser is a window in a
// process that it shares, if the rest of the options can be had there.
func (p *Pool) Launch(ctx context.Context, o Options) (Browser, error) {
	if _, ok := p.Engine.(chromeEngine); !ok || !o.sharable() {
		return p.Engine.Launch(ctx, o)
	}
	if w := p.take(); w != nil {
		if err := w.proxy.speakFor(o.Source, o.AllowRemote); err != nil {
			return nil, errors.Join(err, w.Kill())
		}
		return w, nil
	}
	w, err := p.open(ctx, o)
	if err != nil {
		return nil, err
	}
	return w, nil
}

// sharable tells whether a window can be what the options ask for: everything
// else is said to Chrome once, for the whole process.
func (o Options) sharable() bool {
	return o.Shared && o.Profile == "" && !o.Restore && !o.Headful && o.UserAgent == "" && o.Bin == "" && len(o.TrustSPKI) == 0 && o.Clock == nil && o.ThirdParty == ""
}

// take returns a window that waits, nil if none does, and has another one made.
func (p *Pool) take() *window {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fill()
	for len(p.spare) > 0 {
		w := p.spare[0]
		p.spare = p.spare[1:]
		if w.proc.Load().tab.Err() == nil {
			return w
		}
		_ = w.Kill() // its process has gone
	}
	return nil
}

// fill makes windows until enough are waiting. The caller holds mu.
func (p *Pool) fill() {
	if _, ok := p.Engine.(chromeEngine); !ok || p.making || p.life.Err() != nil {
		return
	}
	p.making = true
	p.filling.Go(func() {
		for {
			p.mu.Lock()
			p.making = len(p.spare) < spares && p.life.Err() == nil
			making := p.making
			p.mu.Unlock()
			if !making {
				return
			}
			w, err := p.open(p.life, Options{})
			p.mu.Lock()
			if err == nil {
				p.spare = append(p.spare, w)
			} else { // whoever launches next is told
				p.making = false
			}
			p.mu.Unlock()
			if err != nil {
				return
			}
		}
	})
}

// open makes a window.
func (p *Pool) open(ctx context.Context, o Options) (w *window, err error) {
	ctx, stop, _ := limit(ctx, StartTimeout)
	defer stop()
	host, err := p.running(ctx)
	if err != nil {
		return nil, err
	}
	err = host.step(ctx, "launch chrome", func(s *step) error {
		own, err := newProxy(o.Source, o.AllowRemote)
		if err != nil {
			return err
		}
		w, err = s.newWindow(own, "this browser shares its process with others (Options.Shared)")
		return err
	})
	return w, err
}

// running returns the process, started if need be. One that has ended by itself
// is replaced: its windows have ended with it.
func (p *Pool) running(ctx context.Context) (*chrome, error) {
	p.starting.Lock()
	defer p.starting.Unlock()
	if p.life.Err() != nil {
		return nil, errGone
	}
	if p.host != nil {
		if run := p.host.proc.Load(); run != nil && run.tab.Err() == nil {
			return p.host, nil
		}
		_ = p.host.Kill()
		p.host = nil
	}
	b, err := p.Engine.Launch(ctx, Options{})
	if err != nil {
		return nil, err
	}
	p.host = b.(*chrome)
	return p.host, nil
}

// Close ends the process, and with it every window that is left. Browsers with a
// process of their own are not touched.
func (p *Pool) Close() error {
	p.end()
	p.filling.Wait()
	p.starting.Lock()
	defer p.starting.Unlock()
	p.mu.Lock()
	spare := p.spare
	p.spare = nil
	p.mu.Unlock()
	var errs []error
	if p.host != nil {
		errs = append(errs, p.host.Kill())
		p.host = nil
	}
	for _, w := range spare {
		errs = append(errs, w.Kill())
	}
	return errors.Join(errs...)
}
