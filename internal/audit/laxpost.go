package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/sessionspec/sessionspec/browsers"
)

// laxPost is how long a young cookie without SameSite goes along with a POST
// from another site. The wait is made by moving the browser's clock.
var laxPost = Probe{
	ID: "laxpost", Title: "A form by POST from another site, cookie without SameSite",
	Rows: []Expect{
		{ID: "new", What: "cookie just made", Want: []string{notSent, sent}, Source: unsafe},
		{ID: "1m50s", What: "cookie 1 min 50 s old", Want: []string{notSent, sent}, Source: unsafe},
		{ID: "2m10s", What: "cookie 2 min 10 s old", Want: []string{notSent}, Source: unsafe + "; 2 minutes or less"},
		{ID: "renewed", What: "the same, with a new value just now", Want: []string{notSent, sent}, Source: "RFC 6265bis 5.7 step 23: it keeps its creation time"},
	},
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		hand, err := browsers.NewClock()
		if err != nil {
			return fmt.Errorf("the browser's clock cannot be moved: %w", err)
		}
		defer hand.Close()
		a, err := s.own(ctx, browsers.Options{Clock: hand})
		if err != nil {
			return err
		}
		defer a.done()
		host, other := s.host("target"), s.Web.HTTPS(s.host("other"))
		home := s.Web.HTTPS(host) + "/"
		if err := a.set(ctx, home+"set", "default=1; Path=/"); err != nil {
			return err
		}
		var start float64
		if err := a.Eval(ctx, "Date.now()", &start); err != nil {
			return err
		}
		began := time.Now()
		for _, c := range []struct {
			id  string
			age time.Duration
		}{{"new", 0}, {"1m50s", 110 * time.Second}, {"2m10s", 130 * time.Second}, {"renewed", 130 * time.Second}} {
			if c.id == "renewed" {
				if err := a.set(ctx, home+"set", "default=2; Path=/"); err != nil {
					return err
				}
			}
			// The real time that passes counts too, on a slow machine.
			if gone := time.Since(began); c.id == "1m50s" && gone > 5*time.Second {
				c.age = max(0, c.age-gone+5*time.Second)
			}
			if err := hand.Set(c.age); err != nil {
				return err
			}
			header, err := a.from(ctx, "post", other, home, `<form method="post" action="%s"><button id="go">go</button></form>`)
			if err != nil {
				return err
			}
			var now float64
			if err := a.Eval(ctx, "Date.now()", &now); err != nil {
				return err
			}
			moved := time.Duration(now-start) * time.Millisecond
			if moved < c.age {
				return fmt.Errorf("the browser's clock went on by %s, not by %s", moved.Round(time.Second), c.age)
			}
			if c.id == "1m50s" && moved > 115*time.Second {
				seen.cannot(c.id, "the machine is too slow: two minutes were over")
				continue
			}
			seen[c.id] = either(names(header, "default") == "default", sent, notSent)
		}
		return nil
	},
}
