package play

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/targets"
)

// A target file says where things are asked for; a driver does not, and is watched
// in calibration instead.

// watch notes the requests of a first whoami and a first sign-out.
func (e *Env) watch(ctx context.Context, c *client, whoami history.Answer, cal *Calibration) {
	if !drives(e.Target.Operations["whoami"]) && !drives(e.Target.Operations["sign_out"]) {
		return
	}
	if x := whoami.Exchange; x != nil && x.Request.Method == "GET" && drives(e.Target.Operations["whoami"]) {
		cal.Asked = &x.Request
		cal.Places = append(cal.Places, x.Request.URL)
	}
	outs := e.Target.Operations["sign_out"].Usable(e.Exec)
	if !drives(outs) {
		return
	}
	for _, ev := range c.run(ctx, outs[0], c.who.vars()).events {
		if ev.Exchange != nil {
			cal.Places = append(cal.Places, ev.Exchange.Request.URL)
		}
	}
}

// crawlable tells whether anything is known that a crawl could begin with.
func (e *Env) crawlable() bool {
	found := len(e.Target.Pages) > 0 || len(e.Cal.Places) > 0
	e.Target.EachStep(func(op string, s *targets.Step) {
		found = found || op != "provision" && (s.Method == "GET" || op == "sign_out" && s.Method != "")
	})
	return found
}

func drives(rs targets.Routes) bool {
	return len(rs) > 0 && slices.ContainsFunc(rs[0].Steps, func(s targets.Step) bool { return s.Drive != "" })
}

// ownLines are those that the client writes itself, and those about a body, which
// the request that is like the one seen has not.
var ownLines = map[string]bool{"user-agent": true, "accept": true, "cookie": true, "host": true, "connection": true, "content-type": true,
	"content-length": true, "transfer-encoding": true}

// asking are the steps of whoami: those of the target file, or, for one that is
// driven, a request like the one that was seen.
func (e *Env) asking() targets.Steps {
	r := e.Target.Operations["whoami"][0]
	if e.Cal.Asked == nil {
		return r.Steps
	}
	u, err := url.Parse(e.Cal.Asked.URL)
	if err != nil {
		return nil
	}
	template := func(text string) targets.Template {
		text = strings.ReplaceAll(text, "${", "$${")
		for _, x := range e.Cal.Sample {
			if x.Kind != "cookie" && x.Value != "" {
				text = strings.ReplaceAll(text, x.Value, "${credential}")
			}
		}
		return targets.Template{Text: text}
	}
	s := targets.Step{Method: "GET", Path: template(u.RequestURI())}
	for _, l := range e.Cal.Asked.Header {
		if !ownLines[strings.ToLower(l.Name)] {
			s.Headers = append(s.Headers, targets.Field{Name: l.Name, Value: template(l.Value)})
		}
	}
	return targets.Steps{s}
}
