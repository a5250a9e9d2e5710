package browsers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// Click must know what a click has started. Each row is a way in which pages
// go on after one; "path" is where the tab must be when Click returns.
func TestClickWaitsForWhatItStarts(t *testing.T) {
	t.Parallel()
	eachWay(t, testClickWaitsForWhatItStarts)
}

func testClickWaitsForWhatItStarts(t *testing.T, e Engine) {
	const pause = 100 * time.Millisecond // longer than any honest race
	slow := func(f http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { time.Sleep(pause); f(w, r) }
	}
	to := func(path string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, path, http.StatusSeeOther) }
	}
	var ended atomic.Bool
	base := site(t, map[string]http.HandlerFunc{
		"/": shows(`<button id=nothing>x</button>
			<a id=link href=/end>x</a> <a id=other>x</a>
			<form action=/form method=post><button id=form>x</button></form>
			<button id=script onclick="location = '/end'">x</button>
			<button id=timer onclick="setTimeout(() => location = '/end', 0)">x</button>
			<button id=ajax onclick="fetch('/data').then(() => location = '/end')">x</button>
			<button id=push onclick="history.pushState({}, '', '/pushed')">x</button>
			<a id=chain href=/chain>x</a> <a id=none href=/none>x</a> <a id=hash href=#part>x</a>
			<a id=popup href=/end target=_blank>x</a>
			<button id=confirm onclick="if (confirm('Really?')) location = '/end'">x</button>
			<button id=poll onclick="fetch('/forever')">x</button>`),
		"/end":   slow(shows("<p id=end>end</p>")),
		"/form":  slow(to("/end")),
		"/data":  slow(shows("data")),
		"/none":  slow(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }),
		"/chain": shows(`<form id=f method=post action=/form></form><script>onload = () => f.submit()</script>`),
		"/forever": func(_ http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			ended.Store(true)
		},
	})
	ctx := t.Context()
	b := launchIn(t, e, Options{})
	for _, c := range []struct{ id, path string }{
		{"nothing", "/"}, {"link", "/end"}, {"other", "/end"}, {"form", "/end"}, {"script", "/end"}, {"timer", "/end"},
		{"ajax", "/end"}, {"push", "/pushed"}, {"chain", "/end"}, {"none", "/"}, {"hash", "/"}, {"confirm", "/end"}, {"popup", "/"}, {"poll", "/"},
	} {
		ok(t, b.Open(ctx, base))
		ok(t, b.Eval(ctx, fmt.Sprintf(`document.querySelector("#other").href = %q`, strings.Replace(base, "127.0.0.1", "app.test", 1)+"/end"), nil))
		start := time.Now()
		ok(t, b.Click(ctx, "#"+c.id))
		took := time.Since(start)
		var path, state string
		ok(t, b.Eval(ctx, "location.pathname", &path))
		ok(t, b.Eval(ctx, "document.readyState", &state))
		if path != c.path || state != "complete" {
			t.Errorf("%s: at %s (%s), want %s", c.id, path, state, c.path)
		}
		if c.id == "poll" && ended.Load() { // it must not wait for what never ends
			t.Errorf("%s: the request was ended", c.id)
		}
		t.Logf("%-8s %s", c.id, took.Round(time.Millisecond))
	}
	t.Run("popup is in the journal", func(t *testing.T) {
		n := 0
		for _, x := range b.Journal() {
			if strings.HasPrefix(x.Request.URL, base) && strings.HasSuffix(x.Request.URL, "/end") {
				n++
			}
		}
		// link, form, script, timer, ajax, chain, confirm, popup; "other" has another host.
		if n != 8 {
			t.Errorf("%d requests for /end, want 8", n)
		}
	})
}

func TestErrorsNameTheStep(t *testing.T) {
	t.Parallel()
	eachWay(t, testErrorsNameTheStep)
}

func testErrorsNameTheStep(t *testing.T, e Engine) {
	base := site(t, map[string]http.HandlerFunc{
		"/": shows(`<style>body{margin:0}</style><button id=under>x</button><button id=off disabled>x</button><p id=hidden hidden>x</p><input id=ro readonly>
			<div id=banner style="position:fixed;inset:0"></div>`),
		"/slow": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	})
	ctx := t.Context()
	b := launchIn(t, e, Options{})
	ok(t, b.Open(ctx, base))
	tunnel := map[string]string{"chrome": "net::ERR_TUNNEL_CONNECTION_FAILED", "firefox": "NS_ERROR_PROXY", "webkit": "not this machine"}[e.Name()]
	// early is what steps wait for before they know what they wait for. A machine
	// that is short of time gets no further in a short limit, and so a longer one.
	early := []string{"an answer of the browser", "the page to answer"}
	for _, c := range []struct {
		run  func(context.Context) error
		want string
	}{
		{func(ctx context.Context) error { return b.Click(ctx, "#under") }, `click "#under": timed out after LIMIT waiting for the element to be free: <div#banner> covers it`},
		{func(ctx context.Context) error { return b.Click(ctx, "#off") }, `click "#off": timed out after LIMIT waiting for the element to be enabled`},
		{func(ctx context.Context) error { return b.Wait(ctx, "#hidden") }, `wait "#hidden": timed out after LIMIT waiting for the element to be visible`},
		{func(ctx context.Context) error { return b.Fill(ctx, "#no", "x") }, `fill "#no": timed out after LIMIT waiting for the element: none matches`},
		{func(ctx context.Context) error { return b.Open(ctx, base+"/slow") }, `open ` + base + `/slow: timed out after LIMIT waiting for the page to load`},
	} {
		var err error
		limit := 500 * time.Millisecond
		for ; ; limit *= 2 {
			err = c.run(short(t, limit))
			var timeout *TimeoutError
			if !errors.As(err, &timeout) || !slices.Contains(early, timeout.Waiting) || limit > StepTimeout {
				break
			}
		}
		want := strings.Replace(c.want, "LIMIT", limit.String(), 1)
		if err == nil || err.Error() != want || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	dead := httptest.NewServer(nil)
	dead.Close()
	// The browser must still work, and these must not wait for a time limit.
	ok(t, b.Open(ctx, base))
	for _, c := range []struct {
		err  error
		want string
	}{
		{b.Fill(ctx, "#ro", "x"), "read-only"},
		{b.Wait(ctx, "p["), "not a valid selector"},
		{b.Eval(ctx, "nonsense()", nil), "nonsense"},
		{b.Open(ctx, dead.URL), "connection refused"},
		{b.Open(ctx, "http://far.example/"), "not this machine"},
		{b.Open(ctx, "https://far.example/"), tunnel},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("got %v, want ... %s", c.err, c.want)
		}
	}
	if visible, err := b.Visible(ctx, "#under"); visible || err != nil {
		t.Errorf("visible on another page: %v, %v", visible, err)
	}
}
