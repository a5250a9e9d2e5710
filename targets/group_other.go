//go:build unix && !linux

package targets

import "syscall"

// dieWithParent has nothing to set here; the guardian does it alone.
func dieWithParent(*syscall.SysProcAttr) {}
