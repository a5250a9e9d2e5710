package cookie

import (
	"slices"
	"sync"
	"testing"
	"time"
)

const site = "https://www.app.test/dir/page"

// jarOf sets the lines one second apart, from now on.
func jarOf(t *testing.T, url string, lines ...string) *Jar {
	t.Helper()
	j := &Jar{}
	for i, line := range lines {
		if out := j.Set(at(url), line, now.Add(time.Duration(i)*time.Second)); out.Result == Rejected {
			t.Fatalf("%s: %s", line, out.Reason)
		}
	}
	return j
}

func wantHeader(t *testing.T, j *Jar, url string, when time.Time, want string) {
	t.Helper()
	if got := j.Header(at(url), when); got != want {
		t.Errorf("Cookie for %s: got %q, want %q", url, got, want)
	}
}

func TestJarOrder(t *testing.T) {
	j := jarOf(t, site, "root=1; Path=/", "dir=2", "old=3; Path=/", "=nameless; Path=/", "deep=4; Path=/dir/page", "empty=; Path=/")
	wantHeader(t, j, site, now, "deep=4; dir=2; root=1; old=3; nameless; empty=")
	wantHeader(t, j, "https://www.app.test/", now, "root=1; old=3; nameless; empty=")

	// Replacing keeps the creation time, so the place.
	out := j.Set(at(site), "root=new; Path=/", now.Add(time.Hour))
	if out.Result != Replaced || out.Old.Value != "1" || !out.Cookie.Created.Equal(now) {
		t.Errorf("outcome %+v", out)
	}
	wantHeader(t, j, "https://www.app.test/", now, "root=new; old=3; nameless; empty=")
}

func TestJarOrderAtOneInstant(t *testing.T) {
	j := &Jar{}
	want := ""
	for _, name := range []string{"q", "b", "z", "a", "m", "c", "y", "d"} {
		j.Set(at(site), name+"=1; Path=/", now)
		want += "; " + name + "=1"
	}
	j.Set(at(site), "b=1; Path=/; HttpOnly", now) // replaced, so it keeps its place
	wantHeader(t, j.Clone(), site, now, want[2:])
}

func TestJarScope(t *testing.T) {
	j := jarOf(t, site, "host=1; Path=/", "domain=2; Path=/; Domain=app.test", "secure=3; Path=/; Secure")
	wantHeader(t, j, site, now, "host=1; domain=2; secure=3")
	wantHeader(t, j, "https://app.test/", now, "domain=2")
	wantHeader(t, j, "https://x.www.app.test/", now, "domain=2")
	wantHeader(t, j, "https://other.test/", now, "")
	wantHeader(t, j, "http://www.app.test/", now, "host=1; domain=2")
	wantHeader(t, j, "https://www.app.test:8443", now, "host=1; domain=2; secure=3") // any port, no path

	local := jarOf(t, "http://127.0.0.1:1234/", "s=1; Secure")
	wantHeader(t, local, "http://127.0.0.1:999/", now, "s=1")
	wantHeader(t, local, "http://127.0.0.2:1234/", now, "")
}

func TestJarKeys(t *testing.T) {
	// Four cookies: host-only or not, one path or another; names are case-sensitive.
	j := jarOf(t, site, "a=1; Path=/", "a=2; Path=/; Domain=www.app.test", "a=3", "A=4; Path=/")
	if got := len(j.All()); got != 4 {
		t.Fatalf("%d cookies", got)
	}
	wantHeader(t, j, site, now, "a=3; a=1; a=2; A=4")
	if !j.Drop(Key{Name: "a", Domain: "www.app.test", Path: "/", HostOnly: true}) || j.Drop(Key{Name: "a"}) {
		t.Error("Drop")
	}
	wantHeader(t, j, site, now, "a=3; a=2; A=4")

	// A deletion reaches only its own key.
	out := j.Set(at(site), "a=; Path=/; Max-Age=0", now)
	if out.Result != Deleted || out.Old != nil {
		t.Errorf("deleting what is not there: %+v", out)
	}
	out = j.Set(at(site), "a=; Path=/; Domain=www.app.test; Expires=Thu, 01 Jan 1970 00:00:00 GMT", now)
	if out.Result != Deleted || out.Old == nil || out.Old.Value != "2" {
		t.Errorf("deletion: %+v", out)
	}
	wantHeader(t, j, site, now, "a=3; A=4")
}

