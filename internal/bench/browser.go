package bench

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/sessionspec/sessionspec/browsers"
)

// Options say how much to measure, and where to install what is compared with.
type Options struct {
	Rounds int
	Cache  string
}

// sameSwitches is what our Chrome is given and what costs most: see chromeFlags.
const sameSwitches = "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup"

// Browser measures two stories in Chrome, led by package browsers and, with the
// same Chrome and the same steps, by Playwright: as it comes, and with the
// switches that make our Chrome light. They take turns. It prints a table; the
// error is ErrNotRun where Playwright cannot be had.
func Browser(ctx context.Context, o Options, w io.Writer) error {
	engine, err := browsers.Lookup("chrome")
	if err != nil {
		return err
	}
	version, err := engine.Probe(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotRun, err)
	}
	chromium, err := browsers.Find("")
	if err != nil {
		return err
	}
	dir, err := install(ctx, o.Cache)
	if err != nil {
		return err
	}
	site := newSite()
	defer site.Close()
	us, err := newOurs(ctx, engine, site.URL)
	if err != nil {
		return err
	}
	defer us.close()
	plain, err := newTheirs(dir, site.URL, chromium, "")
	if err != nil {
		return err
	}
	defer plain.close()
	light, err := newTheirs(dir, site.URL, chromium, sameSwitches)
	if err != nil {
		return err
	}
	defer light.close()

	fmt.Fprintf(w, "%s, playwright-core %s, %d rounds in turns, medians\n\n%-34s %8s %12s %7s %14s %7s\n",
		version, playwrightVersion(), o.Rounds, "", "ours", "Playwright", "ratio", "its light one", "ratio")
	for _, story := range []struct{ name, title string }{
		{"form", "form sign-in in a new window"}, {"restart", "sign-in, restart, look, quit"},
	} {
		took, err := turns(ctx, o.Rounds, story.name, us, plain, light)
		if err != nil {
			return fmt.Errorf("%s: %w", story.title, err)
		}
		ratio := func(i int) float64 { return float64(took[0]) / float64(took[i]) }
		fmt.Fprintf(w, "%-34s %8s %12s %7.2f %14s %7.2f\n", story.title, ms(took[0]), ms(took[1]), ratio(1), ms(took[2]), ratio(2))
	}
	fmt.Fprintln(w, "\nlight: with the two switches of ours that cost nothing and save most. Goal: 0.6 or less of Playwright as it comes.")
	return nil
}

// player is who plays a story.
type player interface {
	play(ctx context.Context, story string) error
}

// turns lets each play the story in every round, another one first each time,
// and returns the medians. A round before the first does not count.
func turns(ctx context.Context, rounds int, story string, all ...player) ([]time.Duration, error) {
	took := make([][]time.Duration, len(all))
	for round := range rounds + 1 {
		for i := range all {
			at := (i + round) % len(all)
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			start := time.Now()
			if err := all[at].play(ctx, story); err != nil {
				return nil, err
			}
			if round > 0 {
				took[at] = append(took[at], time.Since(start))
			}
		}
	}
	out := make([]time.Duration, len(all))
	for i := range all {
		out[i] = median(took[i])
	}
	return out, nil
}

func ms(d time.Duration) string { return fmt.Sprintf("%d ms", d.Milliseconds()) }
