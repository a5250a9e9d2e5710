package play

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
)

func signedIn(t *testing.T, e *Env, names ...string) *player {
	t.Helper()
	p := &player{env: e, rec: &history.Play{}, nonce: e.nonce(), accounts: map[string]*account{}, clients: map[string]*client{}}
	for _, n := range names {
		c := e.newClient(story.Client{Name: n, User: n}, e.address())
		c.who = p.account(n)
		p.clients[n], p.cast = c, append(p.cast, c)
		if op := p.step(context.Background(), 0, story.Step{Op: "sign_in", Client: n}); op.Outcome != history.OK {
			t.Fatal(op.Why)
		}
	}
	return p
}

// Without TLS the client's credential is presented, and a clean client signs in.
func TestPlainHTTPAsksTheOtherDoor(t *testing.T) {
	s := newService(t)
	p := signedIn(t, s.env(t, ""), "laptop")
	doors := map[string]string{}
	for name, h := range map[string]http.Handler{
		"open":   s.Config.Handler,
		"closed": http.RedirectHandler("https://127.0.0.1/", http.StatusPermanentRedirect),
	} {
		door := httptest.NewServer(h)
		t.Cleanup(door.Close)
		doors[name] = door.URL
	}
	for name, want := range map[string]string{"open": "live [] live [s] ", "closed": "dead [] dead [] "} {
		p.env.Target.Plain = doors[name]
		op := p.step(context.Background(), 1, story.Step{Op: "plain_http", Client: "laptop"})
		got := ""
		for _, x := range op.Shown {
			var names []string
			for _, o := range x.Answer.Offers {
				names = append(names, o.Name)
			}
			got += fmt.Sprint(x.Answer.State, " ", names, " ")
		}
		if got != want || op.Outcome != history.OK {
			t.Errorf("%s: %s%s %s, want %s", name, got, op.Outcome, op.Why, want)
		}
	}
	p.env.Target.Plain = "http://127.0.0.1:1"
	if op := p.step(context.Background(), 2, story.Step{Op: "plain_http", Client: "laptop"}); op.Outcome != history.Failed || !strings.Contains(op.Why, "nothing answers at http://127.0.0.1:1") {
		t.Errorf("a door that is not there: %s %s", op.Outcome, op.Why)
	}
}

func TestPlainHTTPNeedsTLSToGoRound(t *testing.T) {
	e := newService(t).env(t, "")
	if g := e.localGap("plain_http"); g == nil || !g.Declared || !strings.Contains(g.Reason, "plain http") {
		t.Errorf("base is http: %+v", g)
	}
	e.Target.Base = "https://127.0.0.1"
	if g := e.localGap("plain_http"); g == nil || g.Declared || !strings.Contains(g.Reason, "`plain`") {
		t.Errorf("no plain: %+v", g)
	}
	e.Target.Plain = "http://127.0.0.1"
	if g := e.localGap("plain_http"); g != nil {
		t.Errorf("all there: %+v", g)
	}
}

// A service that looks at the beginning of paths only shows one's page to the next.
func TestThroughCacheWalksMadeUpEndings(t *testing.T) {
	s := newService(t)
	p := signedIn(t, s.env(t, ""), "laptop", "desk")
	walk := func() (op history.Op, shared []string) {
		op = p.step(context.Background(), 1, story.Step{Op: "through_cache", Client: "laptop", Of: "desk"})
		for _, w := range op.Walks {
			if w.From != "" {
				shared = append(shared, fmt.Sprintf("%s gets %s of %s, directly %d", w.Client, w.Exchange.Response.Body, w.From, w.Direct.Response.Status))
			}
		}
		return op, shared
	}
	op, shared := walk()
	if len(op.Walks) != 9 || len(shared) > 0 { // three clients: the path and two endings
		t.Errorf("a service that knows its paths: %d answers, %v", len(op.Walks), shared)
	}
	inner := s.Config.Handler
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/me/") {
			r.URL.Path = "/me"
		}
		inner.ServeHTTP(w, r)
	})
	name := p.accounts["laptop"].name
	want := fmt.Sprintf(`[desk gets {"name":%q} of laptop, directly 200 stranger gets {"name":%q} of laptop, directly 401]`, name, name)
	if _, shared := walk(); fmt.Sprint(shared) != want {
		t.Errorf("got %v\nwant %s", shared, want)
	}
}
