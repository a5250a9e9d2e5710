package browsers

import (
	"context"
	"errors"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Frames is the ability to act in a frame as a user does who looks into it.
type Frames interface {
	// EnterFrame makes steps go to the one frame in the page of the tab, which is
	// of another site than the page, until LeaveFrame. Open then navigates the
	// frame, by its own script. refused is true where the frame shows nothing
	// of its site, because that may not be framed; then nothing was entered.
	EnterFrame(ctx context.Context) (refused bool, err error)
	// LeaveFrame makes steps go to the page again.
	LeaveFrame(ctx context.Context) error
}

// errorPage begins the address of what Chrome shows in place of a document.
const errorPage = "chrome-error:"

func (c *chrome) EnterFrame(ctx context.Context) (refused bool, err error) {
	err = c.step(ctx, "enter the frame", func(s *step) error {
		if s.p.out != nil {
			return errors.New("it is in a frame already")
		}
		s.waiting = "the frame to come"
		return s.until(func() (bool, error) {
			t, blocked, err := s.frame()
			if err != nil || blocked {
				refused = blocked
				return true, err
			}
			if t == nil {
				return false, nil
			}
			s.p.out = &openTab{ctx: s.p.at, nav: s.p.nav}
			s.p.use(t)
			return true, nil
		})
	})
	return refused, err
}

func (c *chrome) LeaveFrame(ctx context.Context) error {
	return c.step(ctx, "leave the frame", func(s *step) error {
		s.p.leaveFrame()
		return nil
	})
}

// leaveFrame makes steps go to the page around the frame, if they are in one.
func (p *process) leaveFrame() {
	if p.out == nil {
		return
	}
	free := p.free
	p.use(p.out)
	p.out, p.free = nil, nil
	free()
}

// frame attaches to the frame of the page, nil if it has not come yet. blocked:
// what it shows is not its document.
func (s *step) frame() (t *openTab, blocked bool, err error) {
	main := cdp.FrameID(chromedp.FromContext(s.ctx).Target.TargetID)
	// A frame that the browser refused to fill may live in the page's process,
	// where it is no target of its own.
	tree, err := chromedp.Call(s.ctx, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		return nil, false, nil //nolint:nilerr // on its way: ask again
	}
	for _, f := range tree.FrameTree.ChildFrames {
		if strings.HasPrefix(f.Frame.URL, errorPage) || f.Frame.UnreachableURL != "" {
			return nil, true, nil
		}
	}
	all, err := chromedp.Targets(s.ctx)
	if err != nil {
		return nil, false, nil //nolint:nilerr // likewise
	}
	for _, info := range all {
		if info.Type != "iframe" || info.ParentFrameID != main {
			continue
		}
		// Ends by LeaveFrame or with the tab, and leaves the frame as it is.
		t, err := s.newTab(s.c.console, chromedp.WithTargetID(info.TargetID), chromedp.WithDetachOnCancel())
		if err != nil {
			return nil, false, err
		}
		// A refused frame goes by the address that it was asked for.
		at, err := s.addressIn(t)
		if err != nil || strings.HasPrefix(at, errorPage) {
			t.cancel()
			return nil, err == nil, err
		}
		s.p.free = t.cancel
		return t, false, nil
	}
	return nil, false, nil
}

// addressIn is the address that a tab, or a frame, itself says it is at.
func (s *step) addressIn(t *openTab) (at string, err error) {
	inside := *s
	inner, cancel := context.WithCancel(t.ctx)
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)()
	inside.ctx = inner
	err = inside.eval("location.href", &at)
	return at, err
}

// goFrame navigates a frame as a link in it does.
func (s *step) goFrame(url string) error {
	s.waiting = "the frame to load"
	s.p.nav.reset(false)
	if err := s.call(nil, "(url) => { location.href = url }", url); err != nil {
		return err
	}
	return s.settle()
}
