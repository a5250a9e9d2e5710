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
	mixMost   = 2000                  // requests that bare clients repeat
)

// Fuzz measures the fuzzer's throughput, one story at a time, beside a bare loop
// of the same client and beside `wrk -c1`, which both repeat the requests that
// the fuzzer has just made; and how much of the time the harness itself takes
// when the target answers in 10 ms. They take turns.
//
// What is repeated carries tokens that may be over by then, and a refusal is
// cheap: the ratios are rather too low than too high.
func Fuzz(ctx context.Context, rounds int, target string, w io.Writer) error {
	ts, err := targets.Load(target, map[string]string{"plant": ""})
	if err != nil {
		return err
	}
	wrk, wrkErr := exec.LookPath("wrk")
	return with(ctx, ts[0], func(env *play.Env) error {
		fmt.Fprintf(w, "%s, %d rounds in turns of %s each, one story at a time\n\n", target, rounds, slice)
		var ofBare, ofWrk, perOp []float64
		for round := range rounds {
			var mix []history.Request
			env.Sent = func(x *history.Exchange) {
				if len(mix) < mixMost {
					mix = append(mix, x.Request)
				}
			}
			start := time.Now()
			r := fuzz.Run(ctx, fuzz.Options{Env: env, Terms: terms.Of(env.Target), Seed: uint64(round + 1), Budget: slice, Workers: 1, Only: []string{"walk"}})
			ours := float64(r.Counts.Requests) / time.Since(start).Seconds()
			env.Sent = nil
			perOp = append(perOp, float64(r.Counts.Requests)/float64(r.Counts.Operations))
			if len(r.Findings) > 0 {
				return fmt.Errorf("the clean target has findings: %s", r)
			}
			bare, err := bareLoop(ctx, mix)
			if err != nil {
				return err
			}
			ofBare = append(ofBare, ours/bare)
			if wrkErr == nil {
				theirs, err := wrkLoop(ctx, wrk, mix)
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

// bareLoop repeats requests as fast as our client can, and returns how many it
// made a second.
func bareLoop(ctx context.Context, mix []history.Request) (float64, error) {
	if len(mix) == 0 {
		return 0, errors.New("the fuzzer has made no request")
	}
	c := wire.New(wire.Options{})
	defer c.Close()
	start, n := time.Now(), 0
	for ; time.Since(start) < slice && ctx.Err() == nil; n++ {
		if x := c.Do(ctx, mix[n%len(mix)]); x.Response == nil {
			return 0, errors.New(x.Error)
		}
	}
	return float64(n) / time.Since(start).Seconds(), nil
}

var wrkRate = regexp.MustCompile(`Requests/sec:\s+([0-9.]+)`)

// wrkLoop has wrk repeat requests over one connection.
func wrkLoop(ctx context.Context, wrk string, mix []history.Request) (float64, error) {
	dir, err := os.MkdirTemp("", "sessionspec-wrk-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	u, err := url.Parse(mix[0].URL)
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
	for i, r := range mix {
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
