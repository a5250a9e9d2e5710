package browsers

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/internal/bidi"
)

// firefoxEngine drives Firefox by WebDriver BiDi, which it speaks itself: no
// geckodriver is needed.
type firefoxEngine struct{}

func (firefoxEngine) Name() string { return "firefox" }

func (firefoxEngine) Probe(ctx context.Context) (string, error) {
	path, err := findFirefox("")
	if err != nil {
		return "", err
	}
	return versionOf(ctx, "firefox", path)
}

func (firefoxEngine) Launch(ctx context.Context, o Options) (Browser, error) {
	bin, err := findFirefox(o.Bin)
	if err != nil {
		return nil, err
	}
	if o.Headful && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return nil, errors.New("firefox: a visible window needs a display, and neither DISPLAY nor WAYLAND_DISPLAY is set")
	}
	d, err := newDriven("firefox", o)
	if err != nil {
		return nil, err
	}
	var last *firefox
	d.start = func(ctx context.Context, restore bool, born func(func())) (driver, error) {
		f := &firefox{d: d, container: "default", nav: &navigation{changed: make(chan struct{})}}
		if last != nil {
			f.origins = last.origins
		}
		last = f
		err := f.start(ctx, bin, restore, born)
		return f, err
	}
	if _, err := d.launch(ctx); err != nil {
		return nil, err
	}
	return &firefoxBrowser{d}, nil
}

// firefox is one run of Firefox, or a private window in one.
type firefox struct {
	d         *driven
	child     *child // nil for a window
	conn      *bidi.Conn
	container string   // "default", or the user context of the window
	opened    []string // tabs by number; guarded, as what follows, by the steps of the browser
	css       []string // what Watch said; nil before
	tab       string   // the browsing context that steps use; nav's lock guards it too
	top       string   // where that is a frame: the tab it lies in
	nav       *navigation
	windows   []*firefox // nav's lock guards it
	heard     chan said  // what pages tell while Back listens; nil else; nav's lock guards it
	// Guarded by nav's lock: the navigation under way, the last that ended, the
	// first since watch, and the requests seen since then.
	current, ended, first string
	requests              map[string]*bidiRequest
	origins               []string // of the pages that tabs have shown
}

func (f *firefox) start(ctx context.Context, bin string, restore bool, born func(func())) error {
	d := f.d
	proxy := d.proxy.listener.Addr().(*net.TCPAddr).AddrPort()
	if err := writeFirefoxPrefs(d.profile, d.o, proxy, restore); err != nil {
		return err
	}
	args := []string{"--no-remote", "--profile", d.profile, "--remote-debugging-port=0"}
	if !d.o.Headful {
		args = append(args, "--headless", "--width=1280", "--height=1024")
	}
	cmd := exec.Command(bin, args...)
	cmd.Env = append(os.Environ(), "HOME="+d.files(), "TMPDIR="+d.files(), "MOZ_CRASHREPORTER_DISABLE=1", "MOZ_REMOTE_SETTINGS_DEVTOOLS=1")
	cmd.Env = append(cmd.Env, d.o.Clock.environ()...)
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	cmd.Stderr = write
	f.child, err = startChild(cmd)
	write.Close()
	if err != nil {
		read.Close()
		return err
	}
	born(f.child.kill)
	said := make(chan string, 1)
	go listen(read, said)

	var url string
	var ok bool
	select {
	case url, ok = <-said:
		if !ok { // the pipe ended before the line came
			return fmt.Errorf("%s: %w", bin, f.child.early())
		}
		if !strings.HasPrefix(url, "ws://") {
			return fmt.Errorf("%s did not start: %s", bin, url)
		}
	case <-ctx.Done():
		return ctx.Err()
	}
	if f.conn, err = bidi.Dial(ctx, url+"/session", f.event); err != nil {
		return err
	}
	born(f.conn.Close)
	return f.open(ctx, restore)
}

// listen reads what Firefox says about itself until its end. said gets the
// address to connect to or, if there is none, what was said last.
func listen(from *os.File, said chan<- string) {
	defer from.Close()
	lines := bufio.NewScanner(from)
	found, last := false, ""
	for lines.Scan() {
		_, url, ok := strings.Cut(lines.Text(), "WebDriver BiDi listening on ")
		if ok && !found {
			found = true
			said <- strings.TrimSpace(url)
		}
		if text := strings.TrimSpace(lines.Text()); text != "" && !strings.HasPrefix(text, "***") {
			last = text
		}
	}
	if !found && last != "" {
		said <- last
	}
	close(said)
}

