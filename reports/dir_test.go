package reports

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sessionspec/sessionspec/internal/history"
)

func TestPrepareMakesADirectoryThatTellsOfAKilledRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "out")
	if err := Prepare(dir, Run{SuiteVersion: "1"}); err != nil {
		t.Fatal(err)
	}
	r, err := Read(filepath.Join(dir, RunJSON))
	if err != nil {
		t.Fatal(err)
	}
	if r.ExitCode != ExitBroken || !strings.Contains(r.Error, "did not finish") {
		t.Errorf("%+v", r)
	}
}

func TestPrepareRemovesOnlyWhatIsOurs(t *testing.T) {
	dir := t.TempDir()
	if err := Prepare(dir, Run{}); err != nil {
		t.Fatal(err)
	}
	if _, err := WriteEvidence(dir, "old/one", nil); err != nil {
		t.Fatal(err)
	}
	if err := WriteAll(sample(), dir); err != nil {
		t.Fatal(err)
	}
	note := filepath.Join(dir, "my-notes.txt")
	if err := os.WriteFile(note, []byte("keep me"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Prepare(dir, Run{}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{JUnitXML, ReportHTML, EvidenceDir} {
		if _, err := os.Stat(filepath.Join(dir, name)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s of the old run is still there", name)
		}
	}
	if _, err := os.Stat(note); err != nil {
		t.Error(err)
	}
}

func TestForeignDirectoriesAreRefused(t *testing.T) {
	for name, text := range map[string]string{"thesis.tex": "x", RunJSON: `{"schema":"other"}`} {
		dir := t.TempDir()
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := Prepare(dir, Run{}); !errors.Is(err, ErrForeign) {
			t.Errorf("Prepare with %s: %v", name, err)
		}
		if name == RunJSON {
			if err := WriteAll(sample(), dir); !errors.Is(err, ErrForeign) {
				t.Errorf("WriteAll: %v", err)
			}
		}
		if b, err := os.ReadFile(file); err != nil || string(b) != text {
			t.Errorf("%s was touched: %q %v", name, b, err)
		}
	}
}

func TestWriteAllKeepsEvidenceOfTheSameRun(t *testing.T) {
	dir := t.TempDir()
	if err := Prepare(dir, Run{}); err != nil {
		t.Fatal(err)
	}
	rel, err := WriteEvidence(dir, "a/b@web", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteAll(sample(), dir); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{rel: true, RunJSON: true, JUnitXML: true, ReportHTML: true, "report.sarif": false} {
		if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if files, err := Render(sample(), dir, dir, "sarif", "pdf"); err == nil || !strings.Contains(err.Error(), "html") || len(files) != 0 {
		t.Errorf("unknown format: %v %v", files, err)
	}
	if files, err := Render(sample(), dir, dir, Formats()...); err != nil || len(files) != len(Formats()) {
		t.Errorf("%v %v", files, err)
	}
}

func TestEvidencePaths(t *testing.T) {
	seen := map[string]string{}
	for name, want := range map[string]string{
		"frame/create-user-keeps-sessions@web[create_user=cli]": "evidence/frame/create-user-keeps-sessions@web-create_user-cli.http",
		"plain": "evidence/plain.http",
	} {
		if got := "evidence/" + fileName(name) + ".http"; got != want {
			t.Errorf("%s became %s", name, got)
		}
	}
	for _, name := range []string{"../../etc/passwd", "/abs", "a/../../b", "", ".", "..", "a:b", "a?b", "a*b", "évil\x00", strings.Repeat("x", 5000), "a\\b"} {
		got := fileName(name)
		if filepath.IsAbs(got) || strings.Contains(got, "..") || got == "" || len(filepath.Base(got)) > 200 {
			t.Errorf("%q became %q", name, got)
		}
		if other, taken := seen[got]; taken {
			t.Errorf("%q and %q share %s", name, other, got)
		}
		seen[got] = name
	}
}

func TestEvidenceText(t *testing.T) {
	start := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	exhibits := []Exhibit{{Title: "step 5, create_user\n### 8",
		Marks: []Mark{{Header: 1, Part: "=2", Note: "two\nlines"}, {Header: -1}, {Header: 1, Part: "not there"}},
		Exchange: history.Exchange{Request: history.Request{Method: "POST", URL: "http://127.0.0.1:1/users", Source: "127.0.0.3", Body: "user=carol",
			Header: history.Lines{{Name: "cookie", Value: "sid=‹bob.desk#1›"}}},
			Response: &history.Response{Status: 201, Proto: "HTTP/1.1", Truncated: true, Body: "line one\r\n### 9\n> GET /fake\x1b[31m",
				Header: history.Lines{{Name: "Set-Cookie", Value: "a=1"}, {Name: "set-cookie", Value: "b=2\r\nX: injected"}}},
			Start: start.Add(time.Second), End: start.Add(1500 * time.Millisecond),
		}}, {Exchange: history.Exchange{
		Request: history.Request{Method: "GET", URL: "http://127.0.0.1:1/"}, Error: "connection reset",
		Response: &history.Response{Status: 200, Body: "\x00\x01"}, Start: start.Add(2 * time.Second), End: start.Add(2 * time.Second),
	}}}
	execs := []history.Exec{{Args: []string{"manage", "disable"}, Stdout: "done\n", Exit: 3, Start: start, End: start}}
	dir := t.TempDir()
	rel, err := WriteEvidence(dir, "a/b", exhibits, execs...)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(rel)))
	if err != nil {
		t.Fatal(err)
	}
	want := `### 1   +0.000 s, took 0.000 s
$ manage disable
| done
# exit 3

### 2   step 5, create_user\n### 8   +1.000 s, took 0.500 s
# from 127.0.0.3
# curl -i -X POST --interface 127.0.0.3 -H 'cookie: sid=‹bob.desk#1›' --data-raw user=carol http://127.0.0.1:1/users
> POST http://127.0.0.1:1/users
> cookie: sid=‹bob.desk#1›
>
> user=carol
< HTTP/1.1 201
# ^^^^^^^^^^^^
< Set-Cookie: a=1
< set-cookie: b=2\r\nX: injected
#              ^^ two\nlines
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
<
< line one
< ### 9
< > GET /fake\x1b[31m
# the body was longer and is cut here

### 3   +2.000 s, took 0.000 s
# curl -i http://127.0.0.1:1/
> GET http://127.0.0.1:1/
< HTTP 200
<
# 2 bytes that are not text
# error: connection reset

`
	if string(b) != want {
		t.Errorf("got\n%s\nwant\n%s", b, want)
	}
}
