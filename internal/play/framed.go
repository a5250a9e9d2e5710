package play

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/url"
	"strings"

	"github.com/sessionspec/sessionspec/browsers"
	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/targets"
)

// The sites whose pages show the target in a frame.
var framers = [2]string{"shop.test", "news.test"}

// ownPartition tells whether a page at the top level gets the cookie: one that
// is not partitioned, or is for the pair of its site with itself.
func ownPartition(k browsers.Cookie) bool {
	if k.PartitionKey == nil {
		return true
	}
	u, err := url.Parse(*k.PartitionKey)
	return err == nil && (u.Hostname() == k.Domain || strings.HasSuffix(k.Domain, "."+u.Hostname()))
}

// embed shows the target in frames of two other sites, one after the other, and
// at the top level again. Where sessions in frames are declared, the person of
// the client in `of` signs in in the first one, and out again.
func (p *player) embed(ctx context.Context, op *history.Op, c *client) {
	op.Outcome = history.OK
	f, ok := c.browser.(browsers.Frames)
	if !ok {
		op.Outcome = history.Failed
		op.Why = c.able(browsers.Unable("what is in a frame of another site cannot be reached in this engine: no way to is built here")).Error()
		return
	}
	e := &embedding{p, op, c, f}
	if err := e.play(ctx); err != nil {
		op.Outcome, op.Why = history.Failed, err.Error()
	}
	if err := f.LeaveFrame(ctx); err != nil && op.Outcome == history.OK {
		op.Outcome, op.Why = history.Failed, err.Error()
	}
}

type embedding struct {
	p      *player
	op     *history.Op
	c      *client
	frames browsers.Frames
}

func (e *embedding) play(ctx context.Context) error {
	if err := e.in(ctx, framers[0], history.FrameBefore); err != nil {
		return err
	}
	if e.p.env.Target.Declares.Embedding == "partitioned" && !e.op.Framed[0].Refused {
		carriers, err := e.signIn(ctx)
		if err != nil || e.last().Error != "" {
			return err
		}
		if err := e.elsewhere(ctx, history.FrameIn); err != nil {
			return err
		}
		if err := e.signOut(ctx, carriers); err != nil {
			return err
		}
		return e.top(ctx, history.FrameOut)
	}
	return e.elsewhere(ctx, history.FrameBefore)
}

// elsewhere looks at the places where a session in the first frame must not be.
func (e *embedding) elsewhere(ctx context.Context, when string) error {
	if err := e.in(ctx, framers[1], when); err != nil {
		return err
	}
	return e.top(ctx, when)
}

func (e *embedding) last() *history.Framed { return &e.op.Framed[len(e.op.Framed)-1] }

// enter opens a page of the site with the target's first page in a frame.
func (e *embedding) enter(ctx context.Context, site string) (refused bool, err error) {
	if err := e.frames.LeaveFrame(ctx); err != nil {
		return false, err
	}
	page := e.p.env.Target.Pages[0]
	path, _, err := page.Path.Expand(e.c.vars(nil))
	if err != nil {
		return false, err
	}
	around, err := e.p.env.other.page(site, `<p>A page of `+site+`.</p><iframe width=1000 height=700 src="`+html.EscapeString(e.c.url(path))+`"></iframe>`)
	if err != nil {
		return false, err
	}
	e.op.Events = append(e.op.Events, history.Event{Browser: "open a page of " + site + " with " + path + " in a frame"})
	e.c.requests++
	if err := e.c.browser.Open(ctx, around); err != nil {
		return false, err
	}
	return e.frames.EnterFrame(ctx)
}

// in looks at the target in a frame of the site.
func (e *embedding) in(ctx context.Context, site, when string) error {
	refused, err := e.enter(ctx, site)
	if err != nil {
		return err
	}
	if refused {
		e.op.Framed = append(e.op.Framed, history.Framed{Site: site, When: when, Refused: true})
		return nil
	}
	return e.look(ctx, site, when)
}

