//go:build unix

package wire

import (
	"net"
	"syscall"
)

// quiet says whether an idle connection is open and has nothing to read. Anything
// that came unasked is a goodbye: the end of the stream, a 408, a TLS alert. It
// looks without waiting and without taking anything.
func quiet(c net.Conn) bool {
	sc, ok := c.(syscall.Conn)
	if !ok {
		return true
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return false
	}
	silent := false
	err = raw.Read(func(fd uintptr) bool {
		var b [1]byte
		_, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		silent = err == syscall.EAGAIN
		return true // never wait for readability
	})
	return err == nil && silent
}
