package targets

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

const head = `name: x
base: http://127.0.0.1:${port}
vars: {exe: "", pidfile: ""}
operations: {whoami: {GET: /, live: status == 200}, sign_in: {POST: /}}
`

func startOf(role string, more string) string {
	return head + fmt.Sprintf(`start: {command: ["${exe}"], env: {%s: %s, PORT: "${port}", PIDFILE: "${pidfile}"}%s}
`, roleEnv, role, more)
}

func setupOf(role string, more string) string {
	return head + fmt.Sprintf(`setup: {command: ["${exe}"], env: {%s: %s, PIDFILE: "${pidfile}"}%s}
`, roleEnv, role, more)
}

// loaded is the target of the text, as a user's own file, and where its
// grandchild writes its number.
func loaded(t *testing.T, text string) (x *Target, pidfile string) {
	t.Helper()
	pidfile = filepath.Join(t.TempDir(), "pid")
	ts, err := Load(write(t, "target.yaml", text), map[string]string{"exe": os.Args[0], "pidfile": pidfile})
	if err != nil {
		t.Fatal(err)
	}
	return ts[0], pidfile
}

func grandchild(t *testing.T, pidfile string) int {
	t.Helper()
	text, err := os.ReadFile(pidfile)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func noFolder(t *testing.T, x *Target) {
	t.Helper()
	if x.Vars["work"] == "" {
		t.Error("there was no work folder")
	}
	if _, err := os.Stat(x.Vars["work"]); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the work folder is still there: %v", err)
	}
}

var allow = StartOptions{AllowExec: true}

func TestStartAndStop(t *testing.T) {
	x, _ := loaded(t, startOf("server", ", ready: GET /health"))
	var log bytes.Buffer
	p, err := x.Start(context.Background(), StartOptions{AllowExec: true, Cache: "/cache", Self: "/self", Log: &log})
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Get(x.Base + "/x")
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(res, err)
	}
	res.Body.Close()
	if v := x.RunVars(); v["cache"] != "/cache" || v["self"] != "/self" || v["base"] != x.Base || v["dir"] != x.Dir || v["port"] == "" {
		t.Errorf("%v", v)
	}
	if why, died := p.Died(); died {
		t.Error("died: ", why)
	}
	if _, err := os.Stat(x.Vars["work"]); err != nil {
		t.Error(err)
	}
	begun := time.Now()
	p.Stop()
	if d := time.Since(begun); d >= stopGrace {
		t.Errorf("a polite target took %s to stop", d)
	}
	if c, err := net.Dial("tcp", strings.TrimPrefix(x.Base, "http://")); err == nil {
		c.Close()
		t.Error("somebody still listens")
	}
	noFolder(t, x)
	p.Stop()
	if !strings.Contains(log.String(), "GET /health 200") || !strings.Contains(log.String(), "GET /x 200") {
		t.Errorf("log: %q", log.String())
	}
}

