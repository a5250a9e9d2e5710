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
	"strconv"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/internal/webdriver"
)

// webkitEngine drives WebKitGTK by WebDriver. It is not Safari: network, jar
// and cookie rules are those of libsoup.
type webkitEngine struct{}

func (webkitEngine) Name() string { return "webkit" }

func (webkitEngine) Probe(ctx context.Context) (string, error) {
	p, err := findWebKit(ctx, Options{})
	return p.version, err
}

func (webkitEngine) Launch(ctx context.Context, o Options) (Browser, error) {
	parts, err := findWebKit(ctx, o)
	if err != nil {
		return nil, err
	}
	switch {
	case o.Headful && os.Getenv("DISPLAY") == "":
		return nil, errors.New("webkit: a visible window needs a display, and DISPLAY is not set")
	case o.ThirdParty != "":
		return nil, Unable("webkit: what becomes of third-party cookies cannot be chosen in WebKitGTK")
	case o.Restore:
		return nil, Unable("webkit: WebKitGTK has no restore of the last session")
	}
	d, err := newDriven("webkit", o)
	if err != nil {
		return nil, err
	}
	d.start = func(ctx context.Context, _ bool, born func(func())) (driver, error) {
		w := &webkit{d: d, nav: &navigation{changed: make(chan struct{}), patience: askedPatience}, asked: map[string]bool{}}
		err := w.start(ctx, parts, born)
		return w, err
	}
	return d.launch(ctx)
}

// webkit is one run: a display, a driver, and the host that the driver starts.
type webkit struct {
	d      *driven
	driver *child
	wd     *webdriver.Client
	host   *webkitHost
	tab    string // the window that steps use
	nav    *navigation
	// Guarded by nav's lock: the address whose error page is still to come, and
	// those that pages asked for and nothing has begun to load.
	failing string
	asked   map[string]bool
	commits int // documents so far
}

func (w *webkit) start(ctx context.Context, parts webkitParts, born func(func())) error {
	files := w.d.files()
	env := append(os.Environ(), "HOME="+files, "TMPDIR="+files, "XDG_RUNTIME_DIR="+files, "NO_AT_BRIDGE=1", "GDK_BACKEND=x11",
		"DBUS_SESSION_BUS_ADDRESS=disabled:", "PYTHONWARNINGS=ignore")
	if parts.display != "" {
		display, err := startDisplay(ctx, parts.display, env, born)
		if err != nil {
			return err
		}
		env = append(env, "DISPLAY="+display)
	}

	program := filepath.Join(files, "host")
	if err := os.WriteFile(program, []byte("#!"+parts.python+"\n"+webkitHostPy), 0o700); err != nil {
		return err
	}
	socket := filepath.Join(w.d.temp, "s")
	_ = os.Remove(socket) // of the run before
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	defer listener.Close()
	told, err := json.Marshal(map[string]any{"socket": socket, "profile": w.d.profile, "proxy": w.d.proxy.address(),
		"agent": w.d.o.UserAgent, "insecure": len(w.d.o.TrustSPKI) > 0})
	if err != nil {
		return err
	}

	port, err := freePort()
	if err != nil {
		return err
	}
	cmd := exec.Command(parts.driver, "--host=127.0.0.1", "--port="+strconv.Itoa(port))
	cmd.Env = append(append(env, "SESSIONSPEC_WEBKIT="+string(told)), w.d.o.Clock.environ()...)
	if w.driver, err = startChild(cmd); err != nil {
		return err
	}
	born(w.driver.kill)
	w.wd = webdriver.New("http://127.0.0.1:" + strconv.Itoa(port))
	if err := w.ready(ctx); err != nil {
		return err
	}
	// The driver answers when the host is there; the host calls before that.
	called := make(chan net.Conn, 1)
	go func() {
		if conn, err := listener.Accept(); err == nil {
			called <- conn
		}
	}()
	err = w.wd.Begin(ctx, map[string]any{"pageLoadStrategy": "none", "unhandledPromptBehavior": "accept",
		"webkitgtk:browserOptions": map[string]any{"binary": program, "args": []string{}}})
	if err != nil {
		return err
	}
	select {
	case conn := <-called:
		w.host = newWebkitHost(conn, w.event)
		born(func() { conn.Close() })
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := w.wd.Call(ctx, "POST", "/timeouts", map[string]int{"script": 24 * 3600 * 1000}, nil); err != nil {
		return err
	}
	return w.wd.Call(ctx, "GET", "/window", nil, &w.tab)
}

// ready waits until the driver answers.
func (w *webkit) ready(ctx context.Context) error {
	for {
		err := w.wd.Call(ctx, "GET", "/status", nil, nil)
		if err == nil {
			return nil
		}
		select {
		case <-w.driver.done:
			return fmt.Errorf("WebKitWebDriver: %w", w.driver.early())
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pollEvery):
		}
	}
}

