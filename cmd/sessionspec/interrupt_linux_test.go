package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/browsers"
)

// TestNoBrowserOutlivesARun ends runs in the middle of a story, by Ctrl-C and by
// kill -9, with each engine that is installed.
func TestNoBrowserOutlivesARun(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "sessionspec")
	if b, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	engines, err := browsers.List("chrome,firefox,webkit")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range engines {
		for name, by := range map[string]syscall.Signal{"interrupt": syscall.SIGINT, "kill -9": syscall.SIGKILL} {
			t.Run(e.Name()+" "+name, func(t *testing.T) {
				if _, err := e.Probe(t.Context()); err != nil {
					t.Skipf("NOT TESTED: %v", err)
				}
				tmp := t.TempDir() // every process of the run is known by it
				cmd := exec.Command(bin, "run", "--target", "reference-web", "--only", "browser/*", "--browser", e.Name())
				cmd.Dir = t.TempDir() // for the report
				cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				ended := make(chan struct{})
				go func() { _ = cmd.Wait(); close(ended) }()
				for start := time.Now(); len(within(tmp, "sessionspec-browsers-")) < 2; time.Sleep(5 * time.Millisecond) { // processes of others begin without an event for us
					select {
					case <-ended:
						t.Fatal("the run was over before a browser was seen")
					default:
					}
					if time.Since(start) > browsers.StartTimeout {
						t.Error("no browser was seen")
						break
					}
				}
				if err := cmd.Process.Signal(by); err != nil {
					t.Fatal(err)
				}
				<-ended
				var left []string
				for start := time.Now(); time.Since(start) < 10*time.Second; time.Sleep(5 * time.Millisecond) {
					if left = within(tmp, ""); len(left) == 0 {
						return
					}
				}
				t.Errorf("left running:\n%s", strings.Join(left, "\n"))
			})
		}
	}
}

// within lists the processes that name a folder in their command line or their
// environment, with a word after it.
func within(dir, word string) (found []string) {
	all, _ := filepath.Glob("/proc/[0-9]*")
	for _, proc := range all {
		line, _ := os.ReadFile(proc + "/cmdline")
		env, _ := os.ReadFile(proc + "/environ")
		for _, text := range [][]byte{line, env} {
			if bytes.Contains(text, []byte(filepath.Join(dir, word))) {
				found = append(found, filepath.Base(proc)+" "+strings.ReplaceAll(string(line), "\x00", " "))
				break
			}
		}
	}
	return found
}
