package browsers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// pool is a pool of Chrome for one test.
func pool(t *testing.T) *Pool {
	t.Helper()
	if _, err := Find(""); err != nil {
		t.Skipf("NOT TESTED: %v", err)
	}
	p := NewPool(chromeEngine{})
	t.Cleanup(func() { ok(t, p.Close()) })
	return p
}

func TestWindowsOfOneProcessAreApart(t *testing.T) {
	t.Parallel()
	base := site(t, map[string]http.HandlerFunc{
		"/set": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Set-Cookie", "k="+r.URL.RawQuery+"; Max-Age=3600")
			w.Header().Set("Cache-Control", "max-age=600")
			fmt.Fprintf(w, "<!doctype html><script>localStorage.k = sessionStorage.k = %q</script>", r.URL.RawQuery)
		},
		"/show": func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, "<!doctype html><p id=got>%s</p><p id=from>%s</p><a id=pop href=/set?pop target=_blank>x</a>", r.Header.Get("Cookie"), strings.Split(r.RemoteAddr, ":")[0])
		},
		"/picture": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Cache-Control", "max-age=600") },
		"/save": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Disposition", "attachment; filename=saved.txt")
			fmt.Fprint(w, "saved")
		},
	})
	ctx := t.Context()
	p := pool(t)
	p.Warm()
	all := map[string]Browser{}
	for i, name := range []string{"one", "two", "three"} {
		b := launchIn(t, p, Options{Shared: true, Source: fmt.Sprintf("127.0.0.%d", 20+i)})
		if _, shared := b.(*window); !shared {
			t.Fatalf("%T", b)
		}
		all[name] = b
		ok(t, b.Open(ctx, base+"/set?"+name))
		ok(t, b.Eval(ctx, "fetch('/picture').then(r => r.status)", nil))
	}
	asked := 0
	for name, b := range all {
		ok(t, b.Open(ctx, base+"/show"))
		got, err := b.Text(ctx, "#got")
		from, _ := b.Text(ctx, "#from")
		if i := strings.Index("one  two  three", name) / 5; err != nil || got != "k="+name || from != fmt.Sprintf("127.0.0.%d", 20+i) {
			t.Errorf("%s sends %q from %s, %v", name, got, from, err)
		}
		jar, err := b.Jar(ctx)
		if ok(t, err); len(jar) != 1 || jar[0].Value != name {
			t.Errorf("the jar of %s: %+v", name, jar)
		}
		var stored []string
		ok(t, b.Eval(ctx, "[localStorage.k, sessionStorage.k]", &stored))
		if fmt.Sprint(stored) != fmt.Sprint([]string{name, name}) {
			t.Errorf("%s has stored %v", name, stored)
		}
		for _, x := range b.Journal() {
			if strings.HasSuffix(x.Request.URL, "/picture") {
				asked++
			}
			if strings.Contains(x.Request.URL, "?") && !strings.HasSuffix(x.Request.URL, "?"+name) {
				t.Errorf("the journal of %s has %s", name, x.Request.URL)
			}
		}
	}
	if asked != len(all) { // a cache in common would have answered some
		t.Errorf("%d windows asked for the picture, want %d", asked, len(all))
	}

	one, two := all["one"], all["two"]
	t.Run("the focus", func(t *testing.T) {
		for _, b := range all { // whichever is in front
			ok(t, b.Eval(ctx, `document.body.append(Object.assign(document.createElement("input"), {id: "field", onchange: () => document.title = "changed"}))`, nil))
			ok(t, b.Fill(ctx, "#field", "text"))
			var title string
			ok(t, b.Eval(ctx, "document.activeElement.blur(), [document.title, document.hasFocus(), document.hidden].join()", &title))
			if title != "changed,true,false" {
				t.Errorf("%s", title)
			}
		}
	})
	t.Run("what it cannot", func(t *testing.T) {
		for _, err := range []error{one.Restart(ctx, true), one.Crash(ctx)} {
			if err == nil || !strings.Contains(err.Error(), "shares its process") {
				t.Errorf("%v", err)
			}
		}
	})
	t.Run("downloads", func(t *testing.T) {
		ok(t, one.Eval(ctx, "void (location = '/save')", nil))
		for start := time.Now(); ; time.Sleep(pollEvery) { // a download tells the page nothing
			found, _ := os.ReadFile(tempOf(one) + "/saved.txt")
			if string(found) == "saved" {
				break
			}
			if time.Since(start) > StepTimeout {
				t.Fatal("nothing was saved in the folder of the window")
			}
		}
	})
	t.Run("the end of one", func(t *testing.T) {
		ok(t, one.Click(ctx, "#pop"))
		dir := tempOf(one)
		waiting := make(chan error, 1)
		go func() { waiting <- one.Wait(context.Background(), "#never") }()
		ok(t, one.Kill())
		if err := <-waiting; err == nil || !strings.Contains(err.Error(), "browser") {
			t.Errorf("step during kill: %v", err)
		}
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there: %v", dir, err)
		}
		ok(t, one.Kill())
		ok(t, one.Close(ctx))
		if err := one.Open(ctx, base); !errors.Is(err, errGone) {
			t.Errorf("open after kill: %v", err)
		}
		ok(t, two.Open(ctx, base+"/show"))
	})
}

func TestPoolStartsAnewAfterACrash(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	p := pool(t)
	b := launchIn(t, p, Options{Shared: true})
	ok(t, b.Open(ctx, "about:blank"))
	p.starting.Lock()
	killGroup(int(p.host.proc.Load().group.Load()))
	p.starting.Unlock()
	if err := b.Wait(ctx, "#never"); err == nil || !strings.Contains(err.Error(), "browser process ended") {
		t.Errorf("after the end of the process: %v", err)
	}
	for range spares + 1 {
		b = launchIn(t, p, Options{Shared: true})
		ok(t, b.Open(ctx, "about:blank"))
	}
}

func TestPoolKnowsWhatNeedsAProcess(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{
		"not asked for": {}, "profile": {Shared: true, Profile: "/p"}, "restore": {Shared: true, Restore: true}, "agent": {Shared: true, UserAgent: "x"},
		"keys": {Shared: true, TrustSPKI: []string{"x"}}, "clock": {Shared: true, Clock: &Clock{}}, "bin": {Shared: true, Bin: "/x"}, "headful": {Shared: true, Headful: true},
	} {
		if o.sharable() {
			t.Errorf("%s: a window is no place for it", name)
		}
	}
	if o := (Options{Shared: true, Source: "127.0.0.5", AllowRemote: true}); !o.sharable() {
		t.Error("address and reach are those of the proxy, which each window has")
	}
	p := NewPool(chromeEngine{})
	ok(t, p.Close())
	if _, err := p.Launch(t.Context(), Options{Shared: true}); !errors.Is(err, errGone) {
		t.Errorf("launch after close: %v", err)
	}
}