// open begins the session and finds the tab.
func (f *firefox) open(ctx context.Context, restore bool) error {
	must := map[string]any{
		"unhandledPromptBehavior": map[string]string{"default": "accept", "beforeUnload": "accept"},
	}
	if len(f.d.o.TrustSPKI) > 0 {
		// Firefox takes no list of keys; the proxy looks at them, see vetting.
		must["acceptInsecureCerts"] = true
	}
	if err := f.conn.Call(ctx, "session.new", map[string]any{"capabilities": map[string]any{"alwaysMatch": must}}, nil); err != nil {
		return err
	}
	events := []string{"browsingContext", "network", "script.message", "log"}
	if err := f.conn.Call(ctx, "session.subscribe", map[string]any{"events": events}, nil); err != nil {
		return err
	}
	// The tab of the start has the address bar in focus, so that its fields
	// notice neither focus nor change, and nothing but a new tab alters that.
	if err := f.newTab(ctx); err != nil {
		return err
	}
	if restore {
		return nil // the other tabs are what was restored
	}
	return f.alone(ctx)
}

func (f *firefox) tabs(ctx context.Context) (ids []string, err error) {
	var tree struct {
		Contexts []struct{ Context string }
	}
	err = f.conn.Call(ctx, "browsingContext.getTree", map[string]any{"maxDepth": 0}, &tree)
	for _, c := range tree.Contexts {
		ids = append(ids, c.Context)
	}
	return ids, err
}

func (f *firefox) gone() <-chan struct{} { return f.conn.Done() }

func (f *firefox) kill() { f.child.kill() }

func (f *firefox) quit(ctx context.Context) error {
	// The connection may end before the answer comes.
	if err := f.conn.Call(ctx, "browser.close", nil, nil); err != nil && !errors.Is(err, bidi.ErrClosed) {
		return err
	}
	if !f.child.wait(ctx.Done()) {
		return ctx.Err()
	}
	return nil
}

// crash makes Firefox write its session, by closing a tab, and ends it at once
// when that is on disk. Cookies with an end of life are in another file, which
// is written sooner.
func (f *firefox) crash(ctx context.Context) error {
	name := filepath.Join(f.d.profile, "sessionstore-backups", "recovery.jsonlz4")
	before := written(name)
	if err := f.conn.Call(ctx, "browsingContext.create", map[string]any{"type": "tab", "background": true}, nil); err != nil {
		return err
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !written(name).After(before) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	f.child.kill()
	return nil
}

// written is when a file was written, the zero time if there is none.
func written(name string) time.Time {
	info, err := os.Stat(name)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

func (f *firefox) front(ctx context.Context) error {
	return f.conn.Call(ctx, "browsingContext.activate", map[string]any{"context": f.shows()}, nil)
}

func (f *firefox) alone(ctx context.Context) error {
	all, err := f.tabs(ctx)
	for _, id := range all {
		if id != f.shows() {
			// An error here means that the tab has gone by itself.
			_ = f.conn.Call(ctx, "browsingContext.close", map[string]any{"context": id}, nil)
		}
	}
	return err
}

func (f *firefox) mouse(ctx context.Context, x, y float64) error {
	return f.act(ctx, clickActions(x, y))
}

func (f *firefox) insert(ctx context.Context, text string) error { return f.act(ctx, keyActions(text)) }

func (f *firefox) act(ctx context.Context, actions []any) error {
	return f.conn.Call(ctx, "input.performActions", map[string]any{"context": f.tab, "actions": actions}, nil)
}

func (f *firefox) screenshot(ctx context.Context) ([]byte, error) {
	var r struct{ Data string }
	if err := f.conn.Call(ctx, "browsingContext.captureScreenshot", map[string]any{"context": f.shows()}, &r); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(r.Data)
}

// fromBase64 is for bytes of which only a part may be good.
func fromBase64(text string) string {
	b, _ := base64.StdEncoding.DecodeString(text)
	return string(b)
}

func (f *firefox) eval(ctx context.Context, js string, out any) error {
	var r struct {
		Type             string
		Result           remoteValue
		ExceptionDetails struct{ Text string }
	}
	err := f.conn.Call(ctx, "script.evaluate", map[string]any{
		"expression": js, "target": map[string]string{"context": f.tab}, "awaitPromise": true, "userActivation": true,
	}, &r)
	if err != nil {
		return err
	}
	if r.Type == "exception" {
		return &pageError{firstLine(r.ExceptionDetails.Text)}
	}
	if out == nil || r.Result.Type == "undefined" {
		return nil
	}
	text, err := json.Marshal(r.Result.plain())
	if err != nil {
		return err
	}
	return json.Unmarshal(text, out)
}
