package browsers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestJarAndJournal(t *testing.T) {
	t.Parallel()
	eachWay(t, testJarAndJournal)
}

func testJarAndJournal(t *testing.T, e Engine) {
	lines := []string{
		"host=1",
		"dup=1; Path=/", "dup=2; Path=/", "DUP=3; path=/",
		"dom=1; Domain=app.test; Path=/deep; HttpOnly",
		"lax=1; SameSite=Lax; Max-Age=3600",
		"strict=1; samesite=strict",
		"gone=1; Max-Age=0",
		"bad=1; SameSite=None", // refused without Secure
	}
	var remote string
	base := site(t, map[string]http.HandlerFunc{
		"/": func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" {
				remote = r.RemoteAddr
				w.Header()["Set-Cookie"] = lines
			}
		},
	})
	ctx := t.Context()
	b := launchIn(t, e, Options{Source: "127.0.0.9"})
	url := strings.Replace(base, "127.0.0.1", "www.app.test", 1)
	ok(t, b.Open(ctx, url+"/"))

	if !strings.HasPrefix(remote, "127.0.0.9:") {
		t.Errorf("the server saw %s, want 127.0.0.9", remote)
	}
	first := b.Journal()[0]
	if first.Request.Source != "127.0.0.9" || first.Request.URL != url+"/" || first.Response.Proto != "HTTP/1.1" {
		t.Errorf("journal: %+v", first.Request)
	}
	if got := first.Response.Header.Values("set-cookie"); strings.Join(got, "\n") != strings.Join(lines, "\n") {
		t.Errorf("Set-Cookie lines in the journal:\n%s", strings.Join(got, "\n"))
	}

	jar, err := b.Jar(ctx)
	ok(t, err)
	got := map[string]Cookie{}
	for _, c := range jar {
		got[c.Name] = c
	}
	var names []string
	for _, n := range []string{"host", "dup", "DUP", "dom", "lax", "strict", "gone", "bad"} {
		if _, ok := got[n]; ok {
			names = append(names, n)
		}
	}
	holds := "host dup DUP dom lax strict"
	if e.Name() == "webkit" { // libsoup takes SameSite=None without Secure
		holds += " bad"
	}
	if s := strings.Join(names, " "); s != holds || len(jar) != len(names) {
		t.Fatalf("jar holds %s (%d)", s, len(jar))
	}
	describe := func(c Cookie) string {
		if c.Size == nil { // WebKitGTK does not tell, nor a SameSite=None from one that was not said
			size := len(c.Name) + len(c.Value)
			c.Size, c.SameSite = &size, strings.TrimPrefix(c.SameSite, "None")
		}
		return fmt.Sprint(c.Value, " ", c.Domain, " hostOnly=", *c.HostOnly, " ", c.Path, " session=", c.Session, " httpOnly=", c.HTTPOnly, " secure=", c.Secure, " ", c.SameSite, " size=", *c.Size)
	}
	for name, want := range map[string]string{
		"host":   "1 www.app.test hostOnly=true / session=true httpOnly=false secure=false  size=5",
		"dup":    "2 www.app.test hostOnly=true / session=true httpOnly=false secure=false  size=4",
		"dom":    "1 app.test hostOnly=false /deep session=true httpOnly=true secure=false  size=4",
		"lax":    "1 www.app.test hostOnly=true / session=false httpOnly=false secure=false Lax size=4",
		"strict": "1 www.app.test hostOnly=true / session=true httpOnly=false secure=false Strict size=7",
	} {
		if s := describe(got[name]); s != want {
			t.Errorf("%s: %s\nwant %s", name, s, want)
		}
	}
	if left := time.Until(got["lax"].Expires); left < 59*time.Minute || left > time.Hour || !got["host"].Expires.IsZero() {
		t.Errorf("lax expires in %s, host at %s", left, got["host"].Expires)
	}

	t.Run("set what was read", func(t *testing.T) {
		ok(t, b.ClearCookies(ctx))
		if jar, err := b.Jar(ctx); err != nil || len(jar) != 0 {
			t.Fatalf("after clear: %v, %v", jar, err)
		}
		ok(t, b.SetCookies(ctx, jar...))
		again, err := b.Jar(ctx)
		ok(t, err)
		if len(again) != len(jar) {
			t.Fatalf("%d cookies, want %d", len(again), len(jar))
		}
		for _, c := range again {
			if describe(c) != describe(got[c.Name]) || c.Expires.Sub(got[c.Name].Expires).Abs() > time.Millisecond {
				t.Errorf("%s: %s %s\nwant %s %s", c.Name, describe(c), c.Expires, describe(got[c.Name]), got[c.Name].Expires)
			}
		}
	})
	t.Run("screenshot", func(t *testing.T) {
		png, err := b.Screenshot(ctx)
		if err != nil || !strings.HasPrefix(string(png), "\x89PNG") {
			t.Errorf("%d bytes, %v", len(png), err)
		}
	})
}
