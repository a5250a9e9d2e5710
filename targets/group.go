//go:build unix

package targets

import "syscall"

// groupAttr puts a process into a group of its own, so that its children can be
// ended with it. Pdeathsig is left out on purpose: it is tied to the thread
// that forked, and Go ends threads; the watchdog in `sessionspec run` does that job.
func groupAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func killGroup(pid int, sig syscall.Signal) { _ = syscall.Kill(-pid, sig) }
