package suites

import (
	"regexp"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/targets"
)

// ports are those that the harness drew for targets that it started, by what the
// target file calls them. They mean nothing after the run and differ from run to
// run, so what is written says ${port}, as the file does. The journal and the
// archives keep them: programs read those.
type ports map[string]string

func (p *ports) add(t *targets.Target) {
	if *p == nil {
		*p = ports{}
	}
	for _, name := range []string{"port", "plain_port"} {
		if number := t.Vars[name]; number != "" {
			(*p)[number] = name
		}
	}
}

var portAt = regexp.MustCompile(`:\d{4,5}\b`)

func (p ports) hide(text string) string {
	if len(p) == 0 || !strings.Contains(text, ":") {
		return text
	}
	return portAt.ReplaceAllStringFunc(text, func(found string) string {
		if name := p[found[1:]]; name != "" {
			return ":${" + name + "}"
		}
		return found
	})
}

// hide takes out of a text what is secret, and what is only so in this run. With
// --keep the target goes on, so its port stays.
func (s *session) hide(text string) string {
	text = s.red.String(text)
	if s.Keep {
		return text
	}
	return s.ports.hide(text)
}

func (s *session) hideExchange(x history.Exchange) history.Exchange {
	x = s.red.Exchange(x)
	if s.Keep || len(s.ports) == 0 {
		return x
	}
	lines := func(in history.Lines) history.Lines {
		out := slices.Clone(in)
		for i := range out {
			out[i].Value = s.ports.hide(out[i].Value)
		}
		return out
	}
	x.Request.URL, x.Request.Header, x.Request.Body = s.ports.hide(x.Request.URL), lines(x.Request.Header), s.ports.hide(x.Request.Body)
	x.Error = s.ports.hide(x.Error)
	if x.Response != nil {
		answer := *x.Response
		answer.Header, answer.Body = lines(answer.Header), s.ports.hide(answer.Body)
		x.Response = &answer
	}
	return x
}

func (s *session) hideExec(x history.Exec) history.Exec {
	x = s.red.Exec(x)
	if s.Keep {
		return x
	}
	x.Args, x.Env = slices.Clone(x.Args), slices.Clone(x.Env)
	for _, list := range [][]string{x.Args, x.Env} {
		for i := range list {
			list[i] = s.ports.hide(list[i])
		}
	}
	x.Stdout, x.Stderr, x.Error = s.ports.hide(x.Stdout), s.ports.hide(x.Stderr), s.ports.hide(x.Error)
	return x
}
