package browsers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// FirefoxEnv names the environment variable with the Firefox to use.
const FirefoxEnv = "SESSIONSPEC_FIREFOX"

var firefoxNames = []string{"firefox-esr", "firefox"}

// findFirefox returns the path of the Firefox to start: bin when given, else
// the program in FirefoxEnv, else the first of firefox-esr and firefox on PATH.
func findFirefox(bin string) (string, error) {
	return findProgram("firefox", bin, FirefoxEnv, firefoxNames, "apt-get install firefox-esr (Debian)")
}

// findProgram looks for the program of an engine.
func findProgram(engine, bin, env string, names []string, install string) (string, error) {
	for _, named := range []struct{ by, bin string }{{"Options.Bin", bin}, {"$" + env, os.Getenv(env)}} {
		if named.bin == "" {
			continue
		}
		path, err := exec.LookPath(named.bin)
		if err != nil {
			return "", fmt.Errorf("%s: %s says %q, which is no program that can be started", engine, named.by, named.bin)
		}
		return path, nil
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s: none found (looked for $%s and, on PATH, %s); type: %s, or leave it out of --browser",
		engine, env, strings.Join(names, ", "), install)
}

// versionOf asks a program for its version line.
func versionOf(ctx context.Context, engine, path string, env ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, StepTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "--version")
	if len(env) > 0 {
		cmd.Env = append(os.Environ(), env...)
	}
	// A wrapper script's child may hold the output open after the kill.
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		detail := ""
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			detail = ": " + firstLine(string(exit.Stderr))
		}
		if ctx.Err() != nil {
			err = errors.New("no answer")
		}
		return "", fmt.Errorf("%s: %s --version: %w%s", engine, path, err, detail)
	}
	return firstLine(string(out)), nil
}
