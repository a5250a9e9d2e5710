package browsers

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

// framedSite is a site for frames: /set sets a cookie by what=, /form stores
// what was filled in, /cookies says what came along.
func framedSite(t *testing.T) string {
	t.Helper()
	return site(t, map[string]http.HandlerFunc{
		"/cookies": func(w http.ResponseWriter, r *http.Request) {
			shows("<p id=got>"+r.Header.Get("Cookie")+"</p><a id=again href=/cookies>again</a>")(w, r)
		},
		"/set": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Add("Set-Cookie", r.URL.Query().Get("line"))
			shows("<p id=set>set</p>")(w, r)
		},
		"/form": func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				w.Header().Add("Set-Cookie", "said="+r.FormValue("text")+"; Path=/; Secure; SameSite=None; Partitioned")
				http.Redirect(w, r, "/cookies", http.StatusSeeOther)
				return
			}
			shows(`<form method=post><input id=text name=text><button id=go>go</button></form>`)(w, r)
		},
		"/refused": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", "frame-ancestors 'none'")
			shows("<p id=secret>secret</p>")(w, r)
		},
		"/old-refused": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Frame-Options", "DENY")
			shows("<p id=secret>secret</p>")(w, r)
		},
		"/top": func(w http.ResponseWriter, r *http.Request) {
			shows(`<p id=top>top</p><iframe width=600 height=400 src="http://`+strings.Replace(r.Host, "one.test", "127.0.0.1", 1)+r.URL.Query().Get("show")+`"></iframe>`)(w, r)
		},
	})
}

// In a frame of another site one fills in, clicks, asks and reads as on a page;
// its partitioned cookie is for that pair of sites alone.
func TestFrame(t *testing.T) {
	t.Parallel()
	each(t, testFrame)
}

func testFrame(t *testing.T, e Engine) {
	base := framedSite(t)
	b := launchIn(t, e, Options{})
	ctx := t.Context()
	f := b.(Frames)
	if e.Name() == "webkit" {
		ok(t, b.Open(ctx, base+"/cookies"))
		if _, err := f.EnterFrame(ctx); !errors.Is(err, ErrUnable) {
			t.Errorf("it can be entered: %v", err)
		}
		return
	}
	top := func(host, show string) string {
		return strings.Replace(base, "127.0.0.1", host, 1) + "/top?show=" + strings.ReplaceAll(show, "127.0.0.1", host)
	}
	ok(t, b.Open(ctx, top("one.test", "/form")))
	refused, err := f.EnterFrame(ctx)
	if err != nil || refused {
		t.Fatal(refused, err)
	}
	ok(t, b.Fill(ctx, "#text", "hello"))
	ok(t, b.Click(ctx, "#go"))
	if got, err := b.Text(ctx, "#got"); err != nil || got != "said=hello" {
		t.Errorf("in the frame: %q %v", got, err)
	}
	ok(t, b.Click(ctx, "#again"))
	x, err := b.Fetch(ctx, "GET", "/cookies", nil, "")
	if err != nil || x.Request.Header.Get("Cookie") != "said=hello" {
		t.Errorf("fetch in the frame: %+v %v", x.Request, err)
	}
	ok(t, b.Open(ctx, base+"/cookies?2"))
	if got, err := b.Text(ctx, "#got"); err != nil || got != "said=hello" {
		t.Errorf("navigated in the frame: %q %v", got, err)
	}
	ok(t, f.LeaveFrame(ctx))
	if got, err := b.Text(ctx, "#top"); err != nil || got != "top" {
		t.Errorf("outside: %q %v", got, err)
	}
	ok(t, b.Open(ctx, base+"/cookies"))
	if got, err := b.Text(ctx, "#got"); err != nil || got != "" {
		t.Errorf("at the top: %q %v", got, err)
	}
	for _, show := range []string{"/refused", "/old-refused"} {
		ok(t, b.Open(ctx, top("one.test", show)))
		if refused, err := f.EnterFrame(ctx); err != nil || !refused {
			t.Errorf("%s: %v %v", show, refused, err)
		}
		if got, err := b.Text(ctx, "#top"); err != nil || got != "top" {
			t.Errorf("the page around: %q %v", got, err)
		}
	}
	jar, err := b.Jar(ctx)
	if err != nil || len(jar) != 1 || jar[0].PartitionKey == nil || *jar[0].PartitionKey != "http://one.test" {
		t.Errorf("jar: %+v %v", jar, err)
	}
}

// The setting decides whether a frame gets the cookie of its site.
func TestThirdParty(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e Engine) {
		base := framedSite(t)
		ctx := t.Context()
		for set, want := range map[ThirdParty]string{AllowThirdParty: "sid=1", BlockThirdParty: ""} {
			if e.Name() == "webkit" {
				if _, err := e.Launch(ctx, Options{ThirdParty: set}); !errors.Is(err, ErrUnable) {
					t.Errorf("%s: %v", set, err)
				}
				continue
			}
			b := launchIn(t, e, Options{ThirdParty: set})
			ok(t, b.Open(ctx, base+"/set?line=sid=1%3B+Path=/%3B+Secure%3B+SameSite=None"))
			ok(t, b.Open(ctx, strings.Replace(base, "127.0.0.1", "one.test", 1)+"/top?show=/cookies"))
			if refused, err := b.(Frames).EnterFrame(ctx); err != nil || refused {
				t.Fatal(set, refused, err)
			}
			got, err := b.Text(ctx, "#got")
			if err != nil || got != want {
				t.Errorf("%s: the frame got %q, want %q (%v)", set, got, want, err)
			}
		}
	})
}
