package suites

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/reports/redact"
)

// journal writes every play as one line of JSON as soon as it is over, with
// secrets hidden: what was played before a kill -9 stays readable, and can be
// judged again.
type journal struct {
	mu  sync.Mutex
	f   *os.File
	red *redact.Redactor
}

func openJournal(path string, red *redact.Redactor) (*journal, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	return &journal{f: f, red: red}, nil
}

func (j *journal) play(p *history.Play) {
	b, err := json.Marshal(p)
	if err != nil {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	_, _ = j.f.Write(append(j.red.Bytes(b), '\n'))
}

func (j *journal) close() {
	if j != nil {
		_ = j.f.Close()
	}
}

// screenshots writes what a browser showed in an operation, beside the exchanges.
func (s *session) screenshots(op history.Op, beside string) (out []string) {
	for _, ev := range op.Events {
		if len(ev.Screenshot) == 0 {
			continue
		}
		rel := fmt.Sprintf("%s-%d.png", strings.TrimSuffix(beside, ".http"), len(out)+1)
		if err := os.WriteFile(filepath.Join(s.Out, filepath.FromSlash(rel)), ev.Screenshot, 0o644); err == nil {
			out = append(out, rel)
		}
	}
	return out
}
