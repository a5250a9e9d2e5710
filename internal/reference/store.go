package reference

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
)

// store is an append-only file of changes that several processes share. A line
// is a transaction: a JSON array of changes, ended by a newline.
//
// Writers hold flock(2) from reading what others wrote until their own line is
// out, so every decision is made on the newest state. Readers take no file lock: a
// line counts once its newline is there. There is no fsync; the store outlives
// a killed process, not a power cut.
type store struct {
	mu   sync.RWMutex
	file *os.File
	off  int64 // end of the last whole line that st contains
	st   *state
}

// openStore opens the file at path, and makes an empty one if there is none.
func openStore(path string) (*store, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("session store: %w", err)
	}
	s := &store{file: f, st: newState()}
	if err := s.view(func(*state) {}); err != nil {
		f.Close()
		return nil, err
	}
	return s, nil
}

func (s *store) Close() error { return s.file.Close() }

// view runs fn on the newest state. fn must not keep the maps.
// When nothing was written since the last look the cost is one fstat.
func (s *store) view(fn func(*state)) error {
	s.mu.RLock()
	size, err := s.size()
	if err == nil && size == s.off {
		defer s.mu.RUnlock()
		fn(s.st)
		return nil
	}
	s.mu.RUnlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.catchUp(); err != nil {
		return err
	}
	fn(s.st)
	return nil
}

// tx is a state together with the changes made to it so far.
type tx struct {
	*state
	changes []change
}

func (t *tx) do(c change) {
	t.apply(c)
	t.changes = append(t.changes, c)
}

// update runs fn alone among all processes and stores what it did. A refusal
// (fn's error) is an answer and no rollback: changes made before it are kept.
func (s *store) update(fn func(*tx) error) (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := flock(s.file, syscall.LOCK_EX); err != nil {
		return fmt.Errorf("session store: lock: %w", err)
	}
	defer func() { err = cmp.Or(err, flock(s.file, syscall.LOCK_UN)) }()
	torn, err := s.catchUp()
	if err != nil {
		return err
	}
	if torn { // its writer died: we hold the lock, so nobody is still writing it
		if err := s.file.Truncate(s.off); err != nil {
			return fmt.Errorf("session store: drop a torn line: %w", err)
		}
	}
	t := &tx{state: s.st}
	refusal := fn(t)
	if len(t.changes) == 0 {
		return refusal
	}
	line, err := json.Marshal(t.changes)
	if err == nil {
		line = append(line, '\n')
		_, err = s.file.WriteAt(line, s.off)
	}
	if err != nil { // memory is ahead of the file: forget it, the next look reads all again
		_ = s.file.Truncate(s.off)
		s.st, s.off = newState(), 0
		return fmt.Errorf("session store: %w", err)
	}
	s.off += int64(len(line))
	return refusal
}

// catchUp applies the whole lines after off; torn says that bytes without a
// newline are left behind them. The caller holds mu.
func (s *store) catchUp() (torn bool, err error) {
	size, err := s.size()
	if err != nil || size == s.off {
		return false, err
	}
	if size < s.off {
		return false, errors.New("session store: the file became shorter than what was read from it")
	}
	tail := make([]byte, size-s.off)
	n, err := s.file.ReadAt(tail, s.off)
	if err != nil && !errors.Is(err, io.EOF) { // EOF: a writer cut a torn line off meanwhile
		return false, fmt.Errorf("session store: %w", err)
	}
	tail = tail[:n]
	for {
		line, rest, whole := bytes.Cut(tail, []byte{'\n'})
		if !whole {
			return len(line) > 0, nil
		}
		var changes []change
		if err := json.Unmarshal(line, &changes); err != nil {
			return false, fmt.Errorf("session store: bad line at byte %d: %w", s.off, err)
		}
		for _, c := range changes {
			s.st.apply(c)
		}
		s.off += int64(len(line)) + 1
		tail = rest
	}
}

func (s *store) size() (int64, error) {
	info, err := s.file.Stat()
	if err != nil {
		return 0, fmt.Errorf("session store: %w", err)
	}
	return info.Size(), nil
}

func flock(f *os.File, how int) error {
	for {
		if err := syscall.Flock(int(f.Fd()), how); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}
