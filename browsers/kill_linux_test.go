package browsers

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// using lists the processes that name one of the directories in their command
// line or, as detached helpers such as the crash handler do, in their
// environment.
func using(dirs ...string) (found []string) {
	all, _ := filepath.Glob("/proc/[0-9]*")
	for _, proc := range all {
		line, _ := os.ReadFile(proc + "/cmdline")
		env, _ := os.ReadFile(proc + "/environ")
		if len(line) == 0 || proc == fmt.Sprintf("/proc/%d", os.Getpid()) {
			continue
		}
		for _, dir := range dirs {
			if bytes.Contains(line, []byte(dir)) || bytes.Contains(env, []byte("TMPDIR="+dir)) {
				found = append(found, filepath.Base(proc)+" "+strings.ReplaceAll(string(line[:min(len(line), 120)]), "\x00", " "))
				break
			}
		}
	}
	return found
}

func none(t *testing.T, within time.Duration, dirs ...string) {
	t.Helper()
	start := time.Now()
	for {
		left := using(dirs...)
		if len(left) == 0 {
			t.Logf("all gone after %s", time.Since(start).Round(time.Millisecond))
			return
		}
		if time.Since(start) > within {
			t.Fatalf("still there:\n%s", strings.Join(left, "\n"))
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestKill9OfTheHarnessLeavesNoProcess(t *testing.T) {
	each(t, func(t *testing.T, e Engine) {
		testKilled(t, e.Name(), syscall.SIGKILL)
		if e.Name() == "chrome" {
			testKilled(t, "chrome+shared", syscall.SIGKILL)
		}
	})
}

// Ctrl-C in a terminal goes to the whole group of the harness, and no browser is
// in that; a harness that does not handle it ends at once.
func TestInterruptOfTheHarnessLeavesNoProcess(t *testing.T) {
	each(t, func(t *testing.T, e Engine) { testKilled(t, e.Name(), syscall.SIGINT) })
}

func testKilled(t *testing.T, engine string, by syscall.Signal) {
	profile := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Env = append(os.Environ(), harnessEnv+"="+engine+":"+profile)
	out, err := cmd.StdoutPipe()
	ok(t, err)
	ok(t, cmd.Start())
	killed := false
	defer func() {
		if !killed {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	dir, ready := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if !ready {
		t.Fatalf("harness: %s %v", line, err)
	}
	root := filepath.Dir(dir) // of all that the harness has started
	defer os.RemoveAll(root)
	if n := len(using(profile, root)); n < 3 {
		t.Fatalf("%d processes found before the kill; the test cannot see them", n)
	}
	ok(t, syscall.Kill(-cmd.Process.Pid, by))
	killed = true
	_ = cmd.Wait()
	none(t, 10*time.Second, profile, root)

	t.Run("the next harness removes its files", func(t *testing.T) {
		old := time.Now().Add(-time.Hour)
		ok(t, os.Chtimes(filepath.Join(root, "lock"), old, old))
		sweepTemp()
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there: %v", dir, err)
		}
	})
}

func TestKillAndCloseLeaveNothing(t *testing.T) { each(t, testKillAndClose) }

func testKillAndClose(t *testing.T, e Engine) {
	for _, end := range []struct {
		name string
		run  func(Browser) error
	}{
		{"kill", Browser.Kill},
		{"close", func(b Browser) error { return b.Close(context.Background()) }},
	} {
		b := launchIn(t, e, Options{})
		dir := tempOf(b)
		waiting := make(chan error, 1)
		if end.name == "kill" { // also during a step
			go func() { waiting <- b.Wait(context.Background(), "#never") }()
			time.Sleep(50 * time.Millisecond)
		}
		start := time.Now()
		ok(t, end.run(b))
		t.Logf("%s: %s", end.name, time.Since(start).Round(time.Millisecond))
		none(t, 0, dir)
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: %s is still there: %v", end.name, dir, err)
		}
		if end.name == "kill" {
			if err := <-waiting; err == nil || !strings.Contains(err.Error(), "browser") {
				t.Errorf("step during kill: %v", err)
			}
		}
		ok(t, b.Kill())
		if err := b.Restart(context.Background(), false); !errors.Is(err, errGone) {
			t.Errorf("restart after %s: %v", end.name, err)
		}
	}
}

// Not parallel: it counts the throw-away folders of the whole process.
func TestClosedPoolLeavesNothing(t *testing.T) {
	if _, err := Find(""); err != nil {
		t.Skipf("NOT TESTED: %v", err)
	}
	live := func() int {
		temp.Lock()
		defer temp.Unlock()
		return temp.live
	}
	before := live()
	t.Run("during the start", func(t *testing.T) {
		p := NewPool(chromeEngine{})
		p.Warm()
		for live() == before { // the start has begun
			time.Sleep(time.Millisecond)
		}
		ok(t, p.Close())
	})
	t.Run("with open windows", func(t *testing.T) {
		p := NewPool(chromeEngine{})
		b, err := p.Launch(t.Context(), Options{Shared: true})
		ok(t, err)
		ok(t, b.Open(t.Context(), "about:blank"))
		dir := p.host.temp
		if len(using(dir)) < 3 {
			t.Error("the test cannot see the processes")
		}
		ok(t, p.Close())
		none(t, 0, dir)
		ok(t, b.Kill())
	})
	if after := live(); after != before {
		t.Errorf("%d throw-away folders are left", after-before)
	}
}

// Not parallel: the folder is that of all browsers of this process.
func TestFailedStartLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, e Engine) {
		profile := t.TempDir()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		done := make(chan error, 1)
		go func() {
			_, err := e.Launch(ctx, Options{Profile: profile})
			done <- err
		}()
		root := func() string {
			temp.Lock()
			defer temp.Unlock()
			return temp.root
		}
		for len(using(profile)) == 0 && (root() == "" || len(using(root())) == 0) { // the first process is there
			select {
			case err := <-done:
				t.Fatalf("the start was over before the test saw a process: %v", err)
			case <-time.After(time.Millisecond):
			}
		}
		dir := root()
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("a start that was given up: %v", err)
		}
		none(t, 0, profile, dir)
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there: %v", dir, err)
		}
	})
}
