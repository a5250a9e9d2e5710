package play

import (
	"context"
	"fmt"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/history"
)

// openPrivate makes a client the private window of another one's browser.
func (p *player) openPrivate(ctx context.Context, c *client) error {
	owner := p.clients[c.spec.Private]
	w, ok := owner.browser.(browsers.PrivateWindows)
	if !ok {
		return fmt.Errorf("client %s: %w", c.spec.Name, c.able(browsers.Unable("it has no private windows here")))
	}
	b, err := w.OpenPrivate(ctx)
	if err != nil {
		return fmt.Errorf("client %s: %w", c.spec.Name, err)
	}
	c.browser, c.journaled, c.tab = b, 0, 0
	return nil
}

// closePrivate closes the client's private window and opens another; then it
// looks at every page.
func (p *player) closePrivate(ctx context.Context, op *history.Op, c *client) {
	err := c.browser.Close(ctx)
	if err == nil {
		err = p.openPrivate(ctx, c)
	}
	if err != nil {
		op.Outcome, op.Why = history.Failed, err.Error()
		return
	}
	op.Outcome = history.OK
	p.look(ctx, op, c)
}
