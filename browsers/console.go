package browsers

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"

	"github.com/sessionspec/sessionspec/internal/history"
)

// Consoles is the ability to tell what pages wrote.
type Consoles interface {
	// Console returns all messages so far in the order in which they came, those
	// of earlier runs (Restart) included: what scripts wrote, exceptions that
	// nobody caught, and what the browser itself complained of. A page that
	// writes without end is cut off after some hundred messages.
	Console() []history.Console
}

// Bounds of a console: for evidence the first messages are enough.
const (
	consoleMost = 500
	consoleText = 2000
)

// console collects messages; its zero value is ready, and nil takes none.
type console struct {
	mu    sync.Mutex
	lines []history.Console
}

func (c *console) add(l history.Console) {
	if c == nil {
		return
	}
	if len(l.Text) > consoleText {
		l.Text = strings.ToValidUTF8(l.Text[:consoleText], "") + " …"
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.lines) < consoleMost {
		c.lines = append(c.lines, l)
	}
}

func (c *console) all() []history.Console {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.lines)
}

// Console implements Consoles.
func (c *chrome) Console() []history.Console { return c.console.all() }

// Console implements Consoles. WebKitGTK's driver tells nothing of it.
func (d *driven) Console() []history.Console { return d.console.all() }

// note takes in an event of Chrome.
func (c *console) note(ev any) {
	switch e := ev.(type) {
	case *runtime.EventConsoleAPICalled:
		l := history.Console{Kind: consoleKind(string(e.Type)), At: atMillis(float64(e.Timestamp))}
		var parts []string
		for _, a := range e.Args {
			parts = append(parts, remoteText(a))
		}
		l.Text = strings.Join(parts, " ")
		if e.StackTrace != nil && len(e.StackTrace.CallFrames) > 0 {
			top := e.StackTrace.CallFrames[0]
			l.URL, l.Line = top.URL, int(top.LineNumber)+1
		}
		c.add(l)
	case *runtime.EventExceptionThrown:
		d := e.ExceptionDetails
		text := d.Text
		if d.Exception != nil {
			text += " " + remoteText(d.Exception)
		}
		c.add(history.Console{Kind: "exception", Text: text, URL: d.URL, Line: int(d.LineNumber) + 1, At: atMillis(float64(e.Timestamp))})
	case *log.EventEntryAdded:
		l := history.Console{Kind: consoleKind(string(e.Entry.Level)), Text: e.Entry.Text, URL: e.Entry.URL, At: atMillis(float64(e.Entry.Timestamp))}
		if e.Entry.LineNumber > 0 {
			l.Line = int(e.Entry.LineNumber) + 1
		}
		c.add(l)
	}
}

// consoleKind is one of the kinds of history.Console.
func consoleKind(engine string) string {
	switch engine {
	case "error", "assert":
		return "error"
	case "warning", "warn":
		return "warning"
	case "info":
		return "info"
	}
	return "log"
}

// remoteText is a JavaScript value as a console shows it, more or less.
func remoteText(o *runtime.RemoteObject) string {
	switch {
	case o.Description != "":
		return o.Description
	case o.UnserializableValue != "":
		return string(o.UnserializableValue)
	case len(o.Value) > 0:
		return strings.Trim(string(o.Value), `"`)
	}
	return string(o.Type)
}

func atMillis(ms float64) time.Time { return time.UnixMicro(int64(ms * 1000)).UTC() }
