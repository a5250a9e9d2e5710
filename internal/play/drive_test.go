package play

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/targets"
)

// driverFunc is a driver that offers nothing but does what a test says.
type driverFunc func(ctx context.Context, c *targets.Client, call targets.Call) (targets.Result, error)

func (driverFunc) Offers() []targets.Offer { return nil }
func (f driverFunc) Perform(ctx context.Context, c *targets.Client, call targets.Call) (targets.Result, error) {
	return f(ctx, c, call)
}

// drivenClient is a client of a target that is driven, against a server that
// tells what it was sent and sets a cookie.
func drivenClient(t *testing.T, f driverFunc) (*client, *[]*http.Request) {
	t.Helper()
	var got []*http.Request
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r)
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: "value-of-sid", Path: "/"})
		if r.URL.Path == "/moved" {
			http.Redirect(w, r, "/elsewhere", http.StatusSeeOther)
		}
	}))
	t.Cleanup(srv.Close)
	e, err := NewEnv(&targets.Target{Name: "t", Base: srv.URL, Vars: map[string]string{}, Driver: f}, false, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := e.newClient(story.Client{Name: "laptop"}, e.address())
	c.who = &account{role: "alice", name: "alice-x", password: "secret"}
	return c, &got
}

func driveOnce(c *client, word string) *tally {
	return c.run(context.Background(), targets.Route{Steps: targets.Steps{{Drive: word}}}, c.who.vars())
}

func TestDriverSendsAsTheClient(t *testing.T) {
	c, got := drivenClient(t, func(ctx context.Context, c *targets.Client, call targets.Call) (targets.Result, error) {
		if call.Operation != "sign_in" || call.Route != "code" || call.User != "alice-x" || call.Password != "secret" || c.Kept["old"] != "thing" {
			t.Errorf("asked %+v with %v", call, c.Kept)
		}
		for _, u := range []string{"/moved", c.Base + "/again"} {
			req, _ := http.NewRequestWithContext(ctx, "POST", u, strings.NewReader("body"))
			req.Header.Set("Content-Type", "text/x-own")
			req.Header.Set("User-Agent", "not this one")
			res, err := c.HTTP.Do(req)
			if err != nil {
				return targets.Result{}, err
			}
			res.Body.Close()
			if u == "/moved" && res.StatusCode != 303 {
				t.Errorf("a redirect was followed: %d", res.StatusCode)
			}
		}
		return targets.Result{Outcome: targets.OK, Keep: map[string]string{"credential": "a-token-of-length", "old": ""}}, nil
	})
	c.kept["old"] = "thing"
	tl := driveOnce(c, "sign_in/code")
	if tl.outcome != history.OK {
		t.Fatalf("%s: %s", tl.outcome, tl.why)
	}
	if len(*got) != 2 {
		t.Fatalf("%d requests", len(*got))
	}
	second := (*got)[1]
	if second.UserAgent() != c.agent || second.Header.Get("Content-Type") != "text/x-own" {
		t.Errorf("%v", second.Header)
	}
	if k, err := second.Cookie("sid"); err != nil || k.Value != "value-of-sid" {
		t.Errorf("the cookie of the first answer is not in the second request: %v", second.Header)
	}
	if !strings.HasPrefix(second.RemoteAddr, c.address+":") {
		t.Errorf("from %s, not from %s", second.RemoteAddr, c.address)
	}
	if len(tl.events) != 3 || tl.events[0].Exchange == nil || tl.events[2].Driver == "" {
		t.Errorf("%d events, the last %+v", len(tl.events), tl.events[len(tl.events)-1])
	}
	if c.kept["credential"] != "a-token-of-length" || c.kept["old"] != any(targets.Missing{}) {
		t.Errorf("kept %v", c.kept)
	}
	var offered []string
	for _, o := range tl.offers {
		offered = append(offered, o.Kind+" "+o.Value)
		if tl.events[o.Event].Exchange == nil {
			t.Errorf("%+v is of no answer", o)
		}
	}
	if strings.Join(offered, ",") != "cookie value-of-sid,cookie value-of-sid,value a-token-of-length" {
		t.Errorf("offered: %v", offered)
	}
}

