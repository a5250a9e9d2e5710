package browsers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
)

func (d *driven) Fetch(ctx context.Context, method, url string, header map[string]string, body string) (x history.Exchange, err error) {
	name := fmt.Sprintf("fetch %s %s", method, url)
	for h := range header {
		if forbidden(h) {
			return x, fmt.Errorf("%s: a browser does not let a page set the header %s", name, h)
		}
	}
	err = d.step(ctx, name, func(s *drivenStep) error {
		s.waiting = "the answer"
		s.run.watch()
		first := d.proxy.journal.len()
		start := time.Now()
		var seen fetched
		if err := s.call(&seen, fetchJS, method, url, header, body); err != nil {
			// The page is told nothing but that there was a network error.
			for _, e := range d.proxy.journal.since(first) {
				if e.Error != "" && e.Request.Method == method {
					return fmt.Errorf("%w (%s)", err, e.Error)
				}
			}
			return err
		}
		if strings.HasPrefix(seen.URL, "http:") {
			x, err = fromJournal(d.proxy.journal.since(first), method, seen)
			return err
		}
		// By https the proxy saw nothing; the engine may tell the rest.
		s.waiting = "the browser's report of the headers"
		x, err = s.run.fetched(s.ctx, method, seen)
		x.Request.Body, x.Start, x.End = body, start, time.Now()
		x.Request.Source = d.proxy.sourceText()
		return err
	})
	return x, err
}

func (d *driven) Jar(ctx context.Context) (cookies []Cookie, err error) {
	err = d.step(ctx, "read cookies", func(s *drivenStep) (err error) {
		cookies, err = s.run.jar(s.ctx)
		// See restored: not something that a site has set.
		cookies = slices.DeleteFunc(cookies, func(k Cookie) bool { return k.Domain == nowhere })
		return err
	})
	return cookies, err
}

func (d *driven) SetCookies(ctx context.Context, cookies ...Cookie) error {
	return d.step(ctx, "set cookies", func(s *drivenStep) error {
		for _, k := range cookies {
			if err := s.run.setCookie(s.ctx, k); err != nil {
				return fmt.Errorf("%s: %w", k.Name, err)
			}
		}
		return nil
	})
}

func (d *driven) ClearCookies(ctx context.Context) error {
	return d.step(ctx, "clear cookies", func(s *drivenStep) error { return s.run.clearCookies(s.ctx) })
}
