package browsers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestClock moves the clock of a running browser and looks which cookies end.
func TestClock(t *testing.T) {
	t.Parallel()
	each(t, testClock)
}

func testClock(t *testing.T, e Engine) {
	hand, err := NewClock()
	if err != nil {
		t.Skipf("NOT TESTED: %v", err)
	}
	defer hand.Close()
	var got string
	base := site(t, map[string]http.HandlerFunc{
		"/set": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Set-Cookie"] = []string{"hour=1; Max-Age=3600", "month=1; Max-Age=2592000"}
		},
		"/read": func(w http.ResponseWriter, r *http.Request) { got = r.Header.Get("Cookie"); fmt.Fprint(w, "x") },
	})
	ctx := t.Context()
	b := launchIn(t, e, Options{Clock: hand})
	ok(t, b.Open(ctx, base+"/set"))
	for _, c := range []struct {
		ahead time.Duration
		want  string
	}{{0, "hour=1; month=1"}, {2 * time.Hour, "month=1"}, {31 * 24 * time.Hour, ""}} {
		ok(t, hand.Set(c.ahead))
		ok(t, b.Open(ctx, base+"/read?"+fmt.Sprint(c.ahead)))
		if got != c.want {
			t.Errorf("%s ahead: %q, want %q", c.ahead, got, c.want)
		}
		var now float64
		ok(t, b.Eval(ctx, "Date.now()", &now))
		if off := time.Since(time.UnixMilli(int64(now))) + c.ahead; off.Abs() > time.Minute {
			t.Errorf("%s ahead: the page's clock is off by %s", c.ahead, off)
		}
	}
}

func TestClockEnvironment(t *testing.T) {
	if env := (*Clock)(nil).environ(); env != nil {
		t.Error(env)
	}
	t.Setenv("LD_PRELOAD", "/other.so")
	env := strings.Join((&Clock{dir: "/d"}).environ(), " ")
	if env != "LD_PRELOAD=/d/wallshift.so:/other.so WALLSHIFT_FILE=/d/offset" {
		t.Error(env)
	}
}
