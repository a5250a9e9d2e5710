package browsers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// drivenStep is one call of a user on a driven browser.
type drivenStep struct {
	run     driver
	ctx     context.Context
	waiting string // what a timeout would say
}

// step runs f as the only step of the browser. The name is put before every
// error.
func (d *driven) step(ctx context.Context, name string, f func(*drivenStep) error) error {
	d.steps.Lock()
	defer d.steps.Unlock()
	return d.locked(ctx, name, f)
}

func (d *driven) locked(ctx context.Context, name string, f func(*drivenStep) error) error {
	if d.run == nil {
		return fmt.Errorf("%s: %w", name, errGone)
	}
	ctx, stop, after := limit(ctx, StepTimeout)
	defer stop()
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	over := make(chan struct{})
	defer close(over)
	go func() { // a step ends with the process
		select {
		case <-d.run.gone():
			cancel()
		case <-over:
		}
	}()
	s := &drivenStep{run: d.run, ctx: inner, waiting: "an answer of the browser"}
	err := f(s)
	if err == nil {
		return nil
	}
	select {
	case <-s.run.gone():
		return fmt.Errorf("%s: the browser process ended", name)
	default:
	}
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &TimeoutError{Step: name, After: after, Waiting: s.waiting}
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w", name, ctx.Err())
	}
	return fmt.Errorf("%s: %w", name, err)
}

// invoke is a JavaScript expression that calls a function with arguments.
func invoke(function string, args ...any) (string, error) {
	var list []string
	for _, a := range args {
		// JSON is JavaScript since ECMAScript 2019.
		text, err := json.Marshal(a)
		if err != nil {
			return "", err
		}
		list = append(list, string(text))
	}
	return "(" + function + ")(" + strings.Join(list, ",") + ")", nil
}

func (s *drivenStep) call(out any, function string, args ...any) error {
	js, err := invoke(function, args...)
	if err != nil {
		return err
	}
	return s.run.eval(s.ctx, js, out)
}

func (s *drivenStep) look(css string, scroll bool) (look, error) {
	var l look
	err := s.call(&l, lookJS, css, scroll)
	return l, err
}

// until repeats f until it reports done or fails for good. Errors that come
// from a document being replaced count as "not yet".
func (s *drivenStep) until(f func() (done bool, err error)) error {
	for {
		done, err := f()
		var thrown *pageError
		if done || errors.As(err, &thrown) || errors.Is(err, ErrUnable) {
			return err
		}
		select {
		case <-s.ctx.Done():
			return s.ctx.Err()
		case <-time.After(pollEvery):
		}
	}
}

// landed reports when the tab shows not a page but the proxy's news that there
// is none.
func (s *drivenStep) landed() error {
	var shown string
	err := s.call(&shown, `(name) => document.querySelector("meta[name=" + name + "]")?.content ?? ""`, proxyErrorMeta)
	if err == nil && shown != "" {
		return errors.New(shown)
	}
	return err
}

func (d *driven) Open(ctx context.Context, url string) error {
	return d.step(ctx, "open "+url, func(s *drivenStep) error {
		s.waiting = "the page to load"
		s.run.watch()
		if err := s.run.navigate(s.ctx, url); err != nil {
			return err
		}
		if err := s.run.settle(s.ctx); err != nil {
			return err
		}
		return s.landed()
	})
}

func (d *driven) Click(ctx context.Context, css string) error {
	return d.step(ctx, fmt.Sprintf("click %q", css), func(s *drivenStep) error {
		var last look
		s.waiting = "the page to answer"
		err := s.until(func() (bool, error) {
			l, err := s.look(css, true)
			if err != nil {
				return false, err
			}
			if l.Behind {
				// A popup lies in front; a tab behind gets no mouse events.
				return false, s.run.front(s.ctx)
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
		s.run.watch()
		if err := s.run.mouse(s.ctx, last.X, last.Y); err != nil {
			return err
		}
		s.waiting = "the page to load"
		if err := s.run.settle(s.ctx); err != nil {
			return err
		}
		return s.landed()
	})
}

func (d *driven) Fill(ctx context.Context, css, text string) error {
	return d.step(ctx, fmt.Sprintf("fill %q", css), func(s *drivenStep) error {
		s.waiting = "the page to answer"
		err := s.until(func() (bool, error) {
			l, err := s.look(css, true)
			if err != nil {
				return false, err
			}
			s.waiting = waitingFor(l)
			if l.Behind {
				return false, s.run.front(s.ctx)
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
			if err := s.run.insert(s.ctx, text); err != nil {
				return err
			}
			var empty bool
			err := s.run.eval(s.ctx, `(e => (e?.value ?? e?.textContent ?? "") === "")(document.activeElement)`, &empty)
			if err == nil && empty {
				err = errors.New("the field stayed empty")
			}
			return err
		}
		return errors.New(how)
	})
}

func (d *driven) Wait(ctx context.Context, css string) error {
	return d.step(ctx, fmt.Sprintf("wait %q", css), func(s *drivenStep) error {
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

func (d *driven) Visible(ctx context.Context, css string) (visible bool, err error) {
	err = d.step(ctx, fmt.Sprintf("visible %q", css), func(s *drivenStep) error {
		s.waiting = "the page to answer"
		l, err := s.look(css, false)
		visible = l.visible()
		return err
	})
	return visible, err
}

func (d *driven) Text(ctx context.Context, css string) (text string, err error) {
	err = d.step(ctx, fmt.Sprintf("text %q", css), func(s *drivenStep) error {
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

func (d *driven) Eval(ctx context.Context, js string, out any) error {
	return d.step(ctx, "eval", func(s *drivenStep) error {
		s.waiting = "the script to end"
		return s.run.eval(s.ctx, js, out)
	})
}

func (d *driven) Screenshot(ctx context.Context) (png []byte, err error) {
	err = d.step(ctx, "screenshot", func(s *drivenStep) (err error) {
		s.waiting = "the picture"
		var behind bool
		if err := s.run.eval(s.ctx, "document.hidden", &behind); err == nil && behind {
			// A tab behind a popup is not drawn.
			if err := s.run.front(s.ctx); err != nil {
				return err
			}
		}
		png, err = s.run.screenshot(s.ctx)
		return err
	})
	return png, err
}
