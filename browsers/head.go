package browsers

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
)

// maxHead bounds the head of a message, in bytes: far above what servers and
// browsers accept, so that cookie floods still pass.
const maxHead = 1 << 20

// head is the start of an HTTP/1 message, kept as it came. The standard
// library's parser is not used: it loses order and spelling of header lines.
type head struct {
	start string // request or status line, without the line end
	lines history.Lines
	raw   []string // header lines as they came, without the line end
}

// readHead reads up to and including the empty line. io.EOF means that the
// peer closed between two messages.
func readHead(r *bufio.Reader) (*head, error) {
	h := &head{}
	size := 0
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			if err == io.EOF && size+len(line) > 0 {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		if size += len(line); size > maxHead {
			return nil, errors.New("the head of the message is larger than 1 MiB")
		}
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		switch {
		case h.start == "" && line == "":
			// RFC 9112, 2.2: empty lines before a message are to be ignored.
		case h.start == "":
			h.start = line
		case line == "":
			return h, nil
		default:
			h.add(line)
		}
	}
}

func (h *head) add(line string) {
	h.raw = append(h.raw, line)
	// RFC 9112, 5.2: a line that begins with white space continues the last.
	if last := len(h.lines) - 1; last >= 0 && (line[0] == ' ' || line[0] == '\t') {
		h.lines[last].Value += " " + strings.Trim(line, " \t")
		return
	}
	name, value, _ := strings.Cut(line, ":")
	h.lines = append(h.lines, history.Line{Name: name, Value: strings.Trim(value, " \t")})
}

// bytes is the head as it goes to the peer.
func (h *head) bytes() []byte {
	return []byte(h.start + "\r\n" + strings.Join(append(h.raw, "\r\n"), "\r\n"))
}

// status splits a status line.
func (h *head) status() (proto string, code int, err error) {
	proto, rest, _ := strings.Cut(h.start, " ")
	digits, _, _ := strings.Cut(rest, " ")
	code, err = strconv.Atoi(digits)
	if err != nil || !strings.HasPrefix(proto, "HTTP/") || code < 100 || code > 999 {
		return "", 0, fmt.Errorf("not an HTTP answer: %.80q", h.start)
	}
	return proto, code, nil
}

// has says whether a comma-separated header field lists the token.
func (h *head) has(name, token string) bool {
	for _, value := range h.lines.Values(name) {
		for part := range strings.SplitSeq(value, ",") {
			if strings.EqualFold(strings.TrimSpace(part), token) {
				return true
			}
		}
	}
	return false
}

// framing tells how the body is delimited (RFC 9112, 6.3): chunked, by length
// (>= 0), or, for answers, by the end of the connection (-1).
func (h *head) framing(request bool) (chunked bool, length int64, err error) {
	if h.has("Transfer-Encoding", "chunked") {
		return true, 0, nil
	}
	if text := h.lines.Get("Content-Length"); text != "" {
		length, err = strconv.ParseInt(text, 10, 64)
		if err != nil || length < 0 {
			return false, 0, fmt.Errorf("bad Content-Length %.40q", text)
		}
		return false, length, nil
	}
	if request {
		return false, 0, nil
	}
	return false, -1, nil
}
