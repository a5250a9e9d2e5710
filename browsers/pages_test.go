package browsers

import (
	"net/http"
	"strings"
	"testing"
)

// Each row is a page with a secret that is left and gone back to: where it must
// come from, and whether the secret is to be seen at once and in the end.
func TestBack(t *testing.T) {
	t.Parallel()
	eachWay(t, testBack)
}

func testBack(t *testing.T, e Engine) {
	if e.Name() == "webkit" {
		t.Skip("NOT TESTED: WebKitGTK does not tell")
	}
	header := func(name, value, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(name, value)
			shows(text)(w, nil)
		}
	}
	gone := false
	const unload = `<script>addEventListener("unload", () => {})</script>`
	base := site(t, map[string]http.HandlerFunc{
		"/plain":    header("Cache-Control", "max-age=600", `<p id=secret>secret</p>`),
		"/no-store": header("Cache-Control", "no-store", `<p id=secret>secret</p>`),
		"/cached":   header("Cache-Control", "max-age=600", unload+`<p id=secret>secret</p>`),
		"/asked": func(w http.ResponseWriter, r *http.Request) {
			if gone {
				header("Cache-Control", "no-store", unload+`<p>signed out</p>`)(w, r)
				return
			}
			header("Cache-Control", "no-store", unload+`<p id=secret>secret</p>`)(w, r)
		},
		"/reloads": func(w http.ResponseWriter, r *http.Request) {
			if gone {
				shows("<p>signed out</p>")(w, r)
				return
			}
			header("Cache-Control", "no-cache", `<p id=secret>secret</p>
				<script>addEventListener("pageshow", e => e.persisted && location.reload())</script>`)(w, r)
		},
		"/hides": func(w http.ResponseWriter, r *http.Request) {
			if gone {
				shows("<p>signed out</p>")(w, r)
				return
			}
			header("Cache-Control", "no-cache", `<p id=secret>secret</p>
				<script>addEventListener("pageshow", e => e.persisted && (document.body.hidden = true, location.reload()))</script>`)(w, r)
		},
		"/end": shows("<p>end</p>"),
	})
	noStore := map[string]string{"chrome": FromPageCache, "firefox": FromServer}[e.Name()]
	ctx := t.Context()
	b := launchIn(t, e, Options{})
	back := b.(PageHistory)
	if err := back.Watch(ctx, "p["); err == nil || !strings.Contains(err.Error(), "not a valid selector") {
		t.Errorf("a bad selector: %v", err)
	}
	ok(t, back.Watch(ctx, "#secret"))
	if r, err := back.Back(ctx); err != nil || r.From != FromNowhere || r.AtOnce != nil || r.Later != nil {
		t.Errorf("at the beginning: %+v, %v", r, err)
	}
	for _, c := range []struct {
		path, from    string
		atOnce, later bool
	}{
		{"/plain", FromPageCache, true, true},
		{"/no-store", noStore, noStore == FromPageCache, true},
		{"/cached", FromCache, true, true},
		{"/asked", FromServer, false, false},
		{"/reloads", FromPageCache, true, false},
		{"/hides", FromPageCache, false, false},
	} {
		gone = false
		ok(t, b.Open(ctx, base+c.path))
		ok(t, b.Open(ctx, base+"/end"))
		gone = true
		r, err := back.Back(ctx)
		ok(t, err)
		atOnce := r.AtOnce != nil && r.AtOnce.Seen["#secret"]
		if r.From != c.from || atOnce != c.atOnce || r.Later.Seen["#secret"] != c.later {
			t.Errorf("%s: from %s, at once %v, later %v", c.path, r.From, atOnce, r.Later.Seen["#secret"])
		}
		if c.atOnce != (r.AtOnce != nil && strings.Contains(r.AtOnce.Text, "secret")) {
			t.Errorf("%s: at once it reads %+v", c.path, r.AtOnce)
		}
		if r.Later.URL != base+c.path {
			t.Errorf("%s: at %s", c.path, r.Later.URL)
		}
	}
	ok(t, b.Open(ctx, base+"/end")) // the gate is open again
}

func TestTabsShareTheJarAndNotThePage(t *testing.T) {
	t.Parallel()
	eachWay(t, testTabs)
}

