package suites

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/sessionspec/sessionspec/reports"
	"github.com/sessionspec/sessionspec/scenarios"
	"github.com/sessionspec/sessionspec/targets"
)

// times are all that two equal runs may differ in, and what is not ours: the port
// in archives, which hold requests as they went, and public handles of sessions,
// which the target draws.
var times = regexp.MustCompile(strings.Join([]string{
	`\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT`, `\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?`, `\d{4}-\d\d-\d\d`,
	`\d+(\.\d+)? ?m?s\b`, `"?(duration|time|wait|timestamp)"?[:=] ?"?[-\d.T:Z]+"?`, `127\.0\.0\.1(:|%3A)\d{4,5}`, `\b[0-9a-f]{16}\b`,
}, "|"))

// TestTwoRunsDifferInTimesOnly plays the same twice, with stories side by side and
// failures among them: everything that is written is the same to the byte but for
// times. Left out is what happens at once in a story: luck decides who comes first.
func TestTwoRunsDifferInTimesOnly(t *testing.T) {
	lib, err := scenarios.Load(scenarios.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	lib = withoutRaces(lib)
	folder := func() string {
		out := filepath.Join(t.TempDir(), "r")
		ts, err := targets.Load("reference-web", map[string]string{"plant": "terminate/sign-out-kills-server-side,cookie/samesite-explicit"})
		if err != nil {
			t.Fatal(err)
		}
		var said strings.Builder
		code, err := Execute(context.Background(), Options{Library: lib, Targets: ts, Only: "terminate/*,cookie/*,establish/*,race/*", Browser: "none", Workers: 4, Seed: 7, Out: out,
			Stdout: &said, Output: reports.OutputNormal, Command: []string{"sessionspec", "run"}})
		if err != nil || code != reports.ExitNotConformant {
			t.Fatalf("exit code %d, %v\n%s", code, err, said.String())
		}
		r, err := reports.Read(filepath.Join(out, reports.RunJSON))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := reports.Render(r, out, out, reports.Formats()...); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(out, "console.txt"), []byte(strings.ReplaceAll(said.String(), out, "OUT")), 0o600); err != nil {
			t.Fatal(err)
		}
		return out
	}
	a, b := folder(), folder()
	files := 0
	err = filepath.WalkDir(a, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == reports.JournalFile {
			return err
		}
		rel, _ := filepath.Rel(a, p)
		x, err1 := os.ReadFile(p)
		y, err2 := os.ReadFile(filepath.Join(b, rel))
		if err1 != nil || err2 != nil {
			t.Errorf("%s: %v %v", rel, err1, err2)
			return nil
		}
		files++
		x, y = times.ReplaceAll(x, []byte("T")), times.ReplaceAll(y, []byte("T"))
		if !bytes.Equal(x, y) {
			one, two := firstDifference(x, y)
			t.Errorf("%s differs:\n%s\n%s", rel, one, two)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Errorf("only %d files", files)
	}
}

func firstDifference(x, y []byte) (string, string) {
	i := 0
	for i < min(len(x), len(y)) && x[i] == y[i] {
		i++
	}
	around := func(s []byte) string { return string(s[max(0, i-80):min(len(s), i+80)]) }
	return around(x), around(y)
}
