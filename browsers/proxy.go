package browsers

import (
	"bufio"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// proxy is the forward proxy of one browser. It hears on a loopback port,
// connects from the actor's address and writes the journal. Names that end in
// .test and .localhost (RFC 6761) mean this machine, without DNS.
type proxy struct {
	listener net.Listener
	journal  journal
	vetting  *vetting // nil: the browser looks at certificates itself
	gate     gate

	mu          sync.Mutex
	conns       map[net.Conn]bool
	closed      bool
	source      netip.Addr // invalid: the system chooses
	allowRemote bool
}

func newProxy(source string, allowRemote bool) (*proxy, error) {
	p := &proxy{conns: map[net.Conn]bool{}}
	err := p.speakFor(source, allowRemote)
	if err != nil {
		return nil, err
	}
	if p.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	go p.accept()
	return p, nil
}

// speakFor sets the address that requests come from, "" for any, and whether
// they may leave this machine.
func (p *proxy) speakFor(source string, allowRemote bool) error {
	var addr netip.Addr
	if source != "" {
		var err error
		if addr, err = netip.ParseAddr(source); err != nil || !addr.Is4() || !addr.IsLoopback() {
			return fmt.Errorf("source address %q: must be one of 127.0.0.0/8", source)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.source, p.allowRemote = addr, allowRemote
	return nil
}

// speaksFor is what speakFor has set.
func (p *proxy) speaksFor() (source netip.Addr, allowRemote bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.source, p.allowRemote
}

// address is the value for --proxy-server.
func (p *proxy) address() string { return "http://" + p.listener.Addr().String() }

func (p *proxy) accept() {
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			return
		}
		if !p.track(conn) {
			return
		}
		go func() {
			defer p.drop(conn)
			p.serve(conn)
		}()
	}
}

// track notes a connection for close; false: the proxy is closed already.
func (p *proxy) track(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		c.Close()
		return false
	}
	p.conns[c] = true
	return true
}

func (p *proxy) drop(c net.Conn) {
	c.Close()
	p.mu.Lock()
	delete(p.conns, c)
	p.mu.Unlock()
}

func (p *proxy) close() {
	p.listener.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for c := range p.conns {
		c.Close()
	}
}

// dial connects to host and port as the browser named them.
func (p *proxy) dial(host, port string) (net.Conn, error) {
	name := strings.TrimSuffix(strings.ToLower(host), ".")
	target := name
	local := false
	if addr, err := netip.ParseAddr(name); err == nil {
		local = addr.IsLoopback()
	} else if top := name[strings.LastIndex(name, ".")+1:]; top == "test" || top == "localhost" {
		target, local = "127.0.0.1", true
	}
	source, allowRemote := p.speaksFor()
	if !local && !allowRemote {
		return nil, fmt.Errorf("%s is not this machine, and the target does not allow other hosts", host)
	}
	dialer := net.Dialer{Timeout: 10 * time.Second}
	// A loopback address cannot reach another machine, nor an IPv6 one.
	if local && source.IsValid() && !strings.Contains(target, ":") {
		dialer.LocalAddr = &net.TCPAddr{IP: source.AsSlice()}
	}
	conn, err := dialer.Dial("tcp", net.JoinHostPort(target, port))
	if err != nil {
		return nil, err
	}
	if !p.track(conn) {
		return nil, net.ErrClosed
	}
	return conn, nil
}

// serve handles one connection of the browser.
func (p *proxy) serve(conn net.Conn) {
	client := &client{proxy: p, conn: conn, r: bufio.NewReaderSize(conn, 32<<10)}
	for {
		h, err := readHead(client.r)
		if err != nil {
			return
		}
		method, rest, _ := strings.Cut(h.start, " ")
		target, _, _ := strings.Cut(rest, " ")
		if method == "CONNECT" {
			if !client.connect(target) {
				return
			}
			continue
		}
		scheme, authority, path := split(target)
		if client.tunnel != "" {
			// Inside a tunnel the request names the path only.
			scheme, authority, path = "http", client.tunnel, target
		}
		if authority == "" || !client.forward(h, method, scheme, authority, path) {
			return
		}
	}
}

// split takes an absolute request target apart without decoding anything, so
// that the server gets the path exactly as the browser wrote it.
func split(target string) (scheme, authority, path string) {
	scheme, rest, ok := strings.Cut(target, "://")
	if !ok {
		return "", "", ""
	}
	i := strings.IndexAny(rest, "/?")
	switch {
	case i < 0:
		return scheme, rest, "/"
	case rest[i] == '?':
		return scheme, rest[:i], "/" + rest[i:]
	}
	return scheme, rest[:i], rest[i:]
}

// hostPort splits an authority; the port of http is the default.
func hostPort(authority string) (host, port string) {
	if host, port, err := net.SplitHostPort(authority); err == nil {
		return host, port
	}
	return strings.Trim(authority, "[]"), "80"
}
