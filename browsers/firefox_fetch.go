package browsers

import (
	"context"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
)

// bidiRequest is what Firefox tells of one request.
type bidiRequest struct {
	method, url string
	out, in     []bidiHeader
	status      int
	proto       string
	done        bool
}

type bidiHeader struct {
	Name  string
	Value bidiBytes
}

// fetched waits for Firefox's report of a request that began after watch.
func (f *firefox) fetched(ctx context.Context, method string, seen fetched) (history.Exchange, error) {
	for {
		f.nav.mu.Lock()
		changed := f.nav.changed
		for _, r := range f.requests {
			if r.done && r.url == seen.URL && strings.EqualFold(r.method, method) {
				f.nav.mu.Unlock()
				return history.Exchange{
					Request:  history.Request{Method: r.method, URL: seen.URL, Header: linesOfBidi(r.out)},
					Response: &history.Response{Status: r.status, Proto: r.proto, Header: linesOfBidi(r.in), Body: seen.Body},
				}, nil
			}
		}
		f.nav.mu.Unlock()
		select {
		case <-ctx.Done():
			return history.Exchange{}, ctx.Err()
		case <-changed:
		}
	}
}

// linesOfBidi splits Firefox's form, where Set-Cookie lines are joined by line ends.
func linesOfBidi(headers []bidiHeader) (lines history.Lines) {
	for _, h := range headers {
		for value := range strings.SplitSeq(h.Value.text(), "\n") {
			lines = append(lines, history.Line{Name: h.Name, Value: value})
		}
	}
	return lines
}
