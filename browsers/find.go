package browsers

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// ChromeEnv names the environment variable with the Chrome to use.
const ChromeEnv = "SESSIONSPEC_CHROME"

var chromeNames = []string{"chromium", "chromium-browser", "google-chrome", "chrome"}

// Find returns the path of the Chrome to start: bin when given, else the
// program in ChromeEnv, else the first of chromium, chromium-browser,
// google-chrome and chrome on PATH.
func Find(bin string) (string, error) {
	for _, named := range []struct{ by, bin string }{{"Options.Bin", bin}, {"$" + ChromeEnv, os.Getenv(ChromeEnv)}} {
		if named.bin == "" {
			continue
		}
		path, err := exec.LookPath(named.bin)
		if err != nil {
			return "", fmt.Errorf("chrome: %s says %q, which is no program that can be started", named.by, named.bin)
		}
		return path, nil
	}
	for _, name := range chromeNames {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("chrome: none found (looked for $%s and, on PATH, %s); type: apt-get install chromium (Debian), or leave browsers out: --browser none",
		ChromeEnv, strings.Join(chromeNames, ", "))
}

// probe asks the program for its version line, such as
// "Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)".
func probe(ctx context.Context, bin string) (string, error) {
	path, err := Find(bin)
	if err != nil {
		return "", err
	}
	return versionOf(ctx, "chrome", path)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return strings.TrimSpace(line)
}
