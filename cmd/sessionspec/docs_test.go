package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var (
	consoleBlock = regexp.MustCompile("(?s)```console\n(.*?)```")
	commandLine  = regexp.MustCompile(`^\$ \./run\.sh (.*?)(?:   # exit (\d))?$`)
)

// TestDocumentedCommands runs every command that the documentation shows in a
// block of a console, page by page, in an empty folder.
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
		var script []string
		for _, block := range consoleBlock.FindAllStringSubmatch(string(text), -1) {
			for line := range strings.SplitSeq(strings.TrimSpace(block[1]), "\n") {
				m := commandLine.FindStringSubmatch(line)
				if m == nil {
					t.Errorf("%s: no command that can be run here: %s", page, line)
					continue
				}
				exit := m[2]
				if exit == "" {
					exit = "0"
				}
				script = append(script, "exits "+exit+" sessionspec "+m[1])
			}
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
	if shown < 10 {
		t.Errorf("only %d commands were found", shown)
	}
	testscript.Run(t, params(dir))
}
