package browsers

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
)

// maxBody is how much of a body the journal keeps, in bytes.
const maxBody = 256 << 10

// journal collects exchanges while they happen. What the browser can have seen
// is always in it already: bytes are noted before they are passed on.
type journal struct {
	mu      sync.Mutex
	entries []*entry
}

// entry is one exchange in the making; the journal's lock guards it.
type entry struct {
	history.Exchange
	request, response capture
}

// capture keeps the first maxBody bytes of a body of a text type.
type capture struct {
	skip bool
	cut  bool
	buf  []byte
}

func (c *capture) write(p []byte) {
	room := maxBody - len(c.buf)
	if c.skip || len(p) > room {
		c.cut = true
	}
	if !c.skip {
		c.buf = append(c.buf, p[:min(len(p), room)]...)
	}
}

func (j *journal) add(r history.Request) *entry {
	e := &entry{Exchange: history.Exchange{Request: r, Start: time.Now()}}
	e.request.skip = !textual(r.Header.Get("Content-Type"))
	j.mu.Lock()
	j.entries = append(j.entries, e)
	j.mu.Unlock()
	return e
}

// update changes an entry under the lock.
func (j *journal) update(_ *entry, f func()) {
	j.mu.Lock()
	f()
	j.mu.Unlock()
}

func (j *journal) len() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.entries)
}

// since returns copies of the entries from the n-th on.
func (j *journal) since(n int) []history.Exchange {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := make([]history.Exchange, 0, len(j.entries)-n)
	for _, e := range j.entries[n:] {
		x := e.Exchange
		x.Request.Body = string(e.request.buf)
		if x.Response != nil {
			r := *x.Response
			body, ok := decode(e.response.buf, r.Header.Get("Content-Encoding"))
			r.Body, r.Truncated = string(body), e.response.cut || !ok
			x.Response = &r
		}
		out = append(out, x)
	}
	return out
}

// textual says whether a body of this media type is worth keeping as text. A
// missing type counts: such bodies are short error texts most of the time.
func textual(mediaType string) bool {
	mediaType = strings.ToLower(mediaType)
	if mediaType == "" || strings.HasPrefix(mediaType, "text/") {
		return true
	}
	for _, word := range []string{"json", "xml", "javascript", "x-www-form-urlencoded"} {
		if strings.Contains(mediaType, word) {
			return true
		}
	}
	return false
}

// decode undoes a content coding as far as the kept bytes go. false: a coding
// that this program cannot undo (br, zstd), or a body that ends early.
func decode(body []byte, coding string) ([]byte, bool) {
	if len(body) == 0 {
		return nil, true
	}
	var r io.Reader
	var err error
	switch strings.ToLower(coding) {
	case "", "identity":
		return body, true
	case "gzip", "x-gzip":
		r, err = gzip.NewReader(bytes.NewReader(body))
	case "deflate":
		r, err = zlib.NewReader(bytes.NewReader(body))
	default:
		return nil, false
	}
	if err != nil {
		return nil, false
	}
	out, err := io.ReadAll(io.LimitReader(r, maxBody))
	return out, err == nil && len(out) < maxBody
}
