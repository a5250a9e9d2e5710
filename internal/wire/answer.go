package wire

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http/httputil"
	"strconv"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
)

// headLimit bounds the header blocks of one answer together, the 1xx ones
// included, and a chunked body's trailer.
const headLimit = 256 << 10

// smallBody is what there is room made for on the word of Content-Length.
const smallBody = 64 << 10

// readAnswer reads the answer to a request of the given method (RFC 9112). Answers
// of class 1xx are skipped, except 101, after which the connection is no longer
// HTTP. keep says whether the connection can carry another request.
func readAnswer(r *bufio.Reader, method string, bodyLimit int64) (answer *history.Response, keep bool, err error) {
	budget := headLimit
	for {
		if answer, err = readHead(r, &budget); err != nil {
			return nil, false, err
		}
		if answer.Status >= 200 {
			break
		}
		if answer.Status == 101 {
			return answer, false, nil
		}
	}
	keep = !hasToken(answer.Header, "Connection", "close") &&
		(answer.Proto == "HTTP/1.1" || hasToken(answer.Header, "Connection", "keep-alive"))
	if method == "HEAD" || answer.Status == 204 || answer.Status == 304 {
		return answer, keep, nil
	}
	whole, err := readBody(r, answer, bodyLimit)
	if err != nil {
		return nil, false, &bodyError{answer.Status, err}
	}
	return answer, keep && whole, nil
}

// bodyError says that the head of an answer had come when reading failed.
type bodyError struct {
	status int
	err    error
}

func (e *bodyError) Error() string { return e.err.Error() }
func (e *bodyError) Unwrap() error { return e.err }

// readHead reads a status line and header lines, keeping spelling, order and
// duplicates. A line may end in a bare LF (RFC 9112, section 2.2).
func readHead(r *bufio.Reader, budget *int) (*history.Response, error) {
	status, err := readLine(r, budget)
	if err != nil {
		return nil, err
	}
	answer, err := parseStatus(status)
	if err != nil {
		return nil, err
	}
	answer.Header, err = readLines(r, budget)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return answer, err
}

// parseStatus reads "HTTP/1.x NNN reason", the reason being optional.
func parseStatus(line string) (*history.Response, error) {
	proto, rest, _ := strings.Cut(line, " ")
	code, _, _ := strings.Cut(rest, " ")
	status, err := strconv.Atoi(code)
	if err != nil || len(code) != 3 || status < 100 || proto != "HTTP/1.0" && proto != "HTTP/1.1" {
		return nil, garbage("malformed status line %.60q", line)
	}
	return &history.Response{Status: status, Proto: proto}, nil
}

// readLines reads field lines up to the empty line. Continuation lines (obs-fold,
// RFC 9112, section 5.2) are joined to their line by one space.
func readLines(r *bufio.Reader, budget *int) (history.Lines, error) {
	var lines history.Lines
	for {
		line, err := readLine(r, budget)
		if err != nil {
			return nil, err
		}
		if line == "" {
			return lines, nil
		}
		if line[0] == ' ' || line[0] == '\t' {
			if len(lines) == 0 {
				return nil, garbage("the first header line %.60q begins with a blank", line)
			}
			last := &lines[len(lines)-1].Value
			*last = strings.Trim(*last+" "+strings.Trim(line, " \t"), " ")
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || !isToken(name) {
			return nil, garbage("malformed header line %.60q", line)
		}
		if lines == nil {
			lines = make(history.Lines, 0, 12)
		}
		lines = append(lines, history.Line{Name: name, Value: trimBlank(value)})
	}
}

// trimBlank is strings.Trim of blanks and tabs, which takes several times as long.
func trimBlank(s string) string {
	for s != "" && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	for s != "" && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t') {
		s = s[:len(s)-1]
	}
	return s
}

// readLine reads one line without its end and charges it to the budget. io.EOF
// means nothing came at all.
func readLine(r *bufio.Reader, budget *int) (string, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if *budget -= len(part); *budget < 0 {
			return "", garbage("a header of more than %d KiB", headLimit>>10)
		}
		if err == nil && line == nil {
			line = part // as nearly always: the buffer has all of it
		} else {
			line = append(line, part...)
		}
		switch {
		case err == nil:
			line = bytes.TrimSuffix(line[:len(line)-1], []byte("\r"))
			return string(line), nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(line) > 0:
			// Something that is not even trying to be HTTP is better shown than
			// called a broken connection.
			if !bytes.HasPrefix(line, []byte("HTTP/")) && *budget+len(line) == headLimit {
				return "", garbage("malformed status line %.60q", line)
			}
			return "", io.ErrUnexpectedEOF
		default:
			return "", err
		}
	}
}

// readBody reads the body by the rules of RFC 9112, section 6.3. whole says that
// it ended where the framing said, so that the connection can go on.
func readBody(r *bufio.Reader, answer *history.Response, limit int64) (whole bool, err error) {
	if has(answer.Header, "Transfer-Encoding") {
		return readChunked(r, answer, limit)
	}
	length, known, err := contentLength(answer.Header)
	if err != nil {
		return false, err
	}
	if !known { // the end of the connection is the end of the body
		return false, take(r, answer, limit)
	}
	if length <= min(limit, smallBody) {
		body := make([]byte, length)
		if _, err := io.ReadFull(r, body); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return false, err
		}
		answer.Body = string(body)
		return true, nil
	}
	if err := take(io.LimitReader(r, length), answer, limit); err != nil {
		return false, err
	}
	if !answer.Truncated && int64(len(answer.Body)) < length {
		return false, io.ErrUnexpectedEOF
	}
	return !answer.Truncated, nil
}

// take reads all of r into the body, up to the limit.
func take(r io.Reader, answer *history.Response, limit int64) error {
	body, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return err
	}
	if int64(len(body)) > limit {
		body, answer.Truncated = body[:limit], true
	}
	answer.Body = string(body)
	return nil
}

// readChunked decodes the chunks; the trailer is read and left out.
func readChunked(r *bufio.Reader, answer *history.Response, limit int64) (whole bool, err error) {
	values := answer.Header.Values("Transfer-Encoding")
	if len(values) != 1 || !strings.EqualFold(values[0], "chunked") {
		return false, garbage("Transfer-Encoding %.60q, and only chunked is known here", strings.Join(values, ", "))
	}
	if err := take(httputil.NewChunkedReader(r), answer, limit); err != nil {
		var netErr net.Error
		if isBroken(err) || errors.As(err, &netErr) {
			return false, err
		}
		return false, garbage("malformed chunked body: %v", err)
	}
	if answer.Truncated {
		return false, nil
	}
	// The decoder stops after the last chunk's size; trailer and empty line follow.
	budget := headLimit
	if _, err := readLines(r, &budget); err != nil {
		return false, err
	}
	// A length beside chunks is a sign of smuggling; RFC 9112, section 6.1, wants
	// the connection closed, as it does for chunks in HTTP/1.0.
	return answer.Proto == "HTTP/1.1" && !has(answer.Header, "Content-Length"), nil
}

// contentLength reads the length of the body; a list of equal numbers is one
// (RFC 9110, section 8.6).
func contentLength(lines history.Lines) (length int64, known bool, err error) {
	for _, value := range lines.Values("Content-Length") {
		for text := range strings.SplitSeq(value, ",") {
			text = strings.Trim(text, " \t")
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil || strings.Trim(text, "0123456789") != "" {
				return 0, false, garbage("malformed Content-Length %.60q", value)
			}
			if known && n != length {
				return 0, false, garbage("two lengths, %d and %d", length, n)
			}
			length, known = n, true
		}
	}
	return length, known, nil
}
