package wire

import (
	"bufio"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// poolKey is what two requests must share to share a connection.
type poolKey struct {
	tls        bool
	addr       string // host:port
	serverName string
	source     netip.Addr
}

// conn is one connection and what has been read ahead from it.
type conn struct {
	net.Conn
	key    poolKey
	raw    net.Conn // below TLS
	reader *bufio.Reader
	reused bool
	expiry *time.Timer
}

func newConn(key poolKey, raw net.Conn) *conn {
	c := &conn{key: key, raw: raw}
	c.use(raw)
	return c
}

func (c *conn) use(carrier net.Conn) {
	c.Conn = carrier
	c.reader = bufio.NewReader(carrier)
}

// abort closes without TLS's goodbye, which would wait for a peer that no longer
// reads.
func (c *conn) abort() { c.raw.Close() }

// pool keeps idle connections, the newest last.
type pool struct {
	mu     sync.Mutex
	idle   map[poolKey][]*conn
	max    int // idle connections per key
	life   time.Duration
	closed bool
}

// get takes the newest idle connection that is still alive, or nil.
func (p *pool) get(key poolKey) *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.idle[key]) > 0 {
		list := p.idle[key]
		c := list[len(list)-1]
		p.idle[key] = list[:len(list)-1]
		if c.expiry.Stop() && quiet(c.raw) {
			c.reused = true
			return c
		}
		c.Close()
	}
	return nil
}

// put keeps a connection for later, or closes it.
func (p *pool) put(c *conn) {
	// The last exchange's deadline, once past, would make the connection look dead.
	if p.max <= 0 || c.reader.Buffered() > 0 || c.SetDeadline(time.Time{}) != nil {
		c.Close()
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || len(p.idle[c.key]) >= p.max {
		c.Close()
		return
	}
	if p.idle == nil {
		p.idle = map[poolKey][]*conn{}
	}
	p.idle[c.key] = append(p.idle[c.key], c)
	c.expiry = time.AfterFunc(p.life, func() { p.drop(c) })
}

// drop closes a connection whose time is up, if nobody took it in between.
func (p *pool) drop(c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := p.idle[c.key]
	if at := slices.Index(list, c); at >= 0 {
		if list = slices.Delete(list, at, at+1); len(list) == 0 {
			delete(p.idle, c.key)
		} else {
			p.idle[c.key] = list
		}
		c.Close()
	}
}

// close closes what is idle, now and from now on.
func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, list := range p.idle {
		for _, c := range list {
			c.expiry.Stop()
			c.Close()
		}
	}
	p.idle = nil
}
