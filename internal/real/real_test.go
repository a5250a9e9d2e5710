//go:build real

package real

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/reports"
)

// binaryEnv names the sessionspec to test; run.sh sets it.
const binaryEnv = "SESSIONSPEC_BINARY"

// unavailable is what the binary says, with exit code 3, when a target cannot be
// installed here and now.
const unavailable = "target not available"

// playLimit is for one target, its installation included, beside others.
const playLimit = 10 * time.Minute

func TestReal(t *testing.T) {
	binary := os.Getenv(binaryEnv)
	if binary == "" {
		t.Fatalf("%s is not set; type ./run.sh test-real", binaryEnv)
	}
	// Some beside each other (run.sh says how many): most of the time is spent
	// waiting for a server with one thread, and a slow answer is no defect.
	for _, want := range expected {
		t.Run(want.target, func(t *testing.T) {
			t.Parallel()
			check(t, binary, want)
		})
	}
}

// check plays everything against one target and compares the verdicts.
func check(t *testing.T, binary string, want expectation) {
	run, exit, output := play(t, binary, want)
	if exit == reports.ExitBroken && strings.Contains(output, unavailable) {
		t.Skipf("NOT RUN: %s", lineWith(output, unavailable))
	}
	if run == nil {
		t.Fatalf("exit %d and no run.json:\n%s", exit, output)
	}
	var fails []string
	wantExit := want.exit
	for _, q := range run.Requirements {
		switch q.Verdict {
		case reports.Pass, reports.NotApplicable:
		case reports.Fail, reports.Unstable:
			switch {
			case slices.Contains(byLuck, q.ID) && !slices.Contains(want.fails, q.ID):
				t.Logf("SEEN BY LUCK: %s fails %s", want.target, q.ID)
				wantExit = reports.ExitNotConformant
			case q.Verdict == reports.Unstable:
				t.Errorf("%s %s: %s", q.Verdict, q.ID, q.Reason)
			case !slices.Contains(want.mayFail, q.ID):
				fails = append(fails, q.ID)
			}
		case reports.NotJudged, reports.Warn:
			t.Logf("%s %s: %s", q.Verdict, q.ID, q.Reason)
		default:
			t.Errorf("%s %s: %s", q.Verdict, q.ID, q.Reason)
		}
	}
	wrong := exit != wantExit || !slices.Equal(slices.Sorted(slices.Values(fails)), slices.Sorted(slices.Values(want.fails)))
	for _, id := range want.passes {
		i := slices.IndexFunc(run.Requirements, func(q reports.Requirement) bool { return q.ID == id })
		if i < 0 || run.Requirements[i].Verdict != reports.Pass {
			t.Errorf("%s did not pass", id)
			wrong = true
		}
	}
	if wrong {
		t.Errorf("got exit %d, failing %q; want exit %d, failing %q\n%s", exit, fails, wantExit, want.fails, output)
	}
	t.Logf("%s %s: exit %d, %v", run.Target.Name, run.Target.Version, exit, run.Summary)
}

// play runs the binary; run is nil where it wrote no readable run.json.
func play(t *testing.T, binary string, want expectation) (run *reports.Run, exit int, output string) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "report")
	ctx, cancel := context.WithTimeout(t.Context(), playLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, "run", "--target", want.target, "--baseline", "none", "--out", out)
	if want.only != "" {
		cmd.Args = append(cmd.Args, "--only", want.only)
	}
	// It ends its targets when told to, and only then.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	text, err := cmd.CombinedOutput()
	if failed := (*exec.ExitError)(nil); err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	run, err = reports.Read(filepath.Join(out, "run.json"))
	if err != nil {
		return nil, cmd.ProcessState.ExitCode(), fmt.Sprintf("%s%v", text, err)
	}
	return run, cmd.ProcessState.ExitCode(), string(text)
}

func lineWith(text, part string) string {
	for line := range strings.Lines(text) {
		if strings.Contains(line, part) {
			return strings.TrimSpace(line)
		}
	}
	return text
}
