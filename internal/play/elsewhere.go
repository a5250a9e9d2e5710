package play

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
)

// elsewhere is the name of another site, which the proxy of a browser finds on
// this machine.
const elsewhere = "elsewhere.test"

// otherSite is a server whose pages are what its addresses say: one for all
// sites that have nothing to do with the target.
type otherSite struct {
	once sync.Once
	port int
	http *http.Server
	err  error
}

// page is the address of a page of another site that consists of that HTML.
func (o *otherSite) page(host, html string) (string, error) {
	o.once.Do(func() {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			o.err = err
			return
		}
		o.port = l.Addr().(*net.TCPAddr).Port
		o.http = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			if to := r.URL.Query().Get("to"); to != "" {
				http.Redirect(w, r, to, http.StatusSeeOther)
				return
			}
			_, _ = io.WriteString(w, "<!doctype html><link rel=icon href=data:,>"+r.URL.Query().Get("html"))
		})}
		go func() { _ = o.http.Serve(l) }()
	})
	return fmt.Sprintf("http://%s:%d/?html=%s", host, o.port, url.QueryEscape(html)), o.err
}

// redirect is the address of a page of another site that sends on to another.
func (o *otherSite) redirect(host, to string) (string, error) {
	_, err := o.page(host, "")
	return fmt.Sprintf("http://%s:%d/?to=%s", host, o.port, url.QueryEscape(to)), err
}

// close ends the server.
func (o *otherSite) close() {
	if o.http != nil {
		_ = o.http.Close()
	}
}

// Close ends what plays have started beside the target.
func (e *Env) Close() { e.other.close() }
