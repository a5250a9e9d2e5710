package browsers

import (
	"context"
	"errors"
	"strings"
)

// framer is a driver that can act in frames.
type framer interface {
	// enter makes what follows go to the frame of the page. come is false while
	// there is none yet.
	enter(ctx context.Context) (come, refused bool, err error)
	leave()
}

// EnterFrame implements Frames, where the driver can.
func (d *driven) EnterFrame(ctx context.Context) (refused bool, err error) {
	err = d.step(ctx, "enter the frame", func(s *drivenStep) error {
		f, ok := s.run.(framer)
		if !ok {
			return Unable("%s: what is in a frame of another site cannot be reached: no way to is built here", d.name)
		}
		s.waiting = "the frame to come"
		return s.until(func() (come bool, err error) {
			come, refused, err = f.enter(s.ctx)
			return come, err
		})
	})
	return refused, err
}

// LeaveFrame implements Frames.
func (d *driven) LeaveFrame(ctx context.Context) error {
	return d.step(ctx, "leave the frame", func(s *drivenStep) error {
		if f, ok := s.run.(framer); ok {
			f.leave()
		}
		return nil
	})
}

// enter goes from the tab's own context to that of its frame: all commands and
// events of BiDi are by context.
func (f *firefox) enter(ctx context.Context) (come, refused bool, err error) {
	if f.top != "" {
		return false, false, &pageError{"it is in a frame already"}
	}
	var tree struct {
		Contexts []struct {
			Children []struct{ Context string }
		}
	}
	if err := f.conn.Call(ctx, "browsingContext.getTree", map[string]any{"root": f.tab, "maxDepth": 1}, &tree); err != nil {
		return false, false, err
	}
	if len(tree.Contexts) == 0 || len(tree.Contexts[0].Children) == 0 {
		return false, false, nil
	}
	f.within(f.tab, tree.Contexts[0].Children[0].Context)
	// What stands in place of a document that may not be framed has an address
	// of Firefox's own, which only the document itself tells.
	var at string
	if err := f.eval(ctx, "document.documentURI", &at); err != nil || strings.HasPrefix(at, "about:") {
		f.leave()
		var thrown *pageError
		if errors.As(err, &thrown) {
			err = nil // a document of Firefox's own, in which no script may run
		}
		return err == nil, err == nil, err
	}
	return true, false, nil
}

func (f *firefox) leave() {
	if f.top != "" {
		f.within("", f.top)
	}
}

// within makes commands and events be those of a context, which lies in the tab
// top unless that is "".
func (f *firefox) within(top, context string) {
	f.nav.mu.Lock()
	defer f.nav.mu.Unlock()
	f.top, f.tab = top, context
}

// shows is the tab that a user sees.
func (f *firefox) shows() string {
	if f.top != "" {
		return f.top
	}
	return f.tab
}
