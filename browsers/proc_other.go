//go:build unix && !linux

package browsers

import "syscall"

// dieWithParent has nothing to set here: the browser sees the end of its
// debugging pipe when the parent dies, and quits.
func dieWithParent(*syscall.SysProcAttr) {}

func groupAlive(group int) bool { return groupExists(group) }

// endUsers is for systems that can be asked for command lines.
func endUsers(string) {}
