package browsers

import (
	"io"
	"sync"
)

// gate holds requests back at the proxy while it is shut.
type gate struct {
	mu      sync.Mutex
	open    chan struct{} // closed when the gate opens; nil while it is open
	waiting chan bool     // one for each request that comes; true: surely for no document
}

// shut begins to hold requests. waiting tells of each that comes; reopen lets
// them all go on, and may be called twice.
func (g *gate) shut() (waiting <-chan bool, reopen func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	open, come := make(chan struct{}), make(chan bool, 64)
	g.open, g.waiting = open, come
	return come, sync.OnceFunc(func() {
		g.mu.Lock()
		g.open = nil
		g.mu.Unlock()
		close(open)
	})
}

// pass returns once a request may go on.
func (g *gate) pass(part bool) {
	g.mu.Lock()
	open, come := g.open, g.waiting
	g.mu.Unlock()
	if open == nil {
		return
	}
	select {
	case come <- part:
	default: // as many as this are news enough
	}
	<-open
}

// passing is a writer behind a gate: what is in it cannot be read.
type passing struct {
	io.Writer
	gate *gate
}

func (p passing) Write(b []byte) (int, error) {
	p.gate.pass(false)
	return p.Writer.Write(b)
}
