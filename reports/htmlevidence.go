package reports

import (
	"bytes"
	"encoding/base64"
	"errors"
	"html/template"
	"io"
	"os"
	"strings"
)

// What of the evidence goes into the page itself, so that it can be sent around
// without its folder; the rest stays a link.
const (
	evidenceText64K = 64 << 10
	screenshotAtMax = 2 << 20
	evidenceAtMost  = 12 << 20 // all of it
)

// evidenceView is one file of evidence as the page shows it.
type evidenceView struct {
	Link  string
	Wires []wireView
	Cut   bool
	Image template.URL
}

// evidence reads what the findings of unfolded stories refer to, from the folder
// of the run. A file that is missing, or outside of the folder, stays a link.
type evidenceReader struct {
	root *os.Root // nil: no folder
	left int
}

func newEvidenceReader(dir string) *evidenceReader {
	root, err := os.OpenRoot(dir)
	if err != nil {
		root = nil
	}
	return &evidenceReader{root, evidenceAtMost}
}

func (e *evidenceReader) close() {
	if e.root != nil {
		e.root.Close()
	}
}

var errNotShown = errors.New("not shown in the page")

// read returns at most limit+1 bytes of a file, so that a longer one can be told.
func (e *evidenceReader) read(link string, limit int) ([]byte, error) {
	if e.root == nil || !strings.HasPrefix(link, EvidenceDir+"/") {
		return nil, errNotShown
	}
	f, err := e.root.Open(link)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, int64(limit)+1))
	if err == nil && len(data) > e.left {
		err = errNotShown
	}
	if err == nil {
		e.left -= len(data)
	}
	return data, err
}

// pictures are the kinds that go into the page, by their first bytes: what a file
// is called says nothing.
var pictures = []struct{ magic, kind string }{{"\x89PNG\r\n\x1a\n", "image/png"}, {"\xff\xd8\xff", "image/jpeg"}}

func (e *evidenceReader) view(link string) evidenceView {
	v := evidenceView{Link: link}
	text := strings.HasSuffix(link, ".http")
	limit := screenshotAtMax
	if text {
		limit = evidenceText64K
	}
	data, err := e.read(link, limit)
	if err != nil {
		return v
	}
	if text {
		if v.Cut = len(data) > limit; v.Cut {
			data = data[:limit]
		}
		v.Wires = wiresOf(string(data))
		return v
	}
	for _, p := range pictures {
		if bytes.HasPrefix(data, []byte(p.magic)) && len(data) <= limit {
			v.Image = template.URL("data:" + p.kind + ";base64," + base64.StdEncoding.EncodeToString(data)) //nolint:gosec // our own encoding of a picture
		}
	}
	return v
}
