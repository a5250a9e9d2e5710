package browsers

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/sessionspec/sessionspec/internal/history"
)

//go:embed fetch.js
var fetchJS string

// fetched is what the page saw of its request.
type fetched struct {
	URL    string
	Opaque bool
	Status int
	Body   string
}

func (c *chrome) Fetch(ctx context.Context, method, url string, header map[string]string, body string) (x history.Exchange, err error) {
	name := fmt.Sprintf("fetch %s %s", method, url)
	for h := range header {
		if forbidden(h) {
			return x, fmt.Errorf("%s: a browser does not let a page set the header %s", name, h)
		}
	}
	err = c.step(ctx, name, func(s *step) error {
		s.waiting = "the answer"
		listening, stop := context.WithCancel(s.ctx)
		defer stop()
		w := newWatch()
		if err := chromedp.Listen(listening, w.note); err != nil {
			return err
		}
		first := c.proxy.journal.len()
		start := time.Now()
		var seen fetched
		if err := s.call(&seen, fetchJS, method, url, header, body); err != nil {
			// The page is told nothing but "Failed to fetch".
			for _, e := range c.proxy.journal.since(first) {
				if e.Error != "" && e.Request.Method == method {
					return fmt.Errorf("%w (%s)", err, e.Error)
				}
			}
			return err
		}
		if strings.HasPrefix(seen.URL, "http:") {
			x, err = fromJournal(c.proxy.journal.since(first), method, seen)
			return err
		}
		// By https the proxy saw nothing; Chrome's own events tell the rest.
		s.waiting = "Chrome's report of the headers"
		x, err = w.exchange(s.ctx, method, seen)
		x.Request.Body, x.Start, x.End = body, start, time.Now()
		x.Request.Source = c.proxy.sourceText()
		return err
	})
	return x, err
}

// fromJournal finds the exchange of a fetch among those since it began.
func fromJournal(all []history.Exchange, method string, seen fetched) (history.Exchange, error) {
	for _, x := range all {
		if x.Request.URL != seen.URL || !strings.EqualFold(x.Request.Method, method) {
			continue
		}
		if x.Error != "" {
			return x, errors.New(x.Error)
		}
		if x.Response != nil && !seen.Opaque {
			// The journal keeps text types only, and cannot decode br and zstd.
			if x.Response.Body == "" || x.Response.Truncated {
				x.Response.Body, x.Response.Truncated = seen.Body, false
			}
		}
		return x, nil
	}
	return history.Exchange{}, errors.New("answered without a request on the wire (by a service worker?)")
}

// forbidden are the names a page may not set; fetch drops them silently, and
// the test would ask something else than was written down. Source: Fetch
// standard, "forbidden request-header".
func forbidden(name string) bool {
	name = strings.ToLower(name)
	if strings.HasPrefix(name, "sec-") || strings.HasPrefix(name, "proxy-") {
		return true
	}
	switch name {
	case "accept-charset", "accept-encoding", "access-control-request-headers", "access-control-request-method",
		"connection", "content-length", "cookie", "cookie2", "date", "dnt", "expect", "host", "keep-alive",
		"origin", "referer", "set-cookie", "te", "trailer", "transfer-encoding", "upgrade", "via":
		return true
	}
	return false
}
