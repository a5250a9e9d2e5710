package browsers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// navigation knows from Chrome's events whether the tab is busy. The order of
// the events of one navigation is: requested (only if the page asked for it),
// started navigating, started loading, navigated, stopped loading. The stop of
// the old document can come between requested and started.
type navigation struct {
	console *console // nil: messages are of no interest

	mu        sync.Mutex
	changed   chan struct{} // closed and renewed at every change
	begun     int           // navigations and watched fetches so far
	requested time.Time     // zero: no request without a start
	patience  time.Duration // how long such a request counts; 0: requestPatience
	loading   bool
	moved     bool                           // a document was replaced since reset
	failure   string                         // of the last document request since reset
	fetches   map[network.RequestID]struct{} // unfinished, begun since reset
}

const (
	// fetchPatience is how long Click waits for fetches of the page: long
	// enough for a sign-out by script, short enough for a long poll.
	fetchPatience = 2 * time.Second
	// requestPatience is how long a requested navigation may take to start;
	// requests that Chrome drops silently are forgotten then.
	requestPatience = time.Second
)

// follow listens to the tab until it ends.
func (n *navigation) follow(tab context.Context) error {
	n.changed = make(chan struct{})
	main := cdp.FrameID(chromedp.FromContext(tab).Target.TargetID)
	return chromedp.Listen(tab, func(ev any) {
		if e, ok := ev.(*page.EventJavascriptDialogOpening); ok {
			// The listener must not run commands. An error means that the
			// dialog or the tab has gone.
			go func() {
				_, _ = chromedp.Call(tab, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true, PromptText: e.DefaultPrompt})
			}()
			return
		}
		n.console.note(ev)
		n.mu.Lock()
		defer n.mu.Unlock()
		if n.note(ev, main) {
			close(n.changed)
			n.changed = make(chan struct{})
		}
	})
}

// note takes in one event; false: it has nothing to do with being busy.
func (n *navigation) note(ev any, main cdp.FrameID) bool {
	switch e := ev.(type) {
	case *page.EventFrameRequestedNavigation:
		if e.FrameID != main || e.Disposition != page.ClientNavigationDispositionCurrentTab {
			return false
		}
		n.requested = time.Now()
		n.begun++
	case *page.EventFrameStartedLoading:
		if e.FrameID != main {
			return false
		}
		n.requested, n.loading = time.Time{}, true
		n.begun++
	case *page.EventFrameNavigated:
		if e.Frame.ID != main && e.Frame.ParentID != "" { // a frame that is entered has a parent, too
			return false
		}
		n.moved, n.failure = true, ""
		clear(n.fetches) // those of the old document are over
	case *page.EventFrameStoppedLoading:
		if e.FrameID != main {
			return false
		}
		n.loading = false
	case *network.EventRequestWillBeSent:
		if e.Type != network.ResourceTypeFetch && e.Type != network.ResourceTypeXHR {
			return false
		}
		if n.fetches != nil {
			n.fetches[e.RequestID] = struct{}{}
			n.begun++
		}
	case *network.EventLoadingFinished:
		delete(n.fetches, e.RequestID)
	case *network.EventLoadingFailed:
		delete(n.fetches, e.RequestID)
		if e.Type == network.ResourceTypeDocument {
			n.failure = e.ErrorText
		}
	default:
		return false
	}
	return true
}

// reset starts the watch of one step.
func (n *navigation) reset(fetches bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.moved, n.failure, n.fetches = false, "", nil
	if fetches {
		n.fetches = map[network.RequestID]struct{}{}
	}
}

// idle blocks until no navigation is under way, nor a fetch before patience.
func (n *navigation) idle(ctx context.Context, patience time.Time) error {
	for {
		n.mu.Lock()
		now := time.Now()
		var again time.Duration // when to look without an event
		busy := n.loading
		if left := cmp.Or(n.patience, requestPatience) - now.Sub(n.requested); !n.requested.IsZero() && left > 0 {
			busy, again = true, left
		}
		if len(n.fetches) > 0 && now.Before(patience) {
			busy, again = true, max(again, patience.Sub(now))
		}
		changed := n.changed
		n.mu.Unlock()
		if !busy {
			return nil
		}
		if again == 0 {
			again = time.Hour
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		case <-time.After(again):
		}
	}
}

// settle waits until everything that the page has started is done. A task in
// the page, queued after those the page has queued itself, makes sure that
// what the page is about to start has been started.
func (s *step) settle() error {
	patience := time.Now().Add(fetchPatience)
	for {
		s.waiting = "the page to load"
		if time.Now().After(patience) {
			s.p.nav.ignoreFetches()
		}
		if err := s.p.nav.idle(s.ctx, patience); err != nil {
			return err
		}
		before := s.p.nav.count()
		// An error means that the document was replaced under the task.
		err := s.eval("new Promise(done => setTimeout(done, 0))", nil)
		if err := s.ctx.Err(); err != nil {
			return err
		}
		if err == nil && before == s.p.nav.count() {
			return s.landed()
		}
	}
}

// ignoreFetches ends the watch of fetches: a page may poll for ever.
func (n *navigation) ignoreFetches() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.fetches = nil
}

func (n *navigation) count() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.begun
}

// landed reports when the tab shows not a page but the news that there is none.
func (s *step) landed() error {
	s.p.nav.mu.Lock()
	moved, failure := s.p.nav.moved, s.p.nav.failure
	s.p.nav.mu.Unlock()
	if !moved {
		return nil
	}
	var shown struct{ URL, Error string }
	err := s.call(&shown, `(name) => ({URL: location.href, Error: document.querySelector("meta[name=" + name + "]")?.content ?? ""})`, proxyErrorMeta)
	switch {
	case err != nil:
		return err
	case shown.Error != "":
		return errors.New(shown.Error)
	case strings.HasPrefix(shown.URL, "chrome-error:"):
		return fmt.Errorf("the page did not load: %s", failure)
	}
	return nil
}

// navigate opens url and waits for it.
func (s *step) navigate(url string) error {
	s.waiting = "the page to load"
	s.p.nav.reset(false)
	r, err := chromedp.Call(s.ctx, page.Navigate, page.NavigateParams{URL: url})
	if err != nil {
		return err
	}
	if r.ErrorText != "" {
		return errors.New(r.ErrorText)
	}
	return s.settle()
}
