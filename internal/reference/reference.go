package reference

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Options say what to serve and how. The zero value is dialect web on a free
// port of 127.0.0.1, well-behaved, with a store that goes away with the server.
type Options struct {
	Dialect  string        // one of Dialects(), or of a product
	Addr     string        // host:port; port 0 takes a free one
	Store    string        // path of the store file; "" makes a temporary one
	Plant    []string      // ids of faults
	AdminKey string        // what X-Admin-Key must say; "" closes that door
	HashCost int           // PBKDF2 rounds; 0 means DefaultHashCost
	Idle     time.Duration // session limit since last use; 0 means 12 h
	Absolute time.Duration // session limit since sign-in; 0 means 7 days
	TLS      *tls.Config   // nil serves plain HTTP
	Plain    string        // with TLS: host:port without it, which sends visitors to the one with it; "" is none
	Rules    Rules         // what it promises beyond the usual
	Log      io.Writer     // gets "fired: ID" lines; nil for none
}

// Server is a running reference server.
type Server struct {
	http   *http.Server
	plain  *http.Server // nil where there is no port without TLS
	listen net.Listener
	door   net.Listener
	scheme string
	store  *store
	temp   string
	stop   chan struct{}
	once   sync.Once
	served chan struct{}
	err    error
}

// Serve starts a server and returns once it accepts connections. It ends when
// ctx does or Close is called. Clients may come from any address of
// 127.0.0.0/8; what they come from is what the server sees.
func Serve(ctx context.Context, o Options) (*Server, error) {
	faults, err := plant(o.Plant, o.Log)
	if err != nil {
		return nil, err
	}
	o.Dialect = cmp.Or(o.Dialect, dialectWeb)
	if !isDialect(o.Dialect) {
		return nil, fmt.Errorf("no dialect %q; there are: %s", o.Dialect, strings.Join(spoken(), ", "))
	}
	srv := &Server{scheme: "http", stop: make(chan struct{}), served: make(chan struct{})}
	if o.Store == "" {
		if srv.temp, err = os.MkdirTemp("", "reference-"); err != nil {
			return nil, err
		}
		o.Store = filepath.Join(srv.temp, "store")
	}
	if srv.store, err = openStore(o.Store); err != nil {
		os.RemoveAll(srv.temp)
		return nil, err
	}
	if srv.listen, err = net.Listen("tcp", cmp.Or(o.Addr, "127.0.0.1:0")); err != nil {
		srv.store.Close()
		os.RemoveAll(srv.temp)
		return nil, err
	}
	if o.TLS != nil {
		srv.scheme = "https"
		srv.listen = tls.NewListener(srv.listen, o.TLS)
	}
	c := newCore(srv.store, faults, o.HashCost, o.Idle, o.Absolute)
	c.rules = o.Rules
	app := common(c.lateWrites(framing(dialect(o.Dialect, c, o.AdminKey, o.TLS != nil, srv.stop), o.Rules, faults)), faults)
	srv.http = server(app)
	if o.TLS != nil && o.Plain != "" {
		if srv.door, err = net.Listen("tcp", o.Plain); err != nil {
			srv.listen.Close()
			srv.store.Close()
			os.RemoveAll(srv.temp)
			return nil, err
		}
		srv.plain = server(plainDoor(srv.URL(), app, faults))
		go func() { _ = srv.plain.Serve(srv.door) }()
	}
	go func() {
		defer close(srv.served)
		if err := srv.http.Serve(srv.listen); !errors.Is(err, http.ErrServerClosed) {
			srv.err = err
		}
	}()
	context.AfterFunc(ctx, func() { srv.Close() })
	return srv, nil
}

func server(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second,
		ErrorLog: log.New(io.Discard, "", 0)} // clients that go away are not news
}

// PlainURL is where visitors without TLS are sent on, "" if there is no such place.
func (s *Server) PlainURL() string {
	if s.door == nil {
		return ""
	}
	return "http://" + s.door.Addr().String()
}

// URL is the server's base, without a slash at the end.
func (s *Server) URL() string { return s.scheme + "://" + s.listen.Addr().String() }

// Wait returns when the server has ended, with the error that ended it, if one did.
func (s *Server) Wait() error {
	<-s.served
	return s.err
}

// Close ends the server and what is still being answered.
func (s *Server) Close() error {
	s.once.Do(func() {
		close(s.stop) // lets long polls and sockets go
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		if s.http.Shutdown(ctx) != nil {
			s.http.Close()
		}
		if s.plain != nil {
			s.plain.Close()
		}
		<-s.served
		s.store.Close()
		os.RemoveAll(s.temp)
	})
	return s.Wait()
}

// dialect builds the handler of one dialect. With TLS the session cookie has the
// prefix that pins it to its host.
func dialect(name string, c *core, adminKey string, secure bool, stop <-chan struct{}) http.Handler {
	prefix := ""
	if secure {
		prefix = "__Host-"
	}
	mux := http.NewServeMux()
	s := &site{core: c, adminKey: adminKey, stop: stop}
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, map[string]any{"ok": true, "dialect": name})
	})
	switch name {
	case dialectWeb:
		s.carry = cookies{name: prefix + "sid", faults: c.faults}
		newWeb(s, false).routes(mux)
	case dialectTwoCookie:
		s.carry = cookies{name: prefix + "session_id", signal: "signed_in", faults: c.faults}
		newWeb(s, true).routes(mux)
	case dialectApp:
		s.carry = header{name: "X-Session-Token", faults: c.faults}
		s.appRoutes(mux)
	case dialectBearer:
		s.carry = header{name: "Authorization", prefix: "Bearer ", faults: c.faults}
		newBearer(s).routes(mux)
	case dialectMailu:
		newMailu(s).routes(mux)
		return s.hasty(mux)
	case dialectKanidm:
		newKanidm(s, newTokens(header{name: "Authorization", prefix: "Bearer ", faults: c.faults})).routes(mux)
	case dialectWarehouse:
		newWarehouse(s).routes(mux)
	case dialectRealtime:
		s.carry = cookies{name: prefix + "rt", faults: c.faults}
		newRealtime(s).routes(mux)
	}
	s.adminRoutes(mux)
	if s.wrap != nil {
		return s.hasty(s.wrap(mux))
	}
	return s.hasty(mux)
}
