package browsers

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// dieWithParent makes the kernel kill the browser when its parent dies, even
// by kill -9. The kernel takes the death of the starting *thread* for that of
// the parent (prctl(2), PR_SET_PDEATHSIG); chromedp therefore starts the
// process on a goroutine locked to its thread until the browser ends. The
// flag survives the exec of Debian's wrapper script. The children of the
// browser end by themselves when the main process is gone.
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGKILL }

// groupAlive says whether a process of the group still runs. Orphaned children
// become zombies of process 1, and in many containers that one collects them
// late or never; so a group of zombies is a dead one.
func groupAlive(group int) bool {
	if !groupExists(group) {
		return false
	}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // ended just now
		}
		// pid (name) state ppid pgrp ..., see proc(5); the name may hold
		// anything, so read from its last parenthesis on.
		var state string
		var parent, pgrp int
		rest := text[strings.LastIndexByte(string(text), ')')+1:]
		if n, _ := fmt.Sscan(string(rest), &state, &parent, &pgrp); n == 3 && pgrp == group && state != "Z" && state != "X" {
			return true
		}
	}
	return false
}

// endUsers waits until no process names a throw-away folder in its command line,
// and after a second kills those that still do. Helpers that browsers start for
// the case of a crash leave the group, and end a moment after the browser.
func endUsers(dir string) {
	for start := time.Now(); time.Since(start) < 3*time.Second; time.Sleep(2 * time.Millisecond) {
		lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
		users := 0
		for _, name := range lines {
			text, err := os.ReadFile(name)
			if err != nil || !bytes.Contains(text, []byte(dir+"/")) {
				continue
			}
			users++
			if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name))); err == nil && pid != os.Getpid() && time.Since(start) > time.Second {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
		if users == 0 {
			return
		}
	}
}
