package browsers

import (
	"context"
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// sight.js is the body of a function of css and tell.
//
//go:embed sight.js
var sightJS string

// Names of the world in which sight.js runs, and of the way out of it.
const sightName = "sessionspecTell"

func (c *chrome) Watch(ctx context.Context, css ...string) error {
	return c.step(ctx, "watch", func(s *step) error {
		for _, one := range css { // said here, not at the first page
			if err := s.call(nil, locating(`css => { locate(css) }`), one); err != nil {
				return err
			}
		}
		s.p.css = append([]string{}, css...)
		for _, t := range s.p.tabs {
			if err := s.watch(t); err != nil {
				return err
			}
		}
		return nil
	})
}

// watch makes a tab tell what pages show that were gone back to. A page cannot
// be asked: while it is on its way to another, as one that loads itself again,
// Chrome keeps questions waiting.
func (s *step) watch(t *openTab) error {
	if s.p.css == nil {
		return nil
	}
	list, err := json.Marshal(s.p.css)
	if err != nil {
		return err
	}
	if _, err := chromedp.Call(t.ctx, runtime.AddBinding, runtime.AddBindingParams{Name: sightName, ExecutionContextName: sightName}); err != nil {
		return err
	}
	source := "(css => { const tell = " + sightName + ";\n" + locateJS + "\n" + sightJS + "})(" + string(list) + ")"
	_, err = chromedp.Call(t.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: source, WorldName: sightName})
	return err
}

func (c *chrome) Back(ctx context.Context) (r Return, err error) {
	err = c.step(ctx, "back", func(s *step) error {
		all, err := chromedp.Call(s.ctx, page.GetNavigationHistory, cdp.Empty{})
		if err != nil || all.CurrentIndex == 0 {
			return err
		}
		listening, stop := context.WithCancel(s.ctx)
		defer stop()
		why := make(chan string, 1)
		err = chromedp.Listen(listening, func(ev any) {
			if e, ok := ev.(*page.EventBackForwardCacheNotUsed); ok {
				select {
				case why <- reasons(e):
				default:
				}
			}
		})
		if err != nil {
			return err
		}
		s.p.nav.reset(true)
		asked, reopen := c.proxy.gate.shut()
		defer reopen()
		if r, err = s.goBack(asked); err != nil {
			return err
		}
		reopen()
		if err := s.settle(); err != nil {
			return err
		}
		s.waiting = "the page to tell what it shows"
		err = s.until(func() (bool, error) {
			err := s.sight(&r.Later)
			return err == nil, err
		})
		select {
		case r.Why = <-why:
		default:
		}
		return err
	})
	return r, err
}

// reasons are Chrome's words for why the page cache did not have the page.
func reasons(e *page.EventBackForwardCacheNotUsed) string {
	var out []string
	for _, x := range e.NotRestoredExplanations {
		out = append(out, string(x.Reason))
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), ", ")
}

// sight asks the page what it shows now.
func (s *step) sight(out **Sight) error {
	js, err := lookNow(s.p.css)
	if err != nil {
		return err
	}
	return s.eval(js, out)
}

// goBack goes back while requests are held: asked tells of each that comes. It
// returns when the page was seen, or when its document is being asked for.
func (s *step) goBack(asked <-chan bool) (r Return, err error) {
	listening, stop := context.WithCancel(s.ctx)
	defer stop()
	main := cdp.FrameID(chromedp.FromContext(s.ctx).Target.TargetID)
	arrived, told, wanted := make(chan page.NavigationType, 1), make(chan string, 1), make(chan struct{})
	want := sync.OnceFunc(func() { close(wanted) })
	err = chromedp.Listen(listening, func(ev any) {
		switch e := ev.(type) {
		case *page.EventFrameNavigated:
			if e.Frame.ParentID == "" {
				select {
				case arrived <- e.Type:
				default:
				}
			}
		case *runtime.EventBindingCalled:
			if e.Name == sightName {
				select {
				case told <- e.Payload:
				default:
				}
			}
		case *network.EventRequestWillBeSent:
			if e.Type == network.ResourceTypeDocument && e.FrameID == main {
				want()
			}
		}
	})
	if err != nil {
		return r, err
	}
	// chromedp's own way back waits for a load event, which a page out of the
	// page cache does not have.
	if err := s.eval("setTimeout(() => history.back(), 0)", nil); err != nil {
		return r, err
	}
	s.waiting = "the page before to come"
	var kind page.NavigationType
	var late <-chan time.Time
	for document, come := false, false; !come; {
		select {
		case kind = <-arrived:
			come = true
		case <-late:
			r.From = FromServer
			return r, nil
		case part := <-asked:
			document = document || !part
		case <-wanted:
			wanted = nil
		case <-s.ctx.Done():
			return r, s.ctx.Err()
		}
		if document && wanted == nil && late == nil {
			// Or the page has come and asked to be loaded again: Chrome tells of
			// both by different ways, and the first may be the later.
			late = time.After(orderPatience)
		}
	}
	r.From = FromCache
	if kind == page.NavigationTypeBackForwardCacheRestore {
		r.From = FromPageCache
	}
	s.waiting = "the page to tell what it shows"
	select {
	case text := <-told:
		return r, json.Unmarshal([]byte(text), &r.AtOnce)
	case <-time.After(tellPatience): // loaded before Watch
		return r, s.until(func() (bool, error) {
			err := s.sight(&r.AtOnce)
			return err == nil, err
		})
	case <-s.ctx.Done():
		return r, s.ctx.Err()
	}
}

// orderPatience is how much later the news may be that happened before others.
const orderPatience = 500 * time.Millisecond

// tellPatience is how long a page may take to tell what it shows.
const tellPatience = 3 * time.Second
