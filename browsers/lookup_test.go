package browsers

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestLookup(t *testing.T) {
	e, err := Lookup("chrome")
	if err != nil || e.Name() != "chrome" {
		t.Fatalf("chrome: %v, %v", e, err)
	}
	for name, want := range map[string]string{
		"chorme":   `did you mean "chrome"?`,
		"Chromium": `did you mean "chrome"?`,
		"firefix":  `did you mean "firefox"?`,
		"zzzzzz":   `unknown browser "zzzzzz"; there are chrome, firefox, webkit, or none`,
	} {
		if _, err := Lookup(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

func TestList(t *testing.T) {
	for text, want := range map[string]string{"": "", "none": "", "chrome": "chrome", "firefox, chrome,firefox": "firefox chrome"} {
		list, err := List(text)
		var names []string
		for _, e := range list {
			names = append(names, e.Name())
		}
		if got := strings.Join(names, " "); err != nil || got != want {
			t.Errorf("%q: %s, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{"chrome,none": "none stands alone", "chrome,safari": `unknown browser "safari"`, "chrome,": `unknown browser ""`} {
		if _, err := List(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestFindAndProbe(t *testing.T) {
	dir := t.TempDir()
	program := func(name, script string) string {
		path := filepath.Join(dir, name)
		ok(t, os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o755))
		return path
	}
	t.Setenv(ChromeEnv, "")
	t.Setenv("PATH", dir)
	_, err := chromeEngine{}.Probe(t.Context())
	if err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "apt-get install chromium") || !strings.Contains(err.Error(), "--browser none") {
		t.Errorf("nothing installed: %v", err)
	}
	chrome := program("google-chrome", "echo Google Chrome 1.2.3; echo more")
	if got, err := (chromeEngine{}).Probe(t.Context()); got != "Google Chrome 1.2.3" {
		t.Errorf("on PATH: %q, %v", got, err)
	}
	program("chromium", "exit 0")
	if got, _ := Find(""); got != filepath.Join(dir, "chromium") {
		t.Errorf("chromium must come first, got %s", got)
	}
	t.Setenv(ChromeEnv, chrome)
	if got, _ := Find(""); got != chrome {
		t.Errorf("the environment must win over PATH, got %s", got)
	}
	if _, err := Find("/no/such"); err == nil || !strings.Contains(err.Error(), "/no/such") {
		t.Errorf("a missing Bin: %v", err)
	}
	broken := program("broken", "echo no library >&2; exit 3")
	if _, err := probe(t.Context(), broken); err == nil || !strings.Contains(err.Error(), "no library") {
		t.Errorf("broken: %v", err)
	}
	_, err = chromeEngine{}.Launch(t.Context(), Options{Bin: broken})
	if err == nil || !strings.Contains(err.Error(), "launch chrome") || !strings.Contains(err.Error(), "no library") {
		t.Errorf("launch of a broken one: %v", err)
	}
	_, err = firefoxEngine{}.Launch(t.Context(), Options{Bin: broken})
	if err == nil || !strings.Contains(err.Error(), "launch firefox") || !strings.Contains(err.Error(), "no library") {
		t.Errorf("launch of a broken Firefox: %v", err)
	}
	_, err = firefoxEngine{}.Launch(t.Context(), Options{Bin: program("silent", "exit 3")})
	if err == nil || !strings.Contains(err.Error(), "ended at once: exit status 3") {
		t.Errorf("launch of a silent Firefox: %v", err)
	}
	// Were it waited for, go test would run out of time.
	hanging := program("hanging", "exec "+lookSleep()+" 3600")
	_, err = chromeEngine{}.Launch(short(t, 300*time.Millisecond), Options{Bin: hanging})
	var timeout *TimeoutError
	if !errors.As(err, &timeout) || !errors.Is(err, context.DeadlineExceeded) || timeout.After != 300*time.Millisecond {
		t.Errorf("launch of a hanging one: %v", err)
	}
	if _, err := (chromeEngine{}).Launch(t.Context(), Options{Bin: chrome, Source: "10.0.0.1"}); err == nil || !strings.Contains(err.Error(), "127.0.0.0/8") {
		t.Errorf("a foreign source address: %v", err)
	}
}

// lookSleep finds sleep while PATH is replaced.
func lookSleep() string {
	for _, path := range []string{"/bin/sleep", "/usr/bin/sleep"} {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return "sleep"
}