func TestJarExpiryAndRestart(t *testing.T) {
	j := jarOf(t, site, "session=1; Path=/", "minute=2; Path=/; Max-Age=60", "year=3; Path=/; Expires=Mon, 01 Jun 2026 12:00:00 GMT")
	minute := now.Add(time.Second + time.Minute) // "minute" came a second after now
	wantHeader(t, j, site, minute.Add(-time.Nanosecond), "session=1; minute=2; year=3")

	restarted := j.Clone()
	restarted.Restart(now.Add(30 * time.Second))
	wantHeader(t, restarted, site, now.Add(30*time.Second), "minute=2; year=3")

	wantHeader(t, j, site, minute, "session=1; year=3")
	if got := len(j.All()); got != 2 {
		t.Errorf("an expired cookie stays in the jar: %d", got)
	}
	if got := len(restarted.All()); got != 2 {
		t.Errorf("the clone changed with its origin: %d", got)
	}
	// What has expired gives no place to its successor.
	if out := j.Set(at(site), "minute=9; Path=/", minute); out.Result != Stored || !out.Cookie.Created.Equal(minute) {
		t.Errorf("outcome %+v", out)
	}
}

func TestJarLeavesSecureCookiesAlone(t *testing.T) {
	const plain = "http://www.app.test/"
	j := jarOf(t, site, "a=1; Secure; Path=/login", "b=1; Secure; Path=/; Domain=app.test")
	for _, c := range []struct {
		url, line string
		want      Result
	}{
		{plain, "a=2; Path=/login", Rejected},
		{plain, "a=2; Path=/login/en", Rejected},
		{plain, "a=2; Path=/login; Domain=app.test", Rejected}, // wider domain
		{plain, "a=2; Path=/login; Max-Age=0", Rejected},
		{plain, "a=2; Path=/", Stored},
		{plain, "a=2; Path=/loginx", Stored},
		{plain, "A=2; Path=/login", Stored},
		{"http://other.test/", "a=2; Path=/login", Stored},
		{plain, "b=2; Path=/", Rejected}, // narrower domain
		{"https://www.app.test/", "a=2; Path=/login", Replaced},
		{plain, "a=3; Path=/login", Replaced}, // no longer Secure
	} {
		if out := j.Set(at(c.url), c.line, now); out.Result != c.want {
			t.Errorf("%s on %s: %s %s, want %s", c.line, c.url, out.Result, out.Reason, c.want)
		}
	}
}

func TestJarRejectionKeepsTheOldCookie(t *testing.T) {
	j := jarOf(t, site, "a=1; Path=/")
	if out := j.Set(at(site), "a=2; Path=/; SameSite=None", now); out.Result != Rejected || out.Reason != NoneInsecure {
		t.Errorf("outcome %+v", out)
	}
	wantHeader(t, j, site, now, "a=1")
}

func TestJarPut(t *testing.T) {
	j := jarOf(t, site, "a=1; Path=/", "b=2; Path=/")
	all := j.All()
	all[0].Value = "forged"
	j.Put(all[0])
	// Not even the jar's owner gets a cookie for a public suffix sent.
	j.Put(Cookie{Name: "wide", Domain: "test", Path: "/"})
	wantHeader(t, j, site, now, "a=forged; b=2")
	if names := slices.Collect(func(yield func(string) bool) {
		for _, c := range j.All() {
			yield(c.Name)
		}
	}); !slices.Equal(names, []string{"wide", "a", "b"}) { // oldest first
		t.Errorf("names %v", names)
	}
}

func TestJarAccessTime(t *testing.T) {
	j := jarOf(t, site, "a=1; Path=/", "b=2; Path=/other")
	later := now.Add(time.Hour)
	j.Header(at(site), later)
	if all := j.All(); !all[0].Accessed.Equal(later) || all[1].Accessed.Equal(later) {
		t.Errorf("accessed %v and %v", all[0].Accessed, all[1].Accessed)
	}
}

func TestJarFromManyGoroutines(t *testing.T) {
	j := &Jar{}
	var wg sync.WaitGroup
	for _, name := range []string{"a", "b", "c", "d"} {
		wg.Go(func() {
			for range 100 {
				j.Set(at(site), name+"=1; Path=/", now)
				j.Header(at(site), now)
				j.Clone().Restart(now)
			}
		})
	}
	wg.Wait()
	wantLen := 4
	if got := len(j.Cookies(at(site), now)); got != wantLen {
		t.Errorf("%d cookies, want %d", got, wantLen)
	}
}
