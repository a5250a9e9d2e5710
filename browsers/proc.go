package browsers

import (
	"syscall"
	"time"
)

// groupExists asks by signal 0; zombies count.
func groupExists(group int) bool { return syscall.Kill(-group, 0) != syscall.ESRCH }

// groupAttr starts a process in its own group, so that it and its children can
// be ended together, and ties it to this process where the system can do so.
func groupAttr() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	dieWithParent(attr)
	return attr
}

// killGroup ends every process of the group at once.
func killGroup(group int) { _ = syscall.Kill(-group, syscall.SIGKILL) }

// reapGroup waits until the group is empty and after grace kills what is left.
// The leader must have been started by groupAttr. It returns false when
// processes are left even so (they are stuck in the kernel).
func reapGroup(group int, grace time.Duration) bool {
	kill := time.Now().Add(grace)
	end := kill.Add(2 * time.Second)
	// There is no event for "a group is empty": the children of the browser
	// are not ours to wait for.
	for groupAlive(group) {
		now := time.Now()
		if now.After(end) {
			return false
		}
		if now.After(kill) {
			killGroup(group)
		}
		time.Sleep(2 * time.Millisecond)
	}
	return true
}
