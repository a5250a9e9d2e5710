package main

import (
	"cmp"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var (
	consoleBlock = regexp.MustCompile("(?s)```console\n(.*?)```")
	commandLine  = regexp.MustCompile(`^\$ (.*?)(?:   # (?:exit (\d)|needs (\S+)))?$`)
	served       = regexp.MustCompile(`^serve .*--port (\d+)`)
	// indented are commands outside of a console's block, which nobody would run.
	indented = regexp.MustCompile(`(?m)^(?:    )?(?:\./run\.sh|sessionspec (?:run|init|doctor|audit|report|recheck|merge|list|explain|schema|faults|serve|version)\b).*$`)
	docPort  = "18080"
)

// TestDocumentedCommands runs every command that the documentation shows in a
// block of a console, page by page, in a folder that is empty but for examples/.
// The port that pages use is another one here. A line that ends in & goes on in
// the background, as in a shell; the next waits until its server answers.
func TestDocumentedCommands(t *testing.T) {
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	shown := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		port := freePort(t)
		var script []string
		for _, block := range consoleBlock.FindAllStringSubmatch(string(text), -1) {
			for line := range strings.SplitSeq(strings.TrimSpace(block[1]), "\n") {
				lines, err := scriptOf(strings.ReplaceAll(line, docPort, port))
				if err != nil {
					t.Errorf("%s: %v", page, err)
				}
				script = append(script, lines...)
			}
		}
		rest := consoleBlock.ReplaceAllString(string(text), "")
		rest = regexp.MustCompile("(?s)```(?:yaml|groovy)\n.*?```").ReplaceAllString(rest, "") // CI's own language: see the page
		if line := indented.FindString(rest); line != "" {
			t.Errorf("%s: a command that no test runs, since it is in no console's block: %s", page, line)
		}
		if len(script) == 0 {
			continue
		}
		shown += len(script)
		name := strings.TrimSuffix(filepath.Base(page), ".md") + ".txtar"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.Join(script, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if shown < 30 {
		t.Errorf("only %d commands were found", shown)
	}
	goEnv, err := exec.Command("go", "env", "GOCACHE", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	caches := strings.Fields(string(goEnv))
	p := params(dir)
	setup := p.Setup
	p.Setup = func(env *testscript.Env) error {
		if err := setup(env); err != nil {
			return err
		}
		env.Setenv("GOCACHE", caches[0])
		env.Setenv("GOMODCACHE", caches[1])
		return os.Symlink(filepath.Join(env.Getenv("ROOT"), "examples"), filepath.Join(env.WorkDir, "examples"))
	}
	testscript.Run(t, p)
}

// scriptOf is one shown line as lines of a script.
func scriptOf(line string) ([]string, error) {
	m := commandLine.FindStringSubmatch(line)
	if m == nil {
		return nil, fmt.Errorf("no command that can be run here: %s", line)
	}
	command, exit, needs := m[1], m[2], m[3]
	if needs != "" {
		needs = "[exec:" + needs + "] "
	}
	if verb, ok := strings.CutPrefix(command, "./run.sh "); ok {
		if behind, ok := strings.CutSuffix(verb, " &"); ok {
			out := []string{"exec sessionspec " + behind + " &"}
			if s := served.FindStringSubmatch(behind); s != nil {
				out = append(out, "answers http://127.0.0.1:"+s[1]+"/health")
			}
			return out, nil
		}
		return []string{needs + "exits " + cmp.Or(exit, "0") + " sessionspec " + verb}, nil
	}
	if rest, ok := strings.CutPrefix(command, "go "); ok && exit == "" {
		return []string{needs + "exec go -C $ROOT " + rest}, nil
	}
	if strings.HasPrefix(command, "sed ") && exit == "" {
		return []string{needs + "exec " + command}, nil
	}
	return nil, fmt.Errorf("no command that can be run here: %s", line)
}

// answers URL: waits until somebody answers there.
func answers(ts *testscript.TestScript, _ bool, args []string) {
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) { // another process's port opens without an event for us
		if res, err := http.Get(args[0]); err == nil {
			res.Body.Close()
			return
		} else if time.Now().After(end) {
			ts.Fatalf("nobody answers at %s: %v", args[0], err)
		}
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// TestEveryPageIsInTheIndex: docs/README.md leads to all of them.
func TestEveryPageIsInTheIndex(t *testing.T) {
	index, err := os.ReadFile("../../docs/README.md")
	if err != nil {
		t.Fatal(err)
	}
	pages, _ := filepath.Glob("../../docs/*.md")
	for _, p := range pages {
		if name := filepath.Base(p); name != "README.md" && !strings.Contains(string(index), "("+name+")") {
			t.Errorf("docs/README.md does not lead to %s", name)
		}
	}
}

// TestLinksOfTheDocumentation: what a page of ours links to inside the repository is there.
func TestLinksOfTheDocumentation(t *testing.T) {
	pages, _ := filepath.Glob("../../docs/*.md")
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	for _, p := range append(pages, "../../README.md", "../../CONTRIBUTING.md") {
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(p), m[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", p, m[1])
			}
		}
	}
}
