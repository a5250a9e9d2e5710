package browsers

import (
	"bufio"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http/httputil"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
)

// proxyErrorMeta marks the page that the browser gets when the server cannot
// be reached; Open and Click look for it.
const proxyErrorMeta = "sessionspec-proxy-error"

// client is one connection of the browser to its proxy.
type client struct {
	proxy  *proxy
	conn   net.Conn
	r      *bufio.Reader
	tunnel string // host:port after a CONNECT that turned out to carry plain HTTP
}

// connect answers CONNECT. TLS passes unread. Anything else is plain HTTP:
// Chrome opens a tunnel for ws:// too, and those requests belong into the
// journal. The result says whether to go on reading requests.
func (c *client) connect(target string) bool {
	host, port, err := net.SplitHostPort(target)
	if err != nil {
		return false
	}
	if own(host) {
		return c.refuse()
	}
	c.proxy.gate.pass(false)
	server, err := c.proxy.dial(host, port)
	if err != nil {
		e := c.proxy.journal.add(history.Request{Method: "CONNECT", URL: target})
		c.fail(e, err)
		return false
	}
	if _, err := io.WriteString(c.conn, "HTTP/1.1 200 Connected\r\n\r\n"); err != nil {
		c.proxy.drop(server)
		return false
	}
	const tlsHandshake = 0x16 // first byte of a TLS record with a ClientHello, RFC 8446, 5.1
	first, err := c.r.Peek(1)
	if err == nil && first[0] != tlsHandshake {
		// The connection was made to answer CONNECT truly; each request
		// below makes its own.
		c.proxy.drop(server)
		c.tunnel = target
		return true
	}
	if err == nil && c.proxy.vetting != nil {
		if err = c.proxy.vetting.check(host, port, c.proxy.dial); err != nil {
			e := c.proxy.journal.add(history.Request{Method: "CONNECT", URL: target})
			c.proxy.journal.update(e, func() { e.Error, e.End = err.Error(), time.Now() })
		}
	}
	if err == nil {
		c.splice(server)
	}
	c.proxy.drop(server)
	return false
}

// splice copies both ways until one side ends.
func (c *client) splice(server net.Conn) {
	go func() {
		_, _ = io.Copy(passing{server, &c.proxy.gate}, c.r)
		server.Close()
	}()
	_, _ = io.Copy(c.conn, server)
	c.conn.Close()
}

// forward sends one request on a connection of its own and passes the answer
// back. A fresh connection per request cannot meet a server that is just
// closing an idle one. The result says whether the browser's connection can
// carry another request.
func (c *client) forward(h *head, method, scheme, authority, path string) bool {
	j := &c.proxy.journal
	host, port := hostPort(authority)
	if own(host) {
		return c.refuse()
	}
	for i := range h.lines {
		if strings.EqualFold(h.lines[i].Name, "Proxy-Connection") {
			// The one line changed: what goes to a proxy under this name
			// goes to a server under the usual one.
			h.lines[i].Name = "Connection"
			h.raw[i] = "Connection: " + h.lines[i].Value
		}
	}
	upgrade := h.lines.Get("Upgrade") != ""
	shown := scheme
	if h.has("Upgrade", "websocket") {
		shown = "ws"
	}
	e := j.add(history.Request{Method: method, URL: shown + "://" + authority + path, Header: h.lines, Source: c.proxy.sourceText()})
	if scheme != "http" {
		return c.fail(e, fmt.Errorf("cannot forward %s", scheme))
	}
	dest := h.lines.Get("Sec-Fetch-Dest")
	c.proxy.gate.pass(dest != "" && dest != "document")
	server, err := c.proxy.dial(host, port)
	if err != nil {
		return c.fail(e, err)
	}
	defer c.proxy.drop(server)
	j.update(e, func() { e.Request.Source = server.LocalAddr().(*net.TCPAddr).IP.String() })

	h.start = method + " " + path + " HTTP/1.1"
	if _, err := server.Write(h.bytes()); err != nil {
		return c.fail(e, err)
	}
	if err := c.copyBody(server, c.r, h, true, e); err != nil {
		return c.fail(e, err)
	}

	// The browser sends nothing more before the answer, so a byte or an end
	// here is the next request or a cancelled one. The server is told of the
	// latter at once, as it would be without a proxy. After an upgrade the
	// browser's bytes are no request but the new protocol's.
	next := make(chan struct{})
	go func() {
		defer close(next)
		if upgrade {
			_, _ = io.Copy(server, c.r)
			server.Close()
		} else if _, err := c.r.Peek(1); err != nil {
			server.Close()
		}
	}()
	keep := c.answer(e, method, server) && !upgrade && !h.has("Connection", "close")
	c.proxy.drop(server)
	if !keep {
		c.conn.Close()
	}
	<-next
	return keep
}

