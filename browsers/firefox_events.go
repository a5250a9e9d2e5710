package browsers

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/chromedp/cdproto/network"

	"github.com/sessionspec/sessionspec/internal/history"
)

// event takes in an event; it is called in their order.
func (f *firefox) event(method string, params json.RawMessage) {
	f.nav.mu.Lock()
	windows := f.windows
	f.nav.mu.Unlock()
	for _, w := range windows {
		w.event(method, params)
	}
	if method == "script.message" {
		f.hear(params)
		return
	}
	if method == "browsingContext.load" {
		var e struct{ URL string }
		if json.Unmarshal(params, &e) == nil {
			f.shown(e.URL)
		}
	}
	if method == "log.entryAdded" {
		f.said(params)
		return
	}
	f.nav.mu.Lock()
	defer f.nav.mu.Unlock()
	if f.note(method, params) {
		close(f.nav.changed)
		f.nav.changed = make(chan struct{})
	}
}

// note: false if the event has nothing to do with being busy.
func (f *firefox) note(method string, params json.RawMessage) bool {
	var e struct {
		Context    string
		Navigation *string
		URL        string
		Message    string
		ErrorText  string
		Request    struct {
			Request, URL, Method string
			InitiatorType        string
			Destination          string
			Headers              []bidiHeader
		}
		Response struct {
			Status   int
			Protocol string
			Headers  []bidiHeader
		}
	}
	if json.Unmarshal(params, &e) != nil || e.Context != f.tab {
		return false
	}
	n := f.nav
	id := ""
	if e.Navigation != nil {
		id = *e.Navigation
	}
	switch method {
	case "browsingContext.navigationStarted":
		n.loading, f.current = true, id
		f.first = cmp.Or(f.first, id)
		n.begun++
	case "browsingContext.navigationCommitted":
		n.moved, n.failure = true, ""
		clear(n.fetches) // those of the old document are over
	case "browsingContext.load":
		f.end(id)
	case "browsingContext.navigationAborted":
		f.end(id)
	case "browsingContext.navigationFailed":
		f.end(id)
		n.failure = e.Message
	case "network.beforeRequestSent":
		if f.requests != nil {
			f.requests[e.Request.Request] = &bidiRequest{method: e.Request.Method, url: e.Request.URL}
		}
		if e.Navigation != nil || e.Request.InitiatorType != "fetch" && e.Request.InitiatorType != "xmlhttprequest" || n.fetches == nil {
			return false
		}
		n.fetches[network.RequestID(e.Request.Request)] = struct{}{}
		n.begun++
	case "network.responseCompleted":
		delete(n.fetches, network.RequestID(e.Request.Request))
		if r := f.requests[e.Request.Request]; r != nil {
			r.out, r.in, r.status, r.proto, r.done = e.Request.Headers, e.Response.Headers, e.Response.Status, e.Response.Protocol, true
		}
	case "network.fetchError":
		delete(n.fetches, network.RequestID(e.Request.Request))
		if id == "" {
			break
		}
		// A navigation that came to nothing: an answer without a document
		// (204) ends here too, and in the same way as one that was given up.
		f.end(id)
		if e.ErrorText != "NS_BINDING_ABORTED" {
			n.failure = e.ErrorText
		}
	default:
		return false
	}
	return true
}

// end books the end of a navigation.
func (f *firefox) end(id string) {
	f.ended = id
	if id == f.current {
		f.nav.loading = false
	}
}

func (f *firefox) watch() {
	f.nav.reset(true)
	f.nav.mu.Lock()
	defer f.nav.mu.Unlock()
	f.requests, f.first = map[string]*bidiRequest{}, ""
}

func (f *firefox) navigate(ctx context.Context, url string) error {
	f.nav.reset(false)
	if f.top != "" { // as a link in the frame does
		js, err := invoke("(url) => { location.href = url }", url)
		if err == nil {
			err = f.eval(ctx, js, nil)
		}
		if err != nil {
			return err
		}
		return f.settle(ctx)
	}
	var r struct{ Navigation *string }
	if err := f.conn.Call(ctx, "browsingContext.navigate", map[string]any{"context": f.tab, "url": url, "wait": "none"}, &r); err != nil {
		return err
	}
	f.nav.mu.Lock()
	if r.Navigation != nil && *r.Navigation != f.ended && !f.nav.loading {
		f.nav.loading, f.current = true, *r.Navigation
	}
	f.nav.mu.Unlock()
	return f.settle(ctx)
}

func (f *firefox) settle(ctx context.Context) error {
	patience := time.Now().Add(fetchPatience)
	for {
		if time.Now().After(patience) {
			f.nav.ignoreFetches()
		}
		if err := f.nav.idle(ctx, patience); err != nil {
			return err
		}
		before := f.nav.count()
		// An error means that the document was replaced under the task.
		err := f.eval(ctx, "new Promise(done => setTimeout(done, 0))", nil)
		if err := ctx.Err(); err != nil {
			return err
		}
		if err == nil && before == f.nav.count() {
			f.nav.mu.Lock()
			failure := f.nav.failure
			f.nav.mu.Unlock()
			if failure != "" {
				return errors.New(failure)
			}
			return nil
		}
	}
}

// said takes in a message of a console.
func (f *firefox) said(params json.RawMessage) {
	var e struct {
		Type, Level, Method, Text string
		Timestamp                 float64
		StackTrace                struct {
			CallFrames []struct {
				URL        string
				LineNumber int
			}
		}
	}
	if json.Unmarshal(params, &e) != nil {
		return
	}
	l := history.Console{Kind: consoleKind(cmp.Or(e.Method, e.Level)), Text: e.Text, At: atMillis(e.Timestamp)}
	if e.Type == "javascript" && e.Level == "error" {
		l.Kind = "exception"
	}
	if frames := e.StackTrace.CallFrames; len(frames) > 0 {
		l.URL, l.Line = frames[0].URL, frames[0].LineNumber+1
	}
	f.d.console.add(l)
}