// top looks at the target at the top level.
func (e *embedding) top(ctx context.Context, when string) error {
	if err := e.frames.LeaveFrame(ctx); err != nil {
		return err
	}
	path, _, err := e.p.env.Target.Pages[0].Path.Expand(e.c.vars(nil))
	if err != nil {
		return err
	}
	e.c.requests++
	if err := e.c.browser.Open(ctx, e.c.url(path)); err != nil {
		return err
	}
	return e.look(ctx, "", when)
}

func (e *embedding) look(ctx context.Context, site, when string) (err error) {
	rec := history.Framed{Site: site, When: when}
	if rec.Sight, err = e.p.seen(ctx, e.c, e.p.env.Target.Pages[0]); err != nil {
		return err
	}
	if err := e.c.syncBrowser(ctx); err != nil {
		return err
	}
	rec.Answer = e.c.whoami(ctx, e.p.role)
	e.op.Framed = append(e.op.Framed, rec)
	return nil
}

// signIn signs the second person in in the frame that was entered last, and
// returns what presents that session.
func (e *embedding) signIn(ctx context.Context) ([]history.Carrier, error) {
	before := map[string]bool{}
	for _, k := range e.c.held {
		before[k.Value] = true
	}
	why, err := e.route(ctx, "sign_in")
	if err != nil {
		return nil, err
	}
	e.p.rec.SignIns++
	if why != "" {
		e.op.Framed = append(e.op.Framed, history.Framed{Site: framers[0], When: history.FrameIn, Error: why})
		return nil, nil
	}
	if err := e.look(ctx, framers[0], history.FrameIn); err != nil {
		return nil, err
	}
	var out []history.Carrier
	for _, k := range e.c.held {
		if k.Session && !before[k.Value] {
			out = append(out, history.Carrier{Kind: "cookie", Name: k.Name, Value: k.Value, Domain: k.Domain, Path: k.Path, HostOnly: k.HostOnly})
			if e.p.env.Learn != nil {
				e.p.env.Learn.Learn(e.op.Step.Of+".frame", k.Value)
			}
		}
	}
	return out, nil
}

// signOut goes back to the first frame and signs out there.
func (e *embedding) signOut(ctx context.Context, carriers []history.Carrier) error {
	if err := e.in(ctx, framers[0], history.FrameIn); err != nil || e.last().Refused {
		return err
	}
	why, err := e.route(ctx, "sign_out")
	if err != nil {
		return err
	}
	if why != "" {
		e.op.Framed = append(e.op.Framed, history.Framed{Site: framers[0], When: history.FrameOut, Error: why})
		return nil
	}
	if err := e.look(ctx, framers[0], history.FrameOut); err != nil || len(carriers) == 0 {
		return err
	}
	twin := e.c.twin(carriers)
	e.p.extra = append(e.p.extra, twin)
	e.op.Framed = append(e.op.Framed, history.Framed{Site: framers[0], When: history.FrameCopyOut, Answer: twin.whoami(ctx, e.p.role)})
	return nil
}

// route performs an operation of the browser in the frame. why says that it came
// to nothing there, which is for the judge; err that the harness is at its end.
func (e *embedding) route(ctx context.Context, name string) (why string, err error) {
	r, ok := e.p.env.Target.For(e.c.spec.In, name).Usable(e.p.env.Exec).Route("")
	who := e.p.clients[e.op.Step.Of].who
	if !ok || who == nil {
		return "", errors.New("embed: nobody can " + name + " in a browser")
	}
	vars := targets.Vars{}
	for k, v := range who.vars() {
		vars[k] = v
	}
	t := e.c.run(ctx, r, vars)
	e.op.Events = append(e.op.Events, t.events...)
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if t.outcome != history.OK {
		return fmt.Sprintf("%s in the frame: %s", name, t.why), nil
	}
	return "", nil
}
