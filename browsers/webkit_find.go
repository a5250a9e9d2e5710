package browsers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// WebKitEnv names the environment variable with the WebKitWebDriver to use.
const WebKitEnv = "SESSIONSPEC_WEBKIT"

const webkitInstall = "apt-get install webkit2gtk-driver gir1.2-webkit2-4.1 python3-gi xvfb (Debian)"

// webkitParts are the programs that a WebKitGTK browser is made of.
type webkitParts struct {
	driver  string
	python  string // one with the bindings of WebKitGTK
	display string // Xvfb; "" where a display is there
	version string
}

// findWebKit looks for all of them, by asking.
func findWebKit(ctx context.Context, o Options) (p webkitParts, err error) {
	if p.driver, err = findProgram("webkit", o.Bin, WebKitEnv, []string{"WebKitWebDriver"}, webkitInstall); err != nil {
		return p, err
	}
	if !o.Headful {
		// Without a display WebKitGTK does not start.
		if p.display, err = exec.LookPath("Xvfb"); err != nil {
			return p, fmt.Errorf("webkit: Xvfb, its display, was not found on PATH; type: %s, or leave it out of --browser", webkitInstall)
		}
	}
	// The bindings belong to the system's Python, which need not be the first.
	why := errors.New("no python3 was found")
	for _, python := range []string{"/usr/bin/python3", "python3"} {
		path, err := exec.LookPath(python)
		if err != nil {
			continue
		}
		if p.version, err = webkitVersion(ctx, path); err == nil {
			p.python = path
			return p, nil
		}
		if errors.Is(why, errors.ErrUnsupported) || p.python == "" {
			why = err
		}
	}
	return p, fmt.Errorf("webkit: its Python bindings cannot be used: %w; type: %s, or leave it out of --browser", why, webkitInstall)
}

// webkitVersion asks the library that the host will load.
func webkitVersion(ctx context.Context, python string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, StepTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, python, "-c", "import gi\ngi.require_version('WebKit2', '4.1')\nfrom gi.repository import WebKit2 as W\nprint('WebKitGTK %d.%d.%d' % (W.get_major_version(), W.get_minor_version(), W.get_micro_version()))")
	cmd.Env = append(os.Environ(), "PYTHONWARNINGS=ignore")
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		lines := strings.Split(strings.TrimSpace(string(exit.Stderr)), "\n")
		return "", errors.New(lines[len(lines)-1])
	}
	return firstLine(string(out)), err
}
