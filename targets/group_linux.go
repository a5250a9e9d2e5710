package targets

import "syscall"

// dieWithParent makes the kernel kill the process when the thread that started
// it ends (prctl(2), PR_SET_PDEATHSIG). It covers the moment between the start
// and the guardian's, and systems without a shell.
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGKILL }
