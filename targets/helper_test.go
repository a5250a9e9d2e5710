package targets

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The test binary plays the target, its setup, its grandchild and the harness
// too: what it is stands in this variable.
const roleEnv = "SESSIONSPEC_TEST_ROLE"

func TestMain(m *testing.M) {
	role, ok := roles[os.Getenv(roleEnv)]
	if !ok {
		os.Exit(m.Run())
	}
	os.Exit(role())
}

var roles = map[string]func() int{
	"server":  func() int { return serve(http.StatusOK) },
	"warming": func() int { return serve(http.StatusServiceUnavailable) },
	"crash":   func() int { fmt.Println("reading the settings"); fmt.Fprintln(os.Stderr, "no database"); return 3 },
	"away": func() int {
		fmt.Println("asking the registry")
		fmt.Println("registry is away")
		return unavailableExit
	},
	"deaf":    deaf,
	"parent":  func() int { return withGrandchild(func() int { return serve(http.StatusOK) }) },
	"leaver":  func() int { return withGrandchild(func() int { fmt.Println("I leave it to my child"); return 4 }) },
	"forever": func() int { return withGrandchild(forever) },
	"prepare": func() int { return withGrandchild(func() int { return 0 }) },
	"harness": harness,
}

// serve answers every request by the status, and ends on SIGTERM.
func serve(status int) int {
	term := make(chan os.Signal, 1)
	signal.Notify(term, syscall.SIGTERM)
	go func() {
		fmt.Println("serving on", os.Getenv("PORT"))
		err := http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Println(r.Method, r.URL.Path, status)
			w.WriteHeader(status)
		}))
		fmt.Println(err)
		os.Exit(5)
	}()
	<-term
	return 0
}

// forever waits until it is killed. An empty select would do where there is a C
// library; without one Go sees that nobody can ever wake it, and gives up.
func forever() int {
	<-time.After(24 * time.Hour)
	return 0
}

// deaf is a grandchild that no polite word ends.
func deaf() int {
	signal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	fmt.Println("deaf", os.Getpid())
	return forever()
}

// withGrandchild starts a deaf one in the same group, and waits until it is.
func withGrandchild(then func() int) int {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleEnv+"=deaf")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 10
	}
	if err := cmd.Start(); err != nil {
		return 11
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return 12
	}
	if err := os.WriteFile(os.Getenv("PIDFILE"), []byte(strings.Fields(line)[1]), 0o600); err != nil {
		return 13
	}
	return then()
}

// harness starts the target named and waits to be killed.
func harness() int {
	ts, err := Load(os.Getenv("TARGET"), map[string]string{"exe": os.Args[0], "pidfile": os.Getenv("PIDFILE")})
	if err == nil {
		_, err = ts[0].Start(context.Background(), StartOptions{AllowExec: true})
	}
	if err != nil {
		fmt.Println("harness:", err)
		return 1
	}
	fmt.Println("ready", ts[0].Vars["work"])
	return forever()
}

// alive tells whether a process runs; a zombie does not.
func alive(t *testing.T, pid int) bool {
	t.Helper()
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return !os.IsNotExist(err) // not Linux: trust the signal
	}
	rest := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	return rest[0] != "Z" && rest[0] != "X"
}

// gone waits until a process has ended: it is not ours to wait for, so there is
// no event.
func gone(t *testing.T, pid int, within time.Duration) {
	t.Helper()
	for end := time.Now().Add(within); alive(t, pid); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
			t.Fatalf("process %d is still there after %s", pid, within)
		}
	}
}
