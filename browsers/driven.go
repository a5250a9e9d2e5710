package browsers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/sessionspec/sessionspec/internal/history"
)

// driver is one run of a browser: a process and a connection to it. Its
// methods are called one at a time, kill excepted.
type driver interface {
	// eval runs an expression in the page, as Browser.Eval does. An exception
	// of the page is a *pageError.
	eval(ctx context.Context, js string, out any) error
	// navigate shows url and waits for the end of the first load.
	navigate(ctx context.Context, url string) error
	// watch begins to note what the page starts; settle waits for the end of
	// that, and of what it starts in turn.
	watch()
	settle(ctx context.Context) error
	// mouse clicks at a place of the viewport.
	mouse(ctx context.Context, x, y float64) error
	// insert types text where the focus is.
	insert(ctx context.Context, text string) error
	// front shows the tab, which a popup has put behind it.
	front(ctx context.Context) error
	// alone closes all other tabs.
	alone(ctx context.Context) error
	screenshot(ctx context.Context) ([]byte, error)
	jar(ctx context.Context) ([]Cookie, error)
	setCookie(ctx context.Context, k Cookie) error
	clearCookies(ctx context.Context) error
	// fetched returns the exchange of a fetch by https, which began after
	// watch: the engine's own report.
	fetched(ctx context.Context, method string, seen fetched) (history.Exchange, error)
	// quit ends the run as a user does and waits for its processes.
	quit(ctx context.Context) error
	// crash waits until all is on disk and then kills.
	crash(ctx context.Context) error
	kill()
	// gone is closed when the process or the connection has ended.
	gone() <-chan struct{}
}

// driven is a Browser over a driver: everything that engines have in common.
type driven struct {
	name    string // of the engine
	o       Options
	profile string
	temp    string // holds the throw-away profile and temporary files
	proxy   *proxy
	console console
	// start starts a run. It calls born with every process as soon as that
	// exists, so that Kill finds it.
	start func(ctx context.Context, restore bool, born func(kill func())) (driver, error)

	steps sync.Mutex // one step at a time
	run   driver     // nil while nothing runs; guarded by steps

	mu     sync.Mutex // guards what follows
	kills  []func()   // of the processes of this run
	killed bool
	once   sync.Once // cleanup
	err    error     // of the cleanup
}

// newDriven prepares a browser: its proxy and its directories.
func newDriven(name string, o Options) (*driven, error) {
	d := &driven{name: name, o: o}
	var err error
	if d.proxy, err = newProxy(o.Source, o.AllowRemote); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(o.TrustSPKI) > 0 {
		d.proxy.vetting = &vetting{spki: o.TrustSPKI}
	}
	if d.temp, err = newTemp(); err == nil {
		d.profile, err = filepath.Abs(o.Profile)
		if o.Profile == "" {
			d.profile = filepath.Join(d.temp, "profile")
		}
	}
	if err == nil {
		err = errors.Join(os.MkdirAll(d.profile, 0o700), os.MkdirAll(d.files(), 0o700))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), d.cleanup())
	}
	return d, nil
}

// files is where the engine puts what is no part of the profile.
func (d *driven) files() string { return filepath.Join(d.temp, "t") }

// launch is the first start.
func (d *driven) launch(ctx context.Context) (Browser, error) {
	if err := d.begin(ctx, "launch "+d.name, d.o.Restore); err != nil {
		return nil, errors.Join(err, d.cleanup())
	}
	return d, nil
}

// begin starts a run. The caller holds steps, or is the only one.
func (d *driven) begin(ctx context.Context, name string, restore bool) error {
	ctx, stop, after := limit(ctx, StartTimeout)
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	run, err := d.start(ctx, restore, func(kill func()) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.kills = append(d.kills, kill)
		if d.killed {
			kill()
		}
	})
	if d.wasKilled() && err == nil {
		err = errors.New("the browser was killed")
	}
	if err == nil {
		d.run = run
		return nil
	}
	d.killAll()
	var timeout *TimeoutError
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &TimeoutError{Step: name, After: after, Waiting: d.name + " to show its first tab"}
	case errors.As(err, &timeout):
		return err
	}
	return fmt.Errorf("%s: %w", name, err)
}

func (d *driven) wasKilled() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.killed
}

// killAll ends every process of the run.
func (d *driven) killAll() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, kill := range d.kills {
		kill()
	}
	d.kills = nil
}

// cleanup frees everything but the process, once.
func (d *driven) cleanup() error {
	d.once.Do(func() {
		d.proxy.close()
		if d.temp != "" {
			endUsers(d.temp)
			d.err = removeTemp(d.temp)
		}
	})
	return d.err
}

func (d *driven) Journal() []history.Exchange { return d.proxy.journal.since(0) }

func (d *driven) Close(ctx context.Context) error {
	d.steps.Lock()
	defer d.steps.Unlock()
	return errors.Join(d.end(ctx, "close "+d.name, driver.quit), d.cleanup())
}

func (d *driven) Kill() error {
	d.mu.Lock()
	d.killed = true
	d.mu.Unlock()
	d.killAll() // before the lock: a step that is running ends with the process
	d.steps.Lock()
	defer d.steps.Unlock()
	d.run = nil
	return d.cleanup()
}

// end ends the run by how, which is quit or crash.
func (d *driven) end(ctx context.Context, name string, how func(driver, context.Context) error) error {
	run := d.run
	d.run = nil
	if run == nil {
		return nil
	}
	defer d.killAll()
	ctx, stop, after := limit(ctx, StepTimeout)
	defer stop()
	select {
	case <-run.gone():
		return fmt.Errorf("%s: the browser process had ended by itself", name)
	default:
	}
	err := how(run, ctx)
	switch {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &TimeoutError{Step: name, After: after, Waiting: d.name + " to write its profile and quit; it was killed"}
	}
	return fmt.Errorf("%s: %w", name, err)
}

func (d *driven) Restart(ctx context.Context, restore bool) error {
	return d.again(ctx, "restart "+d.name, restore, driver.quit)
}

func (d *driven) Crash(ctx context.Context) error {
	return d.again(ctx, "crash "+d.name, false, driver.crash)
}

// again ends the run and starts another.
func (d *driven) again(ctx context.Context, name string, restore bool, how func(driver, context.Context) error) error {
	d.steps.Lock()
	defer d.steps.Unlock()
	err := d.locked(ctx, name, func(s *drivenStep) error {
		s.waiting = "the tabs to become empty"
		if err := s.run.alone(s.ctx); err != nil {
			return err
		}
		if restore {
			if err := s.run.setCookie(s.ctx, Cookie{Name: "restore", Value: "1", Domain: nowhere, Session: true}); err != nil {
				return err
			}
		}
		return s.run.navigate(s.ctx, "about:blank")
	})
	if err == nil {
		err = d.end(ctx, name, how)
	}
	if err == nil {
		err = d.begin(ctx, name, restore)
	}
	if err == nil && restore {
		err = d.locked(ctx, name, d.restored)
	}
	return err
}

// restored tells whether the browser really came back with its last session:
// whether it has the session cookie that it was given before.
func (d *driven) restored(s *drivenStep) error {
	all, err := s.run.jar(s.ctx)
	if err == nil && !slices.ContainsFunc(all, func(k Cookie) bool { return k.Domain == nowhere }) {
		err = Unable("%s does not restore its last session: a session cookie that it was given was gone after the restart", d.name)
	}
	return err
}
