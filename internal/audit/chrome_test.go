package audit

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/browsers"
)

// engine returns Chrome; without it the test is skipped.
func engine(t *testing.T) browsers.Engine {
	t.Helper()
	e, err := browsers.Lookup("chrome")
	if err == nil {
		_, err = e.Probe(t.Context())
	}
	if err != nil {
		t.Skipf("NOT TESTED: %v", err)
	}
	return e
}

// TestChrome plays part of the audit and holds it to what Chrome does today.
func TestChrome(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT TESTED: -short")
	}
	a, err := Run(t.Context(), Options{Engines: []browsers.Engine{engine(t)}, Suite: "test",
		Only: []string{"restart/*", "expiry/*", "clock/*", "cap/*", "samesite/*", "none/*", "prefix/*", "secure/*", "partitioned/*", "order/*", "script/*", "size/*", "websocket/*"}})
	if err != nil {
		t.Fatal(err)
	}
	rows := a.Engines[0].Rows
	for _, r := range rows {
		if r.Verdict == NotProbed {
			t.Errorf("%s: not probed: %s", r.ID, r.Reason)
		}
	}
	for id, want := range map[string]string{
		"restart/session-default": gone, "restart/dated-default": kept, "restart/session-restore": kept, "restart/session-crash": kept,
		"expiry/max-age-first": stored, "expiry/max-age-zero": refused, "expiry/expires-zero": stored,
		"clock/server-late": stored, // Chrome corrects by the Date field
		"cap/max-age":       "400 days",
		"samesite/typed":    "default, lax, strict, none, odd", "samesite/link": "default, lax, none, odd", "samesite/post": "default, none, odd",
		"none/insecure": refused, "none/secure": stored,
		"prefix/host": stored, "prefix/host-insecure": refused, "prefix/host-case": refused, "prefix/nameless": refused,
		"secure/http": refused, "secure/localhost": stored, "secure/to-http": notSent, "secure/overlay": refused, "secure/overlay-elsewhere": stored,
		"partitioned/same-top": sent, "partitioned/other-top": notSent, "partitioned/insecure": refused,
		"order/path": "d a b c", "script/read": "no", "script/overwrite": refused,
		"size/4096": stored, "size/4097": refused, "size/path-1025": "ignored", "websocket/other-site": nothing,
	} {
		i := slices.IndexFunc(rows, func(r Row) bool { return r.ID == id })
		if i < 0 || rows[i].Did != want {
			t.Errorf("%s: want %s, got %+v", id, want, rows[max(i, 0)])
		}
	}
	if err := meets(t, a, nil); err != nil {
		t.Error(err)
	}
	if c := Compare(a, a); c.Behaviour() || len(c.Rows) > 0 || c.Compared != len(rows) {
		t.Errorf("beside itself: %+v", c)
	}
}

// TestInterrupted ends an audit early: the rest is named, and nothing runs on.
func TestInterrupted(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT TESTED: -short")
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	a, err := Run(ctx, Options{Engines: []browsers.Engine{engine(t)}, Only: []string{"expiry/*", "clock/*", "cap/*"},
		Progress: func(_, probe string) {
			if probe == "clock" {
				stop()
			}
		}})
	if err != nil {
		t.Fatal(err)
	}
	e := a.Engines[0]
	if e.Stopped == "" || e.Rows[0].Verdict == NotProbed || a.Gaps() != "chrome lacks 6 rows (clock, cap)" {
		t.Errorf("stopped %q, first row %+v, gaps %q", e.Stopped, e.Rows[0], a.Gaps())
	}
}

// TestSecondVoice is the differential test of our own parser and jar: whatever
// Chrome sees otherwise is in disagreements.yaml, and nothing else is.
func TestSecondVoice(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT TESTED: -short")
	}
	a, err := Run(t.Context(), Options{Engines: []browsers.Engine{engine(t)}, Only: []string{voiceID}})
	if err != nil {
		t.Fatal(err)
	}
	v := a.Engines[0].Voice
	if v.NotPlayed != "" || v.Cases < 450 || v.Same+len(v.Disagreements) != v.Cases {
		t.Fatalf("%d cases, %d alike, not played: %s", v.Cases, v.Same, v.NotPlayed)
	}
	why, err := reasons("chrome")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range v.Disagreements {
		if why[d.ID] == "" {
			t.Errorf("new: %s\n%q\nours: %s\nits:  %s", d.ID, d.Set, d.Ours, d.Its)
		}
		delete(why, d.ID)
	}
	for id := range why {
		t.Errorf("%s is in disagreements.yaml, and Chrome and our jar agree", id)
	}
}
