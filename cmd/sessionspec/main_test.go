package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/sessionspec/sessionspec/reports"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"sessionspec": main,
		"badserver":   badServer,
	})
}

// TestCommandLine plays the scripts in testdata: the tool as its users see it.
func TestCommandLine(t *testing.T) { testscript.Run(t, params("testdata")) }

// params are those of the scripts in a folder.
func params(dir string) testscript.Params {
	return testscript.Params{
		Dir: dir,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir) // no cache of the machine's
			root, err := filepath.Abs("../..")
			if err != nil {
				return err
			}
			env.Setenv("ROOT", root)
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			_, port, _ := strings.Cut(l.Addr().String(), ":")
			env.Setenv("PORT", port) // a free one
			return l.Close()
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":   exits,
			"verdict": verdict,
			"answers": answers,
		},
	}
}

// exits CODE COMMAND...: runs a command, which must end with that code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	var exit *exec.ExitError
	if ok := asExit(err, &exit); ok {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if want := args[0]; fmt.Sprint(code) != want {
		ts.Fatalf("exit code %d, want %s", code, want)
	}
}

func asExit(err error, exit **exec.ExitError) bool {
	e, ok := err.(*exec.ExitError)
	if ok {
		*exit = e
	}
	return ok
}

// verdict FILE ID WORD: what run.json says of a requirement, or of "run".
func verdict(ts *testscript.TestScript, neg bool, args []string) {
	r, err := reports.Read(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(r.Validate())
	if args[1] == "run" {
		if r.Verdict != strings.Join(args[2:], " ") {
			ts.Fatalf("the run is %q", r.Verdict)
		}
		return
	}
	for _, q := range r.Requirements {
		if q.ID == args[1] {
			if string(q.Verdict) != args[2] {
				ts.Fatalf("%s is %s, want %s (%s)", q.ID, q.Verdict, args[2], q.Reason)
			}
			return
		}
	}
	ts.Fatalf("%s is not in the report", args[1])
}

// badServer is a target that misbehaves as a server, not as a keeper of
// sessions: badserver PORT garbage|slow|dies N.
func badServer() {
	port, how := os.Args[1], os.Args[2]
	l, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for n := 1; ; n++ {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			line, _ := bufio.NewReader(c).ReadString('\n')
			switch {
			case strings.Contains(line, "/health"):
				fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			case how == "garbage":
				fmt.Fprint(c, "\x00\x01 this is no HTTP\r\n\r\n")
			case how == "500":
				fmt.Fprint(c, "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			}
		}()
	}
}

// TestInterruptLeavesAReadableReportAndNoProcess sends Ctrl-C into the middle
// of a run: run.json is readable, the reference servers are gone, exit code 3.
func TestInterruptLeavesAReadableReportAndNoProcess(t *testing.T) {
	out := t.TempDir()
	bin := filepath.Join(t.TempDir(), "sessionspec")
	if b, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	cmd := exec.Command(bin, "run", "--target", "reference", "--browser", "none", "--workers", "1", "--out", filepath.Join(out, "r"))
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	sc := bufio.NewScanner(stdout)
	sc.Scan() // the first line of progress: the run is under way
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	for sc.Scan() {
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if !asExit(err, &exit) || exit.ExitCode() != reports.ExitBroken {
		t.Fatalf("want exit code 3, got %v", err)
	}
	r, err := reports.Read(filepath.Join(out, "r", reports.RunJSON))
	if err != nil {
		t.Fatal(err)
	}
	if r.Error != "interrupted" {
		t.Errorf("run.json says %q", r.Error)
	}
	if left := children(t, bin); left != "" {
		t.Errorf("left running:\n%s", left)
	}
}

// TestKilledRunCanBeReported kills the harness with SIGKILL in the middle of a
// run: report judges what was played, and says what is missing.
func TestKilledRunCanBeReported(t *testing.T) {
	out := filepath.Join(t.TempDir(), "r")
	bin := filepath.Join(t.TempDir(), "sessionspec")
	if b, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	cmd := exec.Command(bin, "run", "--target", "reference", "--browser", "none", "--workers", "1", "--out", out)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for journal, deadline := "", time.Now().Add(time.Minute); strings.Count(journal, "\n") < 5; {
		b, _ := os.ReadFile(filepath.Join(out, reports.JournalFile))
		if journal = string(b); time.Now().After(deadline) {
			t.Error("no story was played in a minute")
			break
		}
		time.Sleep(10 * time.Millisecond) // a file of another process grows without an event for us
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	var text, errs strings.Builder
	if code := Main([]string{"report", out, "--format", "html,text"}, &text, &errs); code != 0 {
		t.Fatalf("exit %d: %s", code, &errs)
	}
	if said := regexp.MustCompile(`the run did not finish; [1-9]\d* of \d+ stories were played`); !said.MatchString(text.String()) {
		t.Errorf("%s", &text)
	} else if page, err := os.ReadFile(filepath.Join(out, reports.ReportHTML)); err != nil || !said.MatchString(string(page)) {
		t.Errorf("not in the page: %v", err)
	}
	if left := children(t, bin); left != "" {
		t.Errorf("left running:\n%s", left)
	}
}

// children lists processes of a binary that still run, for at most five seconds.
func children(t *testing.T, bin string) string {
	t.Helper()
	var left []string
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); {
		left = nil
		exes, _ := filepath.Glob("/proc/[0-9]*/exe")
		for _, e := range exes {
			if target, err := os.Readlink(e); err == nil && strings.HasPrefix(target, bin) {
				left = append(left, e)
			}
		}
		if len(left) == 0 {
			return ""
		}
		time.Sleep(20 * time.Millisecond) // processes of others end without an event for us
	}
	return strings.Join(left, "\n")
}
