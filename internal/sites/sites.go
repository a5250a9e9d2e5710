// Package sites is a small web on this machine: many host names on one plain
// and one TLS port of 127.0.0.1, and a record of every request. Browsers reach
// it under names that end in .test or .localhost, without DNS, because their
// proxy (package browsers) takes these for this machine.
//
// a.test and b.test are different sites, www.a.test and a.test are one; so the
// cross-site cases need no more than another name.
package sites

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Server answers for every host name. Its methods may be called from several
// goroutines.
type Server struct {
	authority *Authority
	plain     *http.Server
	tls       *http.Server
	ports     [2]string // of plain and tls

	mu       sync.Mutex
	handlers map[string]http.Handler // by host, or by host and path
	log      []Request
	changed  chan struct{} // closed and renewed at every request
}

// Request is one request as it came.
type Request struct {
	Scheme string // http or https
	Method string
	Host   string // lower case, without the port
	Path   string // as on the wire, without the query
	Query  string
	Header http.Header
	// Cookie is the Cookie field, several joined by "; ". "" when there is none.
	Cookie string
	At     time.Time
}

// Start opens both ports.
func Start() (*Server, error) {
	authority, err := NewAuthority()
	if err != nil {
		return nil, err
	}
	s := &Server{authority: authority, handlers: map[string]http.Handler{}, changed: make(chan struct{})}
	quiet := log.New(io.Discard, "", 0) // browsers try connections and drop them
	s.plain = &http.Server{Handler: s.record("http"), ErrorLog: quiet, ReadHeaderTimeout: time.Minute}
	s.tls = &http.Server{Handler: s.record("https"), ErrorLog: quiet, ReadHeaderTimeout: time.Minute,
		// HTTP/2 would clean header lines that are to arrive as they are.
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
		TLSConfig:    &tls.Config{GetCertificate: authority.certificate, NextProtos: []string{"http/1.1"}}}
	for i, server := range []*http.Server{s.plain, s.tls} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
		_, s.ports[i], _ = net.SplitHostPort(l.Addr().String())
		go func() {
			if server == s.tls {
				_ = server.ServeTLS(l, "", "") // it ends by Close
			} else {
				_ = server.Serve(l)
			}
		}()
	}
	return s, nil
}

// Close ends the servers at once.
func (s *Server) Close() error { return errors.Join(s.plain.Close(), s.tls.Close()) }

// HTTP is the origin of a host by plain HTTP, such as "http://a.test:40123".
func (s *Server) HTTP(host string) string { return "http://" + host + ":" + s.ports[0] }

// HTTPS is the origin of a host by TLS.
func (s *Server) HTTPS(host string) string { return "https://" + host + ":" + s.ports[1] }

// SPKI is the hash that browsers.Options.TrustSPKI takes.
func (s *Server) SPKI() string { return s.authority.SPKI() }

// Handle answers requests to the host, or with a path ("/x") to that path of
// it. The last call for a place counts. What nobody handles is an empty page.
func (s *Server) Handle(host, path string, h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers[host+path] = h
}

// Requests returns those to the host so far, in the order in which they came.
func (s *Server) Requests(host string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.of(host)
}

func (s *Server) of(host string) []Request {
	var out []Request
	for _, r := range s.log {
		if r.Host == host {
			out = append(out, r)
		}
	}
	return out
}

// Forget drops the record.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = nil
}

// Await returns the first request to the host that fits, as soon as it is
// there; ok is false when until closes first.
func (s *Server) Await(until <-chan struct{}, host string, fits func(Request) bool) (r Request, ok bool) {
	for {
		s.mu.Lock()
		all, changed := s.of(host), s.changed
		s.mu.Unlock()
		for _, r := range all {
			if fits(r) {
				return r, true
			}
		}
		select {
		case <-until:
			return Request{}, false
		case <-changed:
		}
	}
}

// record notes a request before it is answered.
func (s *Server) record(scheme string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := strings.ToLower(r.Host)
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		path, _, _ := strings.Cut(r.RequestURI, "?")
		note := Request{Scheme: scheme, Method: r.Method, Host: host, Path: path, Query: r.URL.RawQuery,
			Header: r.Header.Clone(), Cookie: strings.Join(r.Header.Values("Cookie"), "; "), At: time.Now()}
		s.mu.Lock()
		s.log = append(s.log, note)
		close(s.changed)
		s.changed = make(chan struct{})
		h := s.handlers[host+path]
		if h == nil {
			h = s.handlers[host]
		}
		s.mu.Unlock()
		if h != nil {
			h.ServeHTTP(w, r)
			return
		}
		Page(w, "")
	})
}

// Page writes a small page that no cache may keep, unless the caller has set
// Cache-Control.
func Page(w http.ResponseWriter, body string) {
	if _, ok := w.Header()["Cache-Control"]; !ok {
		w.Header().Set("Cache-Control", "no-store")
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	// The icon is named so that browsers do not ask for one by themselves.
	_, _ = io.WriteString(w, `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>sessionspec</title><body>`+body+"\n")
}
