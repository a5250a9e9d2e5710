package play

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/targets"
)

func TestLinksIn(t *testing.T) {
	for kind, c := range map[string]struct{ body, want string }{
		"text/html; charset=utf-8": {`<a href="/a?x=1&amp;y=2">a</a><img src=b.png><form action="/find"></form><form method=post action="/no"></form><a name=x>`, "/a?x=1&y=2 b.png /find"},
		"application/json":         {`{"next": "/page/2", "self": "http://h/x", "name": "not a link", "half": "/"}`, "/page/2 http://h/x"},
		"text/plain":               {`<a href="/a">`, ""},
	} {
		got := linksIn(&history.Response{Header: history.Lines{{Name: "Content-Type", Value: kind}}, Body: c.body})
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q", kind, got)
		}
	}
	if got := linksIn(&history.Response{Header: history.Lines{{Name: "Location", Value: "/there"}}}); !slices.Equal(got, []string{"/there"}) {
		t.Errorf("a redirect: %q", got)
	}
}

// TestCrawl: each URL of the target is asked for in each safe way, none of
// another host, and the one that changed something is named.
func TestCrawl(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]int{}
	live := true
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		w.Header().Set("Content-Type", "text/html")
		switch r.URL.Path {
		case "/login":
			w.Header().Set("Set-Cookie", "s=1; Path=/")
			return
		case "/me":
			if c, err := r.Cookie("s"); err != nil || c.Value != "1" || !live {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			fmt.Fprint(w, r.URL.Query().Get("none"))
			return
		case "/out":
			live = false
		}
		seen[r.Method+" "+r.URL.Path+r.Header.Get("Sec-Purpose")]++
		fmt.Fprint(w, `<a href="/deep#x"></a><a href="out"></a><a href="http://elsewhere.invalid/"></a>`)
	}))
	defer srv.Close()
	tg, err := targets.Parse("t.yaml", []byte("name: t\nbase: "+srv.URL+"\npages: [{path: /}]\noperations:\n  create_user: [{POST: /users, by: nobody}]\n  sign_in: [{POST: /login}]\n  whoami: [{GET: /me, live: status == 200}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := NewEnv(tg, false, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	p := e.Play(context.Background(), Plan{Story: story.Story{Clients: []story.Client{{Name: "laptop", User: "alice"}},
		Steps: []story.Step{{Op: "sign_in", Client: "laptop", Expect: "ok"}, {Op: "crawl", Client: "laptop", Expect: "ok"}}}})
	op := p.Ops[len(p.Ops)-1]
	if p.Aborted != "" || op.Suspect != srv.URL+"/out" || op.Self == nil || op.Self.State != history.Dead {
		t.Fatalf("%q %+v", p.Aborted, op)
	}
	mu.Lock()
	defer mu.Unlock()
	for _, path := range []string{"/", "/deep", "/out"} {
		for _, want := range []string{"GET " + path, "GET " + path + "prefetch", "HEAD " + path, "OPTIONS " + path} {
			if seen[want] != 1 {
				t.Errorf("%s was sent %d times", want, seen[want])
			}
		}
	}
}

// TestAtOnce: the sign-ins are in turn for everybody, and whoami is asked for each.
func TestAtOnce(t *testing.T) {
	e := newService(t).env(t, "")
	p := e.Play(context.Background(), Plan{Story: story.Story{
		Clients: []story.Client{{Name: "laptop", User: "alice"}, {Name: "desk", User: "bob"}, {Name: "kiosk"}},
		Steps:   []story.Step{{Op: "sign_in", Client: "laptop", Expect: "ok", Times: 5, AtOnce: true}}}})
	if p.Aborted != "" || len(p.Ops[0].Arrivals) != 5 || p.SignIns != 5 || len(p.Credentials) != 1 || len(p.Ops[0].Series) != 0 {
		t.Fatalf("%q %+v", p.Aborted, p.Ops)
	}
	values := map[string]bool{}
	for i, a := range p.Ops[0].Arrivals {
		if want := []string{"alice", "bob"}[i%2]; a.User != want || a.Answer.User != want || a.Outcome != history.OK {
			t.Errorf("sign-in %d: %+v", i, a)
		}
		values[fingerprint(a.Carriers)] = true
	}
	if len(values) != 5 {
		t.Errorf("%d credentials", len(values))
	}
}
