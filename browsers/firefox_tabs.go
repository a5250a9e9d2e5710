package browsers

import (
	"context"
	"fmt"
)

// firefoxBrowser is a driven Firefox with what is beyond the interface.
type firefoxBrowser struct{ *driven }

func (b *firefoxBrowser) ff(s *drivenStep) *firefox { return s.run.(*firefox) }

func (b *firefoxBrowser) OpenTab(ctx context.Context) (number int, err error) {
	err = b.step(ctx, "open a tab", func(s *drivenStep) error {
		s.waiting = "the tab to open"
		f := b.ff(s)
		if err := f.newTab(s.ctx); err != nil {
			return err
		}
		number = len(f.opened) - 1
		return nil
	})
	return number, err
}

func (b *firefoxBrowser) UseTab(ctx context.Context, number int) error {
	return b.step(ctx, fmt.Sprintf("use tab %d", number), func(s *drivenStep) error {
		f := b.ff(s)
		if number < 0 || number >= len(f.opened) {
			return fmt.Errorf("there are %d tabs", len(f.opened))
		}
		s.waiting = "the tab to come to the front"
		f.use(f.opened[number])
		return f.front(s.ctx)
	})
}

// newTab opens a tab and uses it.
func (f *firefox) newTab(ctx context.Context) error {
	params := map[string]any{"type": "tab"}
	if f.container != "default" {
		params["userContext"] = f.container
	}
	var made struct{ Context string }
	if err := f.conn.Call(ctx, "browsingContext.create", params, &made); err != nil {
		return err
	}
	f.opened = append(f.opened, made.Context)
	f.use(made.Context)
	return nil
}

// use makes steps go to a tab. Every step waits for the tab that it uses, so
// that one that is used again is taken to be at rest.
func (f *firefox) use(tab string) {
	f.nav.mu.Lock()
	defer f.nav.mu.Unlock()
	f.top, f.tab, f.current, f.ended = "", tab, "", ""
	f.nav.loading, f.nav.fetches = false, nil
}
