package audit

import (
	"context"

	"github.com/sessionspec/sessionspec/browsers"
)

const sessionOver = "RFC 6265bis 5.7, last paragraph; 4.1.2.2: when the session is over is for the browser to define"

// restart is what is left after the browser was ended and started again.
var restart = Probe{
	ID: "restart", Title: "Restart of the browser",
	Rows: []Expect{
		{ID: "session-default", What: "session cookie, after quit and start", Want: []string{gone}, Source: "RFC 6265bis 5.7, last paragraph"},
		{ID: "dated-default", What: "cookie with Max-Age=3600, after quit and start", Want: []string{kept}, Source: "RFC 6265bis 5.6.2"},
		{ID: "session-restore", What: "session cookie, after quit and start with “continue where you left off”", Source: sessionOver},
		{ID: "dated-restore", What: "cookie with Max-Age=3600, likewise", Want: []string{kept}, Source: "RFC 6265bis 5.6.2"},
		{ID: "session-crash", What: "session cookie, after a crash and start", Source: sessionOver},
		{ID: "dated-crash", What: "cookie with Max-Age=3600, likewise", Want: []string{kept}, Source: "RFC 6265bis 5.6.2"},
		{ID: "tab-storage", What: "sessionStorage, after quit and start", Want: []string{gone}, Source: "HTML, sessionStorage: lives as long as its top-level traversable"},
		{ID: "local-storage", What: "localStorage, after quit and start", Want: []string{kept}, Source: "HTML, localStorage"},
	},
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.own(ctx, browsers.Options{})
		if err != nil {
			return err
		}
		defer a.done()
		for _, way := range []struct {
			name  string
			again func() error
		}{
			{"default", func() error { return a.Restart(ctx, false) }},
			{"restore", func() error { return a.Restart(ctx, true) }},
			{"crash", func() error { return a.Crash(ctx) }},
		} {
			at := s.Web.HTTP(s.host("restart")) + "/"
			if err := a.set(ctx, at+"set", "s=1; Path=/", "d=1; Path=/; Max-Age=3600"); err != nil {
				return err
			}
			if way.name == "default" {
				if err := a.Eval(ctx, `sessionStorage.setItem("k", "1"), localStorage.setItem("k", "1"), true`, nil); err != nil {
					return err
				}
			}
			if err := way.again(); err != nil {
				seen.cannot("session-"+way.name, err.Error())
				seen.cannot("dated-"+way.name, err.Error())
				if way.name == "default" {
					seen.cannot("tab-storage", err.Error())
					seen.cannot("local-storage", err.Error())
				}
				continue
			}
			header, err := a.cookies(ctx, at)
			if err != nil {
				return err
			}
			seen["session-"+way.name] = either(has(header, "s=1"), kept, gone)
			seen["dated-"+way.name] = either(has(header, "d=1"), kept, gone)
			if way.name != "default" {
				continue
			}
			var tab, local bool
			if err := a.Eval(ctx, `sessionStorage.getItem("k") === "1"`, &tab); err != nil {
				return err
			}
			if err := a.Eval(ctx, `localStorage.getItem("k") === "1"`, &local); err != nil {
				return err
			}
			seen["tab-storage"], seen["local-storage"] = either(tab, kept, gone), either(local, kept, gone)
		}
		return nil
	},
}
