package redact

import (
	"bytes"
	"io"
)

// Writer returns a writer that redacts whole lines before they reach w; a line
// ends with \n or \r. It also implements io.Closer: Close writes out what is
// left of a last line without an end, and does not close w. A secret that
// itself spans lines is not found here.
func (r *Redactor) Writer(w io.Writer) io.Writer { return &lineWriter{r: r, w: w} }

type lineWriter struct {
	r    *Redactor
	w    io.Writer
	rest []byte
}

// Write takes p over; it reports an error of the writer below.
func (l *lineWriter) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	n := bytes.LastIndexAny(l.rest, "\r\n") + 1
	if n == 0 {
		return len(p), nil
	}
	_, err := l.w.Write(l.r.Bytes(l.rest[:n]))
	l.rest = append(l.rest[:0], l.rest[n:]...)
	return len(p), err
}

// Close writes what Write still holds.
func (l *lineWriter) Close() error {
	_, err := l.w.Write(l.r.Bytes(l.rest))
	l.rest = nil
	return err
}
