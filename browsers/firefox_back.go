package browsers

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/sessionspec/sessionspec/internal/bidi"
)

// said is what a new page tells: that it has begun, and, once there is something
// to see, what. One out of the page cache tells nothing: Firefox has cut its line.
type said struct {
	Born  bool
	Sight string
}

func (b *firefoxBrowser) Watch(ctx context.Context, css ...string) error {
	return b.step(ctx, "watch", func(s *drivenStep) error {
		for _, one := range css { // said here, not at the first page
			if err := s.call(nil, `css => { document.querySelector(css) }`, one); err != nil {
				return err
			}
		}
		f := b.ff(s)
		list, err := json.Marshal(append([]string{}, css...))
		if err != nil {
			return err
		}
		f.css = append([]string{}, css...)
		// In a world of its own, so that pages notice nothing of it.
		params := map[string]any{"sandbox": sightName, "arguments": []any{map[string]any{"type": "channel", "value": map[string]string{"channel": sightName}}},
			"functionDeclaration": "say => { const css = " + string(list) + ", tell = text => say(JSON.stringify({Sight: text}));\n" +
				`if (self === top && location.href !== "about:blank") say(JSON.stringify({Born: true}));` + "\n" + sightJS + "}"}
		if f.container != "default" {
			params["userContexts"] = []string{f.container}
		}
		return f.conn.Call(s.ctx, "script.addPreloadScript", params, nil)
	})
}

// hear takes in what a page of the tab tells.
func (f *firefox) hear(params json.RawMessage) {
	var e struct {
		Channel string
		Data    remoteValue
		Source  struct{ Context string }
	}
	var text string
	var what said
	if json.Unmarshal(params, &e) != nil || e.Channel != sightName || json.Unmarshal(e.Data.Value, &text) != nil || json.Unmarshal([]byte(text), &what) != nil {
		return
	}
	f.nav.mu.Lock()
	defer f.nav.mu.Unlock()
	if e.Source.Context != f.tab || f.heard == nil {
		return
	}
	select {
	case f.heard <- what:
	default: // more than enough has been said
	}
}

func (f *firefox) listen(heard chan said) {
	f.nav.mu.Lock()
	defer f.nav.mu.Unlock()
	f.heard = heard
}

func (b *firefoxBrowser) Back(ctx context.Context) (r Return, err error) {
	err = b.step(ctx, "back", func(s *drivenStep) error {
		f := b.ff(s)
		heard := make(chan said, 16)
		f.listen(heard)
		defer f.listen(nil)
		f.watch()
		asked, reopen := b.proxy.gate.shut()
		defer reopen()
		if r, err = f.goBack(s, heard, asked); err != nil || r.From == FromNowhere {
			return err
		}
		reopen()
		s.waiting = "the page to load"
		if err := f.settle(s.ctx); err != nil {
			return err
		}
		s.waiting = "the page to tell what it shows"
		return s.until(func() (bool, error) {
			err := f.sight(s.ctx, &r.Later)
			return err == nil, err
		})
	})
	return r, err
}

// sight asks the page what it shows now.
func (f *firefox) sight(ctx context.Context, out **Sight) error {
	js, err := lookNow(f.css)
	if err != nil {
		return err
	}
	return f.eval(ctx, js, out)
}

// goBack goes back while requests are held: asked tells of each that comes. It
// returns when the page was seen, or when its document is being asked for.
func (f *firefox) goBack(s *drivenStep, heard <-chan said, asked <-chan bool) (r Return, err error) {
	s.waiting = "the page before to come"
	// Firefox answers when the page is shown, which may be after the gate opens.
	gone := make(chan error, 1)
	go func() {
		gone <- f.conn.Call(s.ctx, "browsingContext.traverseHistory", map[string]any{"context": f.tab, "delta": -1}, nil)
	}()
	var late <-chan time.Time
	for {
		select {
		case err := <-gone:
			var refused *bidi.Error
			if errors.As(err, &refused) && refused.Code == "no such history entry" {
				return Return{}, nil
			}
			if err != nil {
				return r, err
			}
			gone = nil
			if r.From == "" { // it is here, and no page has begun
				r.From = FromPageCache
				f.shownAgain()
				return r, f.reacted(s.ctx, &r.AtOnce)
			}
		case what := <-heard:
			r.From = FromCache // what comes from elsewhere is held
			if what.Sight != "" {
				return r, json.Unmarshal([]byte(what.Sight), &r.AtOnce)
			}
		case part := <-asked:
			if !part && late == nil {
				// Or the page has come and asked to be loaded again: both are told
				// by different ways, and the first may be the later.
				late = time.After(orderPatience)
			}
		case <-late:
			if r.From == "" {
				return Return{From: FromServer}, nil
			}
		case <-s.ctx.Done():
			return r, s.ctx.Err()
		}
	}
}

// shownAgain books the end of the way back to a page out of the page cache, of
// which Firefox reports the beginning alone.
func (f *firefox) shownAgain() {
	f.nav.mu.Lock()
	defer f.nav.mu.Unlock()
	f.end(f.first)
}

// reacted asks a page what it shows once it had the occasion to react to being
// shown, as sight.js does.
func (f *firefox) reacted(ctx context.Context, out **Sight) error {
	const soon = "new Promise(done => { requestAnimationFrame(() => setTimeout(done, 0)); setTimeout(done, 250) })"
	if err := f.eval(ctx, soon, nil); err != nil {
		return err
	}
	return f.sight(ctx, out)
}
