package browsers

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Clock is a wall clock for browsers, ahead of this machine's or behind. It is
// a library that is loaded into the browser's processes and shifts what they
// are told the time is; their timers run on as ever.
type Clock struct {
	dir  string
	file *os.File
}

//go:embed wallshift.c.txt
var wallshiftSource []byte

// NewClock makes a clock that shows the machine's time. It needs Linux and a C
// compiler; the error says what is missing. Close it when its browsers are gone.
func NewClock() (*Clock, error) {
	if err := CanMoveClocks(); err != nil {
		return nil, err
	}
	compiler, err := exec.LookPath("cc")
	if err != nil {
		return nil, err
	}
	c := &Clock{}
	if c.dir, err = newTemp(); err != nil {
		return nil, err
	}
	source := filepath.Join(c.dir, "wallshift.c")
	err = os.WriteFile(source, wallshiftSource, 0o600)
	if err == nil {
		var out []byte
		if out, err = exec.Command(compiler, "-O2", "-shared", "-fPIC", "-o", c.library(), source).CombinedOutput(); err != nil {
			err = fmt.Errorf("cc: %w: %s", err, firstLine(string(out)))
		}
	}
	if err == nil {
		if err = os.WriteFile(c.offset(), make([]byte, 4096), 0o600); err == nil {
			c.file, err = os.OpenFile(c.offset(), os.O_RDWR, 0)
		}
	}
	if err != nil {
		return nil, errors.Join(err, removeTemp(c.dir))
	}
	return c, nil
}

// CanMoveClocks says what NewClock would miss on this machine, nil for nothing.
func CanMoveClocks() error {
	if runtime.GOOS != "linux" {
		return errors.New("only done on Linux so far")
	}
	if _, err := exec.LookPath("cc"); err != nil {
		return errors.New("that needs a C compiler (cc) on PATH; type: apt-get install gcc libc6-dev (Debian)")
	}
	return nil
}

func (c *Clock) library() string { return filepath.Join(c.dir, "wallshift.so") }
func (c *Clock) offset() string  { return filepath.Join(c.dir, "offset") }

// Set moves the clock to so much ahead of the machine's, in whole seconds, for
// running browsers too, at once.
func (c *Clock) Set(ahead time.Duration) error {
	var b [8]byte
	binary.NativeEndian.PutUint64(b[:], uint64(int64(ahead/time.Second)))
	_, err := c.file.WriteAt(b[:], 0)
	return err
}

// Close frees the clock; browsers that still have it keep the time they have.
func (c *Clock) Close() error { return errors.Join(c.file.Close(), removeTemp(c.dir)) }

// environ is what a process needs in its environment to have the clock; none
// for nil.
func (c *Clock) environ() []string {
	if c == nil {
		return nil
	}
	preload := c.library()
	if before := os.Getenv("LD_PRELOAD"); before != "" {
		preload = strings.Join([]string{preload, before}, ":")
	}
	return []string{"LD_PRELOAD=" + preload, "WALLSHIFT_FILE=" + c.offset()}
}
