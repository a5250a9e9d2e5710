package browsers

import "context"

// OpenPrivate opens a window in the process of the browser.
func (c *chrome) OpenPrivate(ctx context.Context) (b Browser, err error) {
	err = c.step(ctx, "open a private window", func(s *step) error {
		own, err := newProxy(c.o.Source, c.o.AllowRemote)
		if err != nil {
			return err
		}
		w, err := s.newWindow(own, "this is a private window, and its browser can do it, not the window itself")
		if err == nil {
			b = w
		}
		return err
	})
	return b, err
}