func TestATargetThatRunsAlreadyIsOnlyFilledIn(t *testing.T) {
	ts, err := Load(write(t, "target.yaml", strings.Replace(minimal, "127.0.0.1:1", "127.0.0.1:${port}/", 1)), map[string]string{"port": "99"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := ts[0].Start(context.Background(), StartOptions{}) // without AllowExec
	if err != nil || ts[0].Base != "http://127.0.0.1:99" {
		t.Fatal(ts[0].Base, err)
	}
	if _, died := p.Died(); died {
		t.Error("nothing was started, and it died")
	}
	p.Stop()
	noFolder(t, ts[0])
}

func TestCommandsNeedLeave(t *testing.T) {
	for _, text := range []string{startOf("server", ""), setupOf("away", "")} {
		x, _ := loaded(t, text)
		_, err := x.Start(context.Background(), StartOptions{})
		var u *UsageError
		if !errors.As(err, &u) || !strings.Contains(err.Error(), "target x starts commands; allow that by --allow-exec") {
			t.Errorf("%v", err)
		}
		if x.Vars["work"] != "" {
			t.Error("it made a folder all the same")
		}
	}
}

func TestNotReadyInTime(t *testing.T) {
	x, _ := loaded(t, startOf("warming", ", ready: GET /health, timeout: 700ms"))
	_, err := x.Start(context.Background(), allow)
	if err == nil {
		t.Fatal("it was ready")
	}
	for _, want := range []string{"target x was not ready after 700ms: GET /health: 503 Service Unavailable\n", "serving on ", "GET /health 503"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
	noFolder(t, x)
}

func TestDeadBeforeReady(t *testing.T) {
	x, _ := loaded(t, startOf("crash", ", timeout: 1m"))
	_, err := x.Start(context.Background(), allow)
	if err == nil || err.Error() != "target x ended before it was ready (exit status 3)\nreading the settings\nno database" {
		t.Errorf("%v", err)
	}
	noFolder(t, x)

	x, pidfile := loaded(t, startOf("leaver", ", timeout: 1m"))
	begun := time.Now()
	_, err = x.Start(context.Background(), allow)
	if err == nil || !strings.Contains(err.Error(), "ended before it was ready (exit status 4)\nI leave it to my child") {
		t.Errorf("%v", err)
	}
	if d := time.Since(begun); d > 20*time.Second {
		t.Errorf("a child that is left kept the harness waiting for %s", d)
	}
	gone(t, grandchild(t, pidfile), 5*time.Second)
}

// The port belongs to somebody else: an answer from there is not the target's.
func TestSomebodyElseAnswers(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	hold := make(chan struct{})
	go func() {
		_ = http.Serve(l, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hold }))
	}()
	defer close(hold)
	x, _ := loaded(t, startOf("server", ", timeout: 1m"))
	x.Vars["port"] = strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	_, err = x.Start(context.Background(), allow)
	if err == nil || !strings.Contains(err.Error(), "ended before it was ready (exit status 5)") || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("%v", err)
	}
}

func TestInterruptedWait(t *testing.T) {
	x, _ := loaded(t, startOf("warming", ", timeout: 1m"))
	ctx, cancel := context.WithCancelCause(context.Background())
	why := errors.New("Ctrl-C")
	time.AfterFunc(300*time.Millisecond, func() { cancel(why) })
	if _, err := x.Start(ctx, allow); !errors.Is(err, why) {
		t.Errorf("%v", err)
	}
	noFolder(t, x)
}

func TestNoSuchCommand(t *testing.T) {
	x, _ := loaded(t, head+"start: {command: ./nosuch}\n")
	if _, err := x.Start(context.Background(), allow); !errors.Is(err, os.ErrNotExist) || !strings.HasPrefix(err.Error(), "target x: start: ") {
		t.Errorf("%v", err)
	}
	noFolder(t, x)
}

func TestDied(t *testing.T) {
	x, _ := loaded(t, startOf("server", ""))
	p, err := x.Start(context.Background(), allow)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop()
	if err := p.child.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-p.child.done
	if why, died := p.Died(); !died || !strings.HasPrefix(why, "signal: killed\nserving on ") {
		t.Errorf("%v %q", died, why)
	}
}

func TestStopEndsGrandchildrenThatIgnoreSIGTERM(t *testing.T) {
	x, pidfile := loaded(t, startOf("parent", ""))
	p, err := x.Start(context.Background(), allow)
	if err != nil {
		t.Fatal(err)
	}
	pid := grandchild(t, pidfile)
	if !alive(t, pid) {
		t.Fatal("no grandchild; the test sees nothing")
	}
	p.Stop()
	gone(t, pid, time.Second)
}

func TestKill9OfTheHarnessLeavesNothing(t *testing.T) {
	pidfile := filepath.Join(t.TempDir(), "pid")
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleEnv+"=harness", "PIDFILE="+pidfile, "TARGET="+write(t, "target.yaml", startOf("parent", "")))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Wait() }()
	line, err := bufio.NewReader(out).ReadString('\n')
	work, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if !ok {
		_ = cmd.Process.Kill()
		t.Fatal(line, err)
	}
	pid := grandchild(t, pidfile)
	if !alive(t, pid) {
		t.Error("no grandchild; the test sees nothing")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	gone(t, pid, 10*time.Second)
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		if _, err := os.Stat(work); errors.Is(err, os.ErrNotExist) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s is still there", work)
		}
	}
}
