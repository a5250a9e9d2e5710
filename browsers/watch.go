package browsers

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/network"

	"github.com/sessionspec/sessionspec/internal/history"
)

// watch gathers Chrome's reports of the tab's requests. The raw headers come in
// events of their own, before or after the others.
type watch struct {
	mu      sync.Mutex
	changed chan struct{}
	sent    []*network.EventRequestWillBeSent
	out     map[network.RequestID]*network.EventRequestWillBeSentExtraInfo
	in      map[network.RequestID]*network.EventResponseReceivedExtraInfo
}

func newWatch() *watch {
	return &watch{
		changed: make(chan struct{}, 1),
		out:     map[network.RequestID]*network.EventRequestWillBeSentExtraInfo{},
		in:      map[network.RequestID]*network.EventResponseReceivedExtraInfo{},
	}
}

func (w *watch) note(ev any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := ev.(type) {
	case *network.EventRequestWillBeSent:
		w.sent = append(w.sent, e)
	case *network.EventRequestWillBeSentExtraInfo:
		w.out[e.RequestID] = e
	case *network.EventResponseReceivedExtraInfo:
		w.in[e.RequestID] = e
	default:
		return
	}
	select {
	case w.changed <- struct{}{}:
	default:
	}
}

// exchange waits until both headers of the request are known. By HTTP/2 their
// order is not; they come sorted by name, duplicates in their own order.
func (w *watch) exchange(ctx context.Context, method string, seen fetched) (history.Exchange, error) {
	for {
		if x, ok := w.find(method, seen); ok {
			return x, nil
		}
		select {
		case <-ctx.Done():
			return history.Exchange{}, ctx.Err()
		case <-w.changed:
		}
	}
}

func (w *watch) find(method string, seen fetched) (x history.Exchange, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.sent {
		out, in := w.out[e.RequestID], w.in[e.RequestID]
		if e.Request.URL != seen.URL || !strings.EqualFold(e.Request.Method, method) || out == nil || in == nil {
			continue
		}
		x.Request = history.Request{Method: e.Request.Method, URL: seen.URL, Header: linesOf(out.Headers)}
		x.Response = &history.Response{Status: int(in.StatusCode), Header: linesOf(in.Headers), Body: seen.Body}
		if proto, _, found := strings.Cut(in.HeadersText, " "); found { // HTTP/1 only
			x.Response.Proto = proto
			h := &head{}
			for line := range strings.SplitSeq(in.HeadersText, "\r\n") {
				if h.start == "" {
					h.start = line
				} else if line != "" {
					h.add(line)
				}
			}
			x.Response.Header = h.lines
		}
		return x, true
	}
	return x, false
}

// linesOf splits Chrome's form, where duplicates are joined by line ends.
func linesOf(h network.Headers) (lines history.Lines) {
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for value := range strings.SplitSeq(fmt.Sprint(h[name]), "\n") {
			lines = append(lines, history.Line{Name: name, Value: value})
		}
	}
	return lines
}
