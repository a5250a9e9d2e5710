// Package history is what a play leaves behind: plain data, written once by
// play and read by judge as often as wanted. It does no I/O of its own.
package history

import (
	"strings"
	"time"
)

// Line is one header line as it crossed the wire: spelling and order are kept,
// because duplicates, order and case are among the things under test.
type Line struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Lines is a header in wire order.
type Lines []Line

// Get returns the first value of a field, compared without regard to case.
func (l Lines) Get(name string) string {
	for _, h := range l {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}

// Values returns all values of a field in wire order.
func (l Lines) Values(name string) []string {
	var out []string
	for _, h := range l {
		if strings.EqualFold(h.Name, name) {
			out = append(out, h.Value)
		}
	}
	return out
}

// Request is what was sent.
type Request struct {
	Method string `json:"method"`
	URL    string `json:"url"`
	Header Lines  `json:"header,omitempty"`
	Body   string `json:"body,omitempty"`
	// Raw sends header values as they are, NUL, CR and LF included, on a
	// connection of its own.
	Raw bool `json:"raw,omitempty"`
	// Source is the local address the connection was made from, "" for the default.
	Source string `json:"source,omitempty"`
}

// Response is what came back, uninterpreted.
type Response struct {
	Status int    `json:"status"`
	Proto  string `json:"proto,omitempty"`
	Header Lines  `json:"header,omitempty"`
	Body   string `json:"body,omitempty"`
	// Truncated says that Body was cut at the client's limit.
	Truncated bool `json:"truncated,omitempty"`
}

// Exchange is one request and its answer, or the error that came instead of one.
type Exchange struct {
	Request  Request   `json:"request"`
	Response *Response `json:"response,omitempty"`
	Error    string    `json:"error,omitempty"`
	Start    time.Time `json:"start"`
	End      time.Time `json:"end"`
}

// Exec is one command run beside the target.
type Exec struct {
	Args   []string  `json:"args"`
	Env    []string  `json:"env,omitempty"`
	Exit   int       `json:"exit"`
	Stdout string    `json:"stdout,omitempty"`
	Stderr string    `json:"stderr,omitempty"`
	Error  string    `json:"error,omitempty"`
	Start  time.Time `json:"start"`
	End    time.Time `json:"end"`
}