// freePort finds a port for a program that cannot choose one by itself.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// startDisplay starts an X server and returns its name, such as ":1".
func startDisplay(ctx context.Context, bin string, env []string, born func(func())) (string, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return "", err
	}
	defer read.Close()
	cmd := exec.Command(bin, "-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp")
	cmd.Env, cmd.ExtraFiles = env, []*os.File{write}
	c, err := startChild(cmd)
	write.Close()
	if err != nil {
		return "", err
	}
	born(c.kill)
	said := make(chan string, 1)
	go func() {
		// To the end of the line: it is written in two pieces, and a pipe
		// closed before the second would kill the server.
		line, _ := bufio.NewReader(read).ReadString('\n')
		said <- strings.TrimSpace(line)
	}()
	select {
	case number := <-said:
		if number == "" {
			return "", fmt.Errorf("%s gave no display", bin)
		}
		return ":" + number, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (w *webkit) gone() <-chan struct{} { return w.host.done }

func (w *webkit) kill() { w.driver.kill() }

// quit ends the host, which writes what it holds, and then the others.
func (w *webkit) quit(ctx context.Context) error {
	if _, err := w.host.order(ctx, "quit", nil); err != nil && !errors.Is(err, errGone) {
		return err
	}
	w.driver.kill()
	return nil
}

// crash ends everything at once. WebKitGTK writes cookies as they come.
func (w *webkit) crash(context.Context) error {
	w.driver.kill()
	return nil
}

func (w *webkit) use(ctx context.Context, window string) error {
	return w.wd.Call(ctx, "POST", "/window", map[string]string{"handle": window}, nil)
}

func (w *webkit) front(ctx context.Context) error { return w.use(ctx, w.tab) }

func (w *webkit) alone(ctx context.Context) error {
	var all []string
	if err := w.wd.Call(ctx, "GET", "/window/handles", nil, &all); err != nil {
		return err
	}
	for _, window := range all {
		if window != w.tab && w.use(ctx, window) == nil {
			// An error here means that the window has gone by itself.
			_ = w.wd.Call(ctx, "DELETE", "/window", nil, nil)
		}
	}
	return w.use(ctx, w.tab)
}

func (w *webkit) mouse(ctx context.Context, x, y float64) error {
	return w.wd.Call(ctx, "POST", "/actions", map[string]any{"actions": clickActions(x, y)}, nil)
}

func (w *webkit) insert(ctx context.Context, text string) error {
	return w.wd.Call(ctx, "POST", "/actions", map[string]any{"actions": keyActions(text)}, nil)
}

func (w *webkit) screenshot(ctx context.Context) ([]byte, error) {
	var data string
	if err := w.wd.Call(ctx, "GET", "/screenshot", nil, &data); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(data)
}

func (w *webkit) eval(ctx context.Context, js string, out any) error {
	var r struct {
		Value json.RawMessage
		Error *string
	}
	script := "const done = arguments[arguments.length - 1]; (async () => (" + js + "\n))().then(Value => done({Value}), e => done({Error: String(e)}))"
	if err := w.wd.Call(ctx, "POST", "/execute/async", map[string]any{"script": script, "args": []any{}}, &r); err != nil {
		var refused *webdriver.Error
		if errors.As(err, &refused) && strings.Contains(refused.Message, "SyntaxError") {
			return &pageError{refused.Message}
		}
		return err
	}
	if r.Error != nil {
		return &pageError{firstLine(*r.Error)}
	}
	if out == nil || len(r.Value) == 0 {
		return nil
	}
	return json.Unmarshal(r.Value, out)
}
