package play

import (
	"net/url"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
)

// origins asks whoami with the good cookies and each of some foreign origins:
// another site, an opaque one, and two that look like the target's own to who
// compares only the beginning or the end.
func (s *showing) origins() {
	u, err := url.Parse(s.p.env.Target.Base)
	if err != nil {
		s.op.Outcome, s.op.Why = history.Failed, err.Error()
		return
	}
	var cookies []history.Carrier
	for _, x := range s.carried() {
		if x.Kind == "cookie" {
			cookies = append(cookies, x)
		}
	}
	own := u.Scheme + "://" + u.Host
	for _, origin := range []string{"https://" + elsewhere, "null", own + "." + elsewhere, u.Scheme + "://" + elsewhere + strings.TrimPrefix(u.Host, u.Hostname()), "https://not" + u.Hostname()} {
		g, _ := worn(cookies)
		g.headers = []pair{{"Origin", origin}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "cors"}, {"Sec-Fetch-Dest", "empty"}}
		s.show(g, "", history.Shown{What: "whoami for a script of " + origin, Case: origin, Good: true})
	}
}
