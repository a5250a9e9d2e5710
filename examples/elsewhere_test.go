// Package examples has nothing of its own: see the folders below.
package examples

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestExamplesInAModuleOfOnesOwn builds the examples where they belong, outside of
// this module: nothing that they use may be internal.
func TestExamplesInAModuleOfOnesOwn(t *testing.T) {
	if testing.Short() {
		t.Skip("builds everything once more")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, from := range []string{"shop", "plain", "ginkgo", "driver"} {
		if err := os.CopyFS(filepath.Join(dir, from), os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.go"))
	if err != nil || len(files) < 5 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		edit(t, f, f, func(s string) string {
			return strings.ReplaceAll(s, "github.com/sessionspec/sessionspec/examples", "example.test/mine")
		})
	}
	edit(t, filepath.Join(root, "go.mod"), filepath.Join(dir, "go.mod"), func(s string) string {
		s = regexp.MustCompile(`(?m)^module .*$`).ReplaceAllString(s, "module example.test/mine")
		return s + "\nrequire github.com/sessionspec/sessionspec v0.0.0\nreplace github.com/sessionspec/sessionspec => " + root + "\n"
	})
	edit(t, filepath.Join(root, "go.sum"), filepath.Join(dir, "go.sum"), func(s string) string { return s })
	cmd := exec.Command("go", "vet", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func edit(t *testing.T, from, to string, change func(string) string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, []byte(change(string(data))), 0o600); err != nil {
		t.Fatal(err)
	}
}
