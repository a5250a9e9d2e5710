package browsers

import (
	"context"
	"fmt"
)

// isPrivate is why a window cannot do what its browser can.
const isPrivate = "this is a private window, and its browser can do it, not the window itself"

func errPrivate(what string) error { return fmt.Errorf("%s: %s", what, isPrivate) }

// OpenPrivate opens a window in the process of the browser.
func (c *chrome) OpenPrivate(ctx context.Context) (b Browser, err error) {
	err = c.step(ctx, "open a private window", func(s *step) error {
		own, err := newProxy(c.o.Source, c.o.AllowRemote)
		if err != nil {
			return err
		}
		w, err := s.newWindow(own, isPrivate)
		if err == nil {
			b = w
		}
		return err
	})
	return b, err
}
