package bench

import (
	"bufio"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// playwright has the lock file of what is installed, and our stories for it.
//
//go:embed playwright
var playwright embed.FS

// playwrightVersion is the release that the lock file names.
func playwrightVersion() string {
	var lock struct {
		Packages map[string]struct{ Version string }
	}
	text, err := playwright.ReadFile("playwright/package-lock.json")
	if err == nil {
		err = json.Unmarshal(text, &lock)
	}
	if err != nil {
		panic(err) // it is part of the program
	}
	return lock.Packages["node_modules/playwright-core"].Version
}

// install puts Playwright below the cache folder, once, and returns its folder.
func install(ctx context.Context, cache string) (string, error) {
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			return "", fmt.Errorf("%w: Playwright needs %s, which is not on PATH", ErrNotRun, program)
		}
	}
	dir := filepath.Join(cache, "bench", "playwright-"+playwrightVersion())
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	all, err := playwright.ReadDir("playwright")
	for _, e := range all {
		var text []byte
		if text, err = playwright.ReadFile("playwright/" + e.Name()); err == nil {
			err = os.WriteFile(filepath.Join(dir, e.Name()), text, 0o600)
		}
		if err != nil {
			break
		}
	}
	if err != nil {
		return "", err
	}
	// npm writes this file when all is in its place.
	if _, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json")); err == nil {
		return dir, nil
	}
	npm := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir = dir
	npm.WaitDelay = time.Second
	if out, err := npm.CombinedOutput(); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", fmt.Errorf("%w: playwright-core %s could not be installed: npm ci: %w: %s", ErrNotRun, playwrightVersion(), err, firstWord(out))
	}
	return dir, nil
}

// firstWord is the first line of npm that says something.
func firstWord(out []byte) string {
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(line), "npm error"), "npm ERR!"))
		if line != "" && !strings.HasPrefix(line, "npm warn") && !strings.HasPrefix(line, "code ") {
			return line
		}
	}
	return "no reason given"
}

// theirs plays the stories in Playwright.
type theirs struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
}

// newTheirs starts node, and a browser in it. switches is one more for Chromium,
// or "".
func newTheirs(dir, base, chromium, switches string) (*theirs, error) {
	t := &theirs{cmd: exec.Command("node", "stories.mjs", base, chromium, switches)}
	t.cmd.Dir = dir
	t.cmd.Stderr = os.Stderr
	in, err := t.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := t.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	t.in, t.lines = in, bufio.NewScanner(out)
	if err := t.cmd.Start(); err != nil {
		return nil, err
	}
	if err := t.answer(); err != nil {
		t.close()
		return nil, fmt.Errorf("playwright: %w", err)
	}
	return t, nil
}

func (t *theirs) play(_ context.Context, story string) error {
	if _, err := fmt.Fprintln(t.in, story); err != nil {
		return err
	}
	return t.answer()
}

func (t *theirs) answer() error {
	if !t.lines.Scan() {
		return fmt.Errorf("node ended: %w", io.ErrUnexpectedEOF)
	}
	if said := t.lines.Text(); said != "ok" {
		return fmt.Errorf("playwright: %s", said)
	}
	return nil
}

// close ends the input, upon which the script closes its browser and ends. A
// browser of a node that is killed ends with its end of the pipe.
func (t *theirs) close() {
	t.in.Close()
	kill := time.AfterFunc(10*time.Second, func() { _ = t.cmd.Process.Kill() })
	defer kill.Stop()
	_ = t.cmd.Wait()
}
