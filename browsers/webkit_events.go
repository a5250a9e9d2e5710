package browsers

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/chromedp/cdproto/network"
)

// WebKitGTK's codes of loads that were given up without being wrong: replaced
// by another, or answered without a document.
const (
	webkitInterrupted = 102
	webkitCancelled   = 302
)

// askedPatience is how long a navigation that the page asked for may take to
// start. Those that WebKitGTK drops without a word are forgotten then; the
// others start long before, but later than a page answers questions.
const askedPatience = 5 * time.Second

// event takes in what happened in the first view.
func (w *webkit) event(e webkitNews) {
	if e.View != 0 {
		return
	}
	n := w.nav
	n.mu.Lock()
	defer n.mu.Unlock()
	id := func(number int) network.RequestID { return network.RequestID(strconv.Itoa(number)) }
	switch {
	case e.Asked != "":
		n.requested, w.asked[e.Asked] = time.Now(), true
		n.begun++
	case e.Started:
		n.requested = time.Time{}
		clear(w.asked)
		n.begun++
	case e.Loading != nil:
		n.loading = *e.Loading
		if n.loading {
			n.begun++
		}
	case e.Committed != nil:
		n.moved = true
		w.commits++
		if *e.Committed != w.failing { // else it is the page that says so
			n.failure = ""
		}
		w.failing = ""
		clear(n.fetches) // those of the old document are over
	case e.Failed != nil:
		if e.Code != webkitInterrupted && e.Code != webkitCancelled {
			n.failure, w.failing = *e.Failed, e.URI
		}
	case e.Begun != 0:
		delete(w.asked, e.URI) // a frame's: a view would have said that it started
		if len(w.asked) == 0 {
			n.requested = time.Time{}
		}
		if n.fetches != nil && !n.loading {
			n.fetches[id(e.Begun)] = struct{}{}
			n.begun++
		}
	case e.Ended != 0:
		delete(n.fetches, id(e.Ended))
	}
	close(n.changed)
	n.changed = make(chan struct{})
}

func (w *webkit) watch() { w.nav.reset(true) }

func (w *webkit) navigate(ctx context.Context, url string) error {
	w.nav.reset(false)
	w.nav.mu.Lock()
	w.failing = ""
	w.nav.mu.Unlock()
	if err := w.wd.Call(ctx, "POST", "/url", map[string]string{"url": url}, nil); err != nil {
		return err
	}
	return w.settle(ctx)
}

// settle asks the page twice: history.back goes from the page to the window and
// from there back to the page, which asks for the navigation only then.
func (w *webkit) settle(ctx context.Context) error {
	patience := time.Now().Add(fetchPatience)
	for quiet := 0; ; {
		if time.Now().After(patience) {
			w.nav.ignoreFetches()
		}
		before := w.nav.count()
		// What is told over the socket may be on its way still.
		if _, err := w.host.order(ctx, "tell", nil); err != nil {
			return err
		}
		if err := w.nav.idle(ctx, patience); err != nil {
			return err
		}
		// An error means that the document was replaced under the task.
		err := w.task(ctx)
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := w.host.order(ctx, "tell", nil); err != nil {
			return err
		}
		if err != nil || before != w.nav.count() {
			quiet = 0
			continue
		}
		if quiet++; quiet == 2 {
			w.nav.mu.Lock()
			failure := w.nav.failure
			w.nav.mu.Unlock()
			if failure != "" {
				return errors.New(failure)
			}
			return nil
		}
	}
}

// task waits for a task in the page. Of a document that went into the page
// cache meanwhile the driver would wait for the answer for ever.
func (w *webkit) task(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	n := w.nav
	n.mu.Lock()
	before := w.commits
	n.mu.Unlock()
	go func() {
		for ctx.Err() == nil {
			n.mu.Lock()
			moved, changed := w.commits != before, n.changed
			n.mu.Unlock()
			if moved {
				cancel()
				return
			}
			select {
			case <-changed:
			case <-ctx.Done():
			}
		}
	}()
	return w.eval(ctx, "new Promise(done => setTimeout(done, 0))", nil)
}
