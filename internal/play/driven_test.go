package play

import (
	"context"
	"testing"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/targets"
)

// TestAskingAsTheDriverDid: the request that was seen is made again with another
// credential, and without the lines that were about a body.
func TestAskingAsTheDriverDid(t *testing.T) {
	c, got := drivenClient(t, func(context.Context, *targets.Client, targets.Call) (targets.Result, error) {
		return targets.Result{Outcome: targets.OK}, nil
	})
	e := c.env
	e.Target.Operations = targets.Operations{"whoami": {{Name: "driver", Steps: targets.Steps{{Drive: "whoami"}}}}}
	if g := e.localGap("crawl"); g == nil || g.Declared {
		t.Errorf("a crawl with nowhere to begin: %+v", g)
	}
	e.Cal = Calibration{Done: true, Value: true, Sample: []history.Carrier{{Kind: "value", Name: "credential", Value: "token-of-first"}},
		Places: []string{e.Target.Base + "/me?x=${y}"},
		Asked: &history.Request{Method: "GET", URL: e.Target.Base + "/me?x=${y}", Header: history.Lines{{Name: "User-Agent", Value: "a"}, {Name: "Host", Value: "h"},
			{Name: "Content-Length", Value: "4"}, {Name: "Authorization", Value: "Bearer token-of-first"}, {Name: "X-Kind", Value: "app"}}}}
	if g := e.localGap("crawl"); g != nil {
		t.Errorf("%+v", g)
	}
	c.kept["credential"] = "token-of-alice"
	steps := e.asking()
	if len(steps) != 1 {
		t.Fatalf("%d steps", len(steps))
	}
	if _, _, err := c.perform(context.Background(), steps[0], c.vars(nil)); err != nil {
		t.Fatal(err)
	}
	r := (*got)[0]
	if r.URL.RequestURI() != "/me?x=${y}" || r.Header.Get("Authorization") != "Bearer token-of-alice" || r.Header.Get("X-Kind") != "app" || r.ContentLength > 0 || r.UserAgent() != c.agent {
		t.Errorf("%s %v", r.URL, r.Header)
	}
	if start := c.startingPoints(); len(start) != 1 {
		t.Errorf("a crawl begins at %v", start)
	}
}