// answer passes the answer back, interim ones (1xx) included.
func (c *client) answer(e *entry, method string, server net.Conn) (keep bool) {
	j := &c.proxy.journal
	r := bufio.NewReaderSize(server, 32<<10)
	for {
		h, err := readHead(r)
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = fmt.Errorf("the server closed the connection without an answer")
			}
			return c.fail(e, err)
		}
		proto, status, err := h.status()
		if err != nil {
			return c.fail(e, err)
		}
		interim := status < 200 && status != 101
		if !interim {
			j.update(e, func() {
				e.Response = &history.Response{Status: status, Proto: proto, Header: h.lines}
				e.response.skip = !textual(h.lines.Get("Content-Type"))
				e.End = time.Now()
			})
		}
		if _, err := c.conn.Write(h.bytes()); err != nil {
			return false
		}
		switch {
		case interim:
			continue
		case status == 101:
			_, _ = io.Copy(c.conn, r) // forward copies the other way
			return false
		case method == "HEAD" || status == 204 || status == 304:
			return !h.has("Connection", "close")
		}
		chunked, length, err := h.framing(false)
		if err == nil {
			err = c.copyBody(c.conn, r, h, false, e)
		}
		if err != nil {
			// The head is out; all that is left is to cut the connection.
			j.update(e, func() { e.Error = "the answer broke off: " + err.Error() })
			return false
		}
		return (chunked || length >= 0) && !h.has("Connection", "close")
	}
}

// copyBody copies the body that belongs to h and notes it in the journal. Each
// piece goes on as it comes: answers may be event streams.
func (c *client) copyBody(w io.Writer, r *bufio.Reader, h *head, request bool, e *entry) error {
	chunked, length, err := h.framing(request)
	if err != nil {
		return err
	}
	var body io.Reader = r
	out := w
	switch {
	case chunked:
		body = httputil.NewChunkedReader(r)
		chunks := httputil.NewChunkedWriter(w)
		out = chunks
	case length >= 0:
		body = io.LimitReader(r, length)
	}
	j := &c.proxy.journal
	buf := make([]byte, 32<<10)
	var copied int64
	for {
		n, err := body.Read(buf)
		if n > 0 {
			copied += int64(n)
			j.update(e, func() {
				if request {
					e.request.write(buf[:n])
				} else {
					e.response.write(buf[:n])
					e.End = time.Now()
				}
			})
			if _, err := out.Write(buf[:n]); err != nil {
				return err
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	if !chunked {
		if length >= 0 && copied < length {
			return io.ErrUnexpectedEOF
		}
		return nil
	}
	// The chunked reader stops before the trailer section and its empty line.
	trailer := &head{}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return err
		}
		if line = strings.TrimRight(line, "\r\n"); line == "" {
			break
		}
		trailer.add(line)
	}
	_, err = io.WriteString(w, "0\r\n"+strings.Join(append(trailer.raw, "\r\n"), "\r\n"))
	return err
}

// refuse answers requests of Chrome itself.
func (c *client) refuse() bool {
	_, _ = io.WriteString(c.conn, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	return false
}

// fail notes the error and gives the browser a page that says so. It returns
// false for forward's callers.
func (c *client) fail(e *entry, err error) bool {
	c.proxy.journal.update(e, func() { e.Error, e.End = err.Error(), time.Now() })
	text := html.EscapeString(err.Error())
	//nolint:gocritic // %q quotes as Go does, and this is HTML
	page := fmt.Sprintf("<!doctype html><meta name=%s content=\"%s\"><title>No answer</title><p>%s</p>", proxyErrorMeta, text, text)
	fmt.Fprintf(c.conn, "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", len(page), page)
	return false
}

func (p *proxy) sourceText() string {
	if source, _ := p.speaksFor(); source.IsValid() {
		return source.String()
	}
	return ""
}
