package browsers

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"net"
	"sync"
)

// webkit_host.py is the program whose window the pages are shown in: WebKitGTK
// is a library, and the browser that comes with it keeps no profile.
//
//go:embed webkit_host.py
var webkitHostPy string

// webkitHost is the line to the host: JSON, one object a line.
type webkitHost struct {
	conn net.Conn
	on   func(webkitNews)
	done chan struct{} // closed when the host has ended

	mu      sync.Mutex
	last    int
	waiting map[int]chan webkitNews
}

// webkitNews is what the host tells: the answer to an order where ID is not 0,
// else something that happened to a view. View 0 is the first tab.
type webkitNews struct {
	ID      int
	Error   string
	Cookies []webkitCookie

	View      int
	Asked     string // where the view, or a frame in it, wants to go
	Started   bool   // the view began to go there
	Loading   *bool
	Committed *string
	Failed    *string
	Code      int
	URI       string // what failed or began
	Begun     int    // a resource began to load
	Ended     int
}

func newWebkitHost(conn net.Conn, on func(webkitNews)) *webkitHost {
	h := &webkitHost{conn: conn, on: on, done: make(chan struct{}), waiting: map[int]chan webkitNews{}}
	go h.read()
	return h
}

func (h *webkitHost) read() {
	defer close(h.done)
	lines := bufio.NewReader(h.conn)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var n webkitNews
		if json.Unmarshal(line, &n) != nil {
			continue
		}
		if n.ID == 0 {
			h.on(n)
			continue
		}
		h.mu.Lock()
		answer := h.waiting[n.ID]
		delete(h.waiting, n.ID)
		h.mu.Unlock()
		if answer != nil {
			answer <- n
		}
	}
}

// order sends an order and waits for its answer. What happened before the
// answer has been handled by then.
func (h *webkitHost) order(ctx context.Context, do string, cookie *webkitCookie) (webkitNews, error) {
	answer := make(chan webkitNews, 1)
	h.mu.Lock()
	h.last++
	id := h.last
	h.waiting[id] = answer
	h.mu.Unlock()
	text, err := json.Marshal(map[string]any{"id": id, "do": do, "cookie": cookie})
	if err != nil {
		return webkitNews{}, err
	}
	if _, err := h.conn.Write(append(text, '\n')); err != nil {
		return webkitNews{}, errGone
	}
	select {
	case n := <-answer:
		if n.Error != "" {
			err = errors.New(n.Error)
		}
		return n, err
	case <-h.done:
		return webkitNews{}, errGone
	case <-ctx.Done():
		return webkitNews{}, ctx.Err()
	}
}
