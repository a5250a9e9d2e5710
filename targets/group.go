//go:build unix

package targets

import "syscall"

// groupAttr puts a process into a group of its own, so that its children can be
// ended with it.
func groupAttr() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	dieWithParent(attr)
	return attr
}

// sessionAttr takes a process away from the terminal, whose Ctrl-C and hang-up
// would otherwise reach it.
func sessionAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

func killGroup(pid int, sig syscall.Signal) { _ = syscall.Kill(-pid, sig) }
