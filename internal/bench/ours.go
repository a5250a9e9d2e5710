package bench

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/sessionspec/sessionspec/browsers"
)

// ours plays the stories of playwright/stories.mjs with package browsers.
type ours struct {
	engine browsers.Engine
	base   string
	warm   browsers.Browser // in which windows are opened
}

func newOurs(ctx context.Context, engine browsers.Engine, base string) (*ours, error) {
	warm, err := engine.Launch(ctx, browsers.Options{})
	return &ours{engine: engine, base: base, warm: warm}, err
}

func (o *ours) close() { _ = o.warm.Kill() }

func (o *ours) play(ctx context.Context, story string) error {
	if story == "form" {
		return o.form(ctx)
	}
	return o.restart(ctx)
}

// form signs in and out in a new window of a running browser. A pool would have
// opened the window before; here that is part of the cost.
func (o *ours) form(ctx context.Context) error {
	b, err := o.warm.(browsers.PrivateWindows).OpenPrivate(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = b.Kill() }()
	if err := o.signIn(ctx, b); err != nil {
		return err
	}
	if err := holds(ctx, b, "seen,sid"); err != nil {
		return err
	}
	if err := b.Click(ctx, "#out"); err != nil {
		return err
	}
	if err := shows(ctx, b, "#bye", "bye"); err != nil {
		return err
	}
	return b.Close(ctx)
}

// restart signs in in a browser of its own, quits it and starts it again.
func (o *ours) restart(ctx context.Context) error {
	b, err := o.engine.Launch(ctx, browsers.Options{})
	if err != nil {
		return err
	}
	defer func() { _ = b.Kill() }()
	if err := o.signIn(ctx, b); err != nil {
		return err
	}
	if err := b.Restart(ctx, false); err != nil {
		return err
	}
	if err := b.Open(ctx, o.base+"/home"); err != nil {
		return err
	}
	if err := shows(ctx, b, "#who", "nobody"); err != nil {
		return err
	}
	if err := holds(ctx, b, "seen"); err != nil {
		return err
	}
	return b.Close(ctx)
}

func (o *ours) signIn(ctx context.Context, b browsers.Browser) error {
	err := b.Open(ctx, o.base+"/login")
	if err == nil {
		err = b.Fill(ctx, "#user", "alice")
	}
	if err == nil {
		err = b.Fill(ctx, "#pass", "secret")
	}
	if err == nil {
		err = b.Click(ctx, "#go")
	}
	if err == nil {
		err = shows(ctx, b, "#who", "alice")
	}
	return err
}

func shows(ctx context.Context, b browsers.Browser, css, want string) error {
	got, err := b.Text(ctx, css)
	if err == nil && got != want {
		err = fmt.Errorf("%s shows %q, want %q", css, got, want)
	}
	return err
}

// holds compares the names in the jar, sorted and with commas between.
func holds(ctx context.Context, b browsers.Browser, want string) error {
	jar, err := b.Jar(ctx)
	var names []string
	for _, k := range jar {
		names = append(names, k.Name)
	}
	slices.Sort(names)
	if got := strings.Join(names, ","); err == nil && got != want {
		err = fmt.Errorf("the jar holds %q, want %q", got, want)
	}
	return err
}
