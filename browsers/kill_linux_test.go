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

func TestKill9OfTheHarnessLeavesNoProcess(t *testing.T) { each(t, testKill9) }

func testKill9(t *testing.T, e Engine) {
	profile := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), harnessEnv+"="+e.Name()+":"+profile)
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
	defer os.RemoveAll(filepath.Dir(dir))
	if n := len(using(profile, dir)); n < 3 {
		t.Fatalf("%d processes found before the kill; the test cannot see them", n)
	}
	ok(t, cmd.Process.Kill())
	killed = true
	_ = cmd.Wait()
	none(t, 10*time.Second, profile, dir)

	t.Run("the next harness removes its files", func(t *testing.T) {
		old := time.Now().Add(-time.Hour)
		ok(t, os.Chtimes(filepath.Join(filepath.Dir(dir), "lock"), old, old))
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
