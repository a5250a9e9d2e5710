package play

import (
	"context"
	"slices"
	"strconv"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
	"github.com/sessionspec/sessionspec/targets"
)

// formOf splits a route at the request that changes something: the steps before
// it, the request, and what it takes from them. What stands in its address names
// something (a connection, an account) and proves nothing: tokens are sent in
// bodies and headers.
func formOf(r targets.Route) (before, send targets.Steps, names []string) {
	last := -1
	for i, s := range r.Steps {
		if s.Method != "" && s.Method != "GET" && s.Method != "HEAD" {
			last = i
		}
	}
	if last < 0 {
		return nil, nil, nil
	}
	before, send = r.Steps[:last], r.Steps[last:last+1]
	sent := send[0]
	sent.Path, sent.Query = targets.Template{}, nil
	used := targets.Route{Steps: targets.Steps{sent}}.Refs()
	for _, s := range before {
		for name := range s.Keep {
			if name != "credential" && name != "handle" && slices.Contains(used, name) {
				names = append(names, name)
			}
		}
	}
	return before, send, names
}

// swapToken sends the form of an operation with what the client's own page had
// in it, and with what others had: the client in `of`, a page from before a
// sign-in, an invention, nothing.
func (p *player) swapToken(ctx context.Context, op *history.Op, c *client) {
	op.Outcome = history.OK
	r, _ := p.env.Target.For("wire", op.Step.Does).Route("")
	before, send, names := formOf(r)
	of := p.clients[op.Step.Of]
	if len(names) == 0 || c.who == nil || of == nil {
		op.Outcome, op.Why = history.Failed, "swap_token: the form of "+op.Step.Does+" takes nothing from a page"
		return
	}
	op.Route = r.Name
	get := func(who *client, steps targets.Steps) targets.Vars {
		vars := targets.Vars{}
		t := who.run(ctx, targets.Route{Steps: steps}, c.who.vars())
		op.Events = append(op.Events, t.events...)
		for _, n := range names {
			if v, ok := t.vars[n].(string); ok && v != "" {
				vars[n] = v
			}
		}
		return vars
	}
	older, own, theirs := get(c, before), get(c, before), get(of, before)
	stranger := p.env.newClient(story.Client{Name: "nobody"}, c.address)
	p.extra = append(p.extra, stranger)
	var early targets.Vars
	if in, ok := p.env.Target.For("wire", "sign_in").Route(""); ok {
		start, _, _ := formOf(in)
		early = get(stranger, start)
	}
	made, none := targets.Vars{}, targets.Vars{}
	for n, v := range own {
		made[n], none[n] = changed(v.(string)), targets.Missing{}
	}
	for _, try := range []struct {
		whose string
		vars  targets.Vars
	}{{history.OwnToken, own}, {history.OlderToken, older}, {history.NoToken, none}, {history.MadeToken, made},
		{history.OthersToken, theirs}, {history.EarlyToken, early}} {
		if len(try.vars) < len(own) || len(own) == 0 {
			continue // there is no such page
		}
		vars := c.who.vars()
		vars["text"] = "note-" + strconv.Itoa(op.Index) + "-" + p.nonce
		for n, v := range try.vars {
			vars[n] = v
		}
		t := c.run(ctx, targets.Route{Name: r.Name, Steps: send, OK: r.OK}, vars)
		op.Events = append(op.Events, t.events...)
		op.Tokens = append(op.Tokens, history.TokenTry{Whose: try.whose, Outcome: t.outcome, Why: t.describe()})
	}
}

// changed is a value of the same length and alphabet that is another one.
func changed(v string) string {
	b := []byte(v)
	slices.Reverse(b)
	if string(b) == v {
		return v[1:] + v[:1] + "0"
	}
	return string(b)
}
