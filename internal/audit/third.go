package audit

import (
	"context"
	"fmt"
	"net/http"

	"github.com/sessionspec/sessionspec/internal/sites"
)

const (
	chips    = "CHIPS draft (draft-cutler-httpbis-partitioned-cookies) 2"
	thirdIs  = "RFC 6265bis 7.1: for the browser to choose"
	pairHome = "p=1; Path=/; Secure; SameSite=None"
)

// framed opens the site top with a frame of the URL and returns the Cookie
// field that the frame's request had. set are lines that its answer carries.
func (a *actor) framed(ctx context.Context, top, frame string, set ...string) (string, error) {
	to, mark := a.s.marked(frame)
	host := hostOf(frame)
	a.s.Web.Handle(host, "/frame", func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Set-Cookie"] = set
		sites.Page(w, "<script>parent.postMessage(document.cookie, '*')</script>")
	})
	a.s.Web.Handle(hostOf(top), "/top", func(w http.ResponseWriter, _ *http.Request) {
		sites.Page(w, `<script>addEventListener("message", e => window.said = e.data)</script><iframe src="`+to+`"></iframe>`)
	})
	if err := a.Open(ctx, top+"/top"); err != nil {
		return "", err
	}
	r, ok := a.s.awaited(ctx, host, mark)
	if !ok {
		return "", fmt.Errorf("the frame was not asked for")
	}
	return r.Cookie, nil
}

// partitioned is whether a frame's cookie belongs to the pair of sites.
var partitioned = Probe{
	ID: "partitioned", Title: "Partitioned, by https",
	Rows: []Expect{
		{ID: "same-top", What: "made in a frame, in the same frame on the same site", Want: []string{sent}, Source: chips},
		{ID: "other-top", What: "in the same frame on another site", Want: []string{notSent}, Source: chips},
		{ID: "first-party", What: "where the frame's site is the page itself", Want: []string{notSent}, Source: chips},
		{ID: "insecure", What: "Partitioned without Secure, first party", Want: []string{refused}, Source: chips + ".1"},
		{ID: "first-party-set", What: "Partitioned cookie made first party, in a frame on another site", Want: []string{notSent}, Source: chips},
		{ID: "script", What: "Partitioned by document.cookie, first party", Want: []string{stored}, Source: chips},
	},
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.shared(ctx)
		if err != nil {
			return err
		}
		host, one, two := s.host("widget"), s.Web.HTTPS(s.host("one")), s.Web.HTTPS(s.host("two"))
		home := s.Web.HTTPS(host) + "/"
		frame := home + "frame"
		if _, err := a.framed(ctx, one, frame, pairHome+"; Partitioned"); err != nil {
			return err
		}
		for id, top := range map[string]string{"same-top": one, "other-top": two} {
			header, err := a.framed(ctx, top, frame)
			if err != nil {
				return err
			}
			seen[id] = either(has(header, "p=1"), sent, notSent)
		}
		header, err := a.cookies(ctx, home)
		if err != nil {
			return err
		}
		seen["first-party"] = either(has(header, "p=1"), sent, notSent)

		if err := a.set(ctx, home+"set", "q=1; Path=/; Secure; SameSite=None; Partitioned", "i=1; Path=/; Partitioned"); err != nil {
			return err
		}
		if err := a.Eval(ctx, `document.cookie = "j=1; path=/; secure; partitioned"`, nil); err != nil {
			return err
		}
		if header, err = a.cookies(ctx, home); err != nil {
			return err
		}
		seen["insecure"], seen["script"] = fate(header, "i=1"), fate(header, "j=1")
		if header, err = a.framed(ctx, two, frame); err != nil {
			return err
		}
		seen["first-party-set"] = either(has(header, "q=1"), sent, notSent)
		return nil
	},
}

// thirdParty is what a frame of another site may do without Partitioned.
var thirdParty = Probe{
	ID: "third-party", Title: "A frame of another site, by https, SameSite=None; Secure",
	Rows: []Expect{
		{ID: "first-party-made", What: "cookie made first party, to the frame", Source: thirdIs},
		{ID: "frame-made", What: "cookie made in the frame, to the frame again", Source: thirdIs},
		{ID: "frame-made-elsewhere", What: "cookie made in the frame, to the frame on another site", Source: thirdIs},
		{ID: "frame-made-first-party", What: "cookie made in the frame, first party", Source: thirdIs},
		{ID: "script", What: "cookie made first party, in the frame's document.cookie", Source: thirdIs},
		{ID: "same-site", What: "cookie without SameSite, to a frame of another host of the site", Want: []string{sent}, Source: "RFC 6265bis 5.2.1"},
		{ID: "default-set", What: "cookie without SameSite, made in the frame", Want: []string{refused}, Source: "RFC 6265bis 5.7 step 18"},
	},
	Run: func(ctx context.Context, s *Session, seen Observation) error {
		a, err := s.shared(ctx)
		if err != nil {
			return err
		}
		host, one, two := s.host("third"), s.Web.HTTPS(s.host("one")), s.Web.HTTPS(s.host("two"))
		home := s.Web.HTTPS(host) + "/"
		frame := home + "frame"
		if err := a.set(ctx, home+"set", "first=1; Path=/; Secure; SameSite=None", "bare=1; Path=/; Domain="+host); err != nil {
			return err
		}
		header, err := a.framed(ctx, one, frame, "made=1; Path=/; Secure; SameSite=None", "plain=1; Path=/; Secure")
		if err != nil {
			return err
		}
		seen["first-party-made"] = either(has(header, "first=1"), sent, notSent)
		var said string
		err = a.Eval(ctx, `new Promise(done => { const look = () => window.said === undefined ? setTimeout(look, 5) : done(window.said); look() })`, &said)
		if err != nil {
			return err
		}
		seen["script"] = either(has(said, "first=1"), "there", "not there")
		if header, err = a.framed(ctx, one, frame); err != nil {
			return err
		}
		seen["frame-made"] = either(has(header, "made=1"), sent, notSent)
		seen["default-set"] = fate(header, "plain=1")
		if header, err = a.framed(ctx, two, frame); err != nil {
			return err
		}
		seen["frame-made-elsewhere"] = either(has(header, "made=1"), sent, notSent)
		if header, err = a.cookies(ctx, home); err != nil {
			return err
		}
		seen["frame-made-first-party"] = either(has(header, "made=1"), sent, notSent)
		if has(header, "plain=1") {
			seen["default-set"] = stored
		}
		if header, err = a.framed(ctx, s.Web.HTTPS("www."+host), frame); err != nil {
			return err
		}
		seen["same-site"] = either(has(header, "bare=1"), sent, notSent)
		return nil
	},
}
