package play

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/story"
)

// Calibration is what was learnt of the target before the first story: which
// cookies present the session, found by dropping them one by one.
type Calibration struct {
	Done bool
	// Session cookies flip whoami when they are missing.
	Session map[string]bool
	// Others are cookies that a sign-in sets and whoami does not need.
	Others []string
	// Value tells that a kept value (a header token) presents the session.
	Value bool
	// Claim tells that the declared signal cookie was really seen.
	Claim bool
	// Sample is a credential of this target, the form for invented ones.
	Sample []history.Carrier
}

// Set lists how many cookies present the session or signal it.
func (c Calibration) Set() int {
	n := len(c.Session)
	if c.Claim {
		n++
	}
	return n
}

// Calibrate signs a first user in and finds the credential. An error means that
// nothing can be judged: the target file and the target do not agree.
func (e *Env) Calibrate(ctx context.Context) error {
	a := &account{role: "first", name: "first-" + e.nonce(), password: newPassword()}
	if e.Learn != nil {
		e.Learn.Learn("first.password", a.password)
	}
	if _, err := e.provision(ctx, a); err != nil {
		return fmt.Errorf("calibration: %w", err)
	}
	c := e.newClient(story.Client{Name: "first", User: "first"}, e.address())
	c.who = a
	role := func(name string) string {
		if strings.Contains(strings.ToLower(name), a.name) {
			return "first"
		}
		return ""
	}
	if got := c.twin(nil).whoami(ctx, role); got.State != history.Dead {
		return fmt.Errorf("calibration: whoami for a stranger must be dead, it is %s %s (%s)", got.State, got.Name, got.Why)
	}
	routes := e.Target.Operations["sign_in"].Usable(e.Exec)
	if len(routes) == 0 {
		return fmt.Errorf("calibration: sign_in has no route that may be used; --allow-exec permits those that run commands")
	}
	t := c.run(ctx, routes[0], a.vars())
	if t.outcome != history.OK {
		return fmt.Errorf("calibration: sign_in by %q was not ok: %s", routes[0].Name, t.why)
	}
	all := c.carriers()
	live := func(cs []history.Carrier) (bool, error) {
		got := c.twin(cs).whoami(ctx, role)
		if got.State == history.NoVerdict {
			if x := got.Exchange; x != nil && x.Response != nil && x.Response.Status >= 500 {
				return false, fmt.Errorf("calibration: %s: %w", got.Why, errBreaks)
			}
			return false, fmt.Errorf("calibration: %s", got.Why)
		}
		if got.State == history.Live && got.Name != "" && got.User != "first" {
			return false, fmt.Errorf("calibration: whoami names %q, expected a name that contains %q", got.Name, a.name)
		}
		return got.State == history.Live, nil
	}
	if ok, err := live(all); err != nil || !ok {
		if err == nil {
			err = fmt.Errorf("calibration: signed in by %q, yet whoami says dead to a clean client with the same cookies and values", routes[0].Name)
		}
		return err
	}
	cal := Calibration{Session: map[string]bool{}, Claim: e.Target.Claim != nil && c.jarValue(e.Target.Claim.Cookie) != ""}
	if err := e.dropOneByOne(all, live, &cal); err != nil {
		return err
	}
	if len(cal.Session) == 0 && !cal.Value {
		return fmt.Errorf("calibration: nothing that the sign-in gave presents the session: whoami is live without any single one of it")
	}
	for _, x := range all {
		if x.Kind == "cookie" && cal.Session[x.Name] || x.Kind != "cookie" && cal.Value {
			cal.Sample = append(cal.Sample, x)
		}
	}
	cal.Done = true
	e.Cal = cal
	return nil
}

// errBreaks says that the target answered 5xx. To a part of the credential that
// means that the part is not enough; the breach itself is for stories to show.
var errBreaks = errors.New("the target broke down")

// dropOneByOne finds what flips whoami. Where nothing does alone, because two
// credentials back each other up, whatever suffices alone counts.
func (e *Env) dropOneByOne(all []history.Carrier, live func([]history.Carrier) (bool, error), cal *Calibration) error {
	note := func(x history.Carrier) {
		if x.Kind == "cookie" {
			cal.Session[x.Name] = true
		} else {
			cal.Value = true
		}
	}
	for i, x := range all {
		rest := append(append([]history.Carrier{}, all[:i]...), all[i+1:]...)
		ok, err := live(rest)
		if err != nil && !errors.Is(err, errBreaks) {
			return err
		}
		if !ok {
			note(x)
		} else if x.Kind == "cookie" {
			cal.Others = append(cal.Others, x.Name)
		}
	}
	if len(cal.Session) > 0 || cal.Value {
		return nil
	}
	for _, x := range all {
		ok, err := live([]history.Carrier{x})
		if err != nil && !errors.Is(err, errBreaks) {
			return err
		}
		if ok {
			note(x)
		}
	}
	return nil
}

// Control proves the measurement after something died: a newcomer can sign in
// and is live, a stranger is not.
func (e *Env) Control(ctx context.Context) *history.Control {
	a := &account{role: "control", name: "control-" + e.nonce(), password: newPassword()}
	if e.Learn != nil {
		e.Learn.Learn("control.password", a.password)
	}
	out := &history.Control{}
	if _, err := e.provision(ctx, a); err != nil {
		out.Error = err.Error()
		return out
	}
	c := e.newClient(story.Client{Name: "control", User: "control"}, e.address())
	c.who = a
	role := func(string) string { return "control" }
	if t := c.run(ctx, e.Target.Operations["sign_in"].Usable(e.Exec)[0], a.vars()); t.outcome != history.OK {
		out.Error = "a fresh sign-in was not ok: " + t.why
		return out
	}
	out.Fresh = c.twin(c.carriers()).whoami(ctx, role)
	out.Stranger = c.twin(nil).whoami(ctx, role)
	if out.Stranger.State == history.HalfLive {
		out.Stranger.State = history.Dead
	}
	return out
}
