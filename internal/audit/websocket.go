package audit

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/coder/websocket"
)

// webSocket is which cookies go with a handshake, and whether its answer may set one.
var webSocket = Probe{
	ID: "websocket", Title: "WebSocket handshakes, by wss (default: no SameSite; odd: SameSite=Sometimes)",
	Rows: []Expect{
		{ID: "same-site", What: "from a page of the site", Want: []string{"default, lax, strict, none, odd"}, Source: "RFC 6265bis 5.2; WebSockets standard, handshake by fetch with credentials"},
		{ID: "subdomain", What: "from another host of the site", Want: []string{"default, lax, strict, none, odd"}, Source: "RFC 6265bis 5.2"},
		{ID: "other-site", What: "from another site", Want: []string{"none", nothing}, Source: thirdRule},
		{ID: "set", What: "Set-Cookie on the answer 101", Source: "RFC 6265bis 5.3: may be ignored with 1xx"},
		{ID: "http-only", What: "HttpOnly cookie, from a page of the site", Want: []string{sent}, Source: "RFC 6265bis 5.8.1"},
	},
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.shared(ctx)
		if err != nil {
			return err
		}
		host := s.host("socket")
		home := s.Web.HTTPS(host) + "/"
		s.Web.Handle(host, "/ws", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Set-Cookie", "made=1; Path=/; Secure; SameSite=None")
			if c, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true}); err == nil {
				c.Close(websocket.StatusNormalClosure, "")
			}
		})
		if err := a.set(ctx, home+"set", append([]string{"hidden=1; Path=/; Secure; HttpOnly"}, siteCookies...)...); err != nil {
			return err
		}
		for _, c := range []struct{ id, from string }{
			{"same-site", home + "page"},
			{"subdomain", s.Web.HTTPS("www."+host) + "/page"},
			{"other-site", s.Web.HTTPS(s.host("other")) + "/page"},
		} {
			to, mark := s.marked(strings.Replace(home, "https:", "wss:", 1) + "ws")
			if err := a.Open(ctx, c.from); err != nil {
				return err
			}
			js := fmt.Sprintf(`new Promise(done => { const w = new WebSocket(%q); w.onclose = w.onerror = () => done(true) })`, to)
			if err := a.Eval(ctx, js, nil); err != nil {
				return err
			}
			r, ok := s.came(to, mark)
			if !ok {
				return fmt.Errorf("%s: no handshake came", c.id)
			}
			seen[c.id] = siteNames(r.Cookie)
			if c.id == "same-site" {
				seen["http-only"] = either(has(r.Cookie, "hidden=1"), sent, notSent)
				header, err := a.cookies(ctx, home)
				if err != nil {
					return err
				}
				seen["set"] = fate(header, "made=1")
			}
		}
		return nil
	},
}
