package browsers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// step is one call of a user on one browser.
type step struct {
	c       *chrome
	p       *process
	ctx     context.Context // chromedp's context of the tab with the step's deadline
	waiting string          // what a timeout would say
}

// errGone means that the browser is not running.
var errGone = errors.New("the browser is not running")

// step runs f as the only step of the browser. The name is put before every
// error.
func (c *chrome) step(ctx context.Context, name string, f func(*step) error) error {
	c.steps.Lock()
	defer c.steps.Unlock()
	return c.locked(ctx, name, f)
}

func (c *chrome) locked(ctx context.Context, name string, f func(*step) error) error {
	p := c.proc.Load()
	if p == nil {
		return fmt.Errorf("%s: %w", name, errGone)
	}
	ctx, stop, after := limit(ctx, StepTimeout)
	defer stop()
	// The tab's values with the caller's end. A deadline here instead of the
	// cancel would be no different to chromedp.
	inner, cancel := context.WithCancel(p.at)
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()

	s := &step{c: c, p: p, ctx: inner, waiting: "an answer of the browser"}
	err := f(s)
	switch {
	case err == nil:
		return nil
	case p.tab.Err() != nil:
		return fmt.Errorf("%s: the browser process ended", name)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &TimeoutError{Step: name, After: after, Waiting: s.waiting}
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w", name, ctx.Err())
	}
	return fmt.Errorf("%s: %w", name, err)
}

// pageError is an exception thrown by script in the page.
type pageError struct{ text string }

func (e *pageError) Error() string { return e.text }

// eval runs an expression and decodes its value into out, unless that is nil.
func (s *step) eval(js string, out any) error {
	yes := true
	r, err := chromedp.Call(s.ctx, runtime.Evaluate, runtime.EvaluateParams{
		Expression: js, ReturnByValue: &yes, AwaitPromise: &yes, UserGesture: &yes,
	})
	if err != nil {
		return err
	}
	if d := r.ExceptionDetails; d != nil {
		text := d.Text
		if d.Exception != nil && d.Exception.Description != "" {
			text = firstLine(d.Exception.Description)
		}
		return &pageError{text}
	}
	if out == nil || len(r.Result.Value) == 0 { // no value: undefined
		return nil
	}
	return json.Unmarshal(r.Result.Value, out)
}

// call runs a JavaScript function with arguments.
func (s *step) call(out any, function string, args ...any) error {
	var list []string
	for _, a := range args {
		// JSON is JavaScript since ECMAScript 2019.
		text, err := json.Marshal(a)
		if err != nil {
			return err
		}
		list = append(list, string(text))
	}
	return s.eval("("+function+")("+strings.Join(list, ",")+")", out)
}

// pollEvery is the pause between two looks at the page. Nothing tells when an
// element becomes visible or stops moving, so looking again is all there is.
const pollEvery = 20 * time.Millisecond

// until repeats f until it reports done or fails for good. Errors that come
// from a document being replaced count as "not yet".
func (s *step) until(f func() (done bool, err error)) error {
	for {
		done, err := f()
		var thrown *pageError
		if done || errors.As(err, &thrown) {
			return err
		}
		select {
		case <-s.ctx.Done():
			return s.ctx.Err()
		case <-time.After(pollEvery):
		}
	}
}
