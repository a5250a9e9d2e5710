package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sessionspec/sessionspec/internal/fuzz"
	"github.com/sessionspec/sessionspec/internal/history"
	"github.com/sessionspec/sessionspec/internal/play"
	"github.com/sessionspec/sessionspec/internal/terms"
	"github.com/sessionspec/sessionspec/internal/wire"
	"github.com/sessionspec/sessionspec/targets"
)

const (
	slice     = 2 * time.Second       // that each gets in a round
	slowReply = 10 * time.Millisecond // of the target against which the harness's own share is measured
	mixMost   = 2000                  // requests that wrk repeats
)

// Fuzz measures the fuzzer's throughput, one story at a time, beside a bare loop
// of the same client, which asks the same once more for other accounts, with live
// tokens, and beside `wrk -c1`; and how much of the time the harness itself takes
// when the target answers in 10 ms. They take turns.
//
// wrk repeats what it is given over one connection, with tokens that are over by
// then, and a refusal is cheap: that ratio is rather too low than too high.
func Fuzz(ctx context.Context, rounds int, target string, w io.Writer) error {
	ts, err := targets.Load(target, map[string]string{"plant": ""})
	if err != nil {
		return err
	}
	wrk, wrkErr := exec.LookPath("wrk")
	return with(ctx, ts[0], func(env *play.Env) error {
		env.Exec = false // a program is no request
		fmt.Fprintf(w, "%s, %d rounds in turns of %s each, one story at a time\n\n", target, rounds, slice)
		var ofBare, ofWrk, perOp []float64
		alike, repeated := 0, 0
		for round := range rounds {
			var made []history.Exchange
			env.Sent = func(x *history.Exchange) { made = append(made, *x) }
			start := time.Now()
			r := fuzz.Run(ctx, fuzz.Options{Env: env, Terms: terms.Of(env.Target), Seed: uint64(round + 1), Budget: slice, Workers: 1, Only: []string{"walk"}})
			ours := float64(r.Counts.Requests) / time.Since(start).Seconds()
			env.Sent = nil
			perOp = append(perOp, float64(r.Counts.Requests)/float64(r.Counts.Operations))
			if len(r.Findings) > 0 {
				return fmt.Errorf("the clean target has findings: %s", r)
			}
			bare, same, n, err := bareLoop(ctx, again(made, round))
			if err != nil {
				return err
			}
			ofBare, alike, repeated = append(ofBare, ours/bare), alike+same, repeated+n
			if wrkErr == nil {
				theirs, err := wrkLoop(ctx, wrk, made[:min(len(made), mixMost)])
				if err != nil {
					return err
				}
				ofWrk = append(ofWrk, ours/theirs)
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
		share, err := ownShare(ctx, env)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "the bare client got the status of before for %.2f %% of %d requests\n\n", 100*float64(alike)/float64(repeated), repeated)
		fmt.Fprintf(w, "%-46s %-24s goal\n", "", "median [lowest..highest]")
		fmt.Fprintf(w, "%-46s %-24s >= 0.95\n", "requests/s of the fuzzer over the bare client", ratios(ofBare))
		if wrkErr == nil {
			fmt.Fprintf(w, "%-46s %-24s >= 0.55\n", "requests/s of the fuzzer over wrk -c1", ratios(ofWrk))
		} else {
			fmt.Fprintf(w, "%-46s NOT RUN: no wrk on PATH (Debian: apt-get install wrk)\n", "requests/s of the fuzzer over wrk -c1")
		}
		fmt.Fprintf(w, "%-46s %-24s <= 6\n", "requests an operation", ratios(perOp))
		fmt.Fprintf(w, "%-46s %-24s <= 2 %%\n", "harness's share where answers take 10 ms", fmt.Sprintf("%.1f %%", 100*share))
		return nil
	})
}

func ratios(list []float64) string {
	s := slices.Sorted(slices.Values(list))
	if len(s) == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f [%.2f..%.2f]", s[len(s)/2], s[0], s[len(s)-1])
}

// bareLoop asks what is on the tape as fast as our client can, and returns how
// many requests it made a second, how many, and how many had the status of before.
func bareLoop(ctx context.Context, t tape) (rate float64, alike, n int, err error) {
	if len(t) == 0 {
		return 0, 0, 0, errors.New("the fuzzer has made no request")
	}
	c := wire.New(wire.Options{})
	defer c.Close()
	now := tokens{}
	start := time.Now()
	for _, x := range t {
		if time.Since(start) > slice || ctx.Err() != nil {
			break
		}
		got := c.Do(ctx, now.say(x.request))
		if got.Response == nil {
			return 0, 0, 0, errors.New(got.Error)
		}
		n++
		if got.Response.Status == x.status {
			alike++
		}
		now.hear(x.said, got.Response)
	}
	return float64(n) / time.Since(start).Seconds(), alike, n, nil
}

var wrkRate = regexp.MustCompile(`Requests/sec:\s+([0-9.]+)`)

// wrkLoop has wrk repeat requests over one connection.
func wrkLoop(ctx context.Context, wrk string, mix []history.Exchange) (float64, error) {
	dir, err := os.MkdirTemp("", "sessionspec-wrk-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	u, err := url.Parse(mix[0].Request.URL)
	if err != nil {
		return 0, err
	}
	script := filepath.Join(dir, "mix.lua")
	f, err := os.Create(script)
	if err != nil {
		return 0, err
	}
	b := bufio.NewWriter(f)
	fmt.Fprintln(b, "local mix = {}")
	for i, x := range mix {
		r := x.Request
		at, err := url.Parse(r.URL)
		if err != nil {
			return 0, err
		}
		fmt.Fprintf(b, "mix[%d] = wrk.format(%s, %s, {", i+1, lua(r.Method), lua(at.RequestURI()))
		for _, h := range r.Header {
			if !strings.EqualFold(h.Name, "Content-Length") && !strings.EqualFold(h.Name, "Host") {
				fmt.Fprintf(b, "[%s]=%s,", lua(h.Name), lua(h.Value))
			}
		}
		fmt.Fprintf(b, "}, %s)\n", lua(r.Body))
	}
	fmt.Fprintln(b, "local n = 0\nrequest = function() n = n + 1; return mix[(n - 1) % #mix + 1] end")
	if err := errors.Join(b.Flush(), f.Close()); err != nil {
		return 0, err
	}
	out, err := exec.CommandContext(ctx, wrk, "-t1", "-c1", "-d"+strconv.Itoa(int(slice.Seconds()))+"s", "-s", script, u.Scheme+"://"+u.Host).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("wrk: %w: %s", err, out)
	}
	m := wrkRate.FindSubmatch(out)
	if m == nil {
		return 0, fmt.Errorf("wrk said nothing of a rate: %s", out)
	}
	return strconv.ParseFloat(string(m[1]), 64)
}

// lua is a text as a literal of that language.
func lua(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(s) {
		if c < ' ' || c == '"' || c == '\\' || c > '~' {
			fmt.Fprintf(&b, `\%03d`, c)
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// ownShare is the part of the wall time in which the harness waits for nobody,
// against a target that takes 10 ms for every answer.
func ownShare(ctx context.Context, env *play.Env) (float64, error) {
	to, err := url.Parse(env.Target.Base)
	if err != nil {
		return 0, err
	}
	forward := httputil.NewSingleHostReverseProxy(to)
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(slowReply):
		case <-r.Context().Done():
		}
		forward.ServeHTTP(w, r)
	}))
	defer slow.Close()
	at, err := netip.ParseAddrPort(strings.TrimPrefix(slow.URL, "http://"))
	if err != nil {
		return 0, err
	}
	base := env.Target.Base
	defer func() { env.Target.Base = base }()
	env.Target.Base = "http://" + at.String()
	var waited time.Duration
	env.Sent = func(x *history.Exchange) { waited += x.End.Sub(x.Start) }
	defer func() { env.Sent = nil }()
	start := time.Now()
	fuzz.Run(ctx, fuzz.Options{Env: env, Terms: terms.Of(env.Target), Seed: 1, Budget: 5 * slice, Workers: 1, Only: []string{"walk"}})
	return math.Max(0, 1-waited.Seconds()/time.Since(start).Seconds()), nil
}
