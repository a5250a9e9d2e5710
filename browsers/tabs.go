package browsers

import (
	"context"
	"fmt"
	"slices"

	"github.com/chromedp/chromedp"
)

// openTab is one tab of a process.
type openTab struct {
	ctx    context.Context // chromedp's
	nav    *navigation
	cancel context.CancelFunc // nil for the tab that the process began with
}

func (c *chrome) OpenTab(ctx context.Context) (number int, err error) {
	err = c.step(ctx, "open a tab", func(s *step) error {
		s.waiting = "the tab to open"
		t, err := s.newTab(s.c.console)
		if err != nil {
			return err
		}
		if err := s.watch(t); err != nil {
			return err
		}
		s.p.leaveFrame()
		s.p.tabs = append(s.p.tabs, t)
		s.p.use(t)
		number = len(s.p.tabs) - 1
		return nil
	})
	return number, err
}

func (c *chrome) UseTab(ctx context.Context, number int) error {
	return c.step(ctx, fmt.Sprintf("use tab %d", number), func(s *step) error {
		if number < 0 || number >= len(s.p.tabs) {
			return fmt.Errorf("there are %d tabs", len(s.p.tabs))
		}
		s.p.leaveFrame()
		s.waiting = "the tab to come to the front"
		s.p.use(s.p.tabs[number])
		front := *s
		inner, cancel := context.WithCancel(s.p.at)
		defer cancel()
		defer context.AfterFunc(s.ctx, cancel)()
		front.ctx = inner
		return front.front()
	})
}

// newTab opens a tab of the process, or, with options, one in a window of its
// own. The console is where its pages write.
func (s *step) newTab(messages *console, options ...chromedp.ContextOption) (*openTab, error) {
	ctx, cancel := chromedp.NewContext(s.p.tab, options...)
	t := &openTab{ctx, &navigation{console: messages}, cancel}
	// chromedp binds the tab to the context of the first call: not the step's.
	opened := make(chan error, 1)
	go func() {
		err := chromedp.Do(ctx)
		if err == nil {
			err = t.nav.follow(ctx)
		}
		opened <- err
	}()
	select {
	case err := <-opened:
		if err != nil {
			cancel()
		}
		return t, err
	case <-s.ctx.Done():
		cancel()
		return nil, s.ctx.Err()
	}
}

// use makes steps go to a tab.
func (p *process) use(t *openTab) { p.at, p.nav = t.ctx, t.nav }

// first makes steps go to the tab that the process began with, and forgets the
// others.
func (p *process) first() {
	if len(p.tabs) > 0 {
		p.use(p.tabs[0])
		p.tabs = slices.Clone(p.tabs[:1])
	}
}
