package reports

import (
	"bytes"
	"encoding/base64"
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
	Lines []evidenceLine
	Cut   bool
	Image template.URL
}

type evidenceLine struct{ Class, Text string }

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

func (e *evidenceReader) view(link string) evidenceView {
	v := evidenceView{Link: link}
	if e.root == nil || !strings.HasPrefix(link, EvidenceDir+"/") {
		return v
	}
	f, err := e.root.Open(link)
	if err != nil {
		return v
	}
	defer f.Close()
	limit := evidenceText64K
	if strings.HasSuffix(link, ".png") {
		limit = screenshotAtMax
	}
	data, err := io.ReadAll(io.LimitReader(f, int64(limit)+1))
	if err != nil || len(data) > e.left {
		return v
	}
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		if len(data) <= limit {
			v.Image = template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(data)) //nolint:gosec // our own encoding of a PNG
		}
	case strings.HasSuffix(link, ".http"):
		if v.Cut = len(data) > limit; v.Cut {
			data = data[:limit]
		}
		v.Lines = evidenceLines(string(data))
	}
	e.left -= len(data)
	return v
}

// evidenceLines gives each line of an evidence file the class by which the page
// tells sent from received; what carries a credential stands out.
func evidenceLines(text string) (out []evidenceLine) {
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		class := "note"
		switch lower := strings.ToLower(line); {
		case strings.HasPrefix(lower, "> cookie:"), strings.HasPrefix(lower, "> authorization:"), strings.HasPrefix(lower, "< set-cookie:"):
			class = "carrier"
		case strings.HasPrefix(line, ">"), strings.HasPrefix(line, "$"):
			class = "sent"
		case strings.HasPrefix(line, "<"), strings.HasPrefix(line, "|"), strings.HasPrefix(line, "!"):
			class = "received"
		case strings.HasPrefix(line, "###"):
			class = "step"
		}
		out = append(out, evidenceLine{class, line})
	}
	return out
}
