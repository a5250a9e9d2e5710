package browsers

import (
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// All throw-away files of this process lie under one directory in the system's
// temporary directory, held by a file lock. The lock goes with the process
// however it ends, so the next process can remove what a killed one left.
var temp struct {
	sync.Mutex
	root string
	lock *os.File
	live int
	next int
}

const tempPrefix = "sessionspec-browsers-"

// newTemp makes a directory for one browser. The path is short on purpose:
// Chrome puts a socket below it, whose path must stay under 108 bytes.
func newTemp() (dir string, err error) {
	temp.Lock()
	defer temp.Unlock()
	if temp.live == 0 {
		sweepTemp()
		if temp.root, err = os.MkdirTemp("", tempPrefix); err != nil {
			return "", err
		}
		if temp.lock, err = os.Create(filepath.Join(temp.root, "lock")); err != nil {
			return "", err
		}
		if err = syscall.Flock(int(temp.lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
			return "", err
		}
	}
	temp.next++
	dir = filepath.Join(temp.root, strconv.Itoa(temp.next))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", err
	}
	temp.live++
	return dir, nil
}

// removeTemp removes a directory of newTemp, and the root with the last one.
func removeTemp(dir string) error {
	err := removeAll(dir)
	temp.Lock()
	defer temp.Unlock()
	if temp.live--; temp.live == 0 {
		temp.lock.Close()
		if rootErr := removeAll(temp.root); err == nil {
			err = rootErr
		}
	}
	return err
}

// removeAll tries for a second: a browser process that is just ending may
// still write below dir while it is being removed.
func removeAll(dir string) (err error) {
	for range 50 {
		if err = os.RemoveAll(dir); err == nil {
			return nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return err
}

// sweepTemp removes the roots whose process is gone. Roots of the last minute
// are left alone: one may be between its creation and its lock.
func sweepTemp() {
	roots, _ := filepath.Glob(filepath.Join(os.TempDir(), tempPrefix+"*"))
	for _, root := range roots {
		name := filepath.Join(root, "lock")
		info, err := os.Stat(name)
		if err != nil || time.Since(info.ModTime()) < time.Minute {
			continue
		}
		lock, err := os.OpenFile(name, os.O_RDWR, 0)
		if err != nil {
			continue
		}
		if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			os.RemoveAll(root)
		}
		lock.Close()
	}
}