func testTabs(t *testing.T, e Engine) {
	if e.Name() == "webkit" {
		t.Skip("NOT TESTED: WebKitGTK has no tabs here")
	}
	base := site(t, map[string]http.HandlerFunc{"/set": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Set-Cookie", "k=v")
		shows("<p id=one>one</p>")(w, nil)
	}, "/show": cookiesSent, "/": shows(`<a id=go href=/show>x</a>`)})
	ctx := t.Context()
	b := launchIn(t, e, Options{})
	tabs := b.(Tabs)
	ok(t, b.Open(ctx, base+"/set"))
	n, err := tabs.OpenTab(ctx)
	ok(t, err)
	if n != 1 {
		t.Errorf("the second tab has number %d", n)
	}
	ok(t, b.Open(ctx, base+"/"))
	ok(t, b.Click(ctx, "#go"))
	if text, err := b.Text(ctx, "#got"); text != "k=v" || err != nil {
		t.Errorf("the second tab sends %q, %v", text, err)
	}
	ok(t, tabs.UseTab(ctx, 0))
	if seen, err := b.Visible(ctx, "#one"); !seen || err != nil {
		t.Errorf("the first tab shows something else: %v, %v", seen, err)
	}
	if err := tabs.UseTab(ctx, 2); err == nil || err.Error() != "use tab 2: there are 2 tabs" {
		t.Errorf("a tab that is not there: %v", err)
	}
	ok(t, tabs.UseTab(ctx, 1))
	if seen, err := b.Visible(ctx, "#got"); !seen || err != nil {
		t.Errorf("the second tab shows something else: %v, %v", seen, err)
	}
	if _, shared := b.(*window); shared {
		return
	}
	ok(t, b.Restart(ctx, false))
	ok(t, b.Open(ctx, base+"/show"))
	if text, err := b.Text(ctx, "#got"); text != "" || err != nil {
		t.Errorf("after a restart with two tabs: %q, %v", text, err)
	}
}

func TestPrivateWindowIsApart(t *testing.T) {
	t.Parallel()
	each(t, testPrivateWindow)
}

func testPrivateWindow(t *testing.T, e Engine) {
	if e.Name() == "webkit" {
		t.Skip("NOT TESTED: WebKitGTK has no private windows here")
	}
	base := site(t, map[string]http.HandlerFunc{"/set": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", "k="+r.URL.RawQuery)
		shows("<p>x</p>")(w, r)
	}, "/show": cookiesSent})
	ctx := t.Context()
	b := launchIn(t, e, Options{Source: "127.0.0.7"})
	ok(t, b.Open(ctx, base+"/set?normal"))
	seen := len(b.Journal())
	w, err := b.(PrivateWindows).OpenPrivate(ctx)
	ok(t, err)
	ok(t, w.Open(ctx, base+"/set?private"))
	for name, x := range map[string]Browser{"normal": b, "private": w} {
		ok(t, x.Open(ctx, base+"/show"))
		if text, err := x.Text(ctx, "#got"); text != "k="+name || err != nil {
			t.Errorf("the %s window sends %q, %v", name, text, err)
		}
		jar, err := x.Jar(ctx)
		if ok(t, err); len(jar) != 1 || jar[0].Value != name {
			t.Errorf("the %s jar: %+v", name, jar)
		}
	}
	if n := len(b.Journal()); n <= seen || n > seen+2 {
		t.Errorf("the journal of the normal window has %d entries, %d before", n, seen)
	}
	if j := w.Journal(); len(j) == 0 || j[0].Request.Source != "127.0.0.7" {
		t.Errorf("the journal of the private window: %+v", j)
	}
	if err := w.Restart(ctx, true); err == nil {
		t.Error("a private window was restarted")
	}
	ok(t, w.Close(ctx))
	if err := w.Open(ctx, base+"/show"); err == nil {
		t.Error("a closed window opens pages")
	}
	w, err = b.(PrivateWindows).OpenPrivate(ctx)
	ok(t, err)
	ok(t, w.Open(ctx, base+"/show"))
	if text, err := w.Text(ctx, "#got"); text != "" || err != nil {
		t.Errorf("a new private window sends %q, %v", text, err)
	}
	ok(t, b.Open(ctx, base+"/show"))
	if text, err := b.Text(ctx, "#got"); text != "k=normal" || err != nil {
		t.Errorf("afterwards the normal window sends %q, %v", text, err)
	}
	ok(t, w.Kill())
	ok(t, w.Kill())
}