func TestDriverOutcomes(t *testing.T) {
	for name, c := range map[string]struct {
		res   targets.Result
		err   error
		want  string
		state string
	}{
		"ok":       {targets.Result{Outcome: targets.OK, Name: "alice-x"}, nil, history.OK, history.Live},
		"refused":  {targets.Result{Outcome: targets.Refused, Why: "no"}, nil, history.Refused, history.Dead},
		"pending":  {targets.Result{Outcome: targets.Pending}, nil, history.Pending, history.HalfLive},
		"error":    {targets.Result{Outcome: targets.OK}, errors.New("trouble"), history.Failed, history.NoVerdict},
		"nothing":  {targets.Result{}, nil, history.Failed, history.NoVerdict},
		"nonsense": {targets.Result{Outcome: "fine"}, nil, history.Failed, history.NoVerdict},
	} {
		t.Run(name, func(t *testing.T) {
			cl, _ := drivenClient(t, func(context.Context, *targets.Client, targets.Call) (targets.Result, error) { return c.res, c.err })
			if tl := driveOnce(cl, "sign_in"); tl.outcome != c.want {
				t.Errorf("%s (%s), want %s", tl.outcome, tl.why, c.want)
			}
			cl.env.Target.Operations = targets.Operations{"whoami": {{Name: "driver", Steps: targets.Steps{{Drive: "whoami"}}}}}
			a := cl.whoami(context.Background(), func(string) string { return "alice" })
			if a.State != c.state || c.state == history.Live && a.User != "alice" {
				t.Errorf("whoami: %+v, want %s", a, c.state)
			}
		})
	}
}

func TestDriverTroubleIsAnError(t *testing.T) {
	for name, c := range map[string]struct {
		f    driverFunc
		want string
	}{
		"panic": {func(context.Context, *targets.Client, targets.Call) (targets.Result, error) { panic("oh") }, "panic: oh"},
		"cookies of its own": {func(ctx context.Context, c *targets.Client, _ targets.Call) (targets.Result, error) {
			req, _ := http.NewRequestWithContext(ctx, "GET", "/", nil)
			req.AddCookie(&http.Cookie{Name: "sid", Value: "x"})
			_, _ = c.HTTP.Do(req) //nolint:bodyclose // there is none: it is refused
			return targets.Result{Outcome: targets.OK}, nil
		}, "cookies of its own"},
	} {
		t.Run(name, func(t *testing.T) {
			cl, _ := drivenClient(t, c.f)
			if tl := driveOnce(cl, "sign_in"); tl.outcome != history.Failed || !strings.Contains(tl.why, c.want) {
				t.Errorf("%s: %s", tl.outcome, tl.why)
			}
		})
	}
}

// TestDriverThatDoesNotReturn: the harness goes on when the context is over, and
// what the driver sends later goes nowhere.
func TestDriverThatDoesNotReturn(t *testing.T) {
	release, late := make(chan struct{}), make(chan error, 1)
	cl, got := drivenClient(t, func(_ context.Context, c *targets.Client, _ targets.Call) (targets.Result, error) {
		<-release
		_, err := c.HTTP.Get("/late") //nolint:bodyclose // it is refused
		late <- err
		return targets.Result{Outcome: targets.OK}, nil
	})
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errors.New("enough"))
	tl := cl.run(ctx, targets.Route{Steps: targets.Steps{{Drive: "whoami"}}}, nil)
	if tl.outcome != history.Failed || !strings.Contains(tl.why, "enough") {
		t.Errorf("%s: %s", tl.outcome, tl.why)
	}
	close(release)
	if err := <-late; err == nil || len(*got) > 0 {
		t.Errorf("a late request was sent: %v", err)
	}
}
