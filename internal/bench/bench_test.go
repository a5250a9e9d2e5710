package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/browsers"
)

func TestMedian(t *testing.T) {
	for want, all := range map[time.Duration][]time.Duration{0: nil, 3: {3}, 5: {9, 1, 5}, 4: {9, 1, 3, 5}} {
		if got := median(all); got != want {
			t.Errorf("%v: %d, want %d", all, got, want)
		}
	}
}

// noted is a player that notes when it plays.
type noted struct {
	name string
	log  *[]string
}

func (n noted) play(context.Context, string) error { *n.log = append(*n.log, n.name); return nil }

func TestTurnsBeginWithAnotherEachTime(t *testing.T) {
	var log []string
	took, err := turns(t.Context(), 2, "form", noted{"a", &log}, noted{"b", &log}, noted{"c", &log})
	if got := strings.Join(log, ""); err != nil || len(took) != 3 || got != "abc"+"bca"+"cab" {
		t.Errorf("%s, %v, %v", got, took, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := turns(ctx, 2, "form", noted{"a", &log}); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

func TestWhatIsNotThereIsNotRun(t *testing.T) {
	dir := t.TempDir()
	program := func(name, script string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	look := func(want string) {
		t.Helper()
		if _, err := install(t.Context(), t.TempDir()); !errors.Is(err, ErrNotRun) || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	look("NOT RUN: Playwright needs node, which is not on PATH")
	program("node", "exit 0")
	look("NOT RUN: Playwright needs npm, which is not on PATH")
	program("npm", `echo npm warn old; echo npm error code ENOTFOUND; echo npm error the registry is away; exit 1`)
	look("NOT RUN: playwright-core " + playwrightVersion() + " could not be installed: npm ci: exit status 1: the registry is away")
}

func TestInstallIsDoneOnce(t *testing.T) {
	bin, cache := t.TempDir(), t.TempDir()
	for name, script := range map[string]string{"node": "exit 0", "npm": "[ -e node_modules ] && exit 1\nmkdir node_modules && : > node_modules/.package-lock.json"} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	for range 2 {
		dir, err := install(t.Context(), cache)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"package.json", "package-lock.json", "stories.mjs"} {
			if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestLockFile keeps names of registries out of it: npm asks the one that is set.
func TestLockFile(t *testing.T) {
	text, err := playwright.ReadFile("playwright/package-lock.json")
	if err != nil || strings.Contains(string(text), "resolved") || !strings.Contains(string(text), `"integrity": "sha512-`) {
		t.Errorf("the lock file needs hashes and no addresses: %v\n%s", err, text)
	}
	if !strings.Contains(fmt.Sprint(playwrightVersion()), ".") {
		t.Errorf("version %q", playwrightVersion())
	}
}

func TestOurStories(t *testing.T) {
	engine, err := browsers.Lookup("chrome")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Probe(t.Context()); err != nil {
		t.Skipf("NOT TESTED: %v", err)
	}
	site := newSite()
	defer site.Close()
	us, err := newOurs(t.Context(), engine, site.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer us.close()
	for _, story := range []string{"form", "restart"} {
		if err := us.play(t.Context(), story); err != nil {
			t.Errorf("%s: %v", story, err)
		}
	}
}
