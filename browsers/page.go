package browsers

import (
	"context"
	_ "embed"
	"errors"
	"fmt"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// look.js and fill.js are functions; see there for arguments and results.
var (
	//go:embed look.js
	lookSource string
	//go:embed fill.js
	fillSource string

	lookJS, fillJS = locating(lookSource), locating(fillSource)
)

// look is what look.js says about an element.
type look struct {
	State  string // missing, hidden, disabled, covered or ready
	By     string // for covered: what lies above
	X, Y   float64
	Behind bool // the tab is not in front
}

func (s *step) look(css string, scroll bool) (look, error) {
	var l look
	err := s.call(&l, lookJS, css, scroll)
	return l, err
}

func (c *chrome) Open(ctx context.Context, url string) error {
	return c.step(ctx, "open "+url, func(s *step) error {
		if s.p.out != nil {
			return s.goFrame(url)
		}
		return s.navigate(url)
	})
}

func (c *chrome) Click(ctx context.Context, css string) error {
	return c.step(ctx, fmt.Sprintf("click %q", css), func(s *step) error {
		var last look
		s.waiting = "the page to answer"
		err := s.until(func() (bool, error) {
			l, err := s.look(css, true)
			if err != nil {
				return false, err
			}
			if l.Behind {
				// A popup lies in front; a tab behind gets no mouse events.
				return false, s.front()
			}
			// Twice at the same place: it does not move any more.
			done := l.State == "ready" && l == last
			last = l
			s.waiting = waitingFor(l)
			return done, nil
		})
		if err != nil {
			return err
		}
		s.waiting = "the click to be taken"
		s.p.nav.reset(true)
		if err := chromedp.Do(s.ctx, chromedp.MouseClickXY(last.X, last.Y)); err != nil {
			return err
		}
		return s.settle()
	})
}

func waitingFor(l look) string {
	switch l.State {
	case "missing":
		return "the element: none matches"
	case "hidden":
		return "the element to be visible"
	case "disabled":
		return "the element to be enabled"
	case "covered":
		return "the element to be free: " + l.By + " covers it"
	}
	return "the element to keep still"
}

func (c *chrome) Fill(ctx context.Context, css, text string) error {
	return c.step(ctx, fmt.Sprintf("fill %q", css), func(s *step) error {
		s.waiting = "the page to answer"
		err := s.until(func() (bool, error) {
			l, err := s.look(css, true)
			if err != nil {
				return false, err
			}
			s.waiting = waitingFor(l)
			if l.Behind {
				return false, s.front()
			}
			// A covered field can be filled: users reach it by the Tab key.
			return l.State == "ready" || l.State == "covered", nil
		})
		if err != nil {
			return err
		}
		s.waiting = "the field to take the text"
		var how string
		if err := s.call(&how, fillJS, css, text); err != nil {
			return err
		}
		switch how {
		case "done":
			return nil
		case "type":
			// As a paste or an input method would: one input event, and a
			// change event when the focus leaves.
			if _, err := chromedp.Call(s.ctx, input.InsertText, input.InsertTextParams{Text: text}); err != nil {
				return err
			}
			var empty bool
			err := s.call(&empty, `() => { const e = document.activeElement; return (e?.value ?? e?.textContent ?? "") === "" }`)
			if err == nil && empty {
				err = errors.New("the field stayed empty")
			}
			return err
		}
		return errors.New(how)
	})
}

// front shows the tab, which a popup has put behind it.
func (s *step) front() error {
	_, err := chromedp.Call(s.ctx, page.BringToFront, cdp.Empty{})
	return err
}

func (c *chrome) Wait(ctx context.Context, css string) error {
	return c.step(ctx, fmt.Sprintf("wait %q", css), func(s *step) error {
		s.waiting = "the page to answer"
		return s.until(func() (bool, error) {
			l, err := s.look(css, false)
			if err == nil {
				s.waiting = waitingFor(l)
			}
			return err == nil && l.visible(), err
		})
	})
}

func (l look) visible() bool { return l.State != "missing" && l.State != "hidden" }

func (c *chrome) Visible(ctx context.Context, css string) (visible bool, err error) {
	err = c.step(ctx, fmt.Sprintf("visible %q", css), func(s *step) error {
		s.waiting = "the page to answer"
		l, err := s.look(css, false)
		visible = l.visible()
		return err
	})
	return visible, err
}

func (c *chrome) Text(ctx context.Context, css string) (text string, err error) {
	err = c.step(ctx, fmt.Sprintf("text %q", css), func(s *step) error {
		return s.until(func() (bool, error) {
			s.waiting = "the element: none matches"
			var found *string
			err := s.call(&found, locating(`(css) => { const all = locate(css);
				return (all.find(e => e.checkVisibility({visibilityProperty: true})) ?? all[0])?.innerText ?? null }`), css)
			if err != nil || found == nil {
				return false, err
			}
			text = *found
			return true, nil
		})
	})
	return text, err
}

func (c *chrome) Eval(ctx context.Context, js string, out any) error {
	return c.step(ctx, "eval", func(s *step) error {
		s.waiting = "the script to end"
		return s.eval(js, out)
	})
}

func (c *chrome) Screenshot(ctx context.Context) (png []byte, err error) {
	err = c.step(ctx, "screenshot", func(s *step) (err error) {
		s.waiting = "the picture"
		var behind bool
		if err := s.eval("document.hidden", &behind); err == nil && behind {
			// A tab behind a popup is not drawn.
			if err := s.front(); err != nil {
				return err
			}
		}
		png, err = chromedp.Run(s.ctx, chromedp.CaptureScreenshot())
		return err
	})
	return png, err
}
